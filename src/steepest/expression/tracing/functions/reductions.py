"""Sums, means, extremes and their relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.kinks import where
from steepest.expression.operations.linear_algebra import matmul
from steepest.expression.operations.structure import concatenate, reshape, take, transpose
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.running import along
from steepest.expression.tracing.scans import product
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do, normal_axes

Axis = int | tuple[int, ...] | None
NO_VALUE = np._NoValue


def flag(keepdims: Any) -> bool:
    """Return keepdims as a bool; NumPy passes a marker for "not given"."""
    return keepdims is not NO_VALUE and bool(keepdims)


def only_by_name(given_by_place: tuple[Any, ...]) -> None:
    """Refuse dtype, out and what follows them where they are given by place."""
    if given_by_place:
        raise TracingError("Give dtype, out and keepdims by their names to be followed.")


def reduce(name: str, x: Expression, axis: Axis = None, keepdims: Any = False) -> Expression:
    """Apply a reduction of the table."""
    axes = normal_axes(axis, x.ndim)
    return apply(OPERATIONS[name], x, axis=axes, keepdims=flag(keepdims))


def masked(x: Any, mask: Any, neutral: float) -> Expression:
    """Return ``x`` with a neutral element where it does not count."""
    return lift(x) if mask is NO_VALUE or mask is True else where(lift(mask), lift(x), neutral)


@handles(np.sum)
def sum_(
    a: Any,
    axis: Axis = None,
    *by_place: Any,
    keepdims: Any = False,
    initial: Any = NO_VALUE,
    where: Any = NO_VALUE,
) -> Expression:
    only_by_name(by_place)
    total = reduce("sum", masked(a, where, 0.0), axis, keepdims)
    return total if initial is NO_VALUE else do("add", total, lift(initial))


@handles(np.nansum)
def nansum(a: Any, axis: Axis = None, **_: Any) -> Expression:
    x = lift(a)
    return reduce("sum", where(do("isnan", x), 0.0, x), axis)


@handles(np.prod)
def prod(
    a: Any,
    axis: Axis = None,
    *by_place: Any,
    keepdims: Any = False,
    initial: Any = NO_VALUE,
    where: Any = NO_VALUE,
) -> Expression:
    only_by_name(by_place)
    x = masked(a, where, 1.0)
    result = product(x, normal_axes(axis, x.ndim), flag(keepdims))
    return result if initial is NO_VALUE else do("multiply", result, lift(initial))


def extreme(name: str, pick: str, a: Any, axis: Axis, keepdims: Any, initial: Any) -> Expression:
    x = lift(a)
    if x.size == 0 and initial is NO_VALUE:
        raise ValueError(f"zero-size array to reduction operation {pick} which has no identity")
    result = reduce(name, x, axis, keepdims)
    return result if initial is NO_VALUE else do(pick, result, lift(initial))


@handles(np.max, np.amax)
def max_(
    a: Any,
    axis: Axis = None,
    *by_place: Any,
    keepdims: Any = False,
    initial: Any = NO_VALUE,
    where: Any = NO_VALUE,
) -> Expression:
    only_by_name(by_place)
    return extreme("max", "maximum", masked(a, where, -np.inf), axis, keepdims, initial)


@handles(np.min, np.amin)
def min_(
    a: Any,
    axis: Axis = None,
    *by_place: Any,
    keepdims: Any = False,
    initial: Any = NO_VALUE,
    where: Any = NO_VALUE,
) -> Expression:
    only_by_name(by_place)
    return extreme("min", "minimum", masked(a, where, np.inf), axis, keepdims, initial)


@handles(np.ptp)
def ptp(a: Any, axis: Axis = None, keepdims: Any = False) -> Expression:
    x = lift(a)
    return do("subtract", reduce("max", x, axis, keepdims), reduce("min", x, axis, keepdims))


def count(x: Expression, axis: Axis) -> int:
    """Return how many elements one result is made of."""
    return int(np.prod([x.shape[i] for i in normal_axes(axis, x.ndim)]))


@handles(np.mean)
def mean(
    a: Any, axis: Axis = None, *by_place: Any, keepdims: Any = False, where: Any = NO_VALUE
) -> Expression:
    only_by_name(by_place)
    x = lift(a)
    total = reduce("sum", masked(x, where, 0.0), axis, keepdims)
    if where is NO_VALUE:
        return do("divide", total, count(x, axis))
    counted = apply(OPERATIONS["broadcast_to"], do("real", lift(where)), shape=x.shape)
    return do("divide", total, reduce("sum", counted, axis, keepdims))


@handles(np.average)
def average(
    a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, keepdims: Any = False
) -> Expression:
    x = lift(a)
    if weights is None:
        return mean(x, axis, keepdims=keepdims)
    w = lift(weights)
    if w.ndim == 1 and x.ndim > 1:
        (place,) = normal_axes(axis, x.ndim)
        w = reshape(w, (w.size, *[1] * (x.ndim - place - 1)))
    w = apply(OPERATIONS["broadcast_to"], w, shape=x.shape)
    total = reduce("sum", do("multiply", x, w), axis, keepdims)
    return do("divide", total, reduce("sum", w, axis, keepdims))


@handles(np.var)
def var(
    a: Any, axis: Axis = None, *by_place: Any, ddof: float = 0, keepdims: Any = False
) -> Expression:
    only_by_name(by_place)
    x = lift(a)
    deviation = do("subtract", x, mean(x, axis, keepdims=True))
    total = reduce("sum", do("multiply", deviation, deviation), axis, keepdims)
    return do("divide", total, count(x, axis) - ddof)


@handles(np.std)
def std(
    a: Any, axis: Axis = None, *by_place: Any, ddof: float = 0, keepdims: Any = False
) -> Expression:
    only_by_name(by_place)
    return do("sqrt", var(a, axis, ddof=ddof, keepdims=keepdims))


@handles(np.cov)
def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None
) -> Expression:
    """Return the covariance matrix of the rows of ``m``."""
    x = lift(m) if y is None else concatenate_rows(lift(m), lift(y))
    rows = reshape(x, (1, x.size)) if x.ndim == 1 else x if rowvar else transpose(x, (1, 0))
    deviation = do("subtract", rows, mean(rows, 1, keepdims=True))
    n = rows.shape[1] - ((0 if bias else 1) if ddof is None else ddof)
    products = do("divide", matmul(deviation, transpose(deviation, (1, 0))), n)
    return reshape(products, ()) if products.size == 1 else products


def concatenate_rows(a: Expression, b: Expression) -> Expression:
    """Return the rows of two arrays in one, vectors being rows."""
    return concatenate([reshape(n, (1, n.size)) if n.ndim == 1 else n for n in (a, b)])


@handles(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Expression:
    products = cov(x, y, rowvar)
    if not products.ndim:
        return do("divide", products, products)
    n = products.shape[0]
    spread = do("sqrt", take(products, (np.arange(n), np.arange(n))))
    scale = do("multiply", reshape(spread, (n, 1)), spread)
    return do("divide", products, scale)


@handles(np.all)
def all_(a: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return reduce("all", do("not_equal", lift(a), 0), axis, keepdims)


@handles(np.any)
def any_(a: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return reduce("any", do("not_equal", lift(a), 0), axis, keepdims)


@handles(np.count_nonzero)
def count_nonzero(a: Any, axis: Axis = None, keepdims: Any = False) -> Expression:
    return reduce("sum", do("integer", do("not_equal", lift(a), 0)), axis, keepdims)


@handles(np.argmax)
def argmax(a: Any, axis: int | None = None, **_: Any) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["argmax"], x, axis=place)


@handles(np.argmin)
def argmin(a: Any, axis: int | None = None, **_: Any) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["argmin"], x, axis=place)

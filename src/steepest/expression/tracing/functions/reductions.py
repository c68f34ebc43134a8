"""Sums, means, extremes and their relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.kinks import where
from steepest.expression.operations.structure import concatenate, reshape, take
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.scans import product, scan
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do, normal_axes

Axis = int | tuple[int, ...] | None
NO_VALUE = np._NoValue  # type: ignore[attr-defined]


def flag(keepdims: Any) -> bool:
    """Return keepdims as a bool; NumPy passes a marker for "not given"."""
    return keepdims is not NO_VALUE and bool(keepdims)


def reduce(name: str, x: Expression, axis: Axis = None, keepdims: Any = False) -> Expression:
    """Apply a reduction of the table."""
    axes = normal_axes(axis, x.ndim)
    return apply(OPERATIONS[name], x, axis=axes, keepdims=flag(keepdims))


def masked(x: Any, mask: Any, neutral: float) -> Expression:
    """Return ``x`` with a neutral element where it does not count."""
    return lift(x) if mask is NO_VALUE or mask is True else where(lift(mask), lift(x), neutral)


@handles(np.sum)
def sum_(
    a: Any, axis: Axis = None, dtype: Any = None, keepdims: Any = False,
    initial: Any = NO_VALUE, where: Any = NO_VALUE,
) -> Expression:
    total = reduce("sum", masked(a, where, 0.0), axis, keepdims)
    return total if initial is NO_VALUE else do("add", total, lift(initial))


@handles(np.nansum)
def nansum(a: Any, axis: Axis = None, **_: Any) -> Expression:
    x = lift(a)
    return reduce("sum", where(do("isnan", x), 0.0, x), axis)


@handles(np.prod)
def prod(
    a: Any, axis: Axis = None, dtype: Any = None, keepdims: Any = False,
    initial: Any = NO_VALUE, where: Any = NO_VALUE,
) -> Expression:
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
    a: Any, axis: Axis = None, keepdims: Any = False, initial: Any = NO_VALUE, where: Any = NO_VALUE
) -> Expression:
    return extreme("max", "maximum", masked(a, where, -np.inf), axis, keepdims, initial)


@handles(np.min, np.amin)
def min_(
    a: Any, axis: Axis = None, keepdims: Any = False, initial: Any = NO_VALUE, where: Any = NO_VALUE
) -> Expression:
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
    a: Any, axis: Axis = None, dtype: Any = None, keepdims: Any = False, *, where: Any = NO_VALUE
) -> Expression:
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
    a: Any, axis: Axis = None, dtype: Any = None, ddof: float = 0, keepdims: Any = False, **_: Any
) -> Expression:
    x = lift(a)
    deviation = do("subtract", x, mean(x, axis, keepdims=True))
    total = reduce("sum", do("multiply", deviation, deviation), axis, keepdims)
    return do("divide", total, count(x, axis) - ddof)


@handles(np.std)
def std(
    a: Any, axis: Axis = None, dtype: Any = None, ddof: float = 0, keepdims: Any = False, **_: Any
) -> Expression:
    return do("sqrt", var(a, axis, ddof=ddof, keepdims=keepdims))


@handles(np.all)
def all_(a: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return reduce("all", do("not_equal", lift(a), 0), axis, keepdims)


@handles(np.any)
def any_(a: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return reduce("any", do("not_equal", lift(a), 0), axis, keepdims)


@handles(np.count_nonzero)
def count_nonzero(a: Any, axis: Axis = None, keepdims: Any = False) -> Expression:
    return reduce("sum", do("integer", do("not_equal", lift(a), 0)), axis, keepdims)


def along(a: Any, axis: int | None) -> tuple[Expression, int]:
    """Return the array and the axis of a running operation; None means flattened."""
    x = lift(a)
    if axis is None:
        return reshape(x, (x.size,)), 0
    return x, normal_axes(axis, x.ndim)[0]


@handles(np.cumsum)
def cumsum(a: Any, axis: int | None = None, dtype: Any = None) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["cumsum"], x, axis=place)


@handles(np.cumprod)
def cumprod(a: Any, axis: int | None = None, dtype: Any = None) -> Expression:
    x, place = along(a, axis)
    return scan(lambda p, q: do("multiply", p, q), x, place)


@handles(np.diff)
def diff(
    a: Any, n: int = 1, axis: int = -1, prepend: Any = NO_VALUE, append: Any = NO_VALUE
) -> Expression:
    x = lift(a)
    (place,) = normal_axes(axis, x.ndim)
    edge = (*x.shape[:place], 1, *x.shape[place + 1 :])
    ends = [
        None if end is NO_VALUE else lift(end) for end in (prepend, append)
    ]
    first, last = [
        end if end is None or end.ndim else apply(OPERATIONS["broadcast_to"], end, shape=edge)
        for end in ends
    ]
    x = concatenate([piece for piece in (first, x, last) if piece is not None], place)
    lead = (slice(None),) * place
    for _ in range(n):
        x = do("subtract", take(x, (*lead, slice(1, None))), take(x, (*lead, slice(None, -1))))
    return x


@handles(np.ediff1d)
def ediff1d(a: Any) -> Expression:
    x = lift(a)
    return diff(reshape(x, (x.size,)))


@handles(np.trapezoid if hasattr(np, "trapezoid") else np.trapz)  # type: ignore[attr-defined]
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Expression:
    values = lift(y)
    (place,) = normal_axes(axis, values.ndim)
    lead = (slice(None),) * place
    pairs = do("add", take(values, (*lead, slice(1, None))), take(values, (*lead, slice(None, -1))))
    width = constant(dx)
    if x is not None:
        width = diff(lift(x))
        width = reshape(width, (*width.shape, *[1] * (values.ndim - place - 1)))
    return reduce("sum", do("multiply", do("multiply", width, pairs), 0.5), place)


@handles(np.argmax)
def argmax(a: Any, axis: int | None = None, **_: Any) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["argmax"], x, axis=place)


@handles(np.argmin)
def argmin(a: Any, axis: int | None = None, **_: Any) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["argmin"], x, axis=place)

"""Running sums and products, differences, and integrals along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.reductions import total
from steepest.expression.operations.structure import concatenate, reshape, take
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.scans import scan
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do, normal_axes

NO_VALUE = np._NoValue


def along(a: Any, axis: int | None) -> tuple[Expression, int]:
    """Return the array and the axis of a running operation; None means flattened."""
    x = lift(a)
    if axis is None:
        return reshape(x, (x.size,)), 0
    return x, normal_axes(axis, x.ndim)[0]


@handles(np.cumsum)
def cumsum(a: Any, axis: int | None = None) -> Expression:
    x, place = along(a, axis)
    return apply(OPERATIONS["cumsum"], x, axis=place)


@handles(np.cumprod)
def cumprod(a: Any, axis: int | None = None) -> Expression:
    x, place = along(a, axis)
    return scan(lambda p, q: do("multiply", p, q), x, place)


@handles(np.diff)
def diff(
    a: Any, n: int = 1, axis: int = -1, prepend: Any = NO_VALUE, append: Any = NO_VALUE
) -> Expression:
    x = lift(a)
    (place,) = normal_axes(axis, x.ndim)
    edge = (*x.shape[:place], 1, *x.shape[place + 1 :])
    ends = [None if end is NO_VALUE else lift(end) for end in (prepend, append)]
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


@handles(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Expression:
    values = lift(y)
    (place,) = normal_axes(axis, values.ndim)
    lead = (slice(None),) * place
    pairs = do("add", take(values, (*lead, slice(1, None))), take(values, (*lead, slice(None, -1))))
    width = constant(dx)
    if x is not None:
        width = diff(lift(x))
        width = reshape(width, (*width.shape, *[1] * (values.ndim - place - 1)))
    return total(do("multiply", do("multiply", width, pairs), 0.5), (place,))


@handles(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Return central differences inside and one-sided ones at both ends."""
    x = lift(f)
    axes = normal_axes(axis, x.ndim)
    spacings = [lift(one) for one in varargs] or [constant(1.0)]
    if edge_order != 1 or any(one.ndim for one in spacings):
        raise TracingError("np.gradient is followed with evenly spaced points only.")
    spacings = spacings * len(axes) if len(spacings) == 1 else spacings
    slopes = [_slopes(x, h, place) for h, place in zip(spacings, axes, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _slopes(x: Expression, h: Expression, place: int) -> Expression:
    lead = (slice(None),) * place

    def difference(after: slice, before: slice, width: float) -> Expression:
        step = do("subtract", take(x, (*lead, after)), take(x, (*lead, before)))
        return do("divide", step, do("multiply", width, h))

    first = difference(slice(1, 2), slice(0, 1), 1.0)
    middle = difference(slice(2, None), slice(None, -2), 2.0)
    last = difference(slice(-1, None), slice(-2, -1), 1.0)
    return concatenate([first, middle, last], place)

"""Order: sort, median, quantiles. Argsort finds which element stands where; its slope is 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.structure import reshape, take, transpose
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.functions.reductions import Axis, flag
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import do, normal_axes


def sort_along(x: Expression, axis: int) -> Expression:
    """Return ``x`` sorted along one axis."""
    order = apply(OPERATIONS["argsort"], x, axis=axis)
    return apply(OPERATIONS["take_along_axis"], x, order, axis=axis)


@handles(np.sort)
def sort(a: Any, axis: int | None = -1, **_: Any) -> Expression:
    x = lift(a)
    if axis is None:
        return sort_along(reshape(x, (x.size,)), 0)
    return sort_along(x, normal_axes(axis, x.ndim)[0])


@handles(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, **_: Any) -> Expression:
    return sort(a, axis)


@handles(np.argsort, np.argpartition)
def argsort(a: Any, *options: Any, axis: int | None = -1, **_: Any) -> Expression:
    x = lift(a)
    axis = options[-1] if options and isinstance(options[-1], int) and len(options) == 1 else axis
    if axis is None:
        return apply(OPERATIONS["argsort"], reshape(x, (x.size,)), axis=0)
    return apply(OPERATIONS["argsort"], x, axis=normal_axes(axis, x.ndim)[0])


@handles(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int = -1) -> Expression:
    x = lift(arr)
    place = normal_axes(axis, x.ndim)[0]
    return apply(OPERATIONS["take_along_axis"], x, lift(indices), axis=place)


def quantile_of(a: Any, q: Any, axis: Axis, keepdims: Any) -> Expression:
    """Return quantiles by linear interpolation between order statistics, NumPy's default."""
    x = lift(a)
    axes = normal_axes(axis, x.ndim)
    kept = [i for i in range(x.ndim) if i not in axes]
    n = math.prod([x.shape[i] for i in axes])
    rows = reshape(transpose(x, (*axes, *kept)), (n, *[x.shape[i] for i in kept]))
    rows = sort_along(rows, 0)
    place = np.asarray(q, dtype=float) * (n - 1)
    low = np.clip(np.floor(place), 0, n - 1).astype(int)
    part = (place - low).reshape(place.shape + (1,) * len(kept))
    below = take(rows, low)
    above = take(rows, np.minimum(low + 1, n - 1))
    mixed = do("add", below, do("multiply", part, do("subtract", above, below)))
    if flag(keepdims):
        shape = [1 if i in axes else m for i, m in enumerate(x.shape)]
        mixed = reshape(mixed, (*place.shape, *shape))
    return mixed


@handles(np.median)
def median(a: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return quantile_of(a, 0.5, axis, keepdims)


@handles(np.quantile)
def quantile(a: Any, q: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return quantile_of(a, q, axis, keepdims)


@handles(np.percentile)
def percentile(a: Any, q: Any, axis: Axis = None, keepdims: Any = False, **_: Any) -> Expression:
    return quantile_of(a, np.asarray(q, dtype=float) / 100, axis, keepdims)

"""Running and whole products without division, so that they have slopes at zeros too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from steepest.expression.node import Expression, apply, constant
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.reductions import reduced_shape
from steepest.expression.operations.structure import concatenate, reshape, take, transpose


def _along(axis: int, piece: slice) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, piece)


def scan(
    combine: Callable[[Expression, Expression], Expression], x: Expression, axis: int
) -> Expression:
    """Return the running results of an associative operation, in log2(n) rounds.

    After the round of distance d every element combines its 2d predecessors
    (Hillis and Steele, 1986, Data parallel algorithms).
    """
    n, distance = x.shape[axis], 1
    while distance < n:
        head = take(x, _along(axis, slice(None, distance)))
        later = take(x, _along(axis, slice(distance, None)))
        earlier = take(x, _along(axis, slice(None, -distance)))
        x = concatenate([head, combine(earlier, later)], axis)
        distance *= 2
    return x


def product(x: Expression, axes: tuple[int, ...], keepdims: bool = False) -> Expression:
    """Return the product over ``axes``, as a tree of products of halves."""
    multiply = OPERATIONS["multiply"]
    kept = [i for i in range(x.ndim) if i not in axes]
    rows = transpose(x, (*axes, *kept))
    n = int(np.prod([x.shape[i] for i in axes]))
    rows = reshape(rows, (n, *[x.shape[i] for i in kept]))
    if n == 0:
        return constant(np.ones(reduced_shape(x.shape, axes, keepdims)))
    while n > 1:
        half = n // 2
        pairs = apply(multiply, take(rows, slice(None, half)), take(rows, slice(half, 2 * half)))
        rows = concatenate([pairs, take(rows, slice(2 * half, None))]) if n % 2 else pairs
        n = half + n % 2
    return reshape(rows, reduced_shape(x.shape, axes, keepdims))

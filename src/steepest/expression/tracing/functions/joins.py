"""Functions that join arrays and take them apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.expression.operations.structure import concatenate, reshape, take
from steepest.expression.tracing.dispatch import handles
from steepest.expression.tracing.traced import lift
from steepest.expression.tracing.ufuncs import normal_axes


@handles(np.concatenate)
def concatenated(arrays: Any, axis: int | None = 0, **_: Any) -> Expression:
    nodes = [lift(array) for array in arrays]
    if axis is None:
        nodes, axis = [reshape(node, (node.size,)) for node in nodes], 0
    return concatenate(nodes, normal_axes(axis, nodes[0].ndim)[0])


@handles(np.append)
def appended(array: Any, values: Any, axis: int | None = None) -> Expression:
    return concatenated([array, values], axis)


@handles(np.stack)
def stacked(arrays: Any, axis: int = 0, **_: Any) -> Expression:
    nodes = [lift(array) for array in arrays]
    (place,) = normal_axes(axis, nodes[0].ndim + 1)
    rows = [reshape(n, (*n.shape[:place], 1, *n.shape[place:])) for n in nodes]
    return concatenate(rows, place)


def at_least(x: Expression, ndim: int) -> Expression:
    """Return ``x`` with axes added as np.atleast_1d, 2d and 3d add them."""
    grown = (np.atleast_1d, np.atleast_2d, np.atleast_3d)[ndim - 1]
    return reshape(x, np.shape(grown(np.broadcast_to(np.empty(()), x.shape))))


def growing(function: Any, ndim: int) -> None:
    """Register np.atleast_1d and its relatives."""

    def handler(*arrays: Any) -> Any:
        grown = [at_least(lift(array), ndim) for array in arrays]
        return grown[0] if len(grown) == 1 else tuple(grown)

    handles(function)(handler)


growing(np.atleast_1d, 1)
growing(np.atleast_2d, 2)
growing(np.atleast_3d, 3)


@handles(np.hstack)
def hstacked(tup: Any, **_: Any) -> Expression:
    nodes = [at_least(lift(array), 1) for array in tup]
    return concatenate(nodes, 0 if nodes[0].ndim == 1 else 1)


@handles(np.vstack)
def vstacked(tup: Any, **_: Any) -> Expression:
    return concatenate([at_least(lift(array), 2) for array in tup])


@handles(np.dstack)
def dstacked(tup: Any) -> Expression:
    return concatenate([at_least(lift(array), 3) for array in tup], 2)


@handles(np.column_stack)
def column_stacked(tup: Any) -> Expression:
    nodes = [lift(array) for array in tup]
    return concatenate([reshape(n, (n.size, 1)) if n.ndim < 2 else n for n in nodes], 1)


@handles(np.block)
def blocked(arrays: Any) -> Expression:
    if not isinstance(arrays, list):
        return lift(arrays)
    rows = [blocked(part) for part in arrays]
    if isinstance(arrays[0], list):
        return concatenate([at_least(row, 2) for row in rows])
    rows = [at_least(row, 1) for row in rows]
    return concatenate(rows, rows[0].ndim - 1)


@handles(np.split, np.array_split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Expression]:
    x = lift(ary)
    places = np.array_split(np.arange(x.shape[axis]), indices_or_sections)
    lead = (slice(None),) * normal_axes(axis, x.ndim)[0]
    return [
        take(x, (*lead, slice(int(p[0]), int(p[-1]) + 1) if len(p) else slice(0, 0)))
        for p in places
    ]

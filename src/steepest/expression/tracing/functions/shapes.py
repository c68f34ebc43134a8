"""Functions that move elements about: shapes, joins, pieces and copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from steepest.expression.node import Expression, constant
from steepest.expression.operations.structure import (
    broadcast_to,
    concatenate,
    reshape,
    take,
    transpose,
)
from steepest.expression.tracing.dispatch import handles, wrap_all
from steepest.expression.tracing.indexing import static_key
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import TracedArray, lift
from steepest.expression.tracing.ufuncs import normal_axes


def viewing(*functions: Any) -> Callable[[Callable[..., Expression]], Callable[..., Expression]]:
    """Register a function whose result is a view: writing into it writes into its base."""

    def register(rearrange: Callable[..., Expression]) -> Callable[..., Expression]:
        def handler(_: Session, a: Any, *args: Any, **kwargs: Any) -> Any:
            if issubclass(type(a), TracedArray):
                return a.view(lambda base: rearrange(base, *args, **kwargs))
            return wrap_all(_, rearrange(lift(a), *args, **kwargs))

        handles(*functions, decides=True)(handler)
        return rearrange

    return register


@viewing(np.reshape)
def reshaped(a: Expression, *shape: Any, order: str = "C", **options: Any) -> Expression:
    target = options.get("shape", options.get("newshape", shape))
    if isinstance(target, tuple) and target and isinstance(target[-1], str):
        *target, order = target
    sizes = np.ravel(np.asarray(target, dtype=int)).tolist()
    new_shape = np.broadcast_to(np.empty(()), a.shape).reshape(sizes).shape
    if order != "F":
        return reshape(a, new_shape)
    return backwards(reshape(backwards(a), new_shape[::-1]))


def backwards(a: Expression) -> Expression:
    """Return ``a`` with its axes in reverse order."""
    return transpose(a, tuple(range(a.ndim))[::-1])


@viewing(np.ravel)
def raveled(a: Expression, order: str = "C") -> Expression:
    return reshape(a if order != "F" else backwards(a), (a.size,))


@viewing(np.transpose)
def transposed(a: Expression, *axes: Any) -> Expression:
    order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
    return transpose(a, tuple([int(axis) % a.ndim for axis in order])) if order else backwards(a)


@viewing(np.swapaxes)
def swapped(a: Expression, axis1: int, axis2: int) -> Expression:
    order = list(range(a.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(a, tuple(order))


@viewing(np.moveaxis)
def moved(a: Expression, source: Any, destination: Any) -> Expression:
    sources, targets = np.atleast_1d(source) % a.ndim, np.atleast_1d(destination) % a.ndim
    rest = [axis for axis in range(a.ndim) if axis not in sources]
    for target, one in sorted(zip(targets.tolist(), sources.tolist(), strict=True)):
        rest.insert(target, one)
    return transpose(a, tuple(rest))


@viewing(np.squeeze)
def squeezed(a: Expression, axis: Any = None) -> Expression:
    return reshape(a, np.squeeze(np.broadcast_to(np.empty(()), a.shape), axis).shape)


@viewing(np.expand_dims)
def expanded(a: Expression, axis: Any) -> Expression:
    return reshape(a, np.expand_dims(np.broadcast_to(np.empty(()), a.shape), axis).shape)


@viewing(np.diagonal)
def diagonal(a: Expression, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Expression:
    return rearranged(np.diagonal, a, offset, axis1, axis2)


@viewing(np.flip)
def flipped(a: Expression, axis: Any = None) -> Expression:
    axes = normal_axes(axis, a.ndim)
    turned, kept = slice(None, None, -1), slice(None)
    return take(a, tuple([turned if i in axes else kept for i in range(a.ndim)]))


@viewing(np.flipud)
def flipped_up(a: Expression) -> Expression:
    return flipped(a, 0)


@viewing(np.fliplr)
def flipped_left(a: Expression) -> Expression:
    return flipped(a, 1)


def rearranged(function: Any, x: Expression, *args: Any, **kwargs: Any) -> Expression:
    """Return what a function does that only moves elements, found by moving their places."""
    places = function(np.arange(x.size).reshape(x.shape), *args, **kwargs)
    return take(reshape(x, (x.size,)), places)


def moving(function: Any) -> None:
    """Register a function that only moves elements of its first argument."""

    def handler(session: Session, a: Any, *args: Any, **kwargs: Any) -> Expression:
        args = static_key(session, args)
        kwargs = {name: static_key(session, value) for name, value in kwargs.items()}
        return rearranged(function, lift(a), *args, **kwargs)

    handles(function, decides=True)(handler)


for _function in (np.roll, np.rot90, np.repeat, np.tile, np.take, np.resize, np.delete):
    moving(_function)


@handles(np.extract, decides=True)
def extract(session: Session, condition: Any, arr: Any) -> Expression:
    places = np.extract(static_key(session, condition), np.arange(lift(arr).size))
    return take(raveled(lift(arr)), places)


@handles(np.compress, decides=True)
def compress(session: Session, condition: Any, a: Any, axis: int | None = None) -> Expression:
    return rearranged(partial(np.compress, static_key(session, condition)), lift(a), axis)


@handles(np.choose, decides=True)
def choose(session: Session, a: Any, choices: Any, mode: str = "raise") -> Expression:
    nodes = [lift(choice) for choice in choices]
    which = np.asarray(static_key(session, a))
    rows = broadcast_arrays(*nodes, constant(which))[:-1]
    stacked = concatenate([reshape(row, (1, row.size)) for row in rows])
    kept = np.broadcast_to(which, rows[0].shape).ravel()
    places = np.choose(kept, [np.full(kept.size, k) for k in range(len(rows))], mode=mode)  # type: ignore[call-overload]
    return reshape(take(stacked, (places, np.arange(kept.size))), rows[0].shape)


@handles(np.broadcast_to)
def broadcast(array: Any, shape: Any, subok: bool = False) -> Expression:
    return broadcast_to(lift(array), tuple(shape) if np.iterable(shape) else (int(shape),))


@handles(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> list[Expression]:
    nodes = [lift(array) for array in arrays]
    shape = np.broadcast_shapes(*[node.shape for node in nodes])
    return [broadcast_to(node, shape) for node in nodes]


@handles(np.meshgrid)
def meshgrid(*arrays: Any, indexing: str = "xy", **_: Any) -> list[Expression]:
    nodes = [lift(array) for array in arrays]
    places = np.meshgrid(*[np.arange(node.size) for node in nodes], indexing=indexing)  # type: ignore[call-overload]
    flat = [reshape(node, (node.size,)) for node in nodes]
    return [take(node, place) for node, place in zip(flat, places, strict=True)]


@handles(np.apply_along_axis, decides=True)
def apply_along_axis(
    session: Session, func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Expression:
    x = moved(lift(arr), axis, -1)
    rest = x.shape[:-1]
    rows = reshape(x, (int(np.prod(rest)), x.shape[-1]))
    results = [
        lift(func1d(wrap_all(session, take(rows, k)), *args, **kwargs))
        for k in range(rows.shape[0])
    ]
    stacked = concatenate([reshape(result, (1, *result.shape)) for result in results])
    whole = reshape(stacked, rest + results[0].shape)
    return whole if not results[0].ndim else moved(whole, -1, axis)

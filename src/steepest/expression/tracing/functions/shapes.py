"""Functions that move elements about: shapes, joins, pieces and copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, constant
from steepest.expression.operations.kinks import where
from steepest.expression.operations.structure import (
    broadcast_to,
    concatenate,
    reshape,
    take,
    transpose,
    write,
)
from steepest.expression.tracing.dispatch import handles, wrap_all
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import TracedArray, lift
from steepest.expression.tracing.ufuncs import do, normal_axes


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
    if order not in ("C", "A", "K"):
        raise TracingError("reshape(order='F') is not followed; reshape the transpose instead.")
    sizes = np.ravel(np.asarray(target, dtype=int)).tolist()
    return reshape(a, np.broadcast_to(np.empty(()), a.shape).reshape(sizes).shape)


@viewing(np.ravel)
def raveled(a: Expression, order: str = "C") -> Expression:
    return reshape(a if order != "F" else transpose(a, tuple(range(a.ndim))[::-1]), (a.size,))


@viewing(np.transpose)
def transposed(a: Expression, *axes: Any) -> Expression:
    order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
    if not order:
        return transpose(a, tuple(range(a.ndim))[::-1])
    return transpose(a, tuple([int(axis) % a.ndim for axis in order]))


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
    backwards, forwards = slice(None, None, -1), slice(None)
    return take(a, tuple([backwards if i in axes else forwards for i in range(a.ndim)]))


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
    handles(function)(lambda a, *args, **kwargs: rearranged(function, lift(a), *args, **kwargs))


for _function in (np.roll, np.rot90, np.repeat, np.tile, np.take, np.resize, np.delete, np.extract):
    moving(_function)


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
    places = np.meshgrid(*[np.arange(node.size) for node in nodes], indexing=indexing)
    flat = [reshape(node, (node.size,)) for node in nodes]
    return [take(node, place) for node, place in zip(flat, places, strict=True)]


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


@handles(np.tril)
def tril(m: Any, k: int = 0) -> Expression:
    x = lift(m)
    return where(constant(np.tri(*x.shape[-2:], k, dtype=bool)), x, 0.0)


@handles(np.triu)
def triu(m: Any, k: int = 0) -> Expression:
    x = lift(m)
    return where(constant(~np.tri(*x.shape[-2:], k - 1, dtype=bool)), x, 0.0)


@handles(np.diag)
def diag(v: Any, k: int = 0) -> Expression:
    x = lift(v)
    if x.ndim == 2:
        return rearranged(np.diagonal, x, k)
    n = x.size + abs(k)
    zeros = constant(np.zeros(n * n))
    places = np.diagonal(np.arange(n * n).reshape(n, n), k)
    return reshape(write(zeros, places, x), (n, n))


@handles(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Expression:
    x = lift(v)
    return diag(reshape(x, (x.size,)), k)


@handles(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Expression:
    x = lift(array)
    if mode == "constant":
        places = np.pad(np.arange(x.size).reshape(x.shape), pad_width, constant_values=-1)
        fill = lift(options.get("constant_values", 0.0))
        inside = take(reshape(x, (x.size,)), np.maximum(places, 0))
        return where(constant(places >= 0), inside, fill)
    return rearranged(np.pad, x, pad_width, mode)


@handles(np.apply_along_axis, decides=True)
def apply_along_axis(
    session: Session, func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Expression:
    x = moved(lift(arr), axis, -1)
    rest = x.shape[:-1]
    rows = reshape(x, (int(np.prod(rest)), x.shape[-1]))
    results = [
        lift(func1d(wrap_all(session, take(rows, k)), *args, **kwargs)) for k in range(rows.shape[0])
    ]
    stacked = concatenate([reshape(result, (1, *result.shape)) for result in results])
    whole = reshape(stacked, rest + results[0].shape)
    return whole if not results[0].ndim else moved(whole, -1, axis)


@handles(np.copy)
def copied(a: Any, order: str = "K", subok: bool = False) -> Expression:
    return lift(a)


@handles(np.zeros_like, np.empty_like)
def zeros_like(a: Any, dtype: Any = None, *_: Any, **options: Any) -> Expression:
    shape = options.get("shape")
    like = lift(a)
    kind = {"f": float, "i": int, "b": bool}[like.kind]
    return constant(np.zeros(like.shape if shape is None else shape, dtype or kind))


@handles(np.ones_like)
def ones_like(a: Any, dtype: Any = None, *_: Any, **options: Any) -> Expression:
    zeros = zeros_like(a, dtype, **options)
    return constant(np.ones_like(zeros.value))


@handles(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None, *_: Any, **options: Any) -> Expression:
    zeros = zeros_like(a, dtype, **options)
    filled = broadcast_to(lift(fill_value), zeros.shape)
    return do("integer", filled) if zeros.kind == "i" else filled


@handles(np.linspace)
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, **_: Any
) -> Any:
    first, last = lift(start), lift(stop)
    step = do("divide", do("subtract", last, first), max(num - 1 if endpoint else num, 1))
    column = np.arange(num).reshape(-1, *[1] * max(first.ndim, last.ndim))
    grid = do("add", first, do("multiply", constant(column), step))
    return (grid, step) if retstep else grid


@handles(np.shape)
def shape(a: Any) -> tuple[int, ...]:
    return lift(a).shape


@handles(np.ndim)
def ndim(a: Any) -> int:
    return lift(a).ndim


@handles(np.size)
def size(a: Any, axis: int | None = None) -> int:
    node = lift(a)
    return node.size if axis is None else node.shape[axis]


@handles(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, **limits: Any) -> Expression:
    node = lift(x)
    largest = np.finfo(float).max
    above, below = limits.get("posinf"), limits.get("neginf")
    node = where(do("isnan", node), nan, node)
    node = where(do("equal", node, np.inf), largest if above is None else above, node)
    return where(do("equal", node, -np.inf), -largest if below is None else below, node)


@handles(np.real, np.real_if_close)
def real(val: Any, *_: Any) -> Expression:
    return lift(val)


@handles(np.imag)
def imag(val: Any) -> Expression:
    return constant(np.zeros(lift(val).shape))


@handles(np.iscomplexobj)
def iscomplexobj(x: Any) -> bool:
    return False


@handles(np.isrealobj)
def isrealobj(x: Any) -> bool:
    return True


@handles(np.result_type, np.can_cast, np.min_scalar_type)
def result_type(*_: Any) -> Any:
    return np.dtype(np.float64)

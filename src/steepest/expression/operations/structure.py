"""Operations that move elements about and compute nothing: shapes, pieces, joins."""

from __future__ import annotations

from itertools import pairwise
from types import EllipsisType
from typing import Any

import numpy as np

from steepest.expression.frozen import FrozenArray
from steepest.expression.node import Expression, apply, constant
from steepest.expression.operation import Operation, Shape, define, same_kind

Token = tuple[str, *tuple[Any, ...]]


class Index:
    """A NumPy index as a hashable attribute.

    Parameters
    ----------
    key : int, slice, None, Ellipsis, array or a tuple of these
        Any static index.
    """

    __slots__ = ("tokens",)

    def __init__(self, key: Any) -> None:
        self.tokens = tuple(map(_token, key if isinstance(key, tuple) else (key,)))

    @property
    def key(self) -> tuple[Any, ...]:
        """The index, as NumPy takes it."""
        return tuple(map(_restored, self.tokens))

    @property
    def is_basic(self) -> bool:
        """Whether it selects each element at most once (no index arrays)."""
        return all(token[0] != "array" for token in self.tokens)

    @property
    def source(self) -> str:
        """The index as one writes it between brackets."""
        return ", ".join(map(_token_source, self.tokens)) or "()"

    def __hash__(self) -> int:
        return hash(self.tokens)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Index) and self.tokens == other.tokens

    def __repr__(self) -> str:
        return f"Index[{self.source}]"


def _token(part: Any) -> Token:
    match part:
        case None:
            return ("new axis",)
        case EllipsisType():
            return ("ellipsis",)
        case slice():
            bounds = [None if b is None else int(b) for b in (part.start, part.stop, part.step)]
            return ("slice", *bounds)
        case bool() | np.bool_():
            return ("array", FrozenArray(part))
        case int() | np.integer():
            return ("integer", int(part))
    return ("array", FrozenArray(part))


def _restored(token: Token) -> Any:
    match token[0]:
        case "new axis":
            return None
        case "ellipsis":
            return Ellipsis
        case "slice":
            return slice(*token[1:])
        case "array":
            return token[1].array
    return token[1]


def _token_source(token: Token) -> str:
    match token[0]:
        case "new axis":
            return "None"
        case "ellipsis":
            return "..."
        case "slice":
            start, stop, step = ["" if bound is None else str(bound) for bound in token[1:]]
            return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
        case "array":
            return repr(token[1].array.tolist())
    return str(token[1])


def movement(
    name: str,
    evaluate: Any,
    gradient: Any,
    shape: Any,
    spelling: Any,
    simplify: Any = None,
) -> Operation:
    """Define an operation that moves elements: it works on arrays of anything."""
    return define(
        Operation(
            name,
            evaluate,
            gradient,
            shape=shape,
            kind=same_kind,
            elementwise=False,
            simplify=simplify,
            spelling=spelling,
            to_scalars=evaluate,
        )
    )


reshape_: Operation = movement(
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda g, y, x, shape: (reshape(g, x.shape),),
    lambda _, shape: shape,
    lambda x, shape: f"np.reshape({x}, {shape})",
    lambda x, shape: (
        x
        if x.shape == shape
        else apply(reshape_, x.inputs[0], shape=shape)
        if x.operation is reshape_
        else None
    ),
)


def reshape(x: Expression, shape: Shape) -> Expression:
    """Return ``x`` with another shape."""
    return apply(reshape_, x, shape=tuple(shape))


transpose_: Operation = movement(
    "transpose",
    lambda x, axes: np.transpose(x, axes),
    lambda g, y, x, axes: (transpose(g, tuple(np.argsort(axes).tolist())),),
    lambda shape, axes: tuple([shape[i] for i in axes]),
    lambda x, axes: (
        f"{x}.T" if axes == (1, 0) and x.isidentifier() else f"np.transpose({x}, {axes})"
    ),
    lambda x, axes: x if axes == tuple(range(x.ndim)) else None,
)


def transpose(x: Expression, axes: tuple[int, ...]) -> Expression:
    """Return ``x`` with its axes in another order."""
    return apply(transpose_, x, axes=axes)


def swap_last(x: Expression) -> Expression:
    """Return ``x`` with its last two axes exchanged."""
    return transpose(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def _sum_to_shape(g: Expression, shape: Shape) -> Expression:
    from steepest.expression.operations.reductions import sum_to_shape

    return sum_to_shape(g, shape)


broadcast_: Operation = movement(
    "broadcast_to",
    lambda x, shape: np.broadcast_to(x, shape),
    # a repeated element gets the sum of its copies' gradients
    lambda g, y, x, shape: (_sum_to_shape(g, x.shape),),
    lambda _, shape: shape,
    lambda x, shape: f"np.broadcast_to({x}, {shape})",
    lambda x, shape: x if x.shape == shape else None,
)


def broadcast_to(x: Expression, shape: Shape) -> Expression:
    """Return ``x`` repeated to ``shape`` by the broadcasting rules."""
    return apply(broadcast_, x, shape=shape)


def _joined_shape(*shapes: Shape, axis: int) -> Shape:
    joined = list(shapes[0])
    joined[axis] = sum(shape[axis] for shape in shapes)
    return tuple(joined)


def _split(g: Expression, y: Expression, *pieces: Expression, axis: int) -> Any:
    edges = np.cumsum([0, *[piece.shape[axis] for piece in pieces]]).tolist()
    lead = (slice(None),) * axis
    return tuple([take(g, (*lead, slice(a, b))) for a, b in pairwise(edges)])


concatenate_: Operation = movement(
    "concatenate",
    lambda *pieces, axis: np.concatenate(pieces, axis=axis),
    _split,
    _joined_shape,
    lambda *pieces, axis: (
        f"np.concatenate([{', '.join(pieces)}]{f', axis={axis}' if axis else ''})"
    ),
    lambda *pieces, axis: pieces[0] if len(pieces) == 1 else None,
)


def concatenate(pieces: list[Expression], axis: int = 0) -> Expression:
    """Return the pieces joined along ``axis``."""
    return apply(concatenate_, *pieces, axis=axis)


def _taken_shape(shape: Shape, index: Index) -> Shape:
    return tuple(np.broadcast_to(np.empty(()), shape)[index.key].shape)


def _take_spelling(x: str, index: Index) -> str:
    return f"{x}[{index.source}]" if x.isidentifier() else f"({x})[{index.source}]"


take_: Operation = movement(
    "getitem",
    lambda x, index: np.asarray(x)[index.key],
    # the chosen elements get their gradient, the others 0
    lambda g, y, x, index: (apply(scatter_, g, index=index, shape=x.shape),),
    _taken_shape,
    _take_spelling,
    lambda x, index: x if not index.tokens or index.tokens == (("ellipsis",),) else None,
)


def take(x: Expression, key: Any) -> Expression:
    """Return ``x[key]`` for a static key."""
    return apply(take_, x, index=Index(key))


def flip(x: Expression, axis: int) -> Expression:
    """Return ``x`` reversed along ``axis``."""
    return take(x, (*[slice(None)] * axis, slice(None, None, -1)))


def _scattered(g: Any, index: Index, shape: Shape) -> Any:
    g = np.asarray(g)
    result = np.zeros(shape, dtype=g.dtype)
    if index.is_basic:
        result[index.key] = g
    else:
        np.add.at(result, index.key, g)
    return result


def _scattered_scalars(g: Any, index: Index, shape: Shape) -> Any:
    places = np.arange(int(np.prod(shape))).reshape(shape)[index.key]
    result = np.full(int(np.prod(shape)), constant(0.0), dtype=object)
    for place, element in zip(
        places.ravel(), np.broadcast_to(g, places.shape).ravel(), strict=True
    ):
        result[place] = result[place] + element
    return result.reshape(shape)


scatter_: Operation = define(
    Operation(
        "scatter",
        _scattered,
        lambda g, y, x, index, shape: (apply(take_, g, index=index),),
        shape=lambda _, index, shape: shape,
        kind=same_kind,
        elementwise=False,
        spelling=lambda x, index, shape: (
            f"{'placed' if index.is_basic else 'scattered'}"
            f"({x}, {shape}, np.index_exp[{index.source}])"
        ),
        to_scalars=_scattered_scalars,
    )
)


def _written(x: Any, value: Any, index: Index) -> Any:
    result = np.array(x, dtype=np.result_type(np.asarray(x), np.asarray(value)))
    # [()]: an array of objects would keep an array of shape () as one of its objects.
    result[index.key] = np.asarray(value)[()]
    return result


def _write_gradient(
    g: Expression, y: Expression, x: Expression, value: Expression, index: Index
) -> Any:
    """Give 0 to what was written over, and to what was written the gradient of its places."""
    zeros = constant(np.zeros(value.shape))
    taken = apply(take_, g, index=index)
    return apply(write_, g, zeros, index=index), _sum_to_shape(taken, value.shape)


write_: Operation = define(
    Operation(
        "setitem",
        _written,
        _write_gradient,
        shape=lambda shape, _, index: shape,
        kind=same_kind,
        elementwise=False,
        spelling=lambda x, value, index: f"written({x}, np.index_exp[{index.source}], {value})",
        to_scalars=_written,
    )
)


def write(x: Expression, key: Any, value: Expression) -> Expression:
    """Return a copy of ``x`` in which ``x[key]`` is ``value``."""
    return apply(write_, x, value, index=Index(key))


take_along_: Operation = define(
    Operation(
        "take_along_axis",
        lambda x, places, axis: np.take_along_axis(x, places, axis),
        lambda g, y, x, places, axis: (
            apply(put_along_, g, places, axis=axis, shape=x.shape),
            None,
        ),
        shape=lambda _, places, axis: places,
        kind=lambda kinds: kinds[0],
        elementwise=False,
        spelling=lambda x, places, axis: f"np.take_along_axis({x}, {places}, {axis})",
    )
)


def _put_along(g: Any, places: Any, axis: int, shape: Shape) -> Any:
    result = np.zeros(shape, dtype=np.asarray(g).dtype)
    key = list(np.ogrid[tuple([slice(n) for n in places.shape])])
    key[axis] = places
    np.add.at(result, tuple(key), g)
    return result


put_along_: Operation = define(
    Operation(
        "put_along_axis",
        _put_along,
        lambda g, y, x, places, axis, shape: (apply(take_along_, g, places, axis=axis), None),
        shape=lambda _, __, axis, shape: shape,
        kind=lambda kinds: kinds[0],
        elementwise=False,
        spelling=lambda x, places, axis, shape: f"put_along({x}, {places}, {axis}, {shape})",
    )
)

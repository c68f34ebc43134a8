"""Reductions: many elements become one. Axes are always a sorted tuple of whole numbers >= 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply
from steepest.expression.operation import OPERATIONS, Operation, Shape, always, define, widest_kind
from steepest.expression.operations.kinks import equal, where
from steepest.expression.operations.structure import broadcast_to, flip, reshape

Axes = tuple[int, ...]


def reduced_shape(shape: Shape, axis: Axes, keepdims: bool) -> Shape:
    """Return the shape that is left when ``axis`` is reduced."""
    if keepdims:
        return tuple([1 if i in axis else n for i, n in enumerate(shape)])
    return tuple([n for i, n in enumerate(shape) if i not in axis])


def spread(reduced: Expression, shape: Shape, axis: Axes) -> Expression:
    """Return a reduced array repeated along the axes that were reduced."""
    if not reduced.shape and len(axis) == len(shape):
        return reduced
    return broadcast_to(reshape(reduced, reduced_shape(shape, axis, True)), shape)


def arguments(x: str, axis: Axes | None, keepdims: bool) -> str:
    """Return the source of a reduction's arguments, leaving out what is NumPy's default."""
    parts = [x]
    if axis is not None:
        parts.append(f"axis={axis[0] if len(axis) == 1 else axis}")
    if keepdims:
        parts.append("keepdims=True")
    return ", ".join(parts)


def nothing_to_reduce(x: Expression, axis: Axes, keepdims: bool) -> Expression | None:
    """Simplify a reduction over no axis."""
    return x if not axis and x.kind == "f" else None


def reduction(name: str, numpy_name: str, gradient: Any, to_scalars: Any, kind: Any) -> Operation:
    """Define a reduction."""
    function = getattr(np, numpy_name)
    return define(
        Operation(
            name,
            lambda x, axis, keepdims: function(x, axis=axis, keepdims=keepdims),
            gradient,
            shape=reduced_shape,
            kind=kind,
            elementwise=False,
            simplify=nothing_to_reduce,
            spelling=lambda x, axis, keepdims: f"np.{numpy_name}({arguments(x, axis, keepdims)})",
            to_scalars=to_scalars,
        )
    )


def folded(name: str) -> Any:
    """Return a reduction of object arrays that folds with a two-argument operation."""

    def fold(x: Any, axis: Axes, keepdims: bool) -> Any:
        kept = [i for i in range(x.ndim) if i not in axis]
        rows = np.transpose(x, (*axis, *kept)).reshape(-1, *[x.shape[i] for i in kept])
        result = np.empty(rows.shape[1:], dtype=object)
        for place in np.ndindex(result.shape):
            total = rows[(0, *place)] if len(rows) else 0.0
            for k in range(1, len(rows)):
                total = apply(OPERATIONS[name], total, rows[(k, *place)])
            result[place] = total
        return result.reshape(reduced_shape(x.shape, axis, keepdims))

    return fold


sum_: Operation = reduction(
    "sum",
    "sum",
    # d sum(x) = sum(dx): every element gets the gradient of its sum
    lambda g, y, x, axis, keepdims: (spread(g, x.shape, axis),),
    folded("add"),
    widest_kind,
)


def _extreme_gradient(
    g: Expression, y: Expression, x: Expression, axis: Axes, keepdims: bool
) -> Any:
    """Give the gradient to the largest (smallest) element; ties share it equally."""
    winners = where(apply(equal, x, spread(y, x.shape, axis)), 1.0, 0.0)
    share = spread(total(winners, axis), x.shape, axis)
    return (spread(g, x.shape, axis) * (winners / share),)


max_: Operation = reduction("max", "max", _extreme_gradient, folded("maximum"), widest_kind)
min_: Operation = reduction("min", "min", _extreme_gradient, folded("minimum"), widest_kind)
all_: Operation = reduction("all", "all", None, folded("logical_and"), always("b"))
any_: Operation = reduction("any", "any", None, folded("logical_or"), always("b"))


def total(x: Expression, axis: Axes | None = None, keepdims: bool = False) -> Expression:
    """Return the sum of ``x`` over ``axis`` (None: all)."""
    axis = tuple(range(x.ndim)) if axis is None else axis
    return apply(sum_, x, axis=axis, keepdims=keepdims)


def sum_to_shape(x: Expression, shape: Shape) -> Expression:
    """Undo broadcasting: sum ``x`` over the axes along which ``shape`` was repeated."""
    if x.shape == shape:
        return x
    extra = x.ndim - len(shape)
    repeated = tuple(
        [i for i in range(x.ndim) if i < extra or (shape[i - extra] == 1 and x.shape[i] != 1)]
    )
    return reshape(total(x, repeated), shape) if repeated else reshape(x, shape)


def _cumulative(x: Any, axis: int) -> Any:
    result = np.array(x, dtype=object)
    along = np.moveaxis(result, axis, 0)
    for k in range(1, len(along)):
        for place in np.ndindex(along.shape[1:]):
            along[(k, *place)] = apply(
                OPERATIONS["add"], along[(k - 1, *place)], along[(k, *place)]
            )
    return result


cumsum: Operation = define(
    Operation(
        "cumsum",
        lambda x, axis: np.cumsum(x, axis=axis),
        # y_k sums x_j for j <= k, so x_j gets the sum of g_k for k >= j
        lambda g, y, x, axis: (flip(apply(cumsum, flip(g, axis), axis=axis), axis),),
        shape=lambda shape, axis: shape,
        kind=widest_kind,
        elementwise=False,
        spelling=lambda x, axis: f"np.cumsum({x}, axis={axis})",
        to_scalars=_cumulative,
    )
)


def position(name: str) -> Operation:
    """Define argmax or argmin over one axis: a whole number, so its slope is 0."""
    function = getattr(np, name)
    return define(
        Operation(
            name,
            lambda x, axis: function(x, axis=axis),
            shape=lambda shape, axis: reduced_shape(shape, (axis,), False),
            kind=always("i"),
            elementwise=False,
            spelling=lambda x, axis: f"np.{name}({x}, axis={axis})",
        )
    )


argmax: Operation = position("argmax")
argmin: Operation = position("argmin")

argsort: Operation = define(
    Operation(
        "argsort",
        lambda x, axis: np.argsort(x, axis=axis, kind="stable"),
        shape=lambda shape, axis: shape,
        kind=always("i"),
        elementwise=False,
        spelling=lambda x, axis: f"np.argsort({x}, axis={axis}, kind='stable')",
    )
)

"""Small array graphs as graphs of plain numbers: no NumPy call is worth its cost there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant, topological_order

MOST_SCALARS = 3000
"""Largest number of elements in all nodes together that is written out one by one."""


def to_scalars(
    outputs: Sequence[Expression], elements: Mapping[Expression, Any]
) -> list[Any] | None:
    """Write array operations out, element by element.

    Parameters
    ----------
    outputs : sequence of Expression
        The results.
    elements : mapping of Expression to object array
        For each variable, the scalar expressions that it consists of.

    Returns
    -------
    list of object arrays, or None
        The scalar expressions of each output; None where an operation has no
        scalar form or the result would be too long.
    """
    order = topological_order(outputs)
    if sum(node.size for node in order) > MOST_SCALARS:
        return None
    known: dict[Expression, Any] = dict(elements)
    for node in order:
        if node in known:
            continue
        written = _written_out(node, [known[child] for child in node.inputs])
        if written is None:
            return None
        known[node] = written
    return [known[output] for output in outputs]


def _written_out(node: Expression, inputs: list[Any]) -> Any:
    if node.is_constant:
        return _each(constant, [np.asarray(node.value)], node.shape)
    if node.operation.elementwise:
        if node.operation.scalar_spelling is None:
            return None
        return _each(
            lambda *operands: apply(node.operation, *operands, **node.options), inputs, node.shape
        )
    if node.operation.to_scalars is None:
        return None
    result = node.operation.to_scalars(*inputs, **node.options)
    if result is None:
        return None
    array = np.empty(node.shape, dtype=object)
    array[...] = result
    return array


def _each(build: Any, operands: list[Any], shape: tuple[int, ...]) -> Any:
    """Apply ``build`` to corresponding elements of broadcast operands."""
    result = np.empty(shape, dtype=object)
    spread = [np.broadcast_to(operand, shape) for operand in operands]
    for place in np.ndindex(shape):
        result[place] = build(*[operand[place] for operand in spread])
    return result

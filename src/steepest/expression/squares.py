"""Recognising a sum of squares in a graph: f = Σ r², with the residuals r as expressions."""

from __future__ import annotations

import math

from steepest.expression.node import Expression, constant

SUMS = ("sum", "mean")
PRODUCTS = ("matmul", "dot", "vdot", "inner")


def squares_of(output: Expression) -> list[Expression] | None:
    """Return residuals r of any shapes whose squares add up to a scalar graph.

    Parameters
    ----------
    output : Expression
        The scalar.

    Returns
    -------
    list of Expression
        None where the graph is no sum of squares with positive weights, as it is written.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> x, y = variable("x"), variable("y")
    >>> squares_of((1 - x)**2 + 100 * (y - x**2)**2)
    [Expression(1 - x), Expression(10*(y - x**2))]
    >>> squares_of(x**2 - y**2) is None
    True
    """
    found: list[Expression] = []
    waiting = [(output, 1.0)]
    while waiting:
        node, weight = waiting.pop()
        parts = _split(node, weight)
        if parts is not None:
            waiting += reversed(parts)
            continue
        root = _root(node)
        if root is None:
            return None
        found.append(root if weight == 1 else constant(math.sqrt(weight)) * root)
    return found


def _split(node: Expression, weight: float) -> list[tuple[Expression, float]] | None:
    """Return the terms of a sum, or the factor of a positive constant, with their weights."""
    name, inputs = node.operation.name, node.inputs
    if name == "add" and all(one.shape == node.shape for one in inputs):
        return [(one, weight) for one in inputs]
    if name == "multiply":
        for scale, rest in (inputs, inputs[::-1]):
            number = _positive(scale)
            if number is not None and rest.shape == node.shape:
                return [(rest, weight * number)]
    if name == "divide" and inputs[0].shape == node.shape:
        number = _positive(inputs[1])
        return None if number is None else [(inputs[0], weight / number)]
    if name == "power" and inputs[1].equals_constant(2) and inputs[0].operation.name == "sqrt":
        return [(inputs[0].inputs[0], weight)]
    if name in SUMS and not node.shape:
        # The sum over all elements of a shape is taken when their squares are added.
        share = weight / inputs[0].size if name == "mean" else weight
        return [(inputs[0], share)]
    return None


def _positive(node: Expression) -> float | None:
    """Return the value of a positive constant number."""
    if node.operation.name != "constant" or node.shape:
        return None
    number = float(node.value)
    return number if 0 < number < math.inf else None


def _root(node: Expression) -> Expression | None:
    """Return r where a node is r², r · r or a positive constant."""
    name, inputs = node.operation.name, node.inputs
    if name == "power" and inputs[1].equals_constant(2) and inputs[0].shape == node.shape:
        return inputs[0]
    if name == "square":
        return inputs[0]
    if name == "multiply" and inputs[0] is inputs[1]:
        return inputs[0]
    if name in PRODUCTS and not node.shape and inputs[0] is inputs[1]:
        return inputs[0]
    number = _positive(node)
    if number is not None:
        return constant(math.sqrt(number))
    if node.equals_constant(0):
        return constant(0.0)
    return None

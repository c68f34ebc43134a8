"""Backpropagation, from graph to graph.

dz/dz = 1; walking backwards from z, every input of an operation gets the
gradient of the operation's result times the operation's Jacobian, and gradients
that arrive along several ways are added (Goodfellow, Bengio and Courville,
2016, Deep Learning, section 6.5). The result is a graph again, so derivatives of
any order need nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence

from steepest.expression.node import (
    Expression,
    apply,
    constant,
    substitute,
    topological_order,
)
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.reductions import sum_to_shape, total
from steepest.expression.operations.structure import broadcast_to


def gradient(
    output: Expression, inputs: Sequence[Expression], seed: Expression | None = None
) -> list[Expression]:
    """Return the gradient of a result with respect to each input, as expressions.

    Parameters
    ----------
    output : Expression
        The result z; a scalar unless ``seed`` is given.
    inputs : sequence of Expression
        The nodes to differentiate by, usually variables.
    seed : Expression, optional
        The gradient of some scalar with respect to ``output``, of its shape;
        1 by default. With a seed v the result is the vector-Jacobian product v^T J.

    Returns
    -------
    list of Expression
        One for each input, of that input's shape; the constant 0 where ``output``
        does not depend on it.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> x, y = variable("x"), variable("y")
    >>> gradient(x**3 - 4 * x - y**2, [x, y])
    [Expression(3*x**2 - 4), Expression(-2*y)]
    """
    gradients: dict[Expression, Expression] = {output: constant(1.0) if seed is None else seed}
    relevant, ends = depending_on([output], inputs), set(inputs)
    # A gradient may be kept smaller than its node where all its elements are equal
    # (the 1s that a sum passes on); it is spread out only where that matters.
    for node in reversed(topological_order([output])):
        if node not in relevant or node not in gradients or node in ends:
            continue
        rule = node.operation.gradient
        if rule is None:
            continue
        arrived = gradients[node]
        if not node.operation.elementwise:
            arrived = broadcast_to(arrived, node.shape)
        contributions = rule(arrived, node, *node.inputs, **node.options)
        for child, contribution in zip(node.inputs, contributions, strict=True):
            if contribution is None or child not in relevant or contribution.equals_constant(0):
                continue
            if child.shape != node.shape and node.operation.elementwise:
                contribution = sum_to_shape(broadcast_to(contribution, node.shape), child.shape)
            known = gradients.get(child)
            gradients[child] = contribution if known is None else known + contribution
    return [broadcast_to(gradients.get(node, ZERO), node.shape) for node in inputs]


ZERO = constant(0.0)


def depending_on(outputs: Sequence[Expression], inputs: Sequence[Expression]) -> set[Expression]:
    """Return the floating-point nodes under ``outputs`` through which ``inputs`` act."""
    relevant = set(inputs)
    for node in topological_order(outputs):
        if node.kind == "f" and any(child in relevant for child in node.inputs):
            relevant.add(node)
    return relevant


def hessian_vector(
    output: Expression, inputs: Sequence[Expression], vectors: Sequence[Expression]
) -> list[Expression]:
    """Return the Hessian of a scalar times a vector: the gradient of g . v.

    Parameters
    ----------
    output : Expression
        The scalar.
    inputs, vectors : sequences of Expression
        The variables, and one array of the same shape for each.
    """
    product = constant(0.0)
    for slope, vector in zip(gradient(output, inputs), vectors, strict=True):
        product = product + total(slope * vector)
    return gradient(product, inputs)


def careful(outputs: Sequence[Expression], forward: Sequence[Expression]) -> list[Expression]:
    """Return derivatives in which a zero gradient stays zero whatever it meets.

    Where an untaken branch or a factor 0 stops a gradient, what lies behind may be
    infinite, and 0 times infinity is not a number. In the graph this returns, every
    product and quotient that backpropagation made is 0 where a factor is 0.

    Parameters
    ----------
    outputs : sequence of Expression
        Derivatives made by `gradient`.
    forward : sequence of Expression
        The results that were differentiated; their own nodes stay as they are.
    """
    untouched = set(topological_order(forward))
    replaced: dict[Expression, Expression] = {node: node for node in untouched}
    for node in topological_order(outputs):
        if node in replaced:
            continue
        inputs = [replaced[child] for child in node.inputs]
        if node.operation in ZERO_WINS:
            replaced[node] = apply(OPERATIONS[f"masked_{node.operation.name}"], *inputs)
        elif inputs == list(node.inputs):
            replaced[node] = node
        else:
            replaced[node] = apply(node.operation, *inputs, **node.options)
    return [replaced[output] for output in outputs]


ZERO_WINS = {OPERATIONS["multiply"], OPERATIONS["divide"]}


def bare(outputs: Sequence[Expression]) -> list[Expression]:
    """Return derivatives without their guards at vertical tangents, which cost time.

    Where the result is then not finite, the guarded ones are used instead.
    """
    guards = (OPERATIONS["finite_or_zero"], OPERATIONS["where_finite"])
    replacements: dict[Expression, Expression] = {}
    for node in topological_order(outputs):
        if node.operation in guards:
            (replacements[node],) = substitute([node.inputs[0]], replacements)
    return substitute(outputs, replacements)

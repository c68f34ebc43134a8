"""Bounds on the gradient and the Hessian of a formula over many cells at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from steepest.expression.node import Expression, topological_order
from steepest.expression.operations import OPERATIONS
from steepest.landscapes import interval
from steepest.landscapes.domain import Flags
from steepest.landscapes.field import Field, upper_triangle
from steepest.landscapes.interval import Cells, Interval, Rule, falling, rising
from steepest.objective import Vector

BATCH = 4096
"""Cells that are bounded at once: what is kept of every operation then fits the cache."""

MOST_NODES = 3000
"""Graphs of more operations than this take too long to bound often."""

RULES: dict[str, Rule] = {
    "add": interval.add,
    "subtract": interval.subtract,
    "multiply": interval.multiply,
    "divide": interval.divide,
    "negative": interval.negative,
    "sqrt": rising(np.sqrt, 0.0),
    "cbrt": rising(np.cbrt),
    "exp": rising(np.exp),
    "exp2": rising(np.exp2),
    "expm1": rising(np.expm1),
    "log": rising(np.log, 0.0),
    "log2": rising(np.log2, 0.0),
    "log10": rising(np.log10, 0.0),
    "log1p": rising(np.log1p, -1.0),
    "sin": interval.sine,
    "cos": interval.cosine,
    "tan": interval.tangent,
    "sinh": rising(np.sinh),
    "cosh": interval.even(np.cosh),
    "tanh": rising(np.tanh),
    "arcsin": rising(np.arcsin, -1.0, 1.0),
    "arccos": falling(np.arccos, -1.0, 1.0),
    "arctan": rising(np.arctan),
    "arcsinh": rising(np.arcsinh),
    "arccosh": rising(np.arccosh, 1.0),
    "arctanh": rising(np.arctanh, -1.0, 1.0),
    "expit": rising(OPERATIONS["expit"].evaluate),
    "hypot": interval.hypotenuse,
    "logaddexp": interval.log_of_sum,
    # The derivatives of x**y decide whether there is a log(x).
    "greater": interval.greater,
    "where": interval.choose,
}
"""How the result of each smooth operation is bounded; what is not here is not bounded at all."""


class Bounds(NamedTuple):
    """Bounds on a gradient, both of shape (m, n)."""

    low: Vector
    high: Vector
    undefined: Flags
    partial: Flags


class Enclosure:
    """Bounds on the derivatives of a field over boxes, in the scale of the field.

    Parameters
    ----------
    field : Field
        Of a graph all of whose operations have rules; see `enclosure_of`.
    """

    def __init__(self, field: Field) -> None:
        self.field = field
        assert field.graph is not None
        self.inputs = field.graph.inputs
        roots = [field.graph.output, *field.slopes]
        self.first = topological_order(roots)
        self.second = topological_order([*roots, *field.curvatures])

    def gradient(self, lower: Vector, upper: Vector) -> Bounds:
        """Return bounds on the scaled gradient over boxes, shape (m, n) each."""
        parts = [
            self._gradient(lower[k : k + BATCH], upper[k : k + BATCH])
            for k in range(0, len(lower), BATCH)
        ]
        if not parts:
            return self._gradient(lower, upper)
        return Bounds(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _gradient(self, lower: Vector, upper: Vector) -> Bounds:
        known, cells = self._bounded(self.first, lower, upper)
        low, high = self._stacked(self.field.slopes, known, len(lower))
        width = self.field.domain.width
        scaled = interval.outward(low * width, high * width)
        return Bounds(scaled.low, scaled.high, cells.undefined, cells.partial)

    def hessian(self, lower: Vector, upper: Vector) -> tuple[Interval, Flags]:
        """Return bounds on the scaled Hessian, shape (m, n, n), and where they are of use.

        They are where the function is smooth on the whole box.
        """
        known, cells = self._bounded(self.second, lower, upper)
        low, high = self._stacked(self.field.curvatures, known, len(lower))
        n, width = len(self.inputs), self.field.domain.width
        matrices = np.empty((2, len(lower), n, n))
        for k, (i, j) in enumerate(upper_triangle(n)):
            for matrix, entries in zip(matrices, (low, high), strict=True):
                matrix[:, i, j] = matrix[:, j, i] = entries[:, k] * width[i] * width[j]
        whole = ~cells.partial & ~cells.undefined & np.isfinite(matrices).all(axis=(0, 2, 3))
        # Two products were rounded: one more number is not enough.
        return interval.loosened(*matrices), whole

    def _bounded(
        self, order: Sequence[Expression], lower: Vector, upper: Vector
    ) -> tuple[dict[Expression, Interval], Cells]:
        """Return the bounds of every node of a graph."""
        count = len(lower)
        cells = Cells(np.zeros(count, dtype=bool), np.zeros(count, dtype=bool))
        known = {
            node: Interval(lower[:, place].copy(), upper[:, place].copy())
            for place, node in enumerate(self.inputs)
        }
        with np.errstate(all="ignore"):
            for node in order:
                if node not in known:
                    known[node] = _bounds_of(node, known, cells)
        return known, cells

    def _stacked(
        self, outputs: Sequence[Expression], known: dict[Expression, Interval], count: int
    ) -> tuple[Vector, Vector]:
        low, high = np.empty((count, len(outputs))), np.empty((count, len(outputs)))
        for place, node in enumerate(outputs):
            low[:, place], high[:, place] = known[node]
        return low, high


def _bounds_of(node: Expression, known: dict[Expression, Interval], cells: Cells) -> Interval:
    """Return the bounds of one node whose inputs are bounded."""
    if node.is_constant:
        value = float(node.value)
        return Interval(value, value)
    inputs = [known[child] for child in node.inputs]
    name = node.operation.name
    if name == "power":
        return _power(node, inputs, cells)
    if name == "multiply" and node.inputs[0] is node.inputs[1]:
        return interval.square(cells, inputs[0])
    return RULES[name](cells, *inputs)


def _power(node: Expression, inputs: Sequence[Interval], cells: Cells) -> Interval:
    base, exponent = node.inputs
    if exponent.is_constant:
        p = float(exponent.value)
        if p.is_integer():
            return interval.whole_power(cells, inputs[0], int(p))
        return interval.real_power(cells, inputs[0], p)
    if base.is_constant and float(base.value) > 0:
        logarithm = interval.loosened(*[np.log(float(base.value))] * 2)
    else:
        logarithm = RULES["log"](cells, inputs[0])
    return RULES["exp"](cells, interval.multiply(cells, inputs[1], logarithm))


def enclosure_of(field: Field) -> Enclosure | None:
    """Return the bounds of a field; None where it is no graph, too large, or not smooth."""
    if field.graph is None or not field.quick or field.kinked:
        return None
    nodes = topological_order([field.graph.output, *field.slopes, *field.curvatures])
    if len(nodes) > MOST_NODES:
        return None
    for node in nodes:
        if node.is_variable or node.is_constant or node.operation.name == "power":
            continue
        if node.operation.name not in RULES:
            return None
    return Enclosure(field)

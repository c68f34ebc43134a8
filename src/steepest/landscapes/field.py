"""A function with its first and second derivatives, at many points at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.errors import NonFiniteError
from steepest.expression.node import Expression, evaluate, topological_order
from steepest.functions.bound import BoundFunction
from steepest.functions.branches import Branch
from steepest.functions.graph import GraphFunction
from steepest.landscapes.domain import Domain
from steepest.objective import Vector
from steepest.program.writer import Graph

MOST_WRITTEN = 10
"""Up to so many variables the Hessian is written out, entry by entry."""

KINKED = frozenset(
    "absolute sign maximum minimum fmax fmin heaviside copysign floor ceil trunc rint where "
    "remainder fmod floor_divide max min".split()
)
"""Operations with which a formula may have kinks or jumps."""


class Field:
    """A function over a box: values, gradients and Hessians at many points.

    Derivatives are scaled: every side of the box counts as 1 long, so that what is small, and
    what is far, does not depend on the units of the variables. Where a slope is infinite, it
    counts as such: conventions that make it 0 would look like critical points.

    Parameters
    ----------
    objective : BoundFunction
    domain : Domain
    """

    def __init__(self, objective: BoundFunction, domain: Domain) -> None:
        self.objective = objective
        self.domain = domain
        self.graph = _whole_graph(objective)

    @property
    def quick(self) -> bool:
        """Whether many points cost little more than one."""
        return self.graph is not None and self.domain.size <= MOST_WRITTEN

    @property
    def exact(self) -> bool:
        """Whether second derivatives are exact, and no differences."""
        return self.objective.differentiation == "graph"

    @property
    def kinked(self) -> bool:
        """Whether the function may have kinks, or decides on values."""
        if not isinstance(self.objective, GraphFunction):
            return False
        graph = _branch_of(self.objective).arrays
        nodes = topological_order([graph.output])
        return bool(graph.guards) or any(node.operation.name in KINKED for node in nodes)

    @cached_property
    def slopes(self) -> list[Expression]:
        """The gradient, one expression per variable; for whole graphs."""
        assert self.graph is not None
        return bare(gradient(self.graph.output, self.graph.inputs))

    @cached_property
    def curvatures(self) -> list[Expression]:
        """The upper triangle of the Hessian, row by row; for whole graphs."""
        assert self.graph is not None
        inputs = self.graph.inputs
        rows = [gradient(slope, inputs) for slope in self.slopes]
        return bare([rows[i][j] for i, j in upper_triangle(len(inputs))])

    def values(self, points: Vector) -> Vector:
        """Return f, shape (m, n) -> (m,); what is not finite is a value."""
        if self.graph is None:
            return np.array([self.objective.value(point) for point in points], dtype=np.float64)
        return np.asarray(self._evaluated([self.graph.output], points)[0])

    def gradients(self, points: Vector) -> Vector:
        """Return the scaled gradients, shape (m, n) -> (m, n)."""
        if self.graph is None:
            rows = [self.objective.gradient(point) for point in points]
            slopes = np.reshape(np.array(rows, dtype=np.float64), points.shape)
        else:
            slopes = self._evaluated(self.slopes, points).T
        with np.errstate(all="ignore"):
            return np.asarray(slopes * self.domain.width, dtype=np.float64)

    def hessians(self, points: Vector) -> Vector:
        """Return the scaled Hessians, shape (m, n) -> (m, n, n)."""
        n, width = self.domain.size, self.domain.width
        result = np.empty((len(points), n, n))
        if self.quick:
            entries = self._evaluated(self.curvatures, points)
            for (i, j), entry in zip(upper_triangle(n), entries, strict=True):
                result[:, i, j] = result[:, j, i] = entry
        else:
            for place, point in enumerate(points):
                result[place] = self.objective.hessian(point)
        with np.errstate(all="ignore"):
            return np.asarray(result * np.outer(width, width))

    def require_values(self) -> None:
        """Refuse a box in which the function is defined nowhere."""
        spread = np.random.default_rng(0).random((100, self.domain.size))
        places = self.domain.lower + spread * self.domain.width
        if not np.isfinite(self.values(places)).any():
            where = self.objective.locate_non_finite(places[0]) or "the function"
            raise NonFiniteError(
                f"The function has no finite value at any of 100 points of the box: {where}. Give "
                "a box where it is defined."
            )

    def require_slope(self, x: Vector) -> None:
        """Refuse a point at which the function has no finite value and gradient."""
        value, slope = self.objective.value_and_gradient(x)
        if not (np.isfinite(value) and np.isfinite(slope).all()):
            where = self.objective.locate_non_finite(x) or "the function"
            raise NonFiniteError(
                f"At {self.domain.told(x)} the value or the gradient is not finite: {where}. Give "
                "a point where the function is defined."
            )

    def _evaluated(self, outputs: Sequence[Expression], points: Vector) -> Vector:
        """Return expressions at many points, shape (count of outputs, m)."""
        assert self.graph is not None
        columns = np.ascontiguousarray(points.T)
        found = evaluate(outputs, dict(zip(self.graph.inputs, columns, strict=True)))
        result = np.empty((len(outputs), len(points)))
        for row, entry in zip(result, found, strict=True):
            row[:] = entry
        return result


def upper_triangle(n: int) -> list[tuple[int, int]]:
    """Return the places on and above the diagonal, row by row."""
    return list(combinations_with_replacement(range(n), 2))


def _whole_graph(objective: BoundFunction) -> Graph | None:
    """Return the function as one graph of numbers, where no decision splits it into branches."""
    if not isinstance(objective, GraphFunction):
        return None
    branch = _branch_of(objective)
    return branch.graph if branch.graph.plain and not branch.graph.guards else None


def _branch_of(objective: GraphFunction) -> Branch:
    """Return the branch of the function in the middle of the box."""
    return objective.branches.at(objective.parts(objective.start))

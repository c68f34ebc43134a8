"""Fits whose sums over rows are made by compiled code, where that pays or is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from steepest.descent.measures import largest
from steepest.descent.walk import Plan, Walk, numpy_walk
from steepest.errors import TracingError
from steepest.functions.bound import BoundFunction
from steepest.functions.branches import Branch
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.compiling import require_numba
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.passes import Passes, maker
from steepest.program.native.predictor_curvature import PredictorCurvature
from steepest.program.native.predictor_sums import PredictorSums
from steepest.program.native.row_columns import RowColumns
from steepest.program.native.row_sums import RowSums
from steepest.program.native.rows import RowForm

FEWEST = 4096
"""Of fewer rows NumPy adds up as quickly, and "auto" leaves them to Python."""

CLOSE = 1e-9
"""How well compiled code must agree with Python at first, relative to what is largest there."""


class RowsFunction(GraphFunction):
    """A criterion whose values and gradients are sums over rows.

    Where a sum is not finite, or compiled code cannot do it, Python answers.

    Parameters
    ----------
    followed : GraphFunction
        The criterion.
    engine : {"auto", "python", "native"}
        Who is to add up the rows.
    """

    def __init__(self, followed: GraphFunction, engine: str) -> None:
        super().__init__(
            followed.branches,
            structure=followed.structure,
            start=followed.start,
            call=followed.call,
            formula=followed.formula,
            notices=followed.notices,
        )
        self.data = followed.data
        # Copies of this function with other starts and bounds share them.
        self.first = Passes(engine, partial(self.sums, 1), ROW_LOOPS)
        self.second = Passes(engine, partial(self.sums, 2), ROW_LOOPS)
        self.errors = Passes(engine, partial(self.error_columns, 0), ROW_LOOPS)
        self.slopes = Passes(engine, partial(self.error_columns, 1), ROW_LOOPS)

    @property
    def passes(self) -> tuple[Passes, ...]:
        """What passes there are."""
        return (self.first, self.second, self.errors, self.slopes)

    @property
    def made_by(self) -> str:
        """Who made the passes so far."""
        passes = self.passes
        return maker(sum(one.python for one in passes), sum(one.native for one in passes))

    def branch(self) -> tuple[Branch, Callable[[Any], Any]]:
        """Return the branch at the start, and its data by node."""
        parts = self.parts(self.start)
        try:
            branch = self.branches.at(parts)
        except TracingError as error:
            raise NativeError(str(error)) from error
        return branch, branch.known(parts).__getitem__

    def sums(self, order: int) -> RowSums | PredictorSums | PredictorCurvature:
        """Return the sums that the function and its derivatives are made of."""
        branch, data = self.branch()
        if not any(parameter.node.shape for parameter in branch.arrays.variables):
            return RowSums(branch.arrays, data, order)
        form = RowForm(branch.arrays)
        return PredictorSums(form, data) if order == 1 else PredictorCurvature(form, data)

    def error_columns(self, order: int) -> RowColumns:
        """Return the residuals, or their derivatives."""
        branch, data = self.branch()
        residuals = branch.residuals
        if residuals is None or residuals.graph.plain:
            raise NativeError("it is no sum of the squares of a column.")
        return RowColumns(branch.arrays, residuals.roots, data, order)

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        if self.first.trusted:
            value: float = self.first.run(x)[0]
            if np.isfinite(value):
                return value
        answer: float = self.first.timed(super().value, x)
        return answer

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        if self.first.ready():
            value, gradient, _ = self.first.run(x)
            finite = np.isfinite(value) and np.isfinite(gradient).all()
            if finite and (self.first.trusted or self.agree(x, value, gradient)):
                return value, gradient
        self.say_why_not(self.first)
        answer: tuple[float, Vector] = self.first.timed(super().value_and_gradient, x)
        return answer

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian."""
        if self.second.ready():
            curvature: Vector = self.second.run(x)[2]
            finite = np.isfinite(curvature).all()
            if finite and (self.second.trusted or self.agree_on_curvature(x, curvature)):
                return curvature
        self.say_why_not(self.second)
        return np.asarray(self.second.timed(super().hessian, x))

    def residuals(self, x: Vector) -> Vector:
        """Return r with f(x) = ½ ‖r‖²."""
        return self.columns(self.errors, super().residuals, x, lambda found: found[0])

    def jacobian(self, x: Vector) -> Vector:
        """Return the derivatives of the residuals."""
        return self.columns(self.slopes, super().jacobian, x, np.transpose)

    def columns(
        self,
        passes: Passes,
        by_python: Callable[[Vector], Any],
        x: Vector,
        arranged: Callable[[Any], Any],
    ) -> Vector:
        """Return columns made by compiled code, or else by Python."""
        if passes.ready():
            found: Vector = arranged(passes.run(x))
            if np.isfinite(found).all():
                if passes.trusted:
                    return found
                expected = by_python(x)
                allowed = CLOSE * largest(np.ravel(expected))
                if passes.judge(largest(np.ravel(found - expected)) <= allowed):
                    return found
        self.say_why_not(passes)
        return np.asarray(passes.timed(by_python, x))

    def agree(self, x: Vector, value: float, gradient: Vector) -> bool:
        """Return whether Python finds the same; if not, compiled code is not used again."""
        expected, slope = super().value_and_gradient(x)
        allowed = CLOSE * (abs(expected) + largest(slope) * largest(x))
        near = abs(value - expected) <= allowed
        return self.first.judge(near and largest(gradient - slope) <= CLOSE * largest(slope))

    def agree_on_curvature(self, x: Vector, curvature: Vector) -> bool:
        """Return whether Python finds the same along one direction."""
        scale = np.sqrt(np.abs(np.diag(curvature)))
        direction = 1 / np.where(scale > 0, scale, 1.0)
        expected = direction * super().hessian_vector(x, direction)
        found = direction * (curvature @ direction)
        return self.second.judge(largest(found - expected) <= CLOSE * max(1.0, largest(expected)))

    def say_why_not(self, passes: Passes) -> None:
        """Tell the user, who asked for compiled code, why there is none."""
        if passes.refusal and passes.engine == "native":
            self.note(f"The rows were added up by Python, not by compiled code: {passes.refusal}")


def by_engine(objective: BoundFunction, engine: str, rows: int) -> BoundFunction:
    """Return a criterion, its rows added up by the engine that is asked for.

    Parameters
    ----------
    objective : BoundFunction
        The criterion.
    engine : {"auto", "python", "native"}
        "auto" leaves it to the rule in `steepest.program.native.engine`.
    rows : int
        How many there are.
    """
    if engine == "native":
        require_numba()
    elif engine == "python" or rows < FEWEST:
        return objective
    if not isinstance(objective, GraphFunction):
        return objective
    return RowsFunction(objective, engine)


@dataclass(frozen=True)
class RowsWalk(Walk):
    """A walk on a criterion whose rows may be added up by compiled code.

    Parameters
    ----------
    criterion : RowsFunction
        Knows who did.
    """

    criterion: RowsFunction | None = None

    @property
    def engine(self) -> str:
        """What added up the rows."""
        return "python" if self.criterion is None else self.criterion.made_by


def rows_walk(plan: Plan) -> Walk:
    """Return the walk that a method makes on a criterion."""
    walk, objective = numpy_walk(plan), plan.objective
    if not isinstance(objective, RowsFunction):
        return walk
    return RowsWalk(walk.rows, criterion=objective)

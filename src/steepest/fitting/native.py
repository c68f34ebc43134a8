"""Fits whose sums over rows are made by compiled code, where that pays or is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from steepest.descent.measures import largest
from steepest.descent.walk import Plan, Walk, numpy_walk
from steepest.errors import TracingError
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.compiling import require_numba
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.row_sums import RowSums

FEWEST = 4096
"""Of fewer rows NumPy adds up as quickly, and "auto" leaves them to Python."""

COUNTED = 0.05
"""So many seconds of Python's are counted together."""

CLOSE = 1e-9
"""How well compiled code must agree with Python at first, relative to what is largest there."""


@dataclass
class Passes:
    """The passes over the rows of one function: who makes them, and who made how many.

    Parameters
    ----------
    engine : {"auto", "python", "native"}
        Who is to make them.
    find : callable
        Returns the sums of the function; raises `NativeError` where there are none.
    """

    engine: str
    find: Callable[[], RowSums]
    sums: RowSums | None = None
    loop: Any = None
    refusal: str | None = None
    trusted: bool = False
    unreported: float = 0.0
    python: int = 0
    native: int = 0

    @property
    def made_by(self) -> str:
        """What made the passes so far."""
        if not self.native:
            return "python"
        return f"native from evaluation {self.python + 1}" if self.python else "native"

    def ready(self) -> bool:
        """Return whether there is compiled code for the next pass; compile where it pays."""
        if self.loop is None and self.refusal is None and self.is_wanted():
            try:
                self.loop = ROW_LOOPS.compiled(self.found().source)
            except NativeError as error:
                self.refusal = str(error)
        return self.loop is not None

    def found(self) -> RowSums:
        """Return the sums, found once."""
        if self.sums is None:
            self.sums = self.find()
        return self.sums

    def is_wanted(self) -> bool:
        """Return whether compiled code is asked for, or pays by the one rule there is."""
        if self.engine == "native":
            return True
        if self.python == 0:
            # What is compiled already is used at once.
            return not ROW_LOOPS.is_empty and self.pays(0.0)
        if self.unreported < COUNTED:
            return False
        seconds, self.unreported = self.unreported, 0.0
        return self.pays(seconds)

    def pays(self, seconds: float) -> bool:
        """Return whether to compile after so many more seconds of Python's."""
        try:
            return ROW_LOOPS.pays(self.found().source, seconds)
        except NativeError as error:
            self.refusal = str(error)
            return False

    def judge(self, right: bool) -> bool:
        """Take note of whether compiled code agrees with Python."""
        self.trusted = bool(right)
        if not right:
            self.loop, self.refusal = None, "compiled, the function has other values."
        return self.trusted

    def timed(self, question: Callable[[Vector], Any], x: Vector) -> Any:
        """Return Python's answer, and count it."""
        began = perf_counter()
        answer = question(x)
        self.unreported += perf_counter() - began
        self.python += 1
        return answer

    def derivatives(self, x: Vector) -> tuple[float, Vector, Vector]:
        """Return what compiled code finds."""
        self.native += 1
        return self.found().derivatives(self.loop, x)


class RowsFunction(GraphFunction):
    """A criterion whose values and gradients are sums over rows.

    Where a sum is not finite, or compiled code cannot do it, Python answers.

    Parameters
    ----------
    followed : GraphFunction
        The criterion.
    engine : {"auto", "native"}
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
        self.first = Passes(engine, partial(self.sums, 1))
        self.second = Passes(engine, partial(self.sums, 2))

    def sums(self, order: int) -> RowSums:
        """Return the sums that the function and its derivatives are made of."""
        parts = self.parts(self.start)
        try:
            graph = self.branches.at(parts).arrays
        except TracingError as error:
            raise NativeError(str(error)) from error
        nodes = [parameter.node for parameter in graph.parameters]
        return RowSums(graph, dict(zip(nodes, parts, strict=True)).__getitem__, order)

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        if self.first.trusted:
            value = self.first.derivatives(x)[0]
            if np.isfinite(value):
                return value
        return float(self.first.timed(super().value, x))

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        if self.first.ready():
            value, gradient, _ = self.first.derivatives(x)
            finite = np.isfinite(value) and np.isfinite(gradient).all()
            if finite and (self.first.trusted or self.agree(x, value, gradient)):
                return value, gradient
        self.say_why_not(self.first)
        answer: tuple[float, Vector] = self.first.timed(super().value_and_gradient, x)
        return answer

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian."""
        if self.second.ready():
            curvature = self.second.derivatives(x)[2]
            finite = np.isfinite(curvature).all()
            if finite and (self.second.trusted or self.agree_on_curvature(x, curvature)):
                return curvature
        self.say_why_not(self.second)
        return np.asarray(self.second.timed(super().hessian, x))

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
    passes : Passes
        Says who did.
    """

    passes: Passes | None = None

    @property
    def engine(self) -> str:
        """What added up the rows."""
        return "python" if self.passes is None else self.passes.made_by


def rows_walk(plan: Plan) -> Walk:
    """Return the walk that a method makes on a criterion."""
    walk, objective = numpy_walk(plan), plan.objective
    if not isinstance(objective, RowsFunction):
        return walk
    return RowsWalk(walk.rows, passes=objective.first)

"""A walk: the stream of points that a method and a step length make on a function."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from steepest.descent.methods.method import Method
from steepest.descent.problem import Problem
from steepest.descent.stopping import Reason, Stop
from steepest.descent.units import InUnits
from steepest.objective import Objective, Vector
from steepest.vectors import all_finite

Row: TypeAlias = tuple[
    int, Vector | Sequence[float], float, Vector | Sequence[float], float, bool, int
]
"""One point of a walk: (step, x, value, gradient, rate, accepted, evaluations).

Row 0 is the start. `x` and `gradient` are n numbers, an array or a tuple, of this row alone: no
later step writes into them. `rate` is that of the step that led here, NaN at the start.
`evaluations` counts the values of f asked for so far, this one included.
"""


class Columns(Sequence[Row], ABC):
    """Rows that are kept as columns, or can be made into columns at once."""

    @abstractmethod
    def column(self, position: int) -> Any:
        """Return one entry of every row, as an array of its own."""


@dataclass(frozen=True)
class Plan:
    """Everything that determines a walk.

    Parameters
    ----------
    problem : Problem
        The function, through which a walk asks for everything.
    method : Method
        How to get from one point to the next.
    stop : Stop
        The rule that ends it; only a walk that stops itself needs to read it.
    max_steps : int
        How many rows after the start will be read at most.
    units : ndarray, shape (n,), optional
        What the method is to see of each variable x_i is units_i · x_i.
    """

    problem: Problem
    method: Method
    stop: Stop
    max_steps: int
    units: Vector | None = None

    @property
    def objective(self) -> Objective:
        """The function and its start, as the user gave them."""
        return self.problem.objective

    def again(self, method: Method, stop: Stop, max_steps: int) -> Plan:
        """Return a plan for the same function, counted anew."""
        problem = Problem(self.objective, self.problem.box)
        return Plan(problem, method, stop, max_steps)


@dataclass(frozen=True)
class Walk:
    """A stream of rows, and what must be known about it.

    Parameters
    ----------
    rows : generator of Row
        Yields the start and every point after it; returns the reason where it ends by itself.
    stops_itself : bool, default False
        Whether the rows end by the plan's stop rule, which then need not be asked again.
    program : str, optional
        The source of the program that makes the rows, where there is one.
    notices : tuple of str, default ()
        What the user should know of this walk.
    """

    rows: Generator[Row, None, Reason]
    stops_itself: bool = False
    program: str | None = None
    notices: tuple[str, ...] = ()


Walker: TypeAlias = Callable[[Plan], Walk]


def numpy_walk(plan: Plan) -> Walk:
    """Return the walk that a method makes on NumPy arrays."""
    return Walk(_rows(plan))


def _rows(plan: Plan) -> Generator[Row, None, Reason]:
    """Yield the points of a walk; return why it cannot go on."""
    counted, method = plan.problem, plan.method
    problem = counted if plan.units is None else InUnits(counted, plan.units)
    here = problem.evaluate(np.array(problem.start))
    rate, memory = float("nan"), None
    step = 0
    while True:
        yield step, *problem.as_given(here), rate, True, counted.values
        if not all_finite(here.gradient):
            return Reason.NOT_FINITE
        # What overflows here shows in the next value, and is judged there.
        with np.errstate(over="ignore", invalid="ignore"):
            here, rate, accepted, memory = method.advance(problem, here, memory)
        if not accepted:
            return Reason.NO_FURTHER_FALL
        step += 1

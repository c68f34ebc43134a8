"""A walk: the stream of points that a method and a step length make on a function."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from steepest.descent.methods.method import Method
from steepest.descent.problem import Iterate, Problem
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


Watch: TypeAlias = Callable[[Row, float], bool]
"""Shown every row and its time in seconds; True asks to stop."""


class Columns(Sequence[Row], ABC):
    """Rows that are kept as columns, or can be made into columns at once."""

    @abstractmethod
    def column(self, position: int) -> Any:
        """Return one entry of every row, as an array of its own."""


class State(NamedTuple):
    """Where a walk is, and what its next step must know."""

    step: int
    here: Iterate
    rate: float
    memory: Any


class Record(Protocol):
    """Keeps where a walk is, so that another can go on from there (see `checkpoints`)."""

    def restored(self, problem: Problem) -> tuple[State, Any] | None:
        """Return where to go on, and the cursor kept there; None to begin at the start.

        The counts of the problem become those of that place.
        """

    def reached(self, state: State, problem: Problem, cursor: Any = None) -> None:
        """Take note of where the walk is; called before the row of every step is yielded.

        Where a walk has a cursor in its data, it may hand over what returns that when asked.
        """

    def stop(self) -> Stop:
        """Return the stop rule of the plan, which knows of steps that are not shown again."""

    def shown_to(self, watch: Watch | None) -> Watch | None:
        """Return a watch that is not shown again what it saw before."""


class Plan(NamedTuple):
    """Everything that determines a walk.

    Attributes
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
    max_evaluations : float, default inf
        How many values of f may be asked for before the rows are read no further.
    engine : {"auto", "python", "native"}, default "python"
        What is to make the steps (see `steepest.program.native.engine`).
    record : Record, optional
        Keeps where the walk is, or knows where to go on.
    """

    problem: Problem
    method: Method
    stop: Stop
    max_steps: int
    units: Vector | None = None
    max_evaluations: float = math.inf
    engine: str = "python"
    record: Record | None = None

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
    notices : sequence of str, default ()
        What the user should know of this walk; complete when the rows have ended.
    choose : callable, optional
        Where values of different rows cannot be compared: returns the row that the walk stands
        for, or None for its last one.
    clock : callable, default perf_counter
        Tells when a row was there; rows that were made before tell it themselves.
    """

    rows: Generator[Row, None, Reason]
    stops_itself: bool = False
    program: str | None = None
    notices: Sequence[str] = ()
    choose: Callable[[], Row | None] | None = None
    clock: Callable[[], float] = perf_counter

    @property
    def engine(self) -> str:
        """What made the rows that were read."""
        return "python"


Walker: TypeAlias = Callable[[Plan], Walk]


def numpy_walk(plan: Plan) -> Walk:
    """Return the walk that a method makes on NumPy arrays."""
    return Walk(stepping(plan))


Ahead: TypeAlias = Callable[[State], Generator[Row, None, State]]
"""Goes on from a state in a way of its own, as far as it can; yields its rows."""


def stepping(plan: Plan, ahead: Ahead | None = None) -> Generator[Row, None, Reason]:
    """Yield the points of a walk; return why it cannot go on.

    Parameters
    ----------
    plan : Plan
        The walk.
    ahead : callable, optional
        Asked before every step, whether it can go on from there in a quicker way.
    """
    counted, method, record = plan.problem, plan.method, plan.record
    problem = counted if plan.units is None else InUnits(counted, plan.units)
    before = None if record is None else record.restored(counted)
    if before is not None:
        state, _ = before
    else:
        state = State(0, problem.evaluate(np.array(problem.start)), float("nan"), None)
        if record is not None:
            record.reached(state, counted)
        yield 0, *problem.as_given(state.here), state.rate, True, counted.values
    while all_finite(state.here.gradient):
        if ahead is not None:
            state = yield from ahead(state)
        # What overflows here shows in the next value, and is judged there.
        with np.errstate(over="ignore", invalid="ignore"):
            here, rate, accepted, memory = method.advance(problem, state.here, state.memory)
        if not accepted:
            return Reason.NO_FURTHER_FALL
        state = State(state.step + 1, here, rate, memory)
        if record is not None:
            record.reached(state, counted)
        yield state.step, *problem.as_given(here), rate, True, counted.values
    return Reason.NOT_FINITE

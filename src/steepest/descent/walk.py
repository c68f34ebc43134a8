"""A walk: the stream of points that a method and a step length make on a function."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from steepest.descent.methods.method import Method
from steepest.descent.step_length import Backtracking, Constant, StepLength
from steepest.descent.stopping import Reason, Stop
from steepest.errors import InputError
from steepest.objective import Objective, Vector

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


class Counted:
    """The function as a walk sees it, counting what is asked of it.

    Parameters
    ----------
    objective : Objective
        The function.
    """

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.values = 0
        self.gradients = 0

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        self.values += 1
        return self.objective.value(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        self.values += 1
        self.gradients += 1
        return self.objective.value_and_gradient(x)


@dataclass(frozen=True)
class Plan:
    """Everything that determines a walk.

    Parameters
    ----------
    objective : Objective
        The function and its start.
    counted : Counted
        The same function, through which a walk asks for values and gradients.
    method : Method
        Which way to go.
    step_length : StepLength
        How far to go.
    stop : Stop
        The rule that ends it; only a walk that stops itself needs to read it.
    max_steps : int
        How many rows after the start will be read at most.
    """

    objective: Objective
    counted: Counted
    method: Method
    step_length: StepLength
    stop: Stop
    max_steps: int


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


def step_length_of(method: Method) -> StepLength:
    """Return the step length that a method's learning rate stands for.

    Raises
    ------
    InputError
        Where the rate is to be found by backtracking, which looks at f alone, and the method
        goes down f plus a penalty.
    """
    rate = method.default_rate if method.learning_rate is None else method.learning_rate
    if rate is not None:
        return Constant(rate)
    if method.weight_decay > 0:
        raise InputError(
            f"weight_decay={method.weight_decay!r} needs a learning_rate: without one, each step "
            "is as long as the value of the function alone allows, which knows no penalty."
        )
    return Backtracking()


def numpy_walk(plan: Plan) -> Walk:
    """Return the walk that a method makes on NumPy arrays."""
    return Walk(_rows(plan))


def _rows(plan: Plan) -> Generator[Row, None, Reason]:
    """Yield the points of a walk; return why it cannot go on."""
    method, counted = plan.method, plan.counted
    x = np.array(plan.objective.start)
    value, gradient = counted.value_and_gradient(x)
    rate = float("nan")
    state, memory = method.initial_state(x), 0
    step = 0
    while True:
        # The gradient may be a buffer that its function uses again.
        gradient = np.array(gradient, dtype=x.dtype)
        yield step, x, value, gradient, rate, True, counted.values
        if not np.isfinite(gradient).all():
            return Reason.NOT_FINITE
        step += 1
        # What overflows here shows in the next value, and is judged there.
        with np.errstate(over="ignore", invalid="ignore"):
            while True:
                memory += 1
                direction, following = method.direction(x, gradient, state, memory)
                trial = plan.step_length.advance(counted, x, value, gradient, direction, rate, step)
                if trial.accepted:
                    break
                if memory == 1:
                    return Reason.NO_FURTHER_FALL
                # The memory leads uphill: forget it, go straight down (O'Donoghue, Candès 2015).
                state, memory = method.initial_state(x), 0
        x, value, gradient, rate, _ = trial
        state = following

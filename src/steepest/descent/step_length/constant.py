"""The rate as given: one number, or one for each step."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from steepest.descent.options import RATE_OR_SCHEDULE, Schedule
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.step_length import StepLength
from steepest.errors import InputError
from steepest.objective import Vector


@dataclass(frozen=True)
class Constant(StepLength):
    """Take every step with the given rate, wherever it leads.

    Parameters
    ----------
    rate : float or schedule
        The rate, or a callable that takes the number of steps already made and returns it.

    Examples
    --------
    >>> Constant(0.1).phrase
    'learning rate 0.1'
    """

    rate: float | Schedule = field(metadata=RATE_OR_SCHEDULE)

    @property
    def phrase(self) -> str:
        """The rate."""
        return f"learning rate {self.rate}"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate of the first step."""
        return self.rate_of(1)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: int | None = None
    ) -> Trial:
        """Go to x + rate · direction; the memory counts the steps."""
        step = (memory or 0) + 1
        rate = self.rate_of(step)
        there = problem.evaluate(problem.project(here.x + rate * direction))
        return Trial(there, rate, True, step)

    def rate_of(self, step: int) -> float:
        """Return the rate of a step, checked where it comes from a schedule."""
        if not callable(self.rate):
            return float(self.rate)
        try:
            rate = float(self.rate(step - 1))
        except (TypeError, ValueError) as error:
            raise InputError(
                f"The schedule {self.rate!r} gave no number for step {step - 1} ({error}). "
                "It must take the number of steps made so far and return the next rate."
            ) from error
        if not (math.isfinite(rate) and rate >= 0):
            raise InputError(
                f"The schedule {self.rate!r} returned {rate!r} for step {step - 1}: "
                "a learning rate must be a finite number, and not negative."
            )
        return rate

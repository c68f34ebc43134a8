"""Step lengths in units of 1/L, L being the largest curvature of the function."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from steepest.descent.options import POSITIVE_OR_NONE
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.line import first_move
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector


class Past(NamedTuple):
    """How many steps were made, and the curvature L in force."""

    steps: int
    curvature: float


@dataclass(frozen=True)
class Normalized(StepLength):
    """Take the rates h_1/L, h_2/L, ... of a schedule fixed beforehand.

    Parameters
    ----------
    curvature : float, optional
        L, a bound on the largest curvature of f, that is, a Lipschitz constant of its gradient.
        None takes the largest absolute eigenvalue of the Hessian at the start: right for a
        quadratic, and too small where f bends more elsewhere.
    """

    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    curvature: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    @abstractmethod
    def length(self, step: int, curvature: float) -> float:
        """Return h_i for the i-th step, i = 1, 2, ..."""

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return h_1/L, or the rate that moves x by a hundredth of its size for an unknown L."""
        if self.curvature is None:
            return first_move(x, direction)
        return self.length(1, self.curvature) / self.curvature

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Past | None = None
    ) -> Trial:
        """Go as far as the schedule says."""
        past = memory or Past(0, self.curvature or estimate(problem, here, direction))
        steps = past.steps + 1
        rate = self.length(steps, past.curvature) / past.curvature
        there = problem.evaluate(problem.project(here.x + rate * direction))
        return Trial(there, rate, True, Past(steps, past.curvature))


def estimate(problem: Problem, here: Iterate, direction: Vector) -> float:
    """Return L from the Hessian; where it tells none, one whose first step is a cautious one."""
    curvature = problem.largest_curvature(here.x)
    return curvature or 1 / first_move(here.x, direction)

"""A function along a line: φ(t) = f(x + t · d), and the point that was last evaluated."""

from __future__ import annotations

import math
from typing import Protocol

from steepest.descent.measures import largest
from steepest.descent.problem import Iterate, Problem
from steepest.descent.step_length.more_thuente import Sample
from steepest.objective import Vector
from steepest.vectors import inner

FIRST_MOVE = 0.01
"""The first step tried moves x by this share of its own size (Hager and Zhang 2005, ψ₀)."""


def first_move(x: Vector, direction: Vector) -> float:
    """Return the rate that moves x by a hundredth of its size (of 1 where x is 0)."""
    size = largest(direction)
    return FIRST_MOVE * (largest(x) or 1.0) / size if size > 0 else 1.0


class Looks(Protocol):
    """Anything that can tell φ and its slope at a rate."""

    def at(self, rate: float) -> Sample:
        """Return φ and its slope."""


class Line:
    """A function seen along a line, within bounds as far as `room`.

    Parameters
    ----------
    problem : Problem
        The function.
    here : Iterate
        The point at t = 0.
    direction : ndarray, shape (n,)
        The direction d.
    """

    def __init__(self, problem: Problem, here: Iterate, direction: Vector) -> None:
        self.problem, self.here, self.direction = problem, here, direction
        self.origin = Sample(0.0, here.value, inner(here.gradient, direction))
        self.iterate = here
        box = problem.box
        self.room = math.inf if box is None else box.reach(here.x, direction)
        self.evaluations = 0

    def value_at(self, rate: float) -> float:
        """Return φ alone."""
        return self.problem.value(self.problem.project(self.here.x + rate * self.direction))

    def at(self, rate: float) -> Sample:
        """Return φ and its slope; the point stays in `iterate`."""
        self.evaluations += 1
        # Projected, since the rounding of x + room · d may be outside.
        x = self.problem.project(self.here.x + rate * self.direction)
        self.iterate = self.problem.evaluate(x)
        slope = inner(self.iterate.gradient, self.direction)
        return Sample(rate, self.iterate.value, slope)


def at(line: Looks, rate: float) -> Sample:
    """Return φ and its slope; compiled code has a line of its own, and its own way to look."""
    return line.at(rate)

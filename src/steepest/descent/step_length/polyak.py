"""Polyak's step length, for functions whose lowest value is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.descent.options import NUMBER
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.line import first_move
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector


@dataclass(frozen=True)
class Polyak(StepLength):
    """Go as far as the tangent line takes to fall to the lowest value of f.

    rate = (f(x) - lowest) / (-g·d), which down the slope, d = -g, is (f(x) - lowest) / ‖g‖².

    For convex f with an L-Lipschitz gradient min f - f* ≤ 2 L ‖x_0 - x*‖² / N after N steps
    down the slope, and linear convergence if f is strongly convex as well; for convex f with
    slopes of at most G, kinks included, G ‖x_0 - x*‖ / √N (Hazan and Kakade 2019). All of it
    needs the right lowest value: with one that is too high the descent ends there, with one that
    is too low its steps are too long. At a value that is not above `lowest`, which then is
    wrong, the length is found by backtracking. Variables that the slope presses against a bound
    do not count.

    Parameters
    ----------
    lowest : float
        f*, the lowest value of f. There is no default that would be safe.

    References
    ----------
    B. T. Polyak, "Minimization of unsmooth functionals", USSR Computational Mathematics and
    Mathematical Physics 9, 1969.
    E. Hazan, S. Kakade, "Revisiting the Polyak step size", 2019.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize(abs, 3.0, jac=lambda x: 1.0 if x > 0 else -1.0, step_length=Polyak(0.0)).fun
    0.0
    """

    lowest: float = field(metadata=NUMBER)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return f"Polyak's step lengths towards {self.lowest:g}"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that moves x by a hundredth of its size; the true one needs f(x)."""
        return first_move(x, direction)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Any = None
    ) -> Trial:
        """Go as far as the tangent line does; nothing is remembered."""
        if problem.box is not None:
            held = problem.box.binding(here.x, here.gradient)
            direction = np.where(held, direction.dtype.type(0), direction)
        slope = float(here.gradient @ direction)
        if not slope < 0:
            return Trial(here, 0.0, False)
        if here.value <= self.lowest:
            return Backtracking().advance(problem, here, direction)._replace(memory=None)
        rate = (here.value - self.lowest) / -slope
        there = problem.evaluate(problem.project(here.x + rate * direction))
        return Trial(there, rate, True)

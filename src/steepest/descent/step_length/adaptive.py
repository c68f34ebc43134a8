"""Adaptive step lengths of Malitsky and Mishchenko: no search, and nothing to tune."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.options import POSITIVE_OR_NONE, one_of
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.line import first_move
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector

FITS = (0.5, 2.0)
"""The first rate times the curvature it meets must be between these (Malitsky and Mishchenko
2024, section 2, ask for a first rate of this kind)."""

TRIALS = 60
"""After so many trials the first rate is taken as it is."""


class Past(NamedTuple):
    """What the next step must know: the point before, the rate from it, and that rate's growth."""

    before: Iterate
    rate: float
    growth: float


@dataclass(frozen=True)
class Adaptive(StepLength):
    """Take the rate from the curvature met, and let it grow slowly.

    With L_k = ‖g_k - g_{k-1}‖ / ‖x_k - x_{k-1}‖, the last rate a and its growth θ, the quotient of
    the last two rates, the next rate is

    - "2023": a · min(√(2/3 + θ), 1 / √max(2 a² L_k² - 1, 0)), θ being 1/3 at first;
    - "2020": min(√(1 + θ) · a, 1 / (2 L_k)), θ being ∞ at first.

    For convex f and directions down the slope. Then f at the best point is within O(L R² / N) of
    f* after N steps, R = ‖x_0 - x*‖, and converges linearly if f is strongly convex nearby; the
    gradient needs to be Lipschitz near the path only, and no constant is asked for. Values may
    rise for a while. Without convexity it has no guarantee, and Rosenbrock's valley takes it
    thousands of steps. Projection onto bounds keeps the guarantee (the 2023 paper).

    Parameters
    ----------
    version : {"2023", "2020"}, default "2023"
        Algorithm 2 of the second paper, or Algorithm 1 of the first.
    first : float, optional
        The first rate; None looks for one that is right within a factor of 2, from the rate that
        moves x by a hundredth of its size: ten times longer, or half as long.

    References
    ----------
    Y. Malitsky, K. Mishchenko, "Adaptive gradient descent without descent", ICML 2020.
    Y. Malitsky, K. Mishchenko, "Adaptive proximal gradient method for convex optimization",
    NeurIPS 2024 (preprint 2023).

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize("exp(x) - 2*x + y**2", [3, 1], step_length=Adaptive()).success
    True
    """

    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    version: str = field(default="2023", metadata=one_of("2023", "2020"))
    first: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "adaptive step lengths"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the given rate, or the one that moves x by a hundredth of its size."""
        return self.first or first_move(x, direction)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Past | None = None
    ) -> Trial:
        """Go as far as the last step's curvature allows."""
        growth = 1 / 3 if self.version == "2023" else math.inf
        if memory is None:
            rate = self.first_rate(here.x, direction)
            if self.first is None:
                return self._first_step(problem, here, direction, rate, growth)
        else:
            before, last, growth = memory
            change, bend = here.x - before.x, here.gradient - before.gradient
            length = float(np.linalg.norm(change))
            if length == 0:
                return Trial(here, last, False, memory)
            rate = self.next_rate(last, growth, float(np.linalg.norm(bend)) / length)
            growth = rate / last
        there = problem.evaluate(problem.project(here.x + rate * direction))
        return Trial(there, rate, True, Past(here, rate, growth))

    def next_rate(self, last: float, growth: float, curvature: float) -> float:
        """Return the rate after `last`, which had grown so, from the curvature it met."""
        if self.version == "2020":
            return min(math.sqrt(1 + growth) * last, 1 / (2 * curvature) if curvature else math.inf)
        excess = 2 * (last * curvature) ** 2 - 1
        most = 1 / math.sqrt(excess) if excess > 0 else math.inf
        return last * min(math.sqrt(2 / 3 + growth), most)

    def _first_step(
        self, problem: Problem, here: Iterate, direction: Vector, rate: float, growth: float
    ) -> Trial:
        """Take a step with a rate that suits the curvature it meets."""
        least, most = FITS
        for _ in range(TRIALS):
            there = problem.evaluate(problem.project(here.x + rate * direction))
            length = float(np.linalg.norm(there.x - here.x))
            if length == 0:
                return Trial(here, rate, False)
            curvature = float(np.linalg.norm(there.gradient - here.gradient)) / length
            if least <= rate * curvature <= most:
                break
            rate *= 10 if rate * curvature < least else 0.5
        return Trial(there, rate, True, Past(here, rate, growth))

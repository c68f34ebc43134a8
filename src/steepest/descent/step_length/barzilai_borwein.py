"""Barzilai and Borwein's step lengths: the curvature of the last step sets the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.options import POSITIVE_OR_NONE, STEPS, one_of
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector

SHORTEST, LONGEST = 1e-30, 1e30
"""No rate outside these is taken. Raydan's proof needs some bounds; his, 10^-10 and 10^10, would
not do where x is of the size 10⁸."""

SUFFICIENT = 1e-4
"""The share of the predicted fall that is asked for (the same)."""

UNLIKE = 0.8
"""Lengths whose quotient is below this count as unlike (τ of Frassoldati, Zanni, Zanghirati)."""

SHORT_STEPS = 10
"""Of so many short lengths the shortest is taken then (the same, m + 1)."""


class Past(NamedTuple):
    """What the next step must know of those before."""

    before: Iterate
    values: tuple[float, ...]
    shorts: tuple[float, ...]


@dataclass(frozen=True)
class BarzilaiBorwein(StepLength):
    """Take the inverse of the curvature that the last step met.

    With s = x_k - x_{k-1} and y = g_k - g_{k-1} there are two of them: long = sᵀs / sᵀy and
    short = sᵀy / yᵀy. "abbmin" takes the shortest of the last ten short ones where the two
    differ much, short < 0.8 · long, and else the long one.

    The value may rise for a while. A step is taken if the new value is below the highest of the
    last ten by 10⁻⁴ of the predicted fall; if not, the rate goes to the minimiser of the parabola
    through what is known, within a tenth and a half of itself (Grippo, Lampariello and Lucidi;
    Raydan 1997). Along a step of negative curvature the rate is max(1, ‖x‖∞) / ‖d‖∞.

    For directions down the slope. On strongly convex quadratics it converges R-linearly without
    any search (Dai and Liao 2002); with the search its limit points are stationary for every
    smooth f that is bounded below (Raydan 1997). No rate is proved to be better than that of
    plain gradient descent, and in practice it is far better.

    Parameters
    ----------
    variant : {"abbmin", "long", "short"}, default "abbmin"
        Which length; the default solved 28 of 30 problems in 20000 evaluations, "long" 27 and
        took a quarter more.
    past : int, default 10
        How many values the highest is taken of (Raydan's M); 1 never lets the value rise.
    first : float, optional
        The first rate; None is 1 / ‖d‖∞.

    References
    ----------
    J. Barzilai, J. M. Borwein, "Two-point step size gradient methods", IMA Journal of Numerical
    Analysis 8, 1988.
    M. Raydan, "The Barzilai and Borwein gradient method for the large scale unconstrained
    minimization problem", SIAM Journal on Optimization 7, 1997.
    G. Frassoldati, L. Zanni, G. Zanghirati, "New adaptive stepsize selections in gradient
    methods", Journal of Industrial and Management Optimization 4, 2008.
    Y.-H. Dai, L.-Z. Liao, "R-linear convergence of the Barzilai and Borwein gradient method",
    IMA Journal of Numerical Analysis 22, 2002.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> valley = "(1 - x)**2 + 100*(y - x**2)**2"
    >>> minimize(valley, [-1.2, 1], step_length=BarzilaiBorwein()).nit < 200
    True
    """

    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    variant: str = field(default="abbmin", metadata=one_of("abbmin", "long", "short"))
    past: int = field(default=10, metadata=STEPS)
    first: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "step lengths of Barzilai and Borwein"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the given rate, or the one that moves x by 1."""
        return self.first or 1.0 / (largest(direction) or 1.0)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Past | None = None
    ) -> Trial:
        """Go as far as the last step's curvature says, and less if the value is too high."""
        values: tuple[float, ...] = (here.value,)
        shorts: tuple[float, ...] = ()
        if memory is None:
            rate = self.first_rate(here.x, direction)
        else:
            values = (*memory.values, *values)[-self.past :]
            rate, shorts = self.rate_after(memory, here, direction)
        rate = min(max(rate, SHORTEST), LONGEST)
        return self._searched(problem, here, direction, rate, Past(here, values, shorts))

    def rate_after(
        self, past: Past, here: Iterate, direction: Vector
    ) -> tuple[float, tuple[float, ...]]:
        """Return the rate that the last step suggests, and the latest short lengths."""
        change, bend = here.x - past.before.x, here.gradient - past.before.gradient
        curvature = float(change @ bend)
        if not curvature > 0:
            return max(1.0, largest(here.x)) / (largest(direction) or 1.0), past.shorts
        long, short = float(change @ change) / curvature, curvature / float(bend @ bend)
        shorts = (*past.shorts, short)[-SHORT_STEPS:]
        if self.variant == "abbmin":
            return min(shorts) if short < UNLIKE * long else long, shorts
        return long if self.variant == "long" else short, shorts

    def _searched(
        self, problem: Problem, here: Iterate, direction: Vector, rate: float, past: Past
    ) -> Trial:
        """Go along the direction until the value is below the highest of the last ones."""
        highest = max(past.values) + rounding(here.value, epsilon_of(here.x))
        while True:
            x = problem.project(here.x + rate * direction)
            fall = -float(here.gradient @ (x - here.x))
            if not fall > 0:
                return Trial(here, rate, False, past)
            there = problem.evaluate(x)
            if there.value <= highest - SUFFICIENT * fall:
                return Trial(there, rate, True, past)
            if not np.isfinite(there.value):
                rate *= 0.1
                continue
            bend = there.value - here.value + fall
            # The minimiser of the parabola, as a share of this rate.
            share = fall / (2 * bend) if bend > 0 else 0.5
            rate *= min(max(share, 0.1), 0.5)

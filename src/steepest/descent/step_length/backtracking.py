"""Backtracking: halve the step until the value falls far enough."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.options import FRACTION, check_options
from steepest.descent.step_length.step_length import Evaluations, StepLength, Trial
from steepest.objective import Vector

FIRST_MOVE = 0.01
"""The first step tried moves x by this share of its own size (Hager and Zhang 2005, ψ₀)."""

LARGEST_RATE = 1e300
"""Halving must get somewhere, which it does not from infinity."""


@dataclass(frozen=True)
class Backtracking(StepLength):
    """Halve the rate until f(x + rate · d) ≤ f(x) + c · rate · g·d (Armijo's condition).

    The next step first tries twice the rate that was last accepted, so that the rate follows
    the curvature both ways. Assumes a direction that goes downhill, g·d < 0; then some rate is
    accepted for every differentiable f, and the values never rise.

    Where f(x + rate · d) differs from f(x) by rounding alone, comparing values compares noise.
    There the slope decides, g(x + rate · d)·d ≤ (2 c - 1) · g·d, which for a quadratic is
    Armijo's condition exactly (Hager and Zhang 2005).

    Parameters
    ----------
    sufficient : float, default 1e-4
        The share c of the predicted fall that is asked for (Nocedal and Wright, section 3.1).

    References
    ----------
    L. Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives",
    Pacific Journal of Mathematics 16, 1966.
    W. W. Hager, H. Zhang, "A new conjugate gradient method with guaranteed descent and an
    efficient line search", SIAM Journal on Optimization 16, 2005.
    J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd edition, 2006.
    """

    sufficient: float = field(default=1e-4, metadata=FRACTION)

    def __post_init__(self) -> None:
        check_options(self)

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that moves x by a hundredth of its size (of 1 where x is 0)."""
        size = largest(direction)
        return FIRST_MOVE * (largest(x) or 1.0) / size if size > 0 else 1.0

    def advance(
        self,
        objective: Evaluations,
        x: Vector,
        value: float,
        gradient: Vector,
        direction: Vector,
        rate: float,
        step: int,
    ) -> Trial:
        """Go as far along a downhill direction as Armijo's condition allows."""
        slope = float(gradient @ direction)
        rate = self.first_rate(x, direction) if math.isnan(rate) else 2 * rate
        rate = min(rate, LARGEST_RATE)
        while slope < 0:
            candidate = x + rate * direction
            if np.array_equal(candidate, x):
                break
            lower = objective.value(candidate)
            if abs(lower - value) <= rounding(value, epsilon_of(x)):
                lower, steeper = objective.value_and_gradient(candidate)
                if float(steeper @ direction) <= (2 * self.sufficient - 1) * slope:
                    return Trial(candidate, lower, steeper, rate, accepted=True)
            elif lower <= value + self.sufficient * rate * slope:
                lower, steeper = objective.value_and_gradient(candidate)
                return Trial(candidate, lower, steeper, rate, accepted=True)
            rate /= 2
        return Trial(x, value, gradient, rate, accepted=False)

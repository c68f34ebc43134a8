"""Backtracking: halve the step until the value falls far enough."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from steepest.descent.measures import epsilon_of, rounding
from steepest.descent.options import FRACTION
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.line import first_move
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector
from steepest.vectors import inner

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

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2", 1.0, method="gradient-descent", step_length=Backtracking())
    >>> bool((np.diff(walk.history.fun) <= 0).all()), walk.success
    (True, True)
    """

    sufficient: float = field(default=1e-4, metadata=FRACTION)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "step lengths by backtracking"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that moves x by a hundredth of its size (of 1 where x is 0)."""
        return first_move(x, direction)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: float | None = None
    ) -> Trial:
        """Go as far along a downhill direction as allowed; the memory is the last rate."""
        rate = self.first_rate(here.x, direction) if memory is None else 2 * memory
        rate = min(rate, LARGEST_RATE)
        noise = rounding(here.value, epsilon_of(here.x))
        while True:
            x = problem.project(here.x + rate * direction)
            # Within bounds the way may be shorter and bent.
            way = direction if problem.box is None else (x - here.x) / rate
            slope = inner(here.gradient, way)
            if not slope < 0 or np.array_equal(x, here.x):
                return Trial(here, rate, False, rate)
            lower = problem.value(x)
            if abs(lower - here.value) <= noise:
                there = problem.evaluate(x)
                if inner(there.gradient, way) <= (2 * self.sufficient - 1) * slope:
                    return Trial(there, rate, True, rate)
            elif lower <= here.value + self.sufficient * rate * slope:
                return Trial(problem.evaluate(x), rate, True, rate)
            rate /= 2

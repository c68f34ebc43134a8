"""A constant rate that nobody has to guess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steepest.descent.measures import epsilon_of, rounding
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.normalized import Normalized, Past, estimate
from steepest.objective import Vector


@dataclass(frozen=True)
class Automatic(Normalized):
    """Keep the rate 1/L, L being the largest curvature of f.

    L is given, or the largest absolute eigenvalue of the Hessian at the start: from the whole
    Hessian for few variables, from twenty Lanczos steps for many. Where a step would raise the
    value, L was too small. It is found anew at that point, at least doubled, and the step tried
    again, so that down the slope the value never rises. L never becomes smaller.

    For convex f with curvatures of at most L, f(x_N) - f* ≤ L ‖x_0 - x*‖² / (4 N + 2) (Drori and
    Teboulle 2014); without convexity min ‖g‖² ≤ 2 L (f(x_0) - f*) / N.

    Parameters
    ----------
    curvature : float, optional
        L; None finds it.

    References
    ----------
    Y. Drori, M. Teboulle, "Performance of first-order methods for smooth convex minimization: a
    novel approach", Mathematical Programming 145, 2014.
    C. Lanczos, "An iteration method for the solution of the eigenvalue problem of linear
    differential and integral operators", Journal of Research of the National Bureau of Standards
    45, 1950.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> result = minimize("x**2 + 25*y**2", [1, 1], step_length=Automatic())
    >>> result.success, round(float(result.history.rate[1]), 12)
    (True, 0.02)
    """

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "the rate 1/L of the largest curvature L"

    def length(self, step: int, curvature: float) -> float:
        """Return 1."""
        return 1.0

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Past | None = None
    ) -> Trial:
        """Go with the rate 1/L, with a larger L where the value would rise."""
        trial = super().advance(problem, here, direction, memory)
        highest = here.value + rounding(here.value, epsilon_of(here.x))
        found: float | None = None
        while not trial.there.value <= highest:
            steps, curvature = trial.memory
            if not here.gradient @ (trial.there.x - here.x) < 0:
                # No shorter step along this direction goes downhill.
                return trial._replace(there=here, accepted=False)
            if found is None:
                found = estimate(problem, here, direction)
            curvature = max(2 * curvature, found)
            trial = super().advance(problem, here, direction, Past(steps - 1, curvature))
        if np.array_equal(trial.there.x, here.x):
            return trial._replace(accepted=False)
        return trial

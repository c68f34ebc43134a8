"""AdaNAG: accelerated, adaptive, and without any search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.methods.probing import curvature_down_the_slope
from steepest.descent.options import POSITIVE_OR_NONE
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector

SHIFT, SLOPE = 14, 12
"""τ_k = (k + 14)/12 (the paper's choice)."""

FIRST_SHARE = 27 / (2 * 15 * 401)
"""r, which makes the first step short enough for the proof (the same)."""


class Past(NamedTuple):
    """z, the number of steps made, and the rate of the next one."""

    z: Vector
    steps: int
    rate: float


@dataclass(frozen=True)
class AdaptiveAcceleratedGradient(Method):
    """Accelerate with a rate that follows the curvature met (AdaNAG).

    y = x_k - s_k g_k;  z ← z - α_k τ_k s_k g_k;  x_{k+1} = (1 - 1/τ_{k+1}) y + z/τ_{k+1};
    L = ‖g_{k+1} - g_k‖² / (2 (f_k - f_{k+1} - g_{k+1}·(x_k - x_{k+1})));
    s_{k+1} = min(s_k (A_{k-1} + α_k τ_k)/A_k, 1/(L (A_k/B_k + 2 B_{k+1}/A_k))).

    Here τ_k = (k + 14)/12, α_k = (τ_{k+1} - 1)²/(2 τ_k²), A_k = α_{k+1} τ_{k+1} (τ_{k+1} - 1),
    A_{-1} = 0, and B_k = α_k² τ_k².

    For convex f whose gradient is Lipschitz near the path,
    f(x_k) - f* ≤ 144 ‖x_0 - x*‖² (k + 15)/((k + 3)(k + 4)² s_k), which is O(1/k²), and
    min ‖g‖² = O(1/k³), without any constant to be known. Values may rise for a while. One gradient
    a step. Takes no bounds.

    Parameters
    ----------
    first : float, optional
        The first rate s_0; None takes the one of the proof, from the curvature a little way down
        the slope.

    References
    ----------
    J. J. Suh, S. Ma, "An adaptive and parameter-free Nesterov's accelerated gradient method for
    convex optimization", 2025.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize("exp(x) - 2*x + y**2", [3, 1], method=AdaptiveAcceleratedGradient()).success
    True
    """

    name: ClassVar[str] = "adaptive-accelerated-gradient"
    capabilities: ClassVar[Capabilities] = Capabilities(convex_only=True)
    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    first: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    @property
    def phrase(self) -> str:
        """How long the steps are."""
        return "adaptive step lengths"

    def first_rate(self, here: Iterate) -> float:
        """Return the given rate, or one that is of no consequence."""
        return self.first or 1.0

    def advance(self, problem: Problem, here: Iterate, memory: Past | None = None) -> Trial:
        """Go to the next x, and set the rate of the step after it."""
        z, k, rate = memory or Past(here.x, 0, self._beginning(problem, here))
        step = rate * here.gradient
        z = z - alpha(k) * tau(k) * step
        x = (1 - 1 / tau(k + 1)) * (here.x - step) + z / tau(k + 1)
        if np.array_equal(x, here.x) and not step.any():
            return Trial(here, rate, False, memory)
        there = problem.evaluate(x)
        following = rate * (inner(k - 1) + alpha(k) * tau(k)) / inner(k)
        curvature = met(here, there)
        if curvature > 0:
            strictness = inner(k) / outer(k) + 2 * outer(k + 1) / inner(k)
            following = min(following, 1 / (curvature * strictness))
        return Trial(there, rate, True, Past(z, k + 1, following))

    def _beginning(self, problem: Problem, here: Iterate) -> float:
        """Return s_0."""
        if self.first is not None:
            return self.first
        curvature = curvature_down_the_slope(problem, here)
        return inner(0) * FIRST_SHARE / (alpha(0) * tau(0) * alpha(1) * curvature)


def tau(k: int) -> float:
    """Return τ_k."""
    return (k + SHIFT) / SLOPE


def alpha(k: int) -> float:
    """Return α_k."""
    return (tau(k + 1) - 1) ** 2 / (2 * tau(k) ** 2)


def inner(k: int) -> float:
    """Return A_k."""
    return alpha(k + 1) * tau(k + 1) * (tau(k + 1) - 1) if k >= 0 else 0.0


def outer(k: int) -> float:
    """Return B_k.

    The paper has α_k² τ_k² ((τ_k - 1)²/(α_{k-1} τ_{k-1}²) - 1), whose bracket is 1 for these α.
    """
    return alpha(k) ** 2 * tau(k) ** 2


def met(here: Iterate, there: Iterate) -> float:
    """Return the curvature between two points, 0 where rounding leaves none."""
    bend = there.gradient - here.gradient
    # For convex f this is at least ‖bend‖²/(2 L).
    above = here.value - there.value - float(there.gradient @ (here.x - there.x))
    return float(bend @ bend) / (2 * above) if above > 0 else 0.0

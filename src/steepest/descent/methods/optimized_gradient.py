"""The optimized gradient method: no first-order method has a better worst case."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.options import POSITIVE_OR_NONE, STEPS
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.normalized import estimate
from steepest.objective import Vector


class Past(NamedTuple):
    """y_i, θ_i, how many steps were made, and L."""

    y: Vector
    weight: float
    steps: int
    curvature: float


@dataclass(frozen=True)
class OptimizedGradient(Method):
    """Add to Nesterov's momentum a second one, towards the step just made.

    y_{i+1} = x_i - g_i/L;
    x_{i+1} = y_{i+1} + (θ_i - 1)/θ_{i+1} · (y_{i+1} - y_i) + θ_i/θ_{i+1} · (y_{i+1} - x_i);
    θ_0 = 1, θ_{i+1} = (1 + √(1 + 4 θ_i²))/2, and for the last one, i + 1 = N, with 8 for 4.

    For convex f with curvatures of at most L, f(x_N) - f* ≤ L ‖x_0 - x*‖² / (2 θ_N²), which is at
    most L ‖x_0 - x*‖² / (N + 1)²: half of what Nesterov's is proved to reach, and no method
    that sees gradients alone can have a better bound for large enough dimensions. It holds at
    N alone. After N steps it begins again.

    Parameters
    ----------
    curvature : float, optional
        L. None takes the largest absolute eigenvalue of the Hessian at the start.
    steps : int, default 100
        N, as many steps as are to be made; the default is our choice.

    References
    ----------
    Y. Drori, M. Teboulle, "Performance of first-order methods for smooth convex minimization: a
    novel approach", Mathematical Programming 145, 2014.
    D. Kim, J. A. Fessler, "Optimized first-order methods for smooth convex minimization",
    Mathematical Programming 159, 2016.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize("x**2 + 100*y**2", [1, 1], method=OptimizedGradient(), max_steps=100).fun < 0.04
    True
    """

    name: ClassVar[str] = "optimized-gradient"
    capabilities: ClassVar[Capabilities] = Capabilities(convex_only=True)
    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    curvature: float | None = field(default=None, metadata=POSITIVE_OR_NONE)
    steps: int = field(default=100, metadata=STEPS)

    @property
    def phrase(self) -> str:
        """How long the steps are."""
        return "steps of 1/L of the largest curvature L"

    def first_rate(self, here: Iterate) -> float:
        """Return 1/L where it is known, and else a rate that is of no consequence."""
        return 1 / (self.curvature or 1.0)

    def advance(self, problem: Problem, here: Iterate, memory: Past | None = None) -> Trial:
        """Go to the next x."""
        if memory is None:
            curvature = self.curvature or estimate(problem, here, -here.gradient)
            memory = Past(here.x, 1.0, 0, curvature)
        if memory.steps == self.steps:
            memory = Past(here.x, 1.0, 0, memory.curvature)
        last, weight, steps, curvature = memory
        y = here.x - here.gradient / curvature
        factor = 8 if steps + 1 == self.steps else 4
        following = (1 + math.sqrt(1 + factor * weight**2)) / 2
        ahead = y + (weight - 1) / following * (y - last) + weight / following * (y - here.x)
        if np.array_equal(ahead, here.x):
            return Trial(here, 1 / curvature, False, memory)
        there = problem.evaluate(ahead)
        return Trial(there, 1 / curvature, True, Past(y, following, steps + 1, curvature))

"""Nesterov's accelerated gradient, with restarts, and a step found by backtracking."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.measures import epsilon_of, rounding
from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.methods.probing import curvature_down_the_slope
from steepest.descent.options import POSITIVE_OR_NONE, SWITCH
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector

GROWTH, DECAY = 2.0, 0.9
"""What L is multiplied by where it was too small, and before every step (TFOCS: Becker, Candès and
Grant 2011)."""


class Past(NamedTuple):
    """x_k, t_k and L: what the next step must know."""

    x: Vector
    weight: float
    curvature: float


@dataclass(frozen=True)
class AcceleratedGradient(Method):
    """Step down the slope from a point ahead, and let the steps carry on.

    x_{k+1} = y_k - g(y_k)/L;  t_{k+1} = (1 + √(1 + 4 t_k²))/2, t_0 = 1;
    y_{k+1} = x_{k+1} + (t_k - 1)/t_{k+1} · (x_{k+1} - x_k).

    The points of the history are the y_k: there f and its gradient are evaluated. Momentum that
    points uphill, (y_k - x_{k+1})·(x_{k+1} - x_k) > 0, is dropped: t = 1 and y = x. This recovers
    about the linear rate of strongly convex f without knowing how convex it is.

    Assumes convex f with curvatures of at most L. With `curvature` given and no restart,
    f(y_N) - f* ≤ L ‖x_0 - x*‖² / (2 t_N²) ≤ 2 L ‖x_0 - x*‖² / (N + 2)² (Kim and Fessler 2016), and
    f(x_N) - f* ≤ 2 L ‖x_0 - x*‖² / (N + 1)². With L found by backtracking and with restarts
    it is a heuristic, and a good one. Within bounds all points are projected.

    Parameters
    ----------
    curvature : float, optional
        L. None looks for it: it shrinks by a tenth at every step, and is doubled until
        f(x_{k+1}) ≤ f(y_k) - ‖g‖²/(2 L). That takes one more value of f a step.
    restart : bool, default True
        Whether momentum that points uphill is dropped.

    References
    ----------
    Y. Nesterov, "A method for solving the convex programming problem with convergence rate
    O(1/k²)", Doklady Akademii Nauk SSSR 269, 1983.
    B. O'Donoghue, E. Candès, "Adaptive restart for accelerated gradient schemes", Foundations of
    Computational Mathematics 15, 2015.
    D. Kim, J. A. Fessler, "Optimized first-order methods for smooth convex minimization",
    Mathematical Programming 159, 2016.
    S. Becker, E. Candès, M. Grant, "Templates for convex cone problems with applications to
    sparse signal recovery", Mathematical Programming Computation 3, 2011.

    Examples
    --------
    >>> from steepest.descent.minimize import minimize
    >>> minimize("x**2 + 100*y**2", [1, 1], method=AcceleratedGradient()).success
    True
    """

    name: ClassVar[str] = "accelerated-gradient"
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, convex_only=True)
    memory_types: ClassVar[tuple[type, ...]] = (Past,)

    curvature: float | None = field(default=None, metadata=POSITIVE_OR_NONE)
    restart: bool = field(default=True, metadata=SWITCH)

    @property
    def phrase(self) -> str:
        """How long the steps are."""
        if self.curvature is not None:
            return f"steps of 1/L with L = {self.curvature:g}"
        return "steps of 1/L with L by backtracking"

    def first_rate(self, here: Iterate) -> float:
        """Return 1/L where it is known, and else a rate that is of no consequence."""
        return 1 / (self.curvature or 1.0)

    def advance(self, problem: Problem, here: Iterate, memory: Past | None = None) -> Trial:
        """Go to the next point ahead."""
        past = memory or self._beginning(problem, here)
        x, curvature = self._down_the_slope(problem, here, past.curvature)
        if np.array_equal(x, here.x) and np.array_equal(x, past.x):
            return Trial(here, 1 / curvature, False)
        step = x - past.x
        if self.restart and float((here.x - x) @ step) > 0:
            weight, ahead = 1.0, x
        else:
            weight = (1 + math.sqrt(1 + 4 * past.weight**2)) / 2
            ahead = problem.project(x + (past.weight - 1) / weight * step)
        there = problem.evaluate(ahead)
        if not math.isfinite(there.value) and not np.array_equal(ahead, x):
            # The point ahead is beyond the domain, the one stepped to need not be.
            weight, there = 1.0, problem.evaluate(x)
        return Trial(there, 1 / curvature, True, Past(x, weight, curvature))

    def _beginning(self, problem: Problem, here: Iterate) -> Past:
        """Return what is known before the first step."""
        curvature = self.curvature or curvature_down_the_slope(problem, here)
        return Past(here.x, 1.0, curvature)

    def _down_the_slope(
        self, problem: Problem, here: Iterate, curvature: float
    ) -> tuple[Vector, float]:
        """Return y - g/L, and the L with which the value fell as far as L says."""
        if self.curvature is not None:
            return problem.project(here.x - here.gradient / curvature), curvature
        noise = rounding(here.value, epsilon_of(here.x))
        # Where falls are below rounding no L can be seen to be too small: it stays as it is.
        if float(here.gradient @ here.gradient) > 2 * curvature * noise:
            curvature *= DECAY
        while True:
            x = problem.project(here.x - here.gradient / curvature)
            move = x - here.x
            bound = here.value + float(here.gradient @ move) + curvature / 2 * float(move @ move)
            if problem.value(x) <= bound + noise or not move.any():
                return x, curvature
            curvature *= GROWTH

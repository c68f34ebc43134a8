"""The curvature of a function down its slope, from one gradient nearby."""

from __future__ import annotations

import numpy as np

from steepest.descent.problem import Iterate, Problem

NEARBY = 1e-4
"""How far the probe is, as a share of ‖x‖ (of 1 where x is 0)."""


def curvature_down_the_slope(problem: Problem, here: Iterate) -> float:
    """Return ‖g(x') - g(x)‖ / ‖x' - x‖, x' being a little way down the slope.

    On a straight slope that is 0; then it is the L whose first step, g/L, is as long as x.

    Parameters
    ----------
    problem : Problem
        The function; one value and gradient of it are asked for.
    here : Iterate
        The point.
    """
    size = float(np.linalg.norm(here.gradient))
    if size == 0:
        return 1.0
    reach = float(np.linalg.norm(here.x)) or 1.0
    way = NEARBY * reach
    there = problem.evaluate(problem.project(here.x - (way / size) * here.gradient))
    bend = float(np.linalg.norm(there.gradient - here.gradient))
    length = float(np.linalg.norm(there.x - here.x))
    curvature = bend / length if length > 0 else 0.0
    return curvature if 0 < curvature < np.inf else size / reach

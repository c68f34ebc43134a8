"""Parameters in which a model is linear: their best values in one solution."""

from __future__ import annotations

import numpy as np

from steepest.functions.bound import BoundFunction
from steepest.objective import Objective, Vector
from steepest.threads import in_one_thread


def linear_parameters(objective: BoundFunction) -> list[int]:
    """Return parameters in which the residuals are jointly linear, as many as can be.

    The residuals are linear in a set of parameters where their derivatives by these depend on
    none of them, which the graph of the derivatives shows.

    Parameters
    ----------
    objective : BoundFunction
        A sum of squares.
    """
    couplings = objective.couplings()
    chosen: list[int] = []
    for place in range(objective.size):
        trial = {*chosen, place}
        if all(not couplings[one] & trial for one in trial):
            chosen.append(place)
    return chosen


def solved_for(objective: Objective, x: Vector, places: list[int]) -> Vector:
    """Return x with the linear parameters at their best values, the others as they are."""
    # Solved twice: the second time for the rounding that the first one left.
    return solution(objective, x, places, times=2)[0]


def solution(
    objective: Objective, x: Vector, places: list[int], times: int
) -> tuple[Vector, Vector]:
    """Return x with the linear parameters solved for so many times, and the residuals there.

    Where numbers are not finite on the way, it is x that is returned.
    """
    first, jacobian = objective.residuals(x), objective.jacobian(x)[:, places]
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(jacobian, axis=0)
    if not (np.isfinite(first).all() and np.isfinite(lengths).all()):
        return x, first
    lengths = np.where(lengths > 0, lengths, 1.0)
    solved, residuals = np.array(x, dtype=np.float64), first
    for _ in range(times):
        step = in_one_thread(np.linalg.lstsq, jacobian / lengths, residuals, rcond=None)[0]
        solved[places] -= step / lengths
        residuals = objective.residuals(solved)
        if not np.isfinite(residuals).all():
            return x, first
    return solved, residuals

"""Parameters in which a model is linear: their best values in one solution."""

from __future__ import annotations

import numpy as np

from steepest.objective import Objective, Vector

TRIES = 2
"""At how many random places the derivatives are compared."""

SAME = 1e-9
"""Derivatives that differ by less than this share are the same."""


def linear_parameters(objective: Objective) -> list[int]:
    """Return parameters in which the residuals are jointly linear, as many as can be.

    The residuals are linear in a set of parameters where their derivatives by these do not
    change with any of them.

    Parameters
    ----------
    objective : Objective
        A sum of squares.
    """
    generator = np.random.default_rng(0)
    start = np.asarray(objective.start, dtype=np.float64)
    chosen: list[int] = []
    for place in range(objective.size):
        trial = [*chosen, place]
        if all(_unmoved(objective, start, trial, generator) for _ in range(TRIES)):
            chosen = trial
    return chosen


def _unmoved(
    objective: Objective, start: Vector, places: list[int], generator: np.random.Generator
) -> bool:
    """Return whether the derivatives by some parameters stay as these move."""
    moved = start.copy()
    moved[places] += generator.normal(size=len(places)) * np.maximum(1.0, np.abs(start[places]))
    here, there = (objective.jacobian(x)[:, places] for x in (start, moved))
    if not (np.isfinite(here).all() and np.isfinite(there).all()):
        return False
    size = np.abs(here).max(initial=0.0) or 1.0
    return bool(np.abs(there - here).max(initial=0.0) <= SAME * size)


def solved_for(objective: Objective, x: Vector, places: list[int]) -> Vector:
    """Return x with the linear parameters at their best values, the others as they are."""
    residuals, jacobian = objective.residuals(x), objective.jacobian(x)[:, places]
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(jacobian, axis=0)
    if not (np.isfinite(residuals).all() and np.isfinite(lengths).all()):
        return x
    lengths = np.where(lengths > 0, lengths, 1.0)
    # Solved twice: the second time for the rounding that the first one left.
    solved = np.array(x, dtype=np.float64)
    for _ in range(2):
        step = np.linalg.lstsq(jacobian / lengths, residuals, rcond=None)[0]
        solved[places] -= step / lengths
        residuals = objective.residuals(solved)
        if not np.isfinite(residuals).all():
            return x
    return solved

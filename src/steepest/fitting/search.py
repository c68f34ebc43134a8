"""Where a fit of least squares ends lowest: descents from many promising places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steepest.descent.bounds import Box
from steepest.descent.stopping import Reason
from steepest.errors import NonFiniteError
from steepest.fitting.linearised import Linearised
from steepest.fitting.projection import Projected
from steepest.fitting.solver import TOLERANCE, Solver
from steepest.fitting.starts import start_candidates
from steepest.fitting.uncertainty import well_determined
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

FEWEST = 8
"""From so many candidates one descends at least."""

AGREEING = 3
"""So many that end equally low, at a place that the data determine, end the search."""

STEPS = 50
"""So many steps show where a descent of a search is going."""

SAME = 1e-6
"""Ends whose losses differ relatively by less are the same."""

CUT_SHORT = {Reason.INTERRUPTED, Reason.MAX_SECONDS}
"""What ends a search at once."""


@dataclass(frozen=True)
class End:
    """One descent of a search: where it began and ended, and its value there."""

    start: Vector
    point: Vector
    value: float


@dataclass(frozen=True)
class Searched:
    """What came of a search.

    Parameters
    ----------
    lowest : End or None
        The lowest of the ends; None where the model was finite at no start.
    tried, same : int
        How many descents there were, and how many of them ended equally low.
    cut_short : Reason or None
        Why it was over before its time.
    """

    lowest: End | None
    tried: int
    same: int
    cut_short: Reason | None = None


def searched(
    objective: BoundFunction,
    linear: list[int],
    predictors: Sequence[Vector],
    box: Box | None,
    solver: Solver,
    method: str,
) -> Searched:
    """Descend from promising places until the lowest end was found often enough.

    Parameters
    ----------
    objective : BoundFunction
        A sum of squares.
    linear : list of int
        Parameters in which its residuals are linear and which no bound holds, but not all; they
        are eliminated (see `Projected`).
    predictors : sequence of ndarray
        What the model predicts from, which tells the sizes of rates and places.
    box : Box or None
        The bounds.
    solver : Solver
        Makes the descents.
    method : str
        What they are made by.
    """
    ends: list[End] = []
    lowest, same, cut_short = None, 0, None
    for candidate in start_candidates(objective, linear, predictors, solver.seed, box):
        if lowest and len(ends) >= FEWEST and same >= AGREEING and _holds(objective, lowest):
            break
        try:
            end, reason = _descended(objective.started_at(candidate), linear, box, solver, method)
        except NonFiniteError:
            continue
        ends.append(end)
        lowest = min(ends, key=lambda one: one.value)
        same = sum(one.value <= lowest.value * (1 + SAME) + 1e-300 for one in ends)
        if reason in CUT_SHORT:
            cut_short = reason
            break
    return Searched(lowest, len(ends), same, cut_short)


def _holds(objective: BoundFunction, end: End) -> bool:
    """Return whether a descent has converged to a place that the data determine."""
    around = Linearised.of(objective.jacobian(end.point), objective.residuals(end.point))
    return well_determined(around)


def _descended(
    objective: BoundFunction, linear: list[int], box: Box | None, solver: Solver, method: str
) -> tuple[End, Reason]:
    """Descend once, in the parameters that are not linear where there are such that are."""
    start = np.asarray(objective.start)
    if not linear:
        result = solver.descend(
            objective, quietly=True, method=method, tol=TOLERANCE, max_steps=STEPS
        )
        return End(start, result.position, result.fun), result.reason
    projected = Projected(objective, linear)
    sides = None
    if box is not None:
        others = projected.others
        sides = list(zip(box.lower[others], box.upper[others], strict=True))
    result = solver.descend(
        projected, quietly=True, method=method, bounds=sides, tol=TOLERANCE, max_steps=STEPS
    )
    return End(start, projected.completed(result.position), result.fun), result.reason

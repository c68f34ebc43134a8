"""Least squares where the way is left to us: the start is found, and the fit goes on from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from steepest.descent.bounds import box_around
from steepest.descent.result import Result
from steepest.descent.stopping import Reason
from steepest.fitting.criterion import Criterion
from steepest.fitting.linear import linear_parameters, solved_for
from steepest.fitting.moments import moments_objective
from steepest.fitting.search import Searched, searched
from steepest.fitting.solver import TOLERANCE, Solution, Solver
from steepest.functions.bound import BoundFunction

METHOD = "levenberg-marquardt"

ROWS_TO_SEARCH = 2000
"""So many rows are enough to find a start; the fit itself takes all of them."""


def least_squares(criterion: Criterion, solver: Solver, start: dict[str, Any]) -> Solution:
    """Minimise a sum of squares.

    Parameters
    ----------
    criterion : Criterion
        Squared errors, without penalty.
    solver : Solver
        What was asked for; without a start one is looked for.
    start : dict
        A value for every free parameter.
    """
    rows = criterion.rows.thinned(ROWS_TO_SEARCH, solver.seed)
    few = criterion.with_rows(rows).objective(start)
    if not few.is_sum_of_squares():
        return Solution(solver.descend(criterion.objective(start), tol=TOLERANCE))
    if solver.start is not None:
        return Solution(_descended(criterion.objective(start), solver))
    box = box_around(solver.options.get("bounds"), few.names)
    linear = linear_parameters(few)
    if box is not None:
        few = few.started_at(box.project(np.asarray(few.start)))
        linear = [place for place in linear if box.is_open(place)]
    if len(linear) == few.size:
        solved = few if rows is criterion.rows else _without_rows(criterion, start)
        solved = solved.started_at(solved_for(solved, np.asarray(solved.start), linear))
        notice = "The model is linear in its parameters, whose best values were solved for."
        return Solution(_descended(solved, solver), (notice,))
    objective = few if rows is criterion.rows else criterion.objective(few.restore(few.start))
    predictors = [column for column in rows.columns.values() if column.ndim == 1]
    found = searched(few, linear, predictors, box, solver, METHOD)
    return _continued(found, objective, solver, few is objective)


def _without_rows(criterion: Criterion, start: dict[str, Any]) -> BoundFunction:
    """Return a sum of squares of many rows as one of a few, where the model is linear."""
    return moments_objective(criterion, start) or criterion.objective(start)


def _descended(objective: BoundFunction, solver: Solver) -> Result:
    """Make the descent that the user sees."""
    return solver.descend(objective, method=METHOD, tol=TOLERANCE)


def _continued(
    found: Searched, objective: BoundFunction, solver: Solver, all_rows: bool
) -> Solution:
    """Descend, on all rows, from what a search found.

    Where the search saw all rows, it is shown from its start, unless that way ends higher now
    that no parameters are eliminated.
    """
    if found.lowest is None:
        return Solution(_descended(objective, solver))
    notice = (
        f"No start was given: {found.tried} were tried, the best of many places, and {found.same} "
        "of them led to this fit."
    )
    lowest = found.lowest
    if found.cut_short is not None:
        result = solver.descend(objective.started_at(lowest.point), method=METHOD, max_steps=0)
        return Solution(_ended(result, found.cut_short), (notice,))
    if all_rows:
        result = _descended(objective.started_at(lowest.start), solver)
        higher = result.fun > lowest.value * (1 + 1e-9)
        if not (higher and result.reason in {Reason.GRADIENT, Reason.NO_FURTHER_FALL}):
            return Solution(result, (notice,))
    return Solution(_descended(objective.started_at(lowest.point), solver), (notice,))


def _ended(result: Result, reason: Reason) -> Result:
    """Return a result that ended for this reason."""
    return replace(result, reason=reason, message=reason.value, as_asked=False)

"""Least squares where the way is left to us: the start is found, and the fit goes on from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from steepest.descent.bounds import box_around
from steepest.descent.choices import FEW
from steepest.descent.methods import LevenbergMarquardt
from steepest.descent.result import Result
from steepest.descent.stopping import Reason
from steepest.fitting.condensed import condensed
from steepest.fitting.criterion import Criterion
from steepest.fitting.linear import linear_parameters, solved_for
from steepest.fitting.moments import moments_objective
from steepest.fitting.orthogonal import Orthogonal
from steepest.fitting.search import Searched, searched
from steepest.fitting.solver import SMOOTH, TOLERANCE, Solution, Solver
from steepest.functions.bound import BoundFunction

ROWS_TO_SEARCH = 2000
"""So many rows are enough to find a start; the fit itself takes all of them."""

ARRAYS_STEPS = {LevenbergMarquardt.name: 300, "l-bfgs": 1000}
"""How many steps models whose parameters are arrays take unless told otherwise.

Most of them are networks, whose weights no data determine: they creep along valleys for ever. With
33 weights on 400 rows Levenberg and Marquardt's method was within 0.01 % of where it crept after
330 steps, and with 97 and 321 weights on 2000 rows L-BFGS fell by 10 and 4 % after its first 700.
"""


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
    way, whole = way_of(criterion), rows is criterion.rows and criterion.complete
    if solver.start is not None or not few.is_sum_of_squares():
        objective = few if whole else criterion.objective(start)
        if not few.is_sum_of_squares():
            return Solution(solver.descend(objective, tol=TOLERANCE))
        if way.to_the_last_digit and any(map(np.ndim, start.values())):
            return _with_arrays(objective, few, solver, way)
        return Solution(_descended(objective, solver, way))
    box = box_around(solver.options.get("bounds"), few.names)
    linear = linear_parameters(few)
    if box is not None:
        few = few.started_at(box.project(np.asarray(few.start)))
        linear = [place for place in linear if box.is_open(place)]
    if len(linear) == few.size:
        best = solved_for(few, np.asarray(few.start), linear)
        solved = few if whole else _without_rows(criterion, few.restore(best))
        solved = solved.started_at(solved_for(solved, best, linear))
        notice = "The model is linear in its parameters, whose best values were solved for."
        return Solution(_descended(solved, solver, way), (notice,))
    objective = few if whole else criterion.objective(few.restore(few.start))
    predictors = [column for column in rows.columns.values() if column.ndim == 1]
    found = searched(few, linear, predictors, box, solver, LevenbergMarquardt.name)
    return _continued(found, objective, solver, way, few is objective)


def _without_rows(criterion: Criterion, start: dict[str, Any]) -> BoundFunction:
    """Return a sum of squares of many rows as one of a few, where the model is linear."""
    return moments_objective(criterion, start) or criterion.objective(start)


PLAIN = LevenbergMarquardt(acceleration=0.0)
"""For residuals that come as a few numbers which stand for them: those of two points cannot be
compared one by one, as the acceleration of a step does."""


class Way(NamedTuple):
    """By which method one descends, how far, and who adds up rows."""

    method: LevenbergMarquardt
    to_the_last_digit: bool = True
    engine: str = "auto"


def way_of(criterion: Criterion) -> Way:
    """Return Levenberg's and Marquardt's method as it suits the rows.

    Where rows are read piece by piece every step is a pass over them, and the last digits, which no
    error of theirs leaves, are not worth several.
    """
    if criterion.complete:
        return Way(LevenbergMarquardt(), engine=criterion.engine)
    return Way(PLAIN, to_the_last_digit=False)


def _descended(objective: BoundFunction, solver: Solver, way: Way) -> Result:
    """Make the descent that the user sees."""
    if way.to_the_last_digit and (few := condensed(objective, way.engine)) is not None:
        return solver.descend(few, method=PLAIN, tol=TOLERANCE)
    if way.to_the_last_digit:
        return solver.descend(objective, method=way.method, tol=TOLERANCE)
    return solver.descend(objective, method=way.method, stop=Orthogonal.of(objective))


def _with_arrays(
    objective: BoundFunction, few: BoundFunction, solver: Solver, way: Way
) -> Solution:
    """Make a descent in arrays of parameters, which ends where they are not determined.

    A step of Levenberg and Marquardt's costs as much as one of L-BFGS times their number. On
    networks of 97 and 321 weights L-BFGS came lower in the same time, and 20 and 60 Gaussian peaks
    took it a quarter and a twelfth of the time to the same end.
    """
    small = few.size <= FEW or few.is_linear_least_squares()
    most = solver.options.get("max_steps")
    if most is None and solver.options.get("stop") is None:
        most = ARRAYS_STEPS[way.method.name if small else "l-bfgs"]
    if small:
        result = solver.descend(objective, method=way.method, tol=TOLERANCE, max_steps=most)
        return Solution(result)
    notice = (
        f"{few.size} parameters in arrays are many: L-BFGS was taken, since each of its steps "
        "costs little. For the last digits, where the data determine them all, take "
        "method='levenberg-marquardt'."
    )
    return Solution(solver.descend(objective, tol=SMOOTH, max_steps=most), (notice,))


def _continued(
    found: Searched, objective: BoundFunction, solver: Solver, way: Way, all_rows: bool
) -> Solution:
    """Descend, on all rows, from what a search found.

    Where the search saw all rows, it is shown from its start, unless that way ends higher now
    that no parameters are eliminated.
    """
    if found.lowest is None:
        return Solution(_descended(objective, solver, way))
    notice = (
        f"No start was given: {found.tried} were tried, the best of many places, and {found.same} "
        "of them led to this fit."
    )
    lowest = found.lowest
    if found.cut_short is not None:
        result = solver.descend(objective.started_at(lowest.point), method=way.method, max_steps=0)
        return Solution(_ended(result, found.cut_short), (notice,))
    if all_rows:
        result = _descended(objective.started_at(lowest.start), solver, way)
        higher = result.fun > lowest.value * (1 + 1e-9)
        if not (higher and result.reason in {Reason.GRADIENT, Reason.NO_FURTHER_FALL}):
            return Solution(result, (notice,))
    return Solution(_descended(objective.started_at(lowest.point), solver, way), (notice,))


def _ended(result: Result, reason: Reason) -> Result:
    """Return a result that ended for this reason."""
    return replace(result, reason=reason, message=reason.value, as_asked=False)

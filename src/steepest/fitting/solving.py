"""How a criterion is minimised, by what it is: squares, smooth losses, and losses with kinks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from steepest.descent.choices import chosen_method
from steepest.descent.emitted import program_walk
from steepest.descent.methods import LevenbergMarquardt
from steepest.descent.progress import ProgressDisplay
from steepest.descent.result import Result
from steepest.descent.stopping import MaxSteps
from steepest.errors import InputError
from steepest.fitting.criterion import Criterion
from steepest.fitting.least_squares import least_squares, way_of
from steepest.fitting.linear import linear_parameters
from steepest.fitting.losses import Cauchy, Huber, KinkedLoss, OwnLoss
from steepest.fitting.moments import moments_objective
from steepest.fitting.solver import SMOOTH, Solution, Solver, given_start
from steepest.threads import threads_for

LARGE = 20_000_000
"""Numbers in a history of points and gradients, beyond which it is not kept."""

WIDTHS = tuple(10.0**-k for k in range(1, 9))
"""How widely kinks are rounded, one after the other, in units of the usual error."""


def solve(criterion: Criterion, solver: Solver) -> Solution:
    """Minimise a criterion.

    Parameters
    ----------
    criterion : Criterion
        What is minimised.
    solver : Solver
        What was asked for.

    Raises
    ------
    InputError
        For a start or method that cannot be used.
    NonFiniteError
        Where the model is finite at none of the starts.
    """
    start = given_start(criterion, solver)
    asked = solver
    bounds = criterion.bounds(solver.options.get("bounds"))
    solver = replace(solver, options={**solver.options, "bounds": bounds})
    if solver.batches is not None:
        return Solution(_in_batches(criterion, solver, start))
    if not solver.decides:
        return Solution(_as_asked(criterion, solver, start))
    if criterion.loss.squares and not criterion.penalty:
        return least_squares(criterion.squares(), solver, start)
    notices: tuple[str, ...] = ()
    if solver.start is None:
        start, notices = _found_start(criterion, asked, start)
    if isinstance(criterion.loss, KinkedLoss):
        return _through_kinks(criterion, solver, start, notices)
    return Solution(solver.descend(criterion.objective(start), tol=SMOOTH), notices)


def _in_batches(criterion: Criterion, solver: Solver, start: dict[str, Any]) -> Result:
    """Descend on some rows at a time."""
    assert solver.batches is not None
    rows = solver.batches.dealer(criterion).count
    steps = solver.batches.epochs * solver.batches.steps_in_epoch(rows)
    size = sum(map(np.size, start.values()))
    with threads_for(solver.batches.size * size):
        objective = criterion.objective(start)
        return solver.descend(
            objective,
            method=solver.method or "adam",
            history=2 * steps * objective.size <= LARGE,
            walker=solver.batches.walker(criterion),
            stop=MaxSteps(steps),
            max_steps=steps,
        )


def _as_asked(criterion: Criterion, solver: Solver, start: dict[str, Any]) -> Result:
    """Descend by the method asked for."""
    method = chosen_method(solver.method or "gradient-descent")
    if isinstance(method, LevenbergMarquardt) and not criterion.complete:
        method = way_of(criterion).method
    if not method.capabilities.needs_residuals:
        moments = moments_objective(criterion, start)
        if moments is not None:
            # From now on no step sees a row.
            if isinstance(progress := solver.options.get("progress"), ProgressDisplay):
                progress.pace = None
            return solver.descend(moments, method=method, walker=program_walk, tol=SMOOTH)
    curved = method.capabilities.needs_residuals or method.capabilities.needs_hessian
    objective = criterion.objective(start, plain=not curved)
    return solver.descend(objective, method=method, tol=SMOOTH)


def _found_start(
    criterion: Criterion, solver: Solver, start: dict[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return where a fit begins whose loss is not that of least squares.

    Models linear in their parameters have one minimum under the convex losses, and begin at 0.
    Losses of errors begin at the fit of least squares.
    """
    if isinstance(criterion.loss, OwnLoss):
        return start, ()
    squares = criterion.squares()
    try:
        objective = squares.objective(start)
    except InputError:  # predictions that have another shape than the responses
        return start, ()
    linear = objective.is_sum_of_squares() and len(linear_parameters(objective)) == objective.size
    if linear and (criterion.loss.scores or criterion.penalty):
        return dict.fromkeys(start, 0.0), ("No start was given: it began at 0.",)
    if criterion.loss.scores:
        return start, ()
    quiet = replace(solver, options={**solver.options, "callback": None, "progress": None})
    found = least_squares(squares, quiet, start).result.x
    if isinstance(criterion.loss, Cauchy):
        huber = criterion.with_loss(Huber(delta=criterion.loss.scale))
        found = quiet.descend(huber.objective(found), tol=SMOOTH).x
    return found, ("No start was given: it began at the fit of least squares.",)


def _through_kinks(
    criterion: Criterion, solver: Solver, start: dict[str, Any], notices: tuple[str, ...]
) -> Solution:
    """Descend with kinks that are rounded less and less."""
    loss = criterion.loss
    assert isinstance(loss, KinkedLoss)
    unit = 1.0 if loss.scores else _usual_error(criterion, start)
    result, used = None, 0.0
    for width in WIDTHS:
        last = width == WIDTHS[-1]
        rounded = criterion.with_loss(loss.rounded(width * unit))
        found = solver.descend(rounded.objective(start), quietly=not last, tol=SMOOTH)
        result, used, start = found, width * unit, criterion.merged(found.x)
    assert result is not None
    notice = (
        f"The loss {loss.name} has kinks, where a descent cannot go: |e| was taken as "
        f"√(e² + w²), w shrinking to {used:.2g}, by which the two differ at most."
    )
    return Solution(result, (*notices, notice))


def _usual_error(criterion: Criterion, start: dict[str, Any]) -> float:
    """Return the median size of errors; 1 where there are none."""
    parameters = criterion.restrictions.completed(start)
    errors = criterion.rows.target - criterion.predicted(criterion.rows.columns, parameters)
    return float(np.median(np.abs(errors))) or 1.0

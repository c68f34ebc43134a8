"""How well a fit knows its parameters: which covariance its loss allows, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from steepest.descent.result import Result
from steepest.descent.stopping import Reason
from steepest.fitting.criterion import Criterion
from steepest.fitting.linearised import linearised, squares_in_chunks
from steepest.fitting.losses import KinkedLoss, Loss, OwnLoss
from steepest.fitting.uncertainty import (
    CONVERGED,
    Uncertainty,
    relative_offset,
    uncertainty_from_curvature,
    uncertainty_of,
)
from steepest.functions import objective as objective_of
from steepest.objective import Vector

CUT_SHORT = {
    Reason.MAX_STEPS,
    Reason.MAX_EVALUATIONS,
    Reason.MAX_SECONDS,
    Reason.DIVERGED,
    Reason.UNBOUNDED,
    Reason.NOT_FINITE,
    Reason.INTERRUPTED,
    Reason.CALLBACK,
    Reason.HELD_OUT,
}
"""Ends that say nothing of convergence; where the gradient is small, that says it."""

MOST_PARAMETERS = 500
"""Beyond so many the curvature is not made: it has as many rows and columns."""


def covariance_at(criterion: Criterion, result: Result, absolute_sigma: bool) -> Uncertainty:
    """Return the covariance of the free parameters at the end of a fit, or why there is none.

    Least squares: (JᵀJ)⁻¹ times the variance of the residuals. Likelihoods: the inverse of their
    curvature. Other smooth losses: the sandwich of Huber (1967). Kinks and penalties allow none.
    """
    loss = criterion.loss
    values = criterion.merged(result.x)
    if isinstance(loss, OwnLoss):
        return Uncertainty(None, "the loss is no sum of squares, of which one can tell it")
    if criterion.penalty:
        return Uncertainty(None, "a penalty pulls the parameters to 0, which errors leave out")
    if isinstance(loss, KinkedLoss):
        return Uncertainty(None, f"the loss {loss.name} has no curvature to tell them from")
    if loss.squares:
        return _of_squares(criterion.squares(), values, result, absolute_sigma)
    if not result.success:
        return Uncertainty(None, f"the fit has not converged ({result.reason.name})", True)
    if result.at_bound:
        return Uncertainty(None, _at_bound(result))
    objective = criterion.objective(values)
    if objective.size > MOST_PARAMETERS:
        return Uncertainty(None, f"{objective.size} parameters are too many to tell them for")
    curvature = criterion.total_weight * objective.hessian(np.asarray(objective.start))
    if loss.likelihood:
        return uncertainty_from_curvature(curvature, objective.names)
    if not criterion.complete:
        return Uncertainty(
            None, f"errors of the loss {loss.name} need all rows at once, and these are streamed"
        )
    return uncertainty_from_curvature(curvature, objective.names, _spread(criterion, values))


def prediction_jacobian(
    criterion: Criterion, columns: Mapping[str, Any], values: Mapping[str, Any]
) -> Vector:
    """Return the derivatives of predictions by the free parameters, shape (m, n)."""
    count = len(next(iter(columns.values()), criterion.rows.target))

    def squared(parameters: Mapping[str, Any]) -> Any:
        predicted = criterion.free.predict(columns, parameters)
        return np.sum(np.square(predicted + np.zeros(count)))

    objective = objective_of(squared, dict(values))
    return np.asarray(objective.jacobian(np.asarray(objective.start)) / np.sqrt(2))


def _of_squares(
    criterion: Criterion, values: Mapping[str, Any], result: Result, absolute_sigma: bool
) -> Uncertainty:
    """Return the covariance of a fit of least squares."""
    unfinished = Uncertainty(None, f"the fit has not converged ({result.reason.name})", True)
    if not result.success and result.reason in CUT_SHORT:
        return unfinished
    around = linearised(squares_in_chunks(criterion, values))
    if around is not None:
        around = replace(around, rows=criterion.count)
    if around is None:
        reason = "the derivatives of the model are not known exactly"
        return Uncertainty(None, reason, not result.success)
    if not result.success and not relative_offset(around) <= CONVERGED:
        return unfinished
    if result.at_bound:
        return Uncertainty(None, _at_bound(result))
    return uncertainty_of(around, criterion.free_names(values), absolute_sigma)


def _at_bound(result: Result) -> str:
    """Say which parameters are held."""
    held = ", ".join(f"{name} at its {side}" for name, side in result.at_bound.items())
    return f"the fit ended at a bound ({held} bound)"


def _spread(criterion: Criterion, values: Mapping[str, Any]) -> Vector:
    """Return Σ wᵢ² gᵢ gᵢᵀ, gᵢ being the gradient of row i, corrected for the parameters used."""
    rows = criterion.rows
    predicted = criterion.predicted(rows.columns, criterion.restrictions.completed(values))
    slopes = _row_slopes(criterion.loss, predicted, rows.target)
    if rows.weights is not None:
        slopes = slopes * rows.weights
    gradients = slopes[:, np.newaxis] * prediction_jacobian(criterion, rows.columns, values)
    count, size = gradients.shape
    return np.asarray(gradients.T @ gradients * (count / max(count - size, 1)))


def _row_slopes(loss: Loss, predicted: Vector, target: Vector) -> Vector:
    """Return the derivative of every row's loss by its prediction."""
    rows = objective_of(lambda prediction: np.sum(loss.rows(prediction, target)), predicted)
    return rows.gradient(predicted)

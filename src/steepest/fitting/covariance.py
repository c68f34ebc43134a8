"""How well a fit knows its parameters: which covariance its loss allows, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from steepest.descent.result import Result
from steepest.descent.stopping import Reason
from steepest.fitting.condensed import CondensedRows
from steepest.fitting.criterion import Criterion
from steepest.fitting.linearised import Linearised, linearised, squares_in_chunks
from steepest.fitting.losses import KinkedLoss, OwnLoss
from steepest.fitting.uncertainty import (
    CONVERGED,
    Uncertainty,
    relative_offset,
    uncertainty_from_curvature,
    uncertainty_of,
)
from steepest.functions.structure import read_start

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
    spread = criterion.spread(values) * (criterion.count / max(criterion.count - objective.size, 1))
    return uncertainty_from_curvature(curvature, objective.names, spread)


def _of_squares(
    criterion: Criterion, values: Mapping[str, Any], result: Result, absolute_sigma: bool
) -> Uncertainty:
    """Return the covariance of a fit of least squares."""
    unfinished = Uncertainty(None, f"the fit has not converged ({result.reason.name})", True)
    if not result.success and result.reason in CUT_SHORT:
        return unfinished
    around = _around(criterion, values, result)
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


def _around(criterion: Criterion, values: Mapping[str, Any], result: Result) -> Linearised | None:
    """Return the squared errors around the end of a fit; None where the model has no derivatives.

    A descent that saw them as a few numbers knows these, of f = ½ ‖√2 r‖².
    """
    if isinstance(result.objective, CondensedRows):
        known = result.objective.linearised(read_start(values)[1])
        return replace(known, triangle=known.triangle / np.sqrt(2.0))
    return linearised(squares_in_chunks(criterion, values))


def _at_bound(result: Result) -> str:
    """Say which parameters are held."""
    held = ", ".join(f"{name} at its {side}" for name, side in result.at_bound.items())
    return f"the fit ended at a bound ({held} bound)"

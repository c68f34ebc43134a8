"""How differently rows pull at the parameters: the middle of Huber's sandwich."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from steepest.fitting.losses import Loss
from steepest.fitting.model import Model
from steepest.fitting.rows import Rows
from steepest.functions import objective as objective_of
from steepest.objective import Vector


def spread_of(free: Model, loss: Loss, rows: Rows, values: Mapping[str, Any]) -> Vector:
    """Return Σ wᵢ² gᵢ gᵢᵀ, gᵢ being the gradient of row i by the free parameters, shape (n, n).

    Parameters
    ----------
    free : Model
        The model of the free parameters.
    loss : Loss
    rows : Rows
    values : mapping
        The free parameters.
    """
    predicted = np.asarray(free.predict(rows.columns, values)) + np.zeros(len(rows))
    slopes = _row_slopes(loss, predicted, rows.target)
    if rows.weights is not None:
        slopes = slopes * rows.weights
    gradients = slopes[:, np.newaxis] * prediction_jacobian(free, rows.columns, len(rows), values)
    return np.asarray(gradients.T @ gradients)


def prediction_jacobian(
    free: Model, columns: Mapping[str, Any], count: int, values: Mapping[str, Any]
) -> Vector:
    """Return the derivatives of `count` predictions by the free parameters, shape (count, n)."""

    def squared(parameters: Mapping[str, Any]) -> Any:
        return np.sum(np.square(free.predict(columns, parameters) + np.zeros(count)))

    objective = objective_of(squared, dict(values))
    return np.asarray(objective.jacobian(np.asarray(objective.start)) / np.sqrt(2))


def _row_slopes(loss: Loss, predicted: Vector, target: Vector) -> Vector:
    """Return the derivative of every row's loss by its prediction."""
    rows = objective_of(lambda prediction: np.sum(loss.rows(prediction, target)), predicted)
    return rows.gradient(predicted)

"""Sums over the rows that say all there is to know where a model is linear in its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.fitting.criterion import Criterion
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector


@dataclass(frozen=True)
class Moments:
    """A squared loss of a model linear in its parameters, without the rows.

    With the columns Φ of the model, f(θ) = ‖Φ θ - y‖² = f* + ‖R (θ - θ*)‖², where RᵀR = ΦᵀΦ and
    θ* is the best fit: one pass over the rows, and every step afterwards costs p² operations,
    whatever their number. Written around θ*, no digits cancel on the way there.

    Parameters
    ----------
    names : tuple of str
        The parameters.
    triangle : ndarray, shape (p, p)
        R.
    best : ndarray, shape (p,)
        θ*.
    least : float
        f*.
    """

    names: tuple[str, ...]
    triangle: Vector
    best: Vector
    least: float

    def value(self, parameters: Mapping[str, Any]) -> Any:
        """Return f(θ), each entry of R being a number in the source that is made of it."""
        moves = [parameters[name] - best for name, best in zip(self.names, self.best, strict=True)]
        total: Any = self.least
        for row in self.triangle:
            terms = [entry * move for entry, move in zip(row, moves, strict=True) if entry]
            if terms:
                total = total + sum(terms[1:], terms[0]) ** 2
        return total


def moments_of(squares: BoundFunction, names: tuple[str, ...]) -> Moments:
    """Return the moments of a sum of squares whose residuals are linear in the parameters.

    The normal equations are solved twice, the second time for the rounding of the first.
    """
    start = np.asarray(squares.start)
    columns = squares.jacobian(start) / np.sqrt(2)
    gram = columns.T @ columns
    scale = np.sqrt(np.where(np.diag(gram) > 0, np.diag(gram), 1.0))
    values, axes = np.linalg.eigh(gram / np.outer(scale, scale))
    kept = values > values[-1] * len(values) * np.finfo(float).eps
    inverse = (axes[:, kept] / values[kept]) @ axes[:, kept].T / np.outer(scale, scale)
    best = start
    residuals = squares.residuals(start) / np.sqrt(2)
    for _ in range(2):
        move = inverse @ (columns.T @ residuals)
        best = best - move
        residuals = residuals - columns @ move
    try:
        triangle = np.linalg.cholesky(gram).T
    except np.linalg.LinAlgError:
        triangle = (np.sqrt(np.maximum(values, 0.0)) * axes).T * scale
    return Moments(names, triangle, best, float(residuals @ residuals))


def moments_objective(criterion: Criterion, squares: BoundFunction) -> BoundFunction:
    """Return the loss of a criterion as a function of its parameters without the rows."""
    moments = moments_of(squares, squares.structure.names)
    rows = criterion.rows
    total = float(len(rows) if rows.weights is None else rows.weights.sum())

    def value(parameters: Mapping[str, Any]) -> Any:
        squared = moments.value(parameters)
        if criterion.loss.reduction == "sum":
            return squared
        return squared / total if criterion.loss.reduction == "mean" else np.sqrt(squared / total)

    return objective_of(value, squares.restore(squares.start))

"""Sums over the rows that say all there is to know where a model is linear in its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.fitting.criterion import Criterion
from steepest.fitting.linear import linear_parameters
from steepest.fitting.linearised import Linearised, linearised, squares_in_chunks
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector
from steepest.threads import in_one_thread


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


def moments_of(around: Linearised, start: Mapping[str, float]) -> Moments:
    """Return the moments of a model linear in its parameters.

    θ* solves R (θ - θ₀) = -Qᵀ r₀; where R is singular it is the nearest to θ₀ of all that do.

    Parameters
    ----------
    around : Linearised
        Its squared errors.
    start : mapping of str to float
        Around these parameters θ₀.
    """
    origin = np.array(list(start.values()), dtype=np.float64)
    lengths = np.linalg.norm(around.slopes, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    slopes, residuals = around.slopes / lengths, around.residuals
    move = in_one_thread(np.linalg.lstsq, slopes, residuals, rcond=None)[0]
    # Solved twice: the second time for the rounding that the first one left.
    left = residuals - slopes @ move
    again = in_one_thread(np.linalg.lstsq, slopes, left, rcond=None)[0]
    left = left - slopes @ again
    best = origin - (move + again) / lengths
    return Moments(tuple(start), around.slopes, best, float(left @ left))


def moments_objective(criterion: Criterion, start: Mapping[str, float]) -> BoundFunction | None:
    """Return the loss as a function of its parameters without the rows, where that can be.

    It can where the model is linear in all of them, which the graph of the derivatives shows, and
    the loss one of squared errors without penalty.
    """
    if not criterion.loss.squares or criterion.penalty or any(map(np.ndim, start.values())):
        return None
    parts = list(squares_in_chunks(criterion, start))
    if not parts[0].is_sum_of_squares() or len(linear_parameters(parts[0])) < parts[0].size:
        return None
    around = linearised(parts)
    if around is None or not around.finite:
        return None
    moments = moments_of(around, start)
    total, reduction = criterion.total_weight, criterion.loss.reduction

    def value(parameters: Mapping[str, Any]) -> Any:
        squared = moments.value(parameters)
        if reduction == "sum":
            return squared
        return squared / total if reduction == "mean" else np.sqrt(squared / total)

    return objective_of(value, dict(start))

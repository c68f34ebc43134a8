"""Sums over the rows that say all there is to know where a model is linear in its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.fitting.criterion import Criterion
from steepest.fitting.linear import linear_parameters
from steepest.fitting.linear_pass import LinearPass
from steepest.fitting.linearised import CHUNK, Linearised, linearised, squares_in_chunks
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
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
    move, left = around.least()
    best = np.array(list(start.values()), dtype=np.float64) - move
    return Moments(tuple(start), around.slopes, best, float(left @ left))


def moments_objective(criterion: Criterion, start: Mapping[str, float]) -> BoundFunction | None:
    """Return the loss as a function of its parameters without the rows, where that can be.

    It can where the model is linear in all of them, which the graph of the derivatives shows, and
    the loss one of squared errors without penalty.
    """
    if not criterion.loss.squares or criterion.penalty or any(map(np.ndim, start.values())):
        return None
    moments = _moments(criterion.squares(), start)
    if moments is None:
        return None
    total, reduction = criterion.total_weight, criterion.loss.reduction

    def value(parameters: Mapping[str, Any]) -> Any:
        squared = moments.value(parameters)
        if reduction == "sum":
            return squared
        return squared / total if reduction == "mean" else np.sqrt(squared / total)

    followed = objective_of(value, dict(start))
    if reduction == "root" or not isinstance(followed, GraphFunction):
        return followed
    curvature = 2 * moments.triangle.T @ moments.triangle
    return Quadratic(followed, curvature if reduction == "sum" else curvature / total)


class Quadratic(GraphFunction):
    """A followed function whose Hessian is known, and need not be found from its graph.

    Parameters
    ----------
    followed : GraphFunction
        The function.
    curvature : ndarray, shape (p, p)
        Its Hessian, everywhere.
    """

    def __init__(self, followed: GraphFunction, curvature: Vector) -> None:
        super().__init__(
            followed.branches,
            structure=followed.structure,
            start=followed.start,
            call=followed.call,
            notices=followed.notices,
        )
        self.curvature = curvature

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian."""
        return np.array(self.curvature)

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian times a vector."""
        return np.asarray(self.curvature @ vector)


def _moments(squares: Criterion, start: Mapping[str, float]) -> Moments | None:
    """Return the moments of the rows; None where there are none, or they are not finite."""
    few = len(squares.rows) <= CHUNK
    once = None if few else LinearPass(squares, start)
    first = squares.objective(start) if once is None else once.sample
    if not first.is_sum_of_squares() or len(linear_parameters(first)) < first.size:
        return None
    if once is not None and (found := once.found()) is not None:
        point = dict(zip(start, found.point.tolist(), strict=True))
        return moments_of(found.squares, point)
    around = linearised([first] if few else squares_in_chunks(squares, start))
    return None if around is None or not around.finite else moments_of(around, start)

"""Profiles: how the loss rises on both sides of a parameter, the others fitted anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from steepest.descent.options import INNER_FRACTION, POSITIVE, STEPS, require
from steepest.errors import InputError, did_you_mean
from steepest.fitting.bands import quantile
from steepest.fitting.solver import Solver
from steepest.fitting.solving import solve
from steepest.objective import Vector

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit

LOWER_BY = 1e-6
"""A loss lower than the fit's by this share shows that the fit was not the best."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The least loss for every value of one parameter.

    Parameters
    ----------
    name : str
        The parameter.
    values : ndarray, shape (k,)
        Its values, in order; the fitted one is among them.
    losses : ndarray, shape (k,)
        The least loss with each.
    distances : ndarray, shape (k,)
        How far each is from the fit, in standard errors as the loss measures them, below it
        negative: a straight line where the model is linear.
    degrees_of_freedom : int or None
        Of Student's distribution; None where the errors are known.
    """

    name: str
    values: Vector
    losses: Vector
    distances: Vector
    degrees_of_freedom: int | None

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval of the parameter; infinite where the profile ends first.

        Parameters
        ----------
        level : float, default 0.95

        Returns
        -------
        tuple of float
        """
        require("level", level, INNER_FRACTION, "interval")
        reach = quantile(level, self.degrees_of_freedom)
        ends = []
        for side in (-1.0, 1.0):
            order = np.argsort(side * self.values)
            away = side * self.distances[order]
            beyond = np.flatnonzero(away >= reach)
            if not beyond.size or not beyond[0]:
                ends.append(side * np.inf)
                continue
            last = int(beyond[0])
            share = (reach - away[last - 1]) / (away[last] - away[last - 1])
            first, second = self.values[order][last - 1 : last + 1]
            ends.append(float(first + share * (second - first)))
        return ends[0], ends[1]


def profile_of(fit: Fit, name: str, points: int, reach: float) -> Profile:
    """Return the profile of a free parameter of a fit, see `Fit.profile`.

    With squared errors the distance is sign(θ - θ̂) √((S(θ) - S(θ̂)) / s²), s² the variance of the
    residuals; with likelihoods √(2 (ℓ(θ) - ℓ(θ̂))).

    References
    ----------
    D. M. Bates, D. G. Watts, "Nonlinear Regression Analysis and Its Applications", 1988, chapter 6.
    """
    require("points", points, STEPS, "profile")
    require("reach", reach, POSITIVE, "profile")
    criterion, loss = fit.criterion, fit.criterion.loss
    if name not in fit.free or np.ndim(fit.free[name]):
        raise InputError(
            f"{name!r} is no free number of the fit.{did_you_mean(name, list(fit.free))} These are "
            f"{', '.join(one for one, value in fit.free.items() if not np.ndim(value))}."
        )
    if fit.standard_errors is None:
        raise InputError(f"There is no profile without standard errors: {fit.why_no_errors}.")
    if not (loss.squares or loss.likelihood):
        raise InputError(
            f"The loss {loss.name!r} is no likelihood, and how far it rises says nothing of how "
            "well a parameter is known."
        )
    best, error = float(fit.free[name]), float(fit.standard_errors[name])
    each = max(1, points // 2)
    steps = np.linspace(0, reach, each + 1)[1:] * error
    known = {best: fit.loss}
    for side in (-1, 1):
        start = {one: value for one, value in fit.free.items() if one != name}
        for step in steps:
            value = best + side * float(step)
            held = replace(criterion, restrictions=criterion.restrictions.holding(name, value))
            if start:
                found = solve(held, Solver(start, None, {}, 0)).result
                start = held.merged(found.x)
            known[value] = _loss_at(fit, {**start, name: value})
    values = np.array(sorted(known))
    losses = np.array([known[float(value)] for value in values])
    if losses.min() < fit.loss * (1 - LOWER_BY) - 1e-300:
        lower = float(values[np.argmin(losses)])
        raise InputError(
            f"With {name} = {lower:.6g} the loss is lower than at the fit, which was not the best: "
            f"fit again with start={{{name!r}: {lower:.6g}}}."
        )
    return Profile(name, values, losses, _distances(fit, values - best, losses), _freedom(fit))


def _loss_at(fit: Fit, free: dict[str, object]) -> float:
    """Return the loss at values of the free parameters."""
    criterion, rows = fit.criterion, fit.criterion.rows
    predicted = criterion.predicted(rows.columns, criterion.restrictions.completed(free))
    return float(criterion.loss(predicted, rows.target, rows.weights))


def _distances(fit: Fit, moves: Vector, losses: Vector) -> Vector:
    """Return how far the loss has risen, in standard errors."""
    criterion = fit.criterion
    rows = criterion.rows
    total = float(len(rows) if rows.weights is None else rows.weights.sum())
    reduction = criterion.loss.reduction
    sums = {"sum": losses, "mean": losses * total, "root": losses**2 * total}[reduction]
    rises = np.maximum(sums - sums.min(), 0.0)
    if criterion.loss.likelihood:
        scaled = 2 * rises
    else:
        scaled = rises / (1.0 if fit.absolute_sigma else fit.reduced_chi_squared)
    return np.asarray(np.sign(moves) * np.sqrt(scaled))


def _freedom(fit: Fit) -> int | None:
    """Return the degrees of freedom of Student's distribution, None where errors are known."""
    known = fit.absolute_sigma or fit.criterion.loss.likelihood
    return None if known else fit.degrees_of_freedom

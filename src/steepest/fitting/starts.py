"""Where a fit begins where the user does not say it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steepest.descent.bounds import Box
from steepest.fitting.linear import solved_for
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

CANDIDATES = 400
"""How many places are looked at."""

MOST = 40
"""How many of the best of them are worth a descent."""

DECADES = 4.0
"""Random sizes reach so many powers of ten up and down from 1."""


def start_candidates(
    objective: BoundFunction,
    places: list[int],
    columns: Sequence[Vector],
    seed: int,
    box: Box | None = None,
) -> list[Vector]:
    """Return promising starts, the best first.

    All parameters 1; all of them 0.1; and random ones, each of any size, or somewhere among the
    values of a predictor (places of peaks and steps), or as fast as one over its range (rates and
    frequencies). Parameters in which the model is linear have their best values beside the others.

    Parameters
    ----------
    objective : BoundFunction
        A sum of squares.
    places : list of int
        The parameters in which the model is linear, but not all there are.
    columns : sequence of ndarray
        The predictors.
    seed : int
        Of the random generator.
    box : Box, optional
        The bounds, onto which every start is projected.
    """
    generator = np.random.default_rng(seed)
    count = objective.size
    points = [np.ones(count), np.full(count, 0.1)]
    points += [_random(count, columns, generator) for _ in range(CANDIDATES)]
    if box is not None:
        points = [box.project(point) for point in points]
    found = [solved_for(objective, point, places) if places else point for point in points]
    values = np.array([objective.value(point) for point in found])
    order = np.argsort(np.where(np.isfinite(values), values, np.inf), kind="stable")
    return [found[place] for place in order[:MOST] if np.isfinite(values[place])]


def _random(count: int, columns: Sequence[Vector], generator: np.random.Generator) -> Vector:
    """Return random values of all parameters, each of a kind of its own."""
    sizes = 10 ** generator.uniform(-DECADES, DECADES, count)
    values: Vector = sizes * generator.choice([-1.0, 1.0], count, p=[0.25, 0.75])
    if not columns:
        return values
    for place in np.flatnonzero(generator.random(count) < 0.5):
        column = columns[int(generator.integers(len(columns)))]
        low, high = float(np.min(column)), float(np.max(column))
        if generator.random() < 0.5 or not high > low:
            values[place] = generator.uniform(low, high)
        else:
            values[place] = 10 ** generator.uniform(-1, 2) / (high - low)
    return values

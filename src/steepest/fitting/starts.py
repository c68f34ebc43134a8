"""Where a fit begins where the user does not say it."""

from __future__ import annotations

import numpy as np

from steepest.fitting.linear import linear_parameters, solved_for
from steepest.objective import Objective, Vector

CANDIDATES = 200
"""How many places are looked at."""

KEPT = 8
"""How many of the best of them are fitted from."""

DECADES = 3.0
"""The sizes of random parameters reach so many powers of ten up and down from 1."""


def start_candidates(objective: Objective, seed: int) -> list[Vector]:
    """Return promising starts, the best first.

    All parameters 1; all of them 0.1; and random ones of sizes from a thousandth to a thousand.
    Parameters in which the model is linear have their best values beside the others.

    Parameters
    ----------
    objective : Objective
        A sum of squares.
    seed : int
        Of the random generator.
    """
    generator = np.random.default_rng(seed)
    count = objective.size
    sizes = 10 ** generator.uniform(-DECADES, DECADES, (CANDIDATES, count))
    signs = generator.choice([-1.0, 1.0], (CANDIDATES, count), p=[0.25, 0.75])
    places = linear_parameters(objective)
    points = [np.ones(count), np.full(count, 0.1), *(sizes * signs)]
    if len(places) == count:
        points = points[:1]
    found = [solved_for(objective, point, places) if places else point for point in points]
    values = np.array([objective.value(point) for point in found])
    order = np.argsort(np.where(np.isfinite(values), values, np.inf), kind="stable")
    return [found[place] for place in order[:KEPT] if np.isfinite(values[place])]

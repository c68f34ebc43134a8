"""Where a fit begins where the user does not say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steepest.descent.bounds import Box
from steepest.fitting.linear import solution, solved_for
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

CANDIDATES = 400
"""How many places are looked at."""

PROMISING = 8
"""How many of the best of them come first, as they are."""

CHAINS, CHANGES = 10, 80
"""So many of the best are then bettered by so many changes of one to three parameters.

Terms that are found one after the other need not all be guessed at once: of two peaks on a slope
400 guesses found both in none of four searches, and this in all of them.
"""

MOST = 40
"""How many starts there are in all."""

DECADES = 4.0
"""Random sizes reach so many powers of ten up and down from 1."""


def start_candidates(
    objective: BoundFunction,
    places: list[int],
    columns: Sequence[Vector],
    seed: int,
    box: Box | None = None,
) -> Iterator[Vector]:
    """Yield promising starts, the best first.

    All parameters 1; all of them 0.1; and random ones, each of any size, or somewhere among the
    values of a predictor (places of peaks and steps), or as fast as one over its range (rates and
    frequencies). Parameters in which the model is linear have their best values beside the others.
    Who goes on asking gets what becomes of the best of them by further guesses.

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
    guess = _Guesses(objective, places, columns, box, np.random.default_rng(seed))
    count = objective.size
    points = [np.ones(count), np.full(count, 0.1)]
    points += [guess.random() for _ in range(CANDIDATES)]
    found = _in_order([guess.valued(point) for point in points])
    yield from (guess.polished(point) for _, point in found[:PROMISING])
    bettered = [guess.bettered(*one) for one in found[:CHAINS]]
    rest = _in_order([*bettered, *found[PROMISING:]])
    yield from (guess.polished(point) for _, point in rest[: MOST - PROMISING])


def _in_order(found: list[tuple[float, Vector]]) -> list[tuple[float, Vector]]:
    """Return places with finite values, the lowest first."""
    return sorted((one for one in found if one[0] < np.inf), key=lambda one: one[0])


@dataclass(frozen=True)
class _Guesses:
    """Places where a sum of squares may be low."""

    objective: BoundFunction
    linear: list[int]
    columns: Sequence[Vector]
    box: Box | None
    generator: np.random.Generator

    @cached_property
    def ranges(self) -> list[tuple[float, float]]:
        """The lowest and the highest value of each predictor."""
        return [(float(np.min(column)), float(np.max(column))) for column in self.columns]

    def random(self) -> Vector:
        """Return random values of all parameters, each of a kind of its own."""
        return _random(self.objective.size, self.ranges, self.generator)

    def valued(self, point: Vector) -> tuple[float, Vector]:
        """Return the value of a place within the bounds and of the best linear parameters."""
        if self.box is not None:
            point = self.box.project(point)
        if self.linear:
            point, residuals = solution(self.objective, point, self.linear, times=1)
            with np.errstate(all="ignore"):
                value = 0.5 * float(residuals @ residuals)
        else:
            value = self.objective.value(point)
        return (value if np.isfinite(value) else np.inf), point

    def polished(self, point: Vector) -> Vector:
        """Return a place with its linear parameters to the last digits, which a value spares."""
        return solved_for(self.objective, point, self.linear) if self.linear else point

    def bettered(self, value: float, point: Vector) -> tuple[float, Vector]:
        """Return the best of a chain of changes, each kept where it lowers the value."""
        others = [place for place in range(self.objective.size) if place not in self.linear]
        for _ in range(CHANGES):
            few = int(self.generator.integers(1, min(3, len(others)) + 1))
            changed = self.generator.choice(others, size=few, replace=False)
            trial = point.copy()
            trial[changed] = self.random()[changed]
            there, trial = self.valued(trial)
            if there < value:
                value, point = there, trial
        return value, point


def _random(
    count: int, ranges: Sequence[tuple[float, float]], generator: np.random.Generator
) -> Vector:
    """Return random values of all parameters, each of a kind of its own."""
    sizes = 10 ** generator.uniform(-DECADES, DECADES, count)
    values: Vector = sizes * generator.choice([-1.0, 1.0], count, p=[0.25, 0.75])
    if not ranges:
        return values
    for place in np.flatnonzero(generator.random(count) < 0.5):
        low, high = ranges[int(generator.integers(len(ranges)))]
        if generator.random() < 0.5 or not high > low:
            values[place] = generator.uniform(low, high)
        else:
            values[place] = 10 ** generator.uniform(-1, 2) / (high - low)
    return values

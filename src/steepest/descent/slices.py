"""Many steps of L-BFGS in one call, on arrays: what compiled code runs instead of the one loop.

The recursion, the search and the arithmetic are those of `LBFGS` and `StrongWolfe`; here they are
put together without objects, so that Numba can compile the whole. It stops at every row at which
the loop could have to decide something, and leaves to Python whatever is out of the ordinary.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from steepest.descent.measures import rounding
from steepest.descent.methods.l_bfgs import two_loops
from steepest.descent.methods.quasi_newton import is_curved
from steepest.descent.step_length.more_thuente import GROWTH, Sample, begun
from steepest.descent.step_length.wolfe import HIGHEST, found_along
from steepest.objective import Vector
from steepest.vectors import differences, inner, largest_component, move, negate

Evaluate: TypeAlias = Callable[[Vector, Vector], float]
"""(x, gradient) -> f(x); the gradient is written into the second array."""

Whole: TypeAlias = Any
"""An array of whole numbers."""


class Rows(NamedTuple):
    """Points of a walk as columns, filled from the first on."""

    x: Vector
    """Shape (k + 1, n)."""
    gradient: Vector
    """Shape (k + 1, n)."""
    value: Vector
    """Shape (k + 1,), as the next two."""
    rate: Vector
    evaluations: Whole


class Ring(NamedTuple):
    """Pairs s, y of the last m steps; a new one replaces the oldest."""

    changes: Vector
    """Shape (m, n)."""
    bends: Vector
    """Shape (m, n)."""
    inverses: Vector
    """1 / sᵀy of each, shape (m,)."""
    scales: Vector
    """sᵀy / yᵀy of each, shape (m,): the initial H is that of the newest times I."""
    shares: Vector
    """Room for the recursion, shape (m,)."""


class Place(NamedTuple):
    """What a step must know of those before it, besides the pairs."""

    oldest: int
    pairs: int
    """Where the oldest pair is in the ring, and how many there are."""
    rate: float
    slope: float
    still_falling: bool
    """What the line search remembers (`wolfe.Before`)."""


class Rules(NamedTuple):
    """The options of the search."""

    sufficient: float
    curvature: float
    trials: int


class Gate(NamedTuple):
    """Where a slice must end, since the loop may have to decide something there."""

    goal: float
    """A size of the gradient."""
    lowest: float
    highest: float
    """The value is to stay between these."""
    evaluations: float
    """The most that may be made."""


class Way(NamedTuple):
    """A line on which compiled code looks for its next point (see `Line`)."""

    evaluate: Evaluate
    x: Vector
    direction: Vector
    there: Vector
    gradient: Vector
    """Where the point last looked at, and its gradient, are written."""
    tally: Whole
    """How many evaluations were made, and how many of them were not finite."""

    def at(self, rate: float) -> Sample:
        """Return φ and its slope."""
        return look(self, rate)


def look(way: Way, rate: float) -> Sample:
    """Return φ and its slope at a rate."""
    move(way.there, way.x, rate, way.direction)
    value = way.evaluate(way.there, way.gradient)
    slope = inner(way.gradient, way.direction)
    way.tally[0] += 1
    # A component of the gradient that is not finite makes the slope so too.
    if not (math.isfinite(value) and math.isfinite(slope)):
        way.tally[1] += 1
    return Sample(rate, value, slope)


def run_slice(
    evaluate: Evaluate,
    rows: Rows,
    begin: int,
    end: int,
    ring: Ring,
    place: Place,
    rules: Rules,
    gate: Gate,
) -> tuple[int, Place, int, bool]:
    """Make steps from one row, until another is filled or Python has to see to something.

    Returns
    -------
    last : int
        The last row that was filled.
    place : Place
        What the next step must know.
    lost : int
        The evaluations of a step that was abandoned.
    usual : bool
        False where the next step must be made by Python: a direction that leads nowhere, a
        search that fails, a value or slope that is not finite, a memory without a pair.
    """
    n = rows.x.shape[1]
    direction, scratch = np.empty(n), np.empty(n)
    tally = np.zeros(2, np.int64)
    for here in range(begin, end):
        tally[0] = 0
        x, gradient, value = rows.x[here], rows.gradient[here], rows.value[here]
        if place.pairs == 0:
            return here, place, 0, False
        negate(direction, gradient)
        two_loops(
            ring.changes,
            ring.bends,
            ring.inverses,
            place.oldest,
            place.pairs,
            ring.scales[(place.oldest + place.pairs - 1) % ring.scales.size],
            direction,
            ring.shares,
            scratch,
        )
        slope = inner(gradient, direction)
        if not slope < 0:
            return here, place, 0, False
        there = here + 1
        way = Way(evaluate, x, direction, rows.x[there], rows.gradient[there], tally)
        first = min(GROWTH * place.rate, HIGHEST) if place.still_falling else 1.0
        interval = begun(Sample(0.0, value, slope), rules.sufficient, first, HIGHEST)
        found = found_along(way, interval, rules.curvature, rules.trials)
        if found is None or tally[1] > 0:
            return here, place, tally[0], False
        rows.value[there], rows.rate[there] = found.value, found.rate
        rows.evaluations[there] = rows.evaluations[here] + tally[0]
        still_falling = found.slope < rules.curvature * slope
        place = with_pair(rows, ring, here, place, found.rate, slope, still_falling)
        if must_be_seen(rows, gate, here):
            return there, place, 0, True
    return end, place, 0, True


def with_pair(
    rows: Rows, ring: Ring, here: int, place: Place, rate: float, slope: float, still_falling: bool
) -> Place:
    """Return what to know after a step; its pair is kept if it showed positive curvature."""
    size, there = ring.inverses.size, here + 1
    free = (place.oldest + place.pairs) % size
    curvature, squared = differences(
        ring.changes[free],
        rows.x[there],
        rows.x[here],
        ring.bends[free],
        rows.gradient[there],
        rows.gradient[here],
    )
    oldest, pairs = place.oldest, place.pairs
    if is_curved(curvature, squared):
        ring.inverses[free], ring.scales[free] = 1.0 / curvature, curvature / squared
        # One row is always free, so that a pair that is not kept overwrites nothing.
        if pairs == size - 1:
            oldest = (oldest + 1) % size
        else:
            pairs += 1
    return Place(oldest, pairs, rate, slope, still_falling)


def must_be_seen(rows: Rows, gate: Gate, here: int) -> bool:
    """Return whether the loop may have to decide something at the row after this one."""
    before, value, there = rows.value[here], rows.value[here + 1], here + 1
    # Twice what any rule takes for rounding: rather once too often than too late.
    falls = value < before - 2 * rounding(before)
    if not (falls and gate.lowest < value < gate.highest):
        return True
    if rows.evaluations[there] >= gate.evaluations:
        return True
    return largest_component(rows.gradient[there]) <= gate.goal

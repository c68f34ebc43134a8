"""Many descents at once: where to start them, and how all of them roll down together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np

from steepest.descent.bounds import Box
from steepest.descent.loop import Limits
from steepest.descent.options import is_whole
from steepest.errors import InputError, did_you_mean
from steepest.objective import Objective, Vector

Sampler: TypeAlias = Callable[[np.random.Generator], Any]
"""Takes a random generator and returns points, one row each."""

ROLLING = Limits(200)
"""The common descent: enough to tell the valleys apart, not to reach their bottoms."""

SUFFICIENT = 1e-4
"""The share of the predicted fall that a step must bring (Nocedal and Wright, section 3.1)."""

MOST_STARTS = 100_000
"""More descents than this need more memory and time than they can be worth."""

FLAT = 1e-4
"""A start rests when its gradient is this share of its first one."""


def sampled_starts(
    starts: int | Sequence[Any] | Sampler, objective: Objective, box: Box | None, seed: int
) -> Vector:
    """Return where to start, the user's own start first, shape (m, n).

    Parameters
    ----------
    starts : int, array or callable
        A number: within bounds that many points spread evenly over the box (a Latin hypercube,
        McKay, Beckman and Conover 1979); where a side is open, normally distributed around the
        start with standard deviation max(1, |x|). An array: these points; where the start is a
        mapping, a list of mappings, too. A callable: the points it returns for a random
        generator.
    objective : Objective
        The function, with its start.
    box : Box, optional
        The bounds; every point is projected into them.
    seed : int
        Of the random generator.

    Raises
    ------
    InputError
        For what is no number of starts, and for points of another size.
    """
    generator = np.random.default_rng(seed)
    if is_whole(starts):
        assert isinstance(starts, int)
        if starts < 1:
            raise InputError(f"starts={starts} asks for no descent: give 1 or more.")
        if starts > MOST_STARTS:
            raise InputError(
                f"starts={starts} are more than are searched at once: give {MOST_STARTS} at most."
            )
        points = _spread(starts - 1, objective, box, generator)
    else:
        points = _given(starts(generator) if callable(starts) else starts, objective)
    points = np.vstack([objective.start, points])
    return points if box is None else box.project(points)


def _spread(
    count: int, objective: Objective, box: Box | None, generator: np.random.Generator
) -> Vector:
    """Return random starts, by variable: even in a closed interval, normal where it is open."""
    start = np.asarray(objective.start, dtype=np.float64)
    points = start + np.maximum(1.0, np.abs(start)) * generator.normal(size=(count, start.size))
    if box is None:
        return points
    closed = np.isfinite(box.lower) & np.isfinite(box.upper)
    strata = np.array([generator.permutation(count) for _ in range(start.size)]).T
    even = (strata.reshape(count, start.size) + generator.random((count, start.size))) / max(
        1, count
    )
    inside = box.lower[closed] + even[:, closed] * (box.upper - box.lower)[closed]
    points[:, closed] = inside
    return points


def _given(starts: Any, objective: Objective) -> Vector:
    """Return the user's points as an array, shape (m, n)."""
    try:
        if len(starts) and all(isinstance(start, Mapping) for start in starts):
            starts = [_by_name(start, place, objective) for place, start in enumerate(starts)]
        points = np.asarray(starts, dtype=np.float64)
        points = points.reshape(len(points), -1)
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        points = np.zeros((0, 0))
    if points.shape[1:] != (objective.size,) or not np.isfinite(points).all():
        raise InputError(
            f"starts={starts!r} is neither a number of descents nor finite points of "
            f"{objective.size} variable{'s' * (objective.size != 1)}: give an int, an array with "
            "one start in each row, a list of mappings where x0 is one, or a function of a random "
            "generator that returns one of these."
        )
    return points


def _by_name(start: Mapping[Any, Any], place: int, objective: Objective) -> Vector:
    """Return a start that is given by names as a flat vector."""
    own = objective.restore(objective.start)
    if not isinstance(own, dict):
        raise InputError(
            f"starts[{place}]={start!r} goes by names, and x0 does not: give it as x0 is given."
        )
    for name in start:
        if name not in own:
            raise InputError(
                f"starts[{place}] names {name!r}, which is no variable."
                f"{did_you_mean(str(name), own)} The variables are {', '.join(own)}."
            )
    for name in own:
        if name not in start:
            raise InputError(
                f"starts[{place}] gives no value for {name!r}: give one for each of "
                f"{', '.join(own)}."
            )
        if np.shape(start[name]) != np.shape(own[name]):
            raise InputError(
                f"starts[{place}] gives {name!r} the shape {np.shape(start[name])}, and in x0 it "
                f"is {np.shape(own[name])}: give the same one."
            )
    return np.concatenate([np.ravel(np.asarray(start[name], dtype=np.float64)) for name in own])


@dataclass(frozen=True, eq=False)
class Rolled:
    """Where the common descent left the starts.

    Parameters
    ----------
    points : ndarray, shape (m, n)
        Only the first starts, where the evaluations allowed are fewer than the starts.
    values : ndarray, shape (m,)
    evaluations : int
        How often f and its gradient were evaluated, over all starts.
    interrupted : bool, default False
        Whether the user stopped it, as with Ctrl-C.
    """

    points: Vector
    values: Vector
    evaluations: int
    interrupted: bool = False


def roll_down(
    objective: Objective, points: Vector, box: Box | None, limits: Limits = ROLLING
) -> Rolled:
    """Return where many starts come to by gradient descent, all in the same arrays.

    Each start has its own step length: Barzilai and Borwein's, divided by 4 until Armijo's
    condition holds. A start whose value is not finite stays where it is.
    """
    deadline = perf_counter() + limits.seconds
    x = np.array(points[: int(min(len(points), limits.evaluations))], dtype=np.float64)
    try:
        values, slopes = objective.values_and_gradients(x)
    except KeyboardInterrupt:
        # Nothing is known of any start: the user's own stands for all.
        return Rolled(x[:1], objective.values(x[:1]), 1, interrupted=True)
    count = len(x)
    first = _largest(slopes)
    with np.errstate(all="ignore"):
        rates = np.where(first > 0, 0.01 * np.maximum(1.0, _largest(x)) / first, 0.0)
    try:
        for _ in range(limits.steps):
            moving = np.isfinite(values) & (_largest(slopes) > FLAT * np.minimum(1.0, first))
            spent = count + moving.sum() > limits.evaluations or perf_counter() >= deadline
            if spent or not moving.any():
                break
            trial = x[moving] - rates[moving, None] * slopes[moving]
            trial = trial if box is None else box.project(trial)
            reached, steeper = objective.values_and_gradients(trial)
            count += len(trial)
            change, bend = trial - x[moving], steeper - slopes[moving]
            predicted = (change * slopes[moving]).sum(axis=1)
            good = reached <= values[moving] + SUFFICIENT * predicted
            places = np.flatnonzero(moving)
            rates[places[~good]] /= 4
            kept = places[good]
            x[kept], values[kept], slopes[kept] = trial[good], reached[good], steeper[good]
            rates[kept] = _next_rates(change[good], bend[good], rates[kept])
    except KeyboardInterrupt:
        return Rolled(x, values, count, interrupted=True)
    return Rolled(x, values, count)


def _next_rates(change: Vector, bend: Vector, rates: Vector) -> Vector:
    """Return sᵀs / sᵀy where the curvature is positive, and a longer step where it is not."""
    curvature = (change * bend).sum(axis=1)
    with np.errstate(all="ignore"):
        long = (change * change).sum(axis=1) / curvature
    usable = (curvature > 0) & np.isfinite(long)
    return np.where(usable, np.clip(long, rates / 10, rates * 10), 2 * rates)


def _largest(rows: Vector) -> Vector:
    """Return the largest absolute component of every row."""
    largest: Vector = np.abs(rows).max(axis=1)
    return largest

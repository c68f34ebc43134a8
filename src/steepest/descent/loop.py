"""The one loop: it follows any walk, and decides when it is over."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np

from steepest.descent.bounds import Box
from steepest.descent.divergence import blown_up, ceiling, floors, is_far
from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.stopping import Reason, Stop
from steepest.descent.walk import Row, Walk, Watch
from steepest.objective import Vector
from steepest.vectors import inner


class Limits(NamedTuple):
    """What a descent may use at most; these always hold, whatever the stop rule.

    Attributes
    ----------
    steps : int
        Steps after the start.
    evaluations : float, default inf
        Values of f.
    seconds : float, default inf
        Time, looked at after every step.
    """

    steps: int
    evaluations: float = math.inf
    seconds: float = math.inf

    def reached(self, step: int, evaluations: int) -> Reason:
        """Return which limit it was, one of them being reached."""
        if step >= self.steps:
            return Reason.MAX_STEPS
        if evaluations >= self.evaluations:
            return Reason.MAX_EVALUATIONS
        return Reason.MAX_SECONDS


class Outcome(NamedTuple):
    """What came of following a walk.

    Attributes
    ----------
    reason : Reason
        Why it ended.
    rows : sequence of Row
        All points, or the first, the best and the last of them.
    seconds : sequence of float
        The time at which each of these was there.
    best, last : Row
        The best point seen, and the last one made.
    """

    reason: Reason
    rows: Sequence[Row]
    seconds: Sequence[float]
    best: Row
    last: Row


def follow(
    first: Row,
    walk: Walk,
    stop: Stop,
    limits: Limits,
    first_rate: float,
    watch: Watch | None = None,
    keep: bool = True,
    box: Box | None = None,
) -> Outcome:
    """Follow a walk to its end.

    Parameters
    ----------
    first : Row
        The start, which was taken from `walk` and is finite.
    walk : Walk
        All further rows.
    stop : Stop
        Asked at every accepted row, unless the walk stops itself.
    limits : Limits
        What may be used at most.
    first_rate : float
        The rate of the first step, or the one it tries first.
    watch : callable, optional
        Shown every row; asks to stop by returning True.
    keep : bool, default True
        Whether to keep every row, or only the first, the best and the last.
    box : Box, optional
        The bounds; the stop rule is then asked about the projected gradient.

    Returns
    -------
    Outcome
    """
    _, first_x, first_value, first_gradient, *_ = first
    slope = _slope_within(box)
    check = None if walk.stops_itself else stop.begin(first_value, slope(first_x, first_gradient))
    highest = ceiling(first_value, first_gradient, first_rate)
    far_out, anywhere = floors(first_value, highest)
    max_steps, max_evaluations = limits.steps, limits.evaluations
    rows: list[Row] = []
    times: list[float] = []
    best, best_value, last = first, first_value, first
    stream = _Stream(walk.rows)
    clock = walk.clock
    started = now = best_time = clock()
    deadline = started + limits.seconds
    try:
        for row in chain((first,), stream):
            step, x, value, gradient, _, accepted, evaluations = row
            now = clock()
            if keep:
                times.append(now)
                rows.append(row)
            last = row
            if step == 1:
                highest = ceiling(first_value, first_gradient, first_rate, value)
                far_out, anywhere = floors(first_value, highest)
            enough = watch is not None and watch(row, now - started)
            if not anywhere < value < highest or (value < far_out and is_far(x, first_x)):
                reason = blown_up(value)
                break
            if value < best_value:
                best, best_value, best_time = row, value, now
            if check and accepted and (answer := check(step, value, slope(x, gradient))):
                reason = answer
                break
            if enough:
                reason = Reason.CALLBACK
                break
            if step >= max_steps or evaluations >= max_evaluations or now >= deadline:
                reason = limits.reached(step, evaluations)
                break
        else:
            reason = stream.reason
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
    if not rows:
        kept = {first[0]: (first, started), best[0]: (best, best_time), last[0]: (last, now)}
        rows = [row for row, _ in kept.values()]
        times = [time for _, time in kept.values()]
    seconds = [time - started for time in times[: len(rows)]]
    return Outcome(reason, rows, seconds, lower_of(best, last, reason, slope), last)


class _Stream:
    """The rows of a walk, and then the reason it returned."""

    reason: Reason

    def __init__(self, rows: Generator[Row, None, Reason]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        self.reason = yield from self._rows


SUMMED = 16
"""How much more than their last places sums of many numbers may differ by rounding alone."""

Numbers: TypeAlias = Vector | Sequence[float]
Slope: TypeAlias = Callable[[Numbers, Numbers], Numbers]
"""From a point and its gradient: the slope that is left."""


def _gradient_itself(x: Numbers, gradient: Numbers) -> Numbers:
    """Return the slope where there are no bounds."""
    return gradient


def _slope_within(box: Box | None) -> Slope:
    """Return what gives the slope that is left: the gradient, or its projection."""
    if box is None:
        return _gradient_itself
    return lambda x, gradient: box.projected_gradient(np.asarray(x), np.asarray(gradient))


def lower_of(best: Row, last: Row, reason: Reason, slope: Slope = _gradient_itself) -> Row:
    """Return the better of the lowest point and the last: in one minimum, slopes decide.

    Values within rounding are the same. A last point that met the goal for its gradient g is also
    in the minimum of the lowest where f(last) - f(lowest) ≤ g·(x_last - x_lowest), as in every
    convex bowl: a rule that swings may pass a lower point that is steeper. There values are the
    same within `SUMMED` times as much, since sums over many rows round at every one of them.
    """
    difference = last[2] - best[2]
    allowed = rounding(best[2], epsilon_of(best[3]))
    if reason is Reason.GRADIENT:
        way = np.asarray(last[1]) - np.asarray(best[1])
        allowed = SUMMED * allowed + inner(np.asarray(last[3]), way)
    if not abs(difference) <= allowed:
        return best
    return last if largest(slope(last[1], last[3])) <= largest(slope(best[1], best[3])) else best

"""The line search of Moré and Thuente: where to try next between two points of a line.

Everything here is plain arithmetic on records, which Python runs as it stands and Numba compiles.
"""

from __future__ import annotations

import math
from typing import NamedTuple

SHRINK = 0.66
"""An interval that does not shrink by this factor in two trials is halved (section 4)."""

GROWTH = 4.0
"""Before a minimum is enclosed, the next trial may go so many times the last stride further."""

LEAST_GROWTH = 1.1
"""It must go at least this many times the last stride further."""

NARROW = 1e-14
"""An interval of this relative width cannot be divided any more."""


class Sample(NamedTuple):
    """What is known of a line at one place: φ(t) = f(x + t · d)."""

    rate: float
    value: float
    slope: float


class Interval(NamedTuple):
    """The search for a step between two samples, the better of which is `best`.

    A new search encloses a place where φ falls enough and is flat enough. While it has only
    seen values above the line of sufficient decrease it works on φ minus that line.

    References
    ----------
    J. J. Moré, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM
    Transactions on Mathematical Software 20, 1994.
    """

    origin: Sample
    """The line at t = 0."""
    line: float
    """The slope of the line of sufficient decrease, a share of φ'(0)."""
    highest: float
    """No trial goes beyond."""
    best: Sample
    other: Sample
    trial: float
    """The rate to try next."""
    lowest_trial: float
    highest_trial: float
    width: float
    width_before: float
    enclosed: bool
    """Whether a minimum is known to lie between `best` and `other`."""
    above_line: bool
    """Whether the search works on φ minus the line."""


def begun(origin: Sample, sufficient: float, trial: float, highest: float) -> Interval:
    """Return a new search.

    Parameters
    ----------
    origin : Sample
        The line at t = 0.
    sufficient : float
        The slope of the line of sufficient decrease, as a share of φ'(0).
    trial : float
        The first trial.
    highest : float
        No trial goes beyond.
    """
    line = sufficient * origin.slope
    reach = trial + GROWTH * trial
    width, before = highest, 2 * highest
    return Interval(
        origin, line, highest, origin, origin, trial, 0.0, reach, width, before, False, True
    )


def falls_enough(interval: Interval, sample: Sample) -> bool:
    """Return whether a value is below the line of sufficient decrease."""
    return sample.value <= interval.origin.value + sample.rate * interval.line


def exhausted(interval: Interval, sample: Sample) -> bool:
    """Return whether rounding, or the limit, leaves nothing better than this trial."""
    if interval.enclosed:
        return not _within(sample.rate, interval.lowest_trial, interval.highest_trial)
    return sample.rate >= interval.highest and falls_enough(interval, sample)


def updated(interval: Interval, sample: Sample) -> Interval:
    """Return the search after what was found at its trial, with the next one chosen."""
    falls = falls_enough(interval, sample)
    above_line = interval.above_line and not (falls and sample.slope >= 0)
    best, other, new = interval.best, interval.other, sample
    if above_line and not falls and sample.value <= interval.best.value:
        # ψ(t) = φ(t) - φ(0) - t · line has its minimum where φ falls enough.
        line = interval.line
        best, other, new = _lowered(best, line), _lowered(other, line), _lowered(new, line)
    trial = _chosen(interval, best, other, new)
    higher, turned = new.value > best.value, new.slope * best.slope < 0
    enclosed = interval.enclosed or higher or turned
    if higher:
        near, far = interval.best, sample
    else:
        near, far = sample, interval.best if turned else interval.other
    width, before = interval.width, interval.width_before
    if enclosed:
        gap = far.rate - near.rate
        if abs(gap) >= SHRINK * before:
            # It did not shrink enough in two trials: bisect it.
            trial = near.rate + gap / 2
        before, width = width, abs(gap)
        lowest, highest = min(near.rate, far.rate), max(near.rate, far.rate)
    else:
        stride = trial - near.rate
        lowest, highest = trial + LEAST_GROWTH * stride, trial + GROWTH * stride
    trial = min(max(trial, 0.0), interval.highest)
    if enclosed and not _within(trial, lowest, highest):
        trial = near.rate
    return Interval(
        interval.origin,
        interval.line,
        interval.highest,
        near,
        far,
        trial,
        lowest,
        highest,
        width,
        before,
        enclosed,
        above_line,
    )


def limited(interval: Interval) -> Interval:
    """Return the search where there is nothing finite at its trial: it stays well below."""
    beyond = interval.trial - interval.best.rate
    highest = interval.best.rate + beyond / 2
    return Interval(
        interval.origin,
        interval.line,
        highest,
        interval.best,
        interval.other,
        interval.best.rate + beyond / 10,
        interval.lowest_trial,
        min(interval.highest_trial, highest),
        interval.width,
        interval.width_before,
        interval.enclosed,
        interval.above_line,
    )


def _within(rate: float, lowest: float, highest: float) -> bool:
    """Return whether a rate is inside an interval that can still be divided."""
    return lowest < rate < highest and highest - lowest > NARROW * highest


def _lowered(sample: Sample, line: float) -> Sample:
    """Return a sample of ψ."""
    return Sample(sample.rate, sample.value - sample.rate * line, sample.slope - line)


def _chosen(interval: Interval, best: Sample, other: Sample, new: Sample) -> float:
    """Return the next trial by the four cases of section 4."""
    if new.value > best.value:
        # Higher: a minimum is enclosed; the parabola through both values may be too timid.
        cubic, parabola = _cubic_minimum(best, new), _parabola_minimum(best, new)
        nearer = abs(cubic - best.rate) < abs(parabola - best.rate)
        return cubic if nearer else cubic + (parabola - cubic) / 2
    if new.slope * best.slope < 0:
        # Lower, and rising: enclosed; take the minimiser that lies further from here.
        cubic, secant = _cubic_minimum(new, best), _secant_minimum(best, new)
        return cubic if abs(cubic - new.rate) > abs(secant - new.rate) else secant
    if abs(new.slope) < abs(best.slope):
        return _beyond_flatter(interval, best, other, new)
    if interval.enclosed:
        # Lower, and falling no less steeply: the other end knows where it rises.
        return _cubic_minimum(new, other)
    return interval.highest_trial if new.rate > best.rate else interval.lowest_trial


def _beyond_flatter(interval: Interval, best: Sample, other: Sample, new: Sample) -> float:
    """Return the trial where the value fell and the slope became flatter, of one sign."""
    secant = _secant_minimum(best, new)
    cubic = _cubic_beyond(best, new)
    if math.isnan(cubic):
        cubic = interval.highest_trial if new.rate > best.rate else interval.lowest_trial
    cubic_is_nearer = abs(cubic - new.rate) < abs(secant - new.rate)
    if interval.enclosed:
        step = cubic if cubic_is_nearer else secant
        bound = new.rate + SHRINK * (other.rate - new.rate)
        return min(bound, step) if new.rate > best.rate else max(bound, step)
    step = secant if cubic_is_nearer else cubic
    return max(interval.lowest_trial, min(interval.highest_trial, step))


def _cubic_minimum(a: Sample, b: Sample) -> float:
    """Return the minimiser of the cubic through two values and slopes."""
    theta = 3 * (a.value - b.value) / (b.rate - a.rate) + a.slope + b.slope
    scale = max(abs(theta), abs(a.slope), abs(b.slope))
    inside = (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale)
    root = scale * math.sqrt(max(0.0, inside))
    if b.rate < a.rate:
        root = -root
    share = (root - a.slope + theta) / (2 * root - a.slope + b.slope)
    return a.rate + share * (b.rate - a.rate)


def _cubic_beyond(a: Sample, b: Sample) -> float:
    """Return the minimiser of that cubic where it lies beyond b; NaN where it does not."""
    theta = 3 * (a.value - b.value) / (b.rate - a.rate) + a.slope + b.slope
    scale = max(abs(theta), abs(a.slope), abs(b.slope))
    inside = (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale)
    root = scale * math.sqrt(max(0.0, inside))
    if b.rate > a.rate:
        root = -root
    share = (root - b.slope + theta) / (root + a.slope - b.slope + root)
    if share < 0 and root != 0:
        return b.rate + share * (a.rate - b.rate)
    return math.nan


def _parabola_minimum(a: Sample, b: Sample) -> float:
    """Return the minimiser of the parabola through both values and the slope at a."""
    distance = b.rate - a.rate
    return a.rate + a.slope / ((a.value - b.value) / distance + a.slope) / 2 * distance


def _secant_minimum(a: Sample, b: Sample) -> float:
    """Return where the line through both slopes is 0."""
    return b.rate + b.slope / (b.slope - a.slope) * (a.rate - b.rate)

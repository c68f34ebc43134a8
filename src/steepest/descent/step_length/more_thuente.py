"""The line search of Moré and Thuente: where to try next between two points of a line."""

from __future__ import annotations

import math
from dataclasses import dataclass
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


@dataclass
class Interval:
    """The search for a step between two samples, the better of which is `best`.

    A new search encloses a place where φ falls enough and is flat enough. While it has only
    seen values above the line of sufficient decrease it works on φ minus that line.

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

    References
    ----------
    J. J. Moré, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM
    Transactions on Mathematical Software 20, 1994.
    """

    origin: Sample
    sufficient: float
    trial: float
    highest: float

    def __post_init__(self) -> None:
        self.best = self.other = self.origin
        self.line = self.sufficient * self.origin.slope
        self.enclosed = False
        self.above_line = True
        self.lowest_trial = 0.0
        self.highest_trial = self.trial + GROWTH * self.trial
        self.width = self.highest
        self.width_before = 2 * self.highest

    def falls_enough(self, sample: Sample) -> bool:
        """Return whether a value is below the line of sufficient decrease."""
        return sample.value <= self.origin.value + sample.rate * self.line

    def exhausted(self, sample: Sample) -> bool:
        """Return whether rounding, or the limit, leaves nothing better than this trial."""
        if self.enclosed:
            outside = not self.lowest_trial < sample.rate < self.highest_trial
            narrow = self.highest_trial - self.lowest_trial <= NARROW * self.highest_trial
            return outside or narrow
        return sample.rate >= self.highest and self.falls_enough(sample)

    def update(self, sample: Sample) -> None:
        """Take in what was found at `trial`, and choose the next one."""
        falls = self.falls_enough(sample)
        if self.above_line and falls and sample.slope >= 0:
            self.above_line = False
        if self.above_line and not falls and sample.value <= self.best.value:
            # ψ(t) = φ(t) - φ(0) - t · line has its minimum where φ falls enough.
            best, other, new = map(self._lowered, (self.best, self.other, sample))
        else:
            best, other, new = self.best, self.other, sample
        self.trial = self._chosen(best, other, new)
        if new.value > best.value:
            self.other = sample
        else:
            self.other = self.best if new.slope * best.slope < 0 else self.other
            self.best = sample
        if self.enclosed:
            self._halve_if_slow()
            ends = sorted((self.best.rate, self.other.rate))
            self.lowest_trial, self.highest_trial = ends
        else:
            stride = self.trial - self.best.rate
            self.lowest_trial = self.trial + LEAST_GROWTH * stride
            self.highest_trial = self.trial + GROWTH * stride
        self.trial = min(max(self.trial, 0.0), self.highest)
        if self.enclosed and (
            not self.lowest_trial < self.trial < self.highest_trial
            or self.highest_trial - self.lowest_trial <= NARROW * self.highest_trial
        ):
            self.trial = self.best.rate

    def limit(self, rate: float) -> None:
        """Take in that there is nothing finite at `trial`: stay well below it."""
        self.highest = self.best.rate + (rate - self.best.rate) / 2
        self.trial = self.best.rate + (rate - self.best.rate) / 10
        self.highest_trial = min(self.highest_trial, self.highest)

    def _lowered(self, sample: Sample) -> Sample:
        """Return a sample of ψ."""
        return Sample(sample.rate, sample.value - sample.rate * self.line, sample.slope - self.line)

    def _chosen(self, best: Sample, other: Sample, new: Sample) -> float:
        """Return the next trial by the four cases of section 4."""
        if new.value > best.value:
            # Higher: a minimum is enclosed; the parabola through both values may be too timid.
            self.enclosed = True
            cubic, parabola = _cubic_minimum(best, new), _parabola_minimum(best, new)
            nearer = abs(cubic - best.rate) < abs(parabola - best.rate)
            return cubic if nearer else cubic + (parabola - cubic) / 2
        if new.slope * best.slope < 0:
            # Lower, and rising: enclosed; take the minimiser that lies further from here.
            self.enclosed = True
            cubic, secant = _cubic_minimum(new, best), _secant_minimum(best, new)
            return cubic if abs(cubic - new.rate) > abs(secant - new.rate) else secant
        if abs(new.slope) < abs(best.slope):
            return self._beyond_flatter(best, other, new)
        if self.enclosed:
            # Lower, and falling no less steeply: the other end knows where it rises.
            return _cubic_minimum(new, other)
        return self.highest_trial if new.rate > best.rate else self.lowest_trial

    def _beyond_flatter(self, best: Sample, other: Sample, new: Sample) -> float:
        """Return the trial where the value fell and the slope became flatter, of one sign."""
        secant = _secant_minimum(best, new)
        cubic = _cubic_beyond(best, new)
        if cubic is None:
            cubic = self.highest_trial if new.rate > best.rate else self.lowest_trial
        cubic_is_nearer = abs(cubic - new.rate) < abs(secant - new.rate)
        if self.enclosed:
            step = cubic if cubic_is_nearer else secant
            bound = new.rate + SHRINK * (other.rate - new.rate)
            return min(bound, step) if new.rate > best.rate else max(bound, step)
        step = secant if cubic_is_nearer else cubic
        return max(self.lowest_trial, min(self.highest_trial, step))

    def _halve_if_slow(self) -> None:
        """Bisect an interval that did not shrink enough in two trials."""
        width = abs(self.other.rate - self.best.rate)
        if width >= SHRINK * self.width_before:
            self.trial = self.best.rate + (self.other.rate - self.best.rate) / 2
        self.width_before, self.width = self.width, width


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


def _cubic_beyond(a: Sample, b: Sample) -> float | None:
    """Return the minimiser of that cubic where it lies beyond b; None where it does not."""
    theta = 3 * (a.value - b.value) / (b.rate - a.rate) + a.slope + b.slope
    scale = max(abs(theta), abs(a.slope), abs(b.slope))
    inside = (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale)
    root = scale * math.sqrt(max(0.0, inside))
    if b.rate > a.rate:
        root = -root
    share = (root - b.slope + theta) / (root + a.slope - b.slope + root)
    if share < 0 and root != 0:
        return b.rate + share * (a.rate - b.rate)
    return None


def _parabola_minimum(a: Sample, b: Sample) -> float:
    """Return the minimiser of the parabola through both values and the slope at a."""
    distance = b.rate - a.rate
    return a.rate + a.slope / ((a.value - b.value) / distance + a.slope) / 2 * distance


def _secant_minimum(a: Sample, b: Sample) -> float:
    """Return where the line through both slopes is 0."""
    return b.rate + b.slope / (b.slope - a.slope) * (a.rate - b.rate)

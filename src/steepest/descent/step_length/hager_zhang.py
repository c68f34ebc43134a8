"""Hager and Zhang's line search, which works down to the rounding of the values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from steepest.descent.measures import EPSILON
from steepest.descent.options import FRACTION
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.line import Line, first_move
from steepest.descent.step_length.more_thuente import Sample
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector

SUFFICIENT, CURVATURE = 0.1, 0.9
"""δ and σ of the Wolfe conditions (section 4 of the paper, as the next ones)."""

EXPANSION = 5.0
"""ρ: how fast an interval that encloses nothing yet is widened."""

CONTRACTION = 0.66
"""γ: an interval must shrink by this factor, else it is halved."""

SHORT, GROWTH = 0.1, 2.0
"""ψ₁ and ψ₂: the next search first tries the minimiser of the parabola through φ at 0 and at so
small a share of the last rate, or, where that is none, so many times the last rate."""

TRIALS = 50
"""Evaluations after which a search gives up."""


def approximately(
    origin: Sample, sample: Sample, close: float, curvature: float = CURVATURE
) -> bool:
    """Return whether a rate passes the approximate Wolfe test: slopes decide, not values.

    φ(t) ≤ φ(0) + close and (2 δ - 1) φ'(0) ≥ φ'(t) ≥ σ φ'(0), σ being `curvature`. For a
    quadratic the first part of the slope condition is sufficient decrease exactly, free of the
    rounding of φ.
    """
    flat = curvature * origin.slope <= sample.slope <= (2 * SUFFICIENT - 1) * origin.slope
    return flat and sample.value <= origin.value + close


@dataclass(frozen=True)
class HagerZhang(StepLength):
    """Enclose a minimum along the line by slopes, and shrink the interval by double secants.

    Ends at the first rate that satisfies the Wolfe conditions, or the approximate ones (see
    `approximately`). Assumes a direction that goes downhill.

    Parameters
    ----------
    rounding : float, default 1e-6
        The relative rise of f that counts as rounding (ε of the paper).

    References
    ----------
    W. W. Hager, H. Zhang, "A new conjugate gradient method with guaranteed descent and an
    efficient line search", SIAM Journal on Optimization 16, 2005.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2 + 3*y**2", (2, 1), method="bfgs", step_length=HagerZhang())
    >>> walk.success, walk.nit < 20
    (True, True)
    """

    rounding: float = field(default=1e-6, metadata=FRACTION)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "Hager and Zhang's line search"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that moves x by a hundredth of its size."""
        return first_move(x, direction)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: float | None = None
    ) -> Trial:
        """Go to the first place that passes; the memory is the last rate."""
        line = Line(problem, here, direction)
        if not line.origin.slope < 0:
            return Trial(here, 0.0, False, memory)
        if memory is None:
            rate = self.first_rate(here.x, direction)
        else:
            rate = parabola_minimum(line, SHORT * memory) or GROWTH * memory
        if line.room <= rate:
            # The way bends at a bound, where slopes along the direction say nothing.
            return Backtracking().advance(problem, here, direction, rate / 2)
        found = self.search(line, rate)
        if found is None:
            return Trial(here, 0.0, False, memory)
        return Trial(line.iterate, found.rate, True, found.rate)

    def search(self, line: Line, rate: float) -> Sample | None:
        """Return the sample that passes, its point left in the line; None where there is none."""
        return _Search(line, self.rounding).run(rate)


class _FoundError(Exception):
    """Ends a search, from however deep in it: a sample passed."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample


class _Search:
    """One search: the interval [low, high] has φ'(low) < 0 ≤ φ'(high) and φ(low) not above."""

    def __init__(self, line: Line, rounding: float) -> None:
        self.line = line
        self.close = rounding * abs(line.origin.value)

    def run(self, rate: float) -> Sample | None:
        """Return the first sample that passes."""
        try:
            low, high = self.bracket(rate)
            while high.rate - low.rate > EPSILON * high.rate and self.affordable():
                low, high = self.shrunk(low, high)
        except _FoundError as found:
            return found.sample
        return None

    def affordable(self) -> bool:
        """Return whether another evaluation may be made."""
        return self.line.evaluations < TRIALS

    def at(self, rate: float) -> Sample:
        """Return a sample; end the search where it passes."""
        origin, sample = self.line.origin, self.line.at(rate)
        flat = sample.slope >= CURVATURE * origin.slope
        falls = sample.value - origin.value <= SUFFICIENT * sample.rate * origin.slope
        if sample.rate > 0 and ((falls and flat) or approximately(origin, sample, self.close)):
            raise _FoundError(sample)
        return sample

    def too_high(self, sample: Sample) -> bool:
        """Return whether a value is above φ(0) by more than rounding, or there is none."""
        return not (sample.value <= self.line.origin.value + self.close and sample.slope < 0)

    def bracket(self, rate: float) -> tuple[Sample, Sample]:
        """Return an interval that encloses a minimum (B0 to B3)."""
        low, sample = self.line.origin, self.at(min(rate, self.line.room))
        while self.affordable():
            if sample.slope >= 0:
                return low, sample
            if self.too_high(sample):
                return self.halved(self.line.origin, sample)
            if sample.rate >= self.line.room:
                raise _FoundError(sample)
            low, sample = sample, self.at(min(EXPANSION * sample.rate, self.line.room))
        if sample.slope < 0 and not self.too_high(sample):
            # Still falling as far as was looked: there may be no bottom, which the loop will see.
            raise _FoundError(sample)
        return low, sample

    def halved(self, low: Sample, high: Sample) -> tuple[Sample, Sample]:
        """Return an interval with a rising end, from one whose end is too high (U3)."""
        while high.rate - low.rate > EPSILON * high.rate and self.affordable():
            middle = self.at((low.rate + high.rate) / 2)
            if middle.slope >= 0:
                return low, middle
            low, high = (low, middle) if self.too_high(middle) else (middle, high)
        return low, high

    def updated(self, low: Sample, high: Sample, rate: float) -> tuple[Sample, Sample]:
        """Return the interval after a new place in it (U0 to U3)."""
        if not low.rate < rate < high.rate or not self.affordable():
            return low, high
        sample = self.at(rate)
        if sample.slope >= 0:
            return low, sample
        return self.halved(low, sample) if self.too_high(sample) else (sample, high)

    def shrunk(self, low: Sample, high: Sample) -> tuple[Sample, Sample]:
        """Return the interval after a double secant step, halved where that was slow (L1, L2)."""
        a, b = self.double_secant(low, high)
        if b.rate - a.rate > CONTRACTION * (high.rate - low.rate):
            a, b = self.updated(a, b, (a.rate + b.rate) / 2)
        return a, b

    def double_secant(self, low: Sample, high: Sample) -> tuple[Sample, Sample]:
        """Return the interval after a secant step and one more from the end it moved (S1 to S4)."""
        rate = secant(low, high)
        a, b = self.updated(low, high, rate)
        if rate == b.rate:
            return self.updated(a, b, secant(high, b))
        if rate == a.rate:
            return self.updated(a, b, secant(low, a))
        return a, b


def secant(a: Sample, b: Sample) -> float:
    """Return where the line through two slopes is 0; NaN where it is nowhere."""
    rise = b.slope - a.slope
    return (a.rate * b.slope - b.rate * a.slope) / rise if rise else math.nan


def parabola_minimum(line: Line, rate: float) -> float | None:
    """Return where the parabola through φ(0), φ'(0) and φ(rate) is lowest, if φ falls so far."""
    rate = min(rate, line.room)
    value = line.value_at(rate)
    bend = value - line.origin.value - rate * line.origin.slope
    if not value <= line.origin.value or not bend > 0:
        return None
    return -line.origin.slope * rate * rate / (2 * bend)

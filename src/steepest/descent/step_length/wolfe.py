"""Strong Wolfe: go where the value falls enough and the slope is flat enough."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from steepest.descent.options import FRACTION, STEPS, SWITCH
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.descent.step_length.backtracking import Backtracking
from steepest.descent.step_length.hager_zhang import HagerZhang, approximately
from steepest.descent.step_length.line import Line, Looks, at, first_move
from steepest.descent.step_length.more_thuente import (
    GROWTH,
    Interval,
    Sample,
    begun,
    exhausted,
    falls_enough,
    limited,
    updated,
)
from steepest.descent.step_length.step_length import StepLength
from steepest.objective import Vector

HIGHEST = 1e30
"""No rate above this is tried; where x is of the size 10⁸, rates of 10¹⁶ are right."""

CLOSE = 1e-9
"""The relative change of f that counts as rounding in the approximate test (see `HagerZhang`)."""


class Before(NamedTuple):
    """The step before: its rate, φ'(0) there, and whether φ fell steeply as far as was looked."""

    rate: float
    slope: float
    still_falling: bool


@dataclass(frozen=True)
class StrongWolfe(StepLength):
    """Find a rate t with φ(t) ≤ φ(0) + c₁ t φ'(0) and |φ'(t)| ≤ c₂ |φ'(0)|.

    φ(t) = f(x + t · d). Moré and Thuente's search finds such a rate in a few trials. Near a
    minimum, where values differ by rounding alone, a rate is also taken that passes Hager and
    Zhang's test of slopes, and where the search fails theirs is tried. Assumes a direction that
    goes downhill. A step that satisfies the second condition gives quasi-Newton methods a
    curvature sᵀy > 0.

    Parameters
    ----------
    sufficient : float, default 1e-4
        c₁ (Nocedal and Wright, section 3.1).
    curvature : float, default 0.9
        c₂; 0.9 for quasi-Newton directions, 0.1 for conjugate gradients (the same).
    natural : bool, default False
        Whether the rate 1 is the natural one to try first, as for Newton's directions. Else it is
        the one that would give the same first-order fall as the step before (the same, 3.60).
    trials : int, default 12
        After how many trials Moré and Thuente's search counts as failed.

    References
    ----------
    J. J. Moré, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM
    Transactions on Mathematical Software 20, 1994.
    J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd edition, 2006.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize(
    ...     "x**2 + 3*y**2", (2, 1), method="gradient-descent", step_length=StrongWolfe()
    ... )
    >>> walk.success, walk.nit < 50
    (True, True)
    """

    memory_types: ClassVar[tuple[type, ...]] = (Before,)

    sufficient: float = field(default=1e-4, metadata=FRACTION)
    curvature: float = field(default=0.9, metadata=FRACTION)
    natural: bool = field(default=False, metadata=SWITCH)
    trials: int = field(default=12, metadata=STEPS)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return "a strong Wolfe line search"

    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return 1 where that is natural, or the rate that moves x by a hundredth of its size."""
        return 1.0 if self.natural else first_move(x, direction)

    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Before | None = None
    ) -> Trial:
        """Go to the first place that passes."""
        line = Line(problem, here, direction)
        slope = line.origin.slope
        if not slope < 0:
            return Trial(here, 0.0, False, memory)
        if memory is not None and memory.still_falling:
            rate = GROWTH * memory.rate
        elif self.natural or memory is None:
            rate = self.first_rate(here.x, direction)
        else:
            rate = memory.rate * memory.slope / slope
        if line.room <= rate:
            # The way bends at a bound, where slopes along the direction say nothing.
            trial = Backtracking().advance(problem, here, direction, rate / 2)
            return trial._replace(memory=Before(trial.rate, slope, False))
        found = self.search(line, min(rate, HIGHEST)) or HagerZhang().search(line, rate)
        if found is None:
            return Trial(here, 0.0, False, memory)
        still_falling = found.slope < self.curvature * slope
        return Trial(line.iterate, found.rate, True, Before(found.rate, slope, still_falling))

    def search(self, line: Line, rate: float) -> Sample | None:
        """Return the sample that passes, its point left in the line; None where there is none."""
        interval = begun(line.origin, self.sufficient, rate, min(HIGHEST, line.room))
        return found_along(line, interval, self.curvature, self.trials)


def found_along(line: Looks, interval: Interval, curvature: float, trials: int) -> Sample | None:
    """Return the first sample of a search that passes; None where there is none."""
    sample = interval.origin
    for _ in range(trials):
        sample = at(line, interval.trial)
        if not (math.isfinite(sample.value) and math.isfinite(sample.slope)):
            # Beyond the domain: nothing further out will do.
            interval = limited(interval)
            continue
        if passes(interval, sample, curvature):
            return sample
        if exhausted(interval, sample):
            return sample if falls_enough(interval, sample) and sample.rate > 0 else None
        interval = updated(interval, sample)
    # Still falling as far as was looked: there may be no bottom, which the loop will see.
    falling = not interval.enclosed and 0 < interval.best.rate == sample.rate
    return sample if falling else None


def passes(interval: Interval, sample: Sample, curvature: float) -> bool:
    """Return whether a sample satisfies the strong Wolfe conditions, or the approximate ones."""
    origin = interval.origin
    if falls_enough(interval, sample) and abs(sample.slope) <= -curvature * origin.slope:
        return True
    return approximately(origin, sample, CLOSE * abs(origin.value), curvature)

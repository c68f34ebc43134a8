"""The best composed schedules: for a given number of steps, nothing fixed is known to be better."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np

from steepest.descent.options import STEPS
from steepest.descent.step_length.normalized import Normalized
from steepest.objective import Vector


class Schedule(NamedTuple):
    """Step lengths in units of 1/L, and the rate φ they are proved to have."""

    lengths: tuple[float, ...]
    rate: float


class _Tables(NamedTuple):
    """For every number of steps: the rates of both kinds, and where the best ones are cut."""

    inner: Vector
    outer: Vector
    inner_cuts: list[int]
    outer_cuts: list[int]


@dataclass(frozen=True)
class OptimizedSchedule(Normalized):
    """Take h_1/L, ..., h_n/L, composed to make the value after n steps as low as can be proved.

    For directions down the slope and convex f with curvatures of at most L,
    f(x_n) - f* ≤ φ L ‖x_0 - x*‖² / 2, which is tight; φ = 0.42 n^-1.27 for large n. Before the n-th
    step the value may rise a lot. After it the schedule begins again.

    Parameters
    ----------
    curvature : float, optional
        See `Normalized`. The guarantee needs a true bound L.
    steps : int, default 127
        n. As many as are to be made; the default is our choice.

    References
    ----------
    B. Grimmer, K. Shu, A. L. Wang, "Composing optimized stepsize schedules for gradient descent",
    2024: OBS-F.

    Examples
    --------
    >>> [round(h, 4) for h in optimized_schedule(3).lengths], round(optimized_schedule(3).rate, 6)
    ([1.4142, 2.4142, 1.5], 0.085786)
    """

    steps: int = field(default=127, metadata=STEPS)

    @property
    def phrase(self) -> str:
        """The rule by its name."""
        return f"an optimized schedule of {self.steps} step lengths"

    def length(self, step: int, curvature: float) -> float:
        """Return h_i."""
        lengths = optimized_schedule(self.steps).lengths
        return lengths[(step - 1) % len(lengths)]


@cache
def optimized_schedule(steps: int) -> Schedule:
    """Return the f-composable schedule of n steps with the lowest rate φ that joins give.

    An s-composable schedule has the rate η = 1/(1 + Σ h) = Π (h - 1), an f-composable one
    φ = 1/(1 + 2 Σ h) = Π (1 - h)². Two schedules and one step between them, [a, μ, b], make one:

    - two s-composable ones of rates α and β with μ = 1 + η/(α β), where
      η = (√(α² + 6 α β + β²) - α - β)/2;
    - an s-composable one of rate α and an f-composable one of rate β with μ = 1 + d, where
      d = (√(α² + 8 α β) - α)/(4 α β), and φ = α² β d².

    Both begin with the empty schedule of rate 1, and the best place for the step between is kept.

    Parameters
    ----------
    steps : int
        n.

    Returns
    -------
    Schedule
    """
    tables = _tables(steps)
    return Schedule(tuple(_outer(tables, steps)), float(tables.outer[steps]))


def _tables(steps: int) -> _Tables:
    """Return rates and cuts for 0 to n steps."""
    inner, outer = np.ones(steps + 1), np.ones(steps + 1)
    inner_cuts, outer_cuts = [0], [0]
    for n in range(1, steps + 1):
        a, b = inner[:n], inner[n - 1 :: -1]
        rates = (np.sqrt(a * a + 6 * a * b + b * b) - a - b) / 2
        inner_cuts.append(int(np.argmin(rates)))
        inner[n] = rates[inner_cuts[n]]
        b = outer[n - 1 :: -1]
        rates = a * a * b * _overshoot(a, b) ** 2
        outer_cuts.append(int(np.argmin(rates)))
        outer[n] = rates[outer_cuts[n]]
    return _Tables(inner, outer, inner_cuts, outer_cuts)


def _overshoot(a: Vector, b: Vector) -> Vector:
    """Return d, by which the step before an f-composable schedule is longer than 1."""
    result: Vector = (np.sqrt(a * a + 8 * a * b) - a) / (4 * a * b)
    return result


def _inner(tables: _Tables, steps: int) -> list[float]:
    """Return the s-composable schedule of n steps."""
    if steps == 0:
        return []
    cut = tables.inner_cuts[steps]
    rest = steps - 1 - cut
    middle = 1 + tables.inner[steps] / (tables.inner[cut] * tables.inner[rest])
    return [*_inner(tables, cut), float(middle), *_inner(tables, rest)]


def _outer(tables: _Tables, steps: int) -> list[float]:
    """Return the f-composable schedule of n steps."""
    if steps == 0:
        return []
    cut = tables.outer_cuts[steps]
    rest = steps - 1 - cut
    middle = 1 + _overshoot(tables.inner[cut], tables.outer[rest])
    return [*_inner(tables, cut), float(middle), *_outer(tables, rest)]

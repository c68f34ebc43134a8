"""Interval arithmetic on arrays: every operation gives bounds that no rounding can break.

Sums, products and quotients are rounded outward to the next number. NumPy's elementary functions
are within 4 units in the last place, and are given 8.

Operations may be undefined somewhere on a cell. `Cells` notes where they are undefined altogether
(the cell then holds no point of the function) and where in part (bounds then hold where the
function is defined, which the mean value theorem cannot use).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

SLACK = 8 * np.finfo(np.float64).eps
TINY = float(np.finfo(np.float64).smallest_subnormal)

FAR = 1e6
"""Angles beyond this are reduced with errors that matter here, so that sines are just [-1, 1]."""


class Interval(NamedTuple):
    """Bounds, as arrays of one shape, or as numbers."""

    low: Any
    high: Any


@dataclass(eq=False)
class Cells:
    """Which of many cells an expression is undefined on, altogether or in part.

    Parameters
    ----------
    undefined, partial : ndarray of bool, shape (m,)
    """

    undefined: Any
    partial: Any

    def keep(self, x: Interval, low: float, high: float) -> Interval:
        """Return x within the domain [low, high] of an operation, noting what lies outside."""
        self.undefined |= (x.high < low) | (x.low > high)
        self.partial |= (x.low < low) | (x.high > high)
        return Interval(np.clip(x.low, low, high), np.clip(x.high, low, high))


Rule = Callable[..., Interval]
"""(cells, *inputs) -> bounds of the result."""


def outward(low: Any, high: Any) -> Interval:
    """Return bounds rounded outward by one number; what is not a number is unbounded."""
    return Interval(
        np.nextafter(np.where(np.isnan(low), -np.inf, low), -np.inf),
        np.nextafter(np.where(np.isnan(high), np.inf, high), np.inf),
    )


def loosened(low: Any, high: Any) -> Interval:
    """Return bounds with the slack that an elementary function needs."""
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    return Interval(low - SLACK * np.abs(low) - TINY, high + SLACK * np.abs(high) + TINY)


def add(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound a + b."""
    return outward(a.low + b.low, a.high + b.high)


def subtract(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound a - b."""
    return outward(a.low - b.high, a.high - b.low)


def negative(_: Cells, a: Interval) -> Interval:
    """Bound -a."""
    return Interval(-a.high, -a.low)


def multiply(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound a b; 0 times an infinite bound is 0, as no number itself is infinite."""
    products = [x * y for x in a for y in b]
    ends = [np.where(np.isnan(product), 0.0, product) for product in products]
    low = np.minimum(np.minimum(ends[0], ends[1]), np.minimum(ends[2], ends[3]))
    high = np.maximum(np.maximum(ends[0], ends[1]), np.maximum(ends[2], ends[3]))
    return outward(low, high)


def square(_: Cells, a: Interval) -> Interval:
    """Bound a², which is never below 0."""
    ends = a.low * a.low, a.high * a.high
    straddles = (a.low < 0) & (a.high > 0)
    bounds = outward(np.where(straddles, 0.0, np.minimum(*ends)), np.maximum(*ends))
    return Interval(np.maximum(bounds.low, 0.0), bounds.high)


def reciprocal(cells: Cells, a: Interval) -> Interval:
    """Bound 1/a; unbounded on the side where a reaches 0."""
    cells.undefined |= (a.low == 0) & (a.high == 0)
    cells.partial |= (a.low <= 0) & (a.high >= 0)
    straddles = (a.low < 0) & (a.high > 0)
    low = np.where(straddles | (a.high == 0), -np.inf, 1 / np.asarray(a.high))
    high = np.where(straddles | (a.low == 0), np.inf, 1 / np.asarray(a.low))
    return outward(low, high)


def divide(cells: Cells, a: Interval, b: Interval) -> Interval:
    """Bound a / b."""
    return multiply(cells, a, reciprocal(cells, b))


def whole_power(cells: Cells, a: Interval, exponent: int) -> Interval:
    """Bound a^k for a whole number k."""
    if exponent < 0:
        return reciprocal(cells, whole_power(cells, a, -exponent))
    if exponent == 2:
        return square(cells, a)
    ends = np.power(a.low, exponent), np.power(a.high, exponent)
    if exponent % 2:
        return loosened(*ends)
    straddles = (a.low < 0) & (a.high > 0)
    bounds = loosened(np.where(straddles, 0.0, np.minimum(*ends)), np.maximum(*ends))
    return Interval(np.maximum(bounds.low, 0.0), bounds.high)


def real_power(cells: Cells, a: Interval, exponent: float) -> Interval:
    """Bound a^p for a ≥ 0 and a number p that is not whole."""
    base = cells.keep(a, 0.0, np.inf)
    ends = np.power(base.low, exponent), np.power(base.high, exponent)
    bounds = loosened(*(ends if exponent > 0 else ends[::-1]))
    return Interval(np.maximum(bounds.low, 0.0), bounds.high)


def sine(_: Cells, a: Interval) -> Interval:
    """Bound sin: by its ends, and by 1 and -1 where a crest or a trough lies between them."""
    low, high = np.sin(a.low), np.sin(a.high)
    crest = _reaches(a, np.pi / 2)
    trough = _reaches(a, -np.pi / 2)
    bounds = loosened(np.minimum(low, high), np.maximum(low, high))
    return Interval(
        np.where(trough, -1.0, np.maximum(bounds.low, -1.0)),
        np.where(crest, 1.0, np.minimum(bounds.high, 1.0)),
    )


def cosine(cells: Cells, a: Interval) -> Interval:
    """Bound cos(a) = sin(a + π/2), whose shift is rounded outward."""
    quarter = Interval(np.nextafter(np.pi / 2, 0), np.nextafter(np.pi / 2, 2))
    return sine(cells, add(cells, a, quarter))


def _reaches(a: Interval, place: float) -> Any:
    """Return whether the interval holds place + 2πk, or may hold it."""
    period = 2 * np.pi
    next_one = place + period * np.ceil((a.low - place) / period - 1e-9)
    far = ~(np.maximum(np.abs(a.low), np.abs(a.high)) < FAR)
    return far | (next_one <= a.high + 1e-8) & (next_one >= a.low - 1e-8)


def tangent(cells: Cells, a: Interval) -> Interval:
    """Bound tan, unbounded where a pole lies in the interval."""
    # tan has the poles π/2 + πk: those of sin's crests and troughs.
    pole = _reaches(a, np.pi / 2) | _reaches(a, -np.pi / 2)
    cells.partial |= pole
    bounds = loosened(np.tan(a.low), np.tan(a.high))
    return Interval(np.where(pole, -np.inf, bounds.low), np.where(pole, np.inf, bounds.high))


def even(function: Any) -> Rule:
    """Return the rule of a function that grows with |a|, such as cosh."""

    def rule(_: Cells, a: Interval) -> Interval:
        size = magnitude(a)
        return loosened(function(size.low), function(size.high))

    return rule


def magnitude(a: Interval) -> Interval:
    """Return the bounds of |a|."""
    ends = np.abs(a.low), np.abs(a.high)
    straddles = (a.low < 0) & (a.high > 0)
    return Interval(np.where(straddles, 0.0, np.minimum(*ends)), np.maximum(*ends))


def rising(function: Any, low: float = -math.inf, high: float = math.inf) -> Rule:
    """Return the rule of a function that rises on its domain."""

    def rule(cells: Cells, a: Interval) -> Interval:
        inside = a if (low, high) == (-math.inf, math.inf) else cells.keep(a, low, high)
        return loosened(function(inside.low), function(inside.high))

    return rule


def falling(function: Any, low: float = -math.inf, high: float = math.inf) -> Rule:
    """Return the rule of a function that falls on its domain."""
    opposite = rising(lambda x: -function(x), low, high)
    return lambda cells, a: negative(cells, opposite(cells, a))


def hypotenuse(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound √(a² + b²), which grows with |a| and |b|."""
    first, second = magnitude(a), magnitude(b)
    return loosened(np.hypot(first.low, second.low), np.hypot(first.high, second.high))


def log_of_sum(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound log(e^a + e^b), which rises with both."""
    return loosened(np.logaddexp(a.low, b.low), np.logaddexp(a.high, b.high))


def greater(_: Cells, a: Interval, b: Interval) -> Interval:
    """Bound the truth of a > b: from 1 where it is certain to 0 where it is impossible."""
    return Interval(np.where(a.low > b.high, 1.0, 0.0), np.where(a.high > b.low, 1.0, 0.0))


def choose(cells: Cells, condition: Interval, a: Interval, b: Interval) -> Interval:
    """Bound a where a condition holds and b elsewhere; both where that is not certain."""
    cells.partial |= condition.low != condition.high
    first, second = condition.high > 0, condition.low < 1
    return Interval(
        np.minimum(np.where(first, a.low, np.inf), np.where(second, b.low, np.inf)),
        np.maximum(np.where(first, a.high, -np.inf), np.where(second, b.high, -np.inf)),
    )

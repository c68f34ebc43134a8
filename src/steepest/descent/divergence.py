"""When a descent has blown up, and the rate that would have held."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steepest.descent.stopping import Reason
from steepest.objective import Vector
from steepest.vectors import inner

RISE = 1e8
"""How many times its natural scale a value may rise: swings of momentum stay far below."""

FALL = 1e20
"""How many times its natural scale a value may fall before it counts as bottomless."""

SMALLEST_SCALE = 1e-300
"""The scale where value and gradient at the start are both 0."""


def ceiling(
    value: float,
    gradient: Vector | Sequence[float],
    rate: float,
    next_value: float | None = None,
) -> float:
    """Return the value from which a descent counts as diverged.

    f_0 + 10⁸ · s, where s is the largest of |f_0|, the fall rate · ‖g_0‖² that the first step
    predicts, and the change |f_1 - f_0| that it makes. A quadratic with too large a rate passes
    it after some 20 to 100 steps, hundreds of steps before the numbers overflow. The last of the
    three is for methods whose steps do not shrink with the gradient: from a start beside a
    minimum their first step may rise far, and harmlessly.

    Parameters
    ----------
    value : float
        f_0, the value at the start.
    gradient : array_like, shape (n,)
        g_0, the gradient at the start.
    rate : float
        The rate of the first step.
    next_value : float, optional
        f_1, once it is known.

    Returns
    -------
    float

    Examples
    --------
    >>> ceiling(2.0, [1.0, 0.0], rate=0.1)
    200000002.0
    """
    slope = np.asarray(gradient, dtype=np.float64)
    with np.errstate(over="ignore"):
        predicted = rate * inner(slope, slope)
    change = 0.0 if next_value is None else abs(next_value - value)
    return value + RISE * max(abs(value), predicted, change, SMALLEST_SCALE)


def floor(value: float, highest: float) -> float:
    """Return the value below which a function counts as bottomless: f_0 - 10²⁰ · s.

    Parameters
    ----------
    value : float
        f_0, the value at the start.
    highest : float
        The `ceiling`, f_0 + 10⁸ · s.

    Returns
    -------
    float
    """
    return value - (highest - value) * (FALL / RISE)


def blown_up(value: float) -> Reason:
    """Return the reason for a value that is not between floor and ceiling."""
    if math.isnan(value):
        return Reason.NOT_FINITE
    return Reason.DIVERGED if value > 0 else Reason.UNBOUNDED

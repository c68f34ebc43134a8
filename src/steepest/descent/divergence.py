"""When a descent has blown up, and the rate that would have held."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steepest.descent.measures import EPSILON, largest
from steepest.descent.stopping import Reason
from steepest.objective import Vector
from steepest.vectors import inner

RISE = 1e8
"""How many times its natural scale a value may rise: swings of momentum stay far below."""

FALL = 1e20
"""How many times its natural scale a value may fall before it may be bottomless."""

LEAST_DEPTH_SCALE = 1e20
"""The least scale of a depth that is bottomless wherever it is met.

Far out on a plateau such as that of -exp(-x²) the value at the start is no measure of a depth:
it may be 10⁻²⁰⁰, and the minimum -1.
"""

FAR = 1 / EPSILON
"""So many times its first size, or 1, a point may grow before its first digits are lost."""

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


def floors(value: float, highest: float) -> tuple[float, float]:
    """Return the values below which a function counts as bottomless: far out, and anywhere.

    With the natural scale s they are f_0 - 10²⁰ · s, which counts where x has gone `is_far`, and
    f_0 - 10²⁰ · max(s, 10²⁰).

    Parameters
    ----------
    value : float
        f_0, the value at the start.
    highest : float
        The `ceiling`, f_0 + 10⁸ · s.

    Returns
    -------
    far_out, anywhere : float

    Examples
    --------
    >>> floors(-1e-30, ceiling(-1e-30, [1e-30], rate=1.0))
    (-1e-10, -1e+40)
    """
    scale = (highest - value) / RISE
    return value - FALL * scale, value - FALL * max(scale, LEAST_DEPTH_SCALE)


def is_far(x: Vector | Sequence[float], first_x: Vector | Sequence[float]) -> bool:
    """Return whether a point is so far that nothing of the start is left in its digits."""
    return largest(x) > FAR * max(1.0, largest(first_x))


def blown_up(value: float) -> Reason:
    """Return the reason for a value that is too low or too high."""
    if math.isnan(value):
        return Reason.NOT_FINITE
    return Reason.DIVERGED if value > 0 else Reason.UNBOUNDED

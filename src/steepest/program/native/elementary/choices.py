"""The larger and the smaller of two numbers, NaN where one of them is; whole numbers."""

from __future__ import annotations

import numpy as np


def maximum(a: float, b: float) -> float:
    """Return the larger one.

    >>> maximum(1.0, 2.0), maximum(1.0, float("nan"))
    (2.0, nan)
    """
    # In this order it is one instruction of a processor's, and a where a is NaN.
    larger = b if b > a else a
    return b if b != b else larger


def minimum(a: float, b: float) -> float:
    """Return the smaller one.

    >>> minimum(1.0, 2.0), minimum(float("nan"), 1.0)
    (1.0, nan)
    """
    smaller = b if b < a else a
    return b if b != b else smaller


def floor(x: float) -> float:
    """Return the largest whole number that is not above x, which processors know by themselves.

    >>> floor(1.5), floor(-1.5), floor(1e300)
    (1.0, -2.0, 1e+300)
    """
    return float(np.floor(x))

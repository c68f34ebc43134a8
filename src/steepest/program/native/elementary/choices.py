"""The larger and the smaller of two numbers: NaN where one of them is, as in NumPy."""

from __future__ import annotations


def maximum(a: float, b: float) -> float:
    """Return the larger one.

    >>> maximum(1.0, 2.0), maximum(1.0, float("nan"))
    (2.0, nan)
    """
    return a if a >= b or a != a else b


def minimum(a: float, b: float) -> float:
    """Return the smaller one.

    >>> minimum(1.0, 2.0), minimum(float("nan"), 1.0)
    (1.0, nan)
    """
    return a if a <= b or a != a else b

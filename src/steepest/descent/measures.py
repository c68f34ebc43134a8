"""The two measures the whole room speaks in: the size of a vector, and the rounding of a value."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steepest.objective import Vector
from steepest.vectors import largest_component

EPSILON = float(np.finfo(np.float64).eps)


def largest(vector: Vector | Sequence[float]) -> float:
    """Return ‖v‖∞, the largest absolute component; NaN where a component is NaN."""
    if isinstance(vector, tuple):
        size = max(map(abs, vector))
        return math.nan if any(map(math.isnan, vector)) else size
    return largest_component(np.asarray(vector))


def epsilon_of(vector: Vector | Sequence[float]) -> float:
    """Return ε, the spacing of numbers at 1, in the precision of a point or gradient."""
    if isinstance(vector, np.ndarray) and vector.dtype == np.float32:
        return float(np.finfo(np.float32).eps)
    return EPSILON


def rounding(value: float, epsilon: float = EPSILON) -> float:
    """Return 4 ε |f|: a difference of values no larger than this may be rounding alone.

    It is four to eight units in the last place of f.
    """
    return 4 * epsilon * abs(value)

"""Two questions to vectors that are asked at every step, answered quickly."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from steepest.objective import Vector

ONE_THREAD = 10_000
"""Up to this size OpenBLAS does not divide an inner product among threads."""


def inner(a: Vector, b: Vector) -> float:
    """Return aᵀb, always summed by one thread: long BLAS products wait for busy processors."""
    if a.size <= ONE_THREAD:
        return float(a.dot(b))
    return float(np.einsum("i,i->", a, b))


def inner_of(size: int) -> Callable[[Vector, Vector], float]:
    """Return the quickest such product for vectors of one size, for loops that take many."""
    return np.dot if size <= ONE_THREAD else inner


def all_finite(vector: Vector) -> bool:
    """Return whether every component is a finite number."""
    # One pass without a temporary; only where it overflows are the components asked one by one.
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(inner(vector, vector)) or bool(np.isfinite(vector).all())

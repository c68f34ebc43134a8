"""What is asked of vectors at every step, answered quickly.

The loops that make a step are written in these words. Python runs them by NumPy; compiled code
has one loop for each (`steepest.program.native.words`).
"""

from __future__ import annotations

import math

import numpy as np

from steepest.objective import Vector

ONE_THREAD = 10_000
"""Up to this size OpenBLAS does not divide an inner product among threads."""


def inner(a: Vector, b: Vector) -> float:
    """Return aᵀb, always summed by one thread: long BLAS products wait for busy processors."""
    if a.size <= ONE_THREAD:
        return float(a.dot(b))
    return float(np.einsum("i,i->", a, b))


def add_scaled(total: Vector, factor: float, vector: Vector, scratch: Vector) -> None:
    """Add factor · vector to a total in place; no new array is worth its cost here."""
    np.multiply(vector, factor, out=scratch)
    np.add(total, scratch, out=total)


def add_scaled_inner(
    total: Vector, factor: float, vector: Vector, other: Vector, scratch: Vector
) -> float:
    """Add factor · vector to a total in place, and return what is then totalᵀ other."""
    np.multiply(vector, factor, out=scratch)
    np.add(total, scratch, out=total)
    return inner(other, total)


def scale_inner(total: Vector, factor: float, other: Vector) -> float:
    """Multiply a total in place, and return what is then totalᵀ other."""
    np.multiply(total, factor, out=total)
    return inner(other, total)


def negate(result: Vector, vector: Vector) -> None:
    """Write -vector into a result."""
    np.negative(vector, out=result)


def move(result: Vector, x: Vector, rate: float, direction: Vector) -> None:
    """Write x + rate · direction into a result."""
    np.multiply(direction, rate, out=result)
    np.add(x, result, out=result)


def differences(
    change: Vector, x: Vector, x_before: Vector, bend: Vector, slope: Vector, slope_before: Vector
) -> tuple[float, float]:
    """Write s = x - x_before and y, that of the slopes; return sᵀy and yᵀy."""
    np.subtract(x, x_before, out=change)
    np.subtract(slope, slope_before, out=bend)
    return inner(change, bend), inner(bend, bend)


def largest_component(vector: Vector) -> float:
    """Return ‖v‖∞."""
    return float(np.abs(vector).max())


def all_finite(vector: Vector) -> bool:
    """Return whether every component is a finite number."""
    # One pass without a temporary; only where it overflows are the components asked one by one.
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(inner(vector, vector)) or bool(np.isfinite(vector).all())

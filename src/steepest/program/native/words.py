"""What the words of `steepest.vectors` mean in compiled code: one loop for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest import vectors

SUMS = frozenset({"reassoc", "nsz"})
"""Inner products may be added up in any order, as those of BLAS are."""

ELEMENTS: frozenset[str] = frozenset()
"""Elements have the digits that NumPy gives them."""


def inner(a: Any, b: Any) -> float:
    """Return aᵀb."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


def add_scaled(total: Any, factor: float, vector: Any, scratch: Any) -> None:
    """Add factor · vector to a total."""
    for i in range(total.size):
        total[i] += factor * vector[i]


def add_scaled_inner(total: Any, factor: float, vector: Any, other: Any, scratch: Any) -> float:
    """Add factor · vector to a total, and return what is then totalᵀ other."""
    product = 0.0
    for i in range(total.size):
        element = total[i] + factor * vector[i]
        total[i] = element
        product += element * other[i]
    return product


def scale_inner(total: Any, factor: float, other: Any) -> float:
    """Multiply a total, and return what is then totalᵀ other."""
    product = 0.0
    for i in range(total.size):
        element = total[i] * factor
        total[i] = element
        product += element * other[i]
    return product


def negate(result: Any, vector: Any) -> None:
    """Write -vector into a result."""
    for i in range(result.size):
        result[i] = -vector[i]


def move(result: Any, x: Any, rate: float, direction: Any) -> None:
    """Write x + rate · direction into a result."""
    for i in range(result.size):
        result[i] = x[i] + rate * direction[i]


def differences(
    change: Any, x: Any, x_before: Any, bend: Any, slope: Any, slope_before: Any
) -> tuple[float, float]:
    """Write s = x - x_before and y, that of the slopes; return sᵀy and yᵀy."""
    curvature = squared = 0.0
    for i in range(change.size):
        s, y = x[i] - x_before[i], slope[i] - slope_before[i]
        change[i] = s
        bend[i] = y
        curvature += s * y
        squared += y * y
    return curvature, squared


def largest_component(vector: Any) -> float:
    """Return ‖v‖∞ of finite components."""
    largest = 0.0
    for i in range(vector.size):
        largest = max(largest, abs(vector[i]))
    return largest


def put(result: Any, values: Any) -> None:
    """Write values into an array; `result[...] = values` takes Numba seconds to compile."""
    for i in range(result.size):
        result[i] = values[i]


def add(result: Any, values: Any) -> None:
    """Add values to an array."""
    for i in range(result.size):
        result[i] += values[i]


def spread(values: Any, size: int, begin: int, stride: int) -> Any:
    """Return zeros with values in every so many places."""
    result = np.zeros(size)
    for i in range(values.size):
        result[begin + i * stride] = values[i]
    return result


def alone(value: float, size: int, place: int) -> Any:
    """Return zeros with a value in one place."""
    result = np.zeros(size)
    result[place] = value
    return result


def taken(vector: Any, part: Any, begin: int, stride: int, size: int) -> Any:
    """Copy every so many elements of a vector into an array, and return that."""
    for i in range(size):
        part[i] = vector[begin + i * stride]
    return part


def spaced(total: Any, part: Any, begin: int, stride: int, size: int) -> None:
    """Add the elements of an array to every so many of a total."""
    own = total[begin:]
    if stride == 1:
        for i in range(size):
            own[i] += part[i]
    else:
        for i in range(size):
            own[i * stride] += part[i]


def total(values: Any) -> float:
    """Return the sum of an array, block by block, with what rounding loses made up for."""
    result = lost = 0.0
    for begin in range(0, values.size, BLOCK):
        term = block_total(values, begin, min(begin + BLOCK, values.size))
        result, lost = raised(result, lost, term)
    return result


def raised(total: float, lost: float, term: float) -> tuple[float, float]:
    """Return a sum with one more term, and what rounding added to it so far (Kahan)."""
    term = term - lost
    result = total + term
    return result, (result - total) - term


BLOCK = 128
"""Elements that are added up in any order."""


def block_total(values: Any, begin: int, end: int) -> float:
    """Return the sum of some elements."""
    result = 0.0
    for i in range(begin, end):
        result += values[i]
    return result


WORDS: dict[Callable[..., Any], tuple[Callable[..., Any], frozenset[str]]] = {
    vectors.inner: (inner, SUMS),
    vectors.add_scaled: (add_scaled, ELEMENTS),
    vectors.add_scaled_inner: (add_scaled_inner, SUMS),
    vectors.scale_inner: (scale_inner, SUMS),
    vectors.negate: (negate, ELEMENTS),
    vectors.move: (move, ELEMENTS),
    vectors.differences: (differences, SUMS),
    vectors.largest_component: (largest_component, SUMS),
    put: (put, ELEMENTS),
    add: (add, ELEMENTS),
    spread: (spread, ELEMENTS),
    alone: (alone, ELEMENTS),
    taken: (taken, ELEMENTS),
    spaced: (spaced, ELEMENTS),
    raised: (raised, ELEMENTS),
    total: (total, ELEMENTS),
    block_total: (block_total, SUMS),
}
"""Each word, its loop, and the liberties that its arithmetic may take."""

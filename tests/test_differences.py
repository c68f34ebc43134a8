"""Differences within bounds: exact enough, and never outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steepest.derivative.numerical import numerical_gradient_of, rounding_error


class Cubes:
    """Σ x_i³, which remembers where it was asked."""

    def __init__(self) -> None:
        self.points: list[Any] = []

    def __call__(self, x: Any) -> float:
        self.points.append(x)
        return float(np.sum(x**3))

    def stayed_within(self, low: Any, high: Any) -> bool:
        return all(np.all((low <= x) & (x <= high)) for x in self.points)


@pytest.mark.parametrize("width", [1.0, 1e-5, 7e-6, 1e-7, 3e-9])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_a_difference_has_room_in_a_narrow_box(width: float, share: float) -> None:
    low = np.array([1 / 3, 2.0])
    high = low + width
    x = np.clip(low + share * width, low, high)
    cubes = Cubes()
    gradient = numerical_gradient_of(cubes, x, lower=low, upper=high)
    # Lost are the rounding of two values over their distance, and f'' times half the distance.
    np.testing.assert_allclose(gradient, 3 * x**2, rtol=1e-8 + 1e-14 / width + 4 * min(width, 1e-5))
    assert cubes.stayed_within(low, high)


def test_a_variable_held_at_one_place_has_no_difference() -> None:
    x = np.array([0.7, 1.5])
    cubes = Cubes()
    held = np.array([-np.inf, 1.5]), np.array([np.inf, 1.5])
    gradient = numerical_gradient_of(cubes, x, lower=held[0], upper=held[1])
    np.testing.assert_allclose(gradient, [3 * 0.7**2, 0.0], rtol=1e-9)
    assert cubes.stayed_within(*held)


@pytest.mark.parametrize("width", [1.0, 5e-6, 1e-9, 0.0])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_noise_of_a_function_is_looked_for_within_bounds(width: float, share: float) -> None:
    low = np.array([1 / 3, 2.0])
    high = low + width
    cubes = Cubes()
    error = rounding_error(cubes, np.clip(low + share * width, low, high), low, high)
    assert error < 1e-14
    assert cubes.stayed_within(low, high)
    assert len(cubes.points) == 7

"""Derivatives by differences: their order, their step, bounds, noise and precision."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

import steepest as st
from steepest.derivative.numerical import (
    CENTRAL_STEP,
    derivative_at,
    numerical_gradient_of,
    rounding_error,
)
from steepest.functions import objective as objective_of

SMOOTH: dict[str, tuple[Callable[[float], float], Callable[[float], float], float]] = {
    "exp": (math.exp, math.exp, 0.3),
    "sin": (math.sin, math.cos, 1.1),
    "1/x": (lambda x: 1 / x, lambda x: -1 / x**2, 1.7),
    "x**9": (lambda x: x**9, lambda x: 9 * x**8, -1.2),
}


@pytest.mark.parametrize("case", SMOOTH)
@pytest.mark.parametrize("richardson", [0, 1, 2])
def test_the_error_falls_with_the_power_of_the_step(case: str, richardson: int) -> None:
    f, slope, x = SMOOTH[case]
    coarse, fine = [
        abs(derivative_at(f, x, h, richardson=richardson) - slope(x)) for h in (0.2, 0.1)
    ]
    order = math.log2(coarse / fine)
    assert order == pytest.approx(2 + 2 * richardson, abs=0.35)


@pytest.mark.parametrize("case", SMOOTH)
def test_extrapolation_and_the_step_it_chooses_improve_the_derivative(case: str) -> None:
    f, slope, x = SMOOTH[case]
    errors = [abs(derivative_at(f, x, richardson=k) - slope(x)) for k in (0, 2)]
    assert errors[0] <= 1e-9 * (1 + abs(slope(x)))
    assert errors[1] <= 1e-11 * (1 + abs(slope(x)))
    assert errors[1] < errors[0]


def visited(x: Any, h: float | None = None) -> list[Any]:
    """Return the points at which a central difference looks."""
    points: list[Any] = []

    def watched(v: Any) -> float:
        points.append(v)
        return float(np.sum(v))

    numerical_gradient_of(watched, np.asarray(x), h)
    return points


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("x", [0.0, 1.0, -3.0, 1e6])
def test_the_step_is_the_cube_root_of_the_spacing(dtype: Any, x: float) -> None:
    above, below = visited(np.array([x], dtype=dtype))
    step = float(above[0]) - x
    expected = float(np.cbrt(np.finfo(dtype).eps)) * max(1.0, abs(x))
    assert step == pytest.approx(expected, rel=1e-2)
    assert x - float(below[0]) == step
    assert above.dtype == below.dtype == dtype


def test_the_step_may_be_chosen() -> None:
    above, below = visited([1.0], h=0.125)
    assert (above[0], below[0]) == (1.125, 0.875)


def test_single_precision_stays_and_its_derivative_is_good() -> None:
    seen = set()

    def single(v: Any) -> Any:
        seen.add(v.dtype)
        return np.sum(v**2) + np.exp(v[0])

    point = np.array([1.0, 2.0], dtype=np.float32)
    gradient = st.numerical_gradient(single, point)
    assert seen == {np.dtype(np.float32)}
    assert gradient.dtype == np.float32
    assert gradient == pytest.approx([2 + math.e, 4], rel=2e-4)


def test_single_precision_stays_in_a_function_differentiated_numerically() -> None:
    f = st.function(lambda v: np.sum(v**2) + np.exp(v[0]), differentiation="numerical")
    point = np.array([1.0, 2.0], dtype=np.float32)
    gradient, product = f.gradient(point), f.hessian_vector(point, point)
    assert gradient.dtype == product.dtype == f.hessian(point).dtype == np.float32
    assert gradient == pytest.approx([2 + math.e, 4], rel=1e-3)
    assert f.hessian(point) == pytest.approx(np.diag([2 + math.e, 2]), abs=0.1)
    assert product == pytest.approx([2 + math.e, 4], abs=0.2)


def test_values_rounded_to_single_precision_still_have_a_slope() -> None:
    gradient = st.numerical_gradient(lambda v: float(np.float32(np.sum(v**2))), [1.0, 1e-3])
    assert gradient[0] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (1, 1, 1)])
@pytest.mark.parametrize("richardson", [0, 1])
def test_a_gradient_has_the_shape_of_its_point(shape: tuple[int, ...], richardson: int) -> None:
    point = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    gradient = st.numerical_gradient(lambda v: np.sum(v**3), point, richardson=richardson)
    assert np.shape(gradient) == shape
    assert gradient == pytest.approx(3 * point**2, rel=1e-8)


@pytest.mark.parametrize("h", [0, -1e-3, float("nan"), float("inf")])
def test_a_step_that_is_none_is_refused(h: float) -> None:
    with pytest.raises(st.InputError, match="positive number"):
        st.numerical_gradient(math.sin, 1.0, h)


# Bounds: no evaluation leaves the box, and the slope is right wherever x stands in it.


def slope_in_a_box(x: float, low: float, high: float) -> tuple[float, list[float]]:
    """Return the slope of exp at x and where it was evaluated."""
    points: list[float] = []

    def watched(v: Any) -> float:
        points.append(float(v[0]))
        return math.exp(v[0])

    bounds = {"lower": np.array([low]), "upper": np.array([high])}
    (slope,) = numerical_gradient_of(watched, np.array([x]), **bounds)
    return float(slope), points


@pytest.mark.parametrize("width", [4.0, 1e-3, 3 * CENTRAL_STEP, CENTRAL_STEP, 1e-7])
@pytest.mark.parametrize("place", [0.0, 1e-3, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("low", [-2.0, 0.0, 1.0])
def test_the_slope_is_right_wherever_x_stands_in_its_box(
    low: float, place: float, width: float
) -> None:
    high = low + width
    x = min(low + place * width, high)
    slope, points = slope_in_a_box(x, low, high)
    assert all(low <= point <= high for point in points)
    assert slope == pytest.approx(math.exp(x), rel=1e-7 if width > 1e-6 else 2e-8 / width * 1e-6)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(
    low=some.floats(-1e3, 1e3),
    width=some.floats(0, 10) | some.floats(0, 1e-5),
    place=some.floats(0, 1),
)
@example(low=-2.9e-6, width=3e-6, place=0.97)
def test_no_evaluation_leaves_the_box(low: float, width: float, place: float) -> None:
    high = low + width
    x = min(max(low + place * width, low), high)
    seen: list[float] = []
    numerical_gradient_of(
        lambda v: seen.append(float(v[0])) or float(v[0]),
        np.array([x]),
        lower=np.array([low]),
        upper=np.array([high]),
    )
    assert all(low <= point <= high for point in seen)


def test_a_bound_on_one_side_only() -> None:
    bounds = {"lower": np.array([1.0, -np.inf]), "upper": np.array([np.inf, 2.0])}
    gradient = numerical_gradient_of(lambda v: v[0] ** 2 * v[1], np.array([1.0, 2.0]), **bounds)
    assert gradient == pytest.approx([4, 1], rel=1e-7)


def test_equal_bounds_leave_nothing_to_move() -> None:
    one = np.array([1.0])
    assert numerical_gradient_of(lambda v: v[0], one, lower=one, upper=one).tolist() == [0.0]


# Noise.


def noisy(size: float) -> Callable[[Any], float]:
    """Return x² + 1 with an error of that relative size, the same at the same place."""

    def function(v: Any) -> float:
        seed = int(np.float64(v[0]).view(np.uint64))
        return float((v[0] ** 2 + 1) * (1 + size * np.random.default_rng(seed).normal()))

    return function


@pytest.mark.parametrize("size", [1e-12, 1e-9, 1e-6])
def test_noise_is_measured_and_the_step_grows_with_it(size: float) -> None:
    x, function = np.array([0.8]), noisy(size)
    error = rounding_error(function, x)
    assert size / 5 <= error <= 5 * size
    good = numerical_gradient_of(function, x, error=error)[0]
    careless = numerical_gradient_of(function, x)[0]
    # Truncation and noise, both of them about the noise to the power 2/3.
    assert abs(good - 1.6) <= 10 * size ** (2 / 3)
    assert abs(good - 1.6) < abs(careless - 1.6)


@pytest.mark.parametrize("width", [1.0, 5e-6, 1e-9, 0.0])
@pytest.mark.parametrize("place", [0.0, 0.4, 1.0])
def test_noise_is_measured_inside_the_bounds(width: float, place: float) -> None:
    points: list[Any] = []
    low = np.array([1 / 3, 2.0])
    high = low + width

    def watched(x: Any) -> float:
        points.append(x)
        return float(np.sum(x**3))

    error = rounding_error(watched, np.clip(low + place * width, low, high), low, high)
    assert error < 1e-14
    assert len(points) == 7
    assert all(np.all((low <= x) & (x <= high)) for x in points)


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf")])
def test_where_nothing_is_measured_the_noise_is_the_spacing(value: float) -> None:
    assert rounding_error(lambda _: value, np.array([1.0])) == np.finfo(float).eps
    single = np.array([1.0], dtype=np.float32)
    assert rounding_error(lambda _: value, single) == np.finfo(np.float32).eps


def test_a_noisy_function_still_descends() -> None:
    f = st.function(noisy(1e-8), differentiation="numerical")
    result = st.minimize(f, np.array([3.0]), learning_rate=0.2, stop="max-steps", max_steps=60)
    assert abs(result.x[0]) <= 1e-3


def test_second_derivatives_are_found_where_the_square_of_a_point_is_infinite():
    far = [1.0, 2.3e154]
    bound = objective_of(
        lambda p: 3 * p[0] ** 2 + p[1], far, jac=lambda p: np.array([6 * p[0], 1.0])
    )
    assert bound.hessian_vector(np.array(far), np.array([1.0, 0.0])) == pytest.approx([6, 0])

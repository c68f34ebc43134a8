"""The method that is taken where none is asked for, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from objectives import AnalyticObjective
from steepest.descent.bounds import Box
from steepest.descent.descend import descend
from steepest.descent.problem import Problem
from steepest.descent.units import InUnits
from steepest.functions import objective


def chained(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def opaque(x):
    return float(str(x[0])) ** 2 + float(str(x[1])) ** 4


@pytest.mark.parametrize(
    ("fun", "start", "options", "method", "why"),
    [
        ("x**2 + y**4", [1.0, 2.0], {}, "newton", "2 variables are few enough"),
        (chained, np.zeros(50), {}, "newton", "50 variables are few enough"),
        (chained, np.zeros(51), {}, "l-bfgs", "51 variables are many"),
        (opaque, [1.0, 2.0], {}, "l-bfgs", "the gradient is numerical"),
        (lambda x: x @ x, np.ones(2), {"jac": lambda x: 2 * x}, "l-bfgs", "as given"),
        ("x**2", 1.0, {"learning_rate": 0.1}, "gradient-descent", None),
        ("x**2", 1.0, {"step_length": "wolfe"}, "gradient-descent", None),
        ("x**2", 1.0, {"method": "adam"}, "adam", None),
    ],
)
def test_the_method_is_chosen_by_the_problem_and_said(fun, start, options, method, why):
    result = st.minimize(fun, start, max_steps=300, **options)
    assert result.method == method
    assert ("Chosen because" in result.explain()) == (why is not None)
    assert why is None or why in result.explain()


@pytest.mark.parametrize("decades", [-8, -4, 4, 8])
def test_the_default_survives_badly_scaled_variables(decades):
    scale = np.array([1.0, 10.0**decades])
    result = st.minimize(lambda z: chained(scale * z), np.array([-1.2, 1.0]) / scale)
    assert scale * result.x == pytest.approx([1.0, 1.0], rel=1e-4)
    assert result.nfev < 50


@pytest.mark.parametrize("method", ["newton", "cubic-newton"])
@pytest.mark.parametrize(
    ("fun", "start", "lowest"),
    [
        (lambda x: np.abs(x).sum(), [1.0, -2.3], 0.0),
        (lambda x: np.abs(x[0]) + (x[1] - 1e-5) ** 2, [1.0, 2.0], 0.0),
        ("(x/1e150 - 1)**2", {"x": 3e149}, 0.0),
        ("(x*1e150 - 1)**2", {"x": 3e-150}, 0.0),
    ],
)
def test_second_order_steps_survive_kinks_and_the_ends_of_the_number_range(
    method, fun, start, lowest
):
    result = st.minimize(fun, start, method=method)
    assert result.fun < result.history.fun[0]
    assert not result.success or result.fun == pytest.approx(lowest, abs=1e-12)


def test_the_default_survives_curvatures_near_the_smallest_number():
    result = st.minimize("sin(x)*y", {"x": 1e-320, "y": 1.0}, max_steps=20)
    assert result.fun < -1


@pytest.mark.parametrize("method", ["newton", "cubic-newton"])
@pytest.mark.parametrize("formula", ["-x", "log(x)", "abs(x)", "x**4"])
@pytest.mark.parametrize("start", [1e308, 1e160, 1e70, 1e-70, 1e-160, 1e-308])
def test_second_order_methods_end_wherever_they_start(formula, method, start):
    try:
        result = st.minimize(formula, start, method=method, max_steps=20)
    except st.NonFiniteError:
        assert formula == "x**4"
    else:
        assert result.fun <= result.history.fun[0]


@pytest.mark.parametrize("method", ["newton", "l-bfgs", "bfgs", "conjugate-gradient"])
@pytest.mark.parametrize("fun", ["-x**2", "x", "x**3"])
def test_every_search_finds_that_there_is_no_bottom(method, fun):
    result = st.minimize(fun, -1.0, method=method)
    assert result.reason is st.Reason.UNBOUNDED
    assert not result.success


@pytest.mark.parametrize("method", ["newton", "cubic-newton"])
@pytest.mark.parametrize("start", [[1e-9, 0.0], [1e-10, 0.0], [1e-3, 0.0]])
def test_second_order_methods_leave_a_maximum_whose_values_are_level_within_rounding(method, start):
    result = st.minimize(lambda x: np.cos(np.sum(x)), start, method=method, max_steps=300)
    assert result.fun == pytest.approx(-1.0)
    assert result.success


def test_a_newton_step_that_can_become_no_shorter_ends_the_descent():
    # The Hessian promises a fall along x = -y that the values never show.
    slope = np.array([-1e-9, -1e-9])
    level = AnalyticObjective(
        lambda x: 1.0, lambda x: slope, lambda x: -np.ones((2, 2)), [1e-9, 0.0]
    )
    result = descend(level, "newton")
    assert result.reason is st.Reason.NO_FURTHER_FALL


@pytest.mark.parametrize("decades", [4, 8])
@pytest.mark.parametrize("bounded", [False, True])
def test_the_default_for_many_variables_survives_units_at_random(decades, bounded):
    n = 60
    units = 10.0 ** np.random.default_rng(0).uniform(-decades, decades, n)
    start = np.tile([1.2, 1.0], n // 2) / units
    bounds = list(zip(0.5 / units, 2 / units, strict=True)) if bounded else None
    result = st.minimize(lambda z: chained(units * z), start, bounds=bounds)
    assert units * result.x == pytest.approx(np.ones(n), rel=1e-3)
    assert result.nfev < 1000
    assert result.nhev >= 1
    assert "each is measured by its curvature" in result.explain()
    # What is kept is in the user's own variables.
    np.testing.assert_array_equal(result.history.x[0], start)
    value, gradient = st.value_and_grad(lambda z: chained(units * z))(result.x)
    assert value == result.fun
    np.testing.assert_allclose(result.jac, gradient, rtol=1e-12, atol=1e-300)


def test_the_default_for_many_variables_of_like_units_is_plain_l_bfgs():
    start = np.tile([-1.2, 1.0], 30)
    default, plain = st.minimize(chained, start), st.minimize(chained, start, method="l-bfgs")
    np.testing.assert_array_equal(default.history.x, plain.history.x)
    assert "measured by" not in default.explain()


def test_a_problem_in_units_is_the_same_problem():
    units = 2.0 ** np.array([-3, 10])
    box = Box(np.array([-1.0, -np.inf]), np.array([2.0, 5.0]))
    bound = objective("sin(x)*y**2 + x**4", [0.3, 1.7])
    whole = Problem(bound, box)
    scaled = InUnits(whole, units)
    here = scaled.evaluate(scaled.start)
    given = scaled.as_given(here)
    np.testing.assert_array_equal(given.x, bound.start)
    np.testing.assert_array_equal(given.gradient, whole.evaluate(bound.start).gradient)
    assert scaled.value(scaled.start) == here.value
    hessian = scaled.hessian(here.x)
    vector = np.array([0.5, -2.0])
    np.testing.assert_allclose(scaled.hessian_vector(here.x, vector), hessian @ vector)
    np.testing.assert_allclose(
        hessian * np.outer(units, units), bound.hessian(bound.start), rtol=1e-15
    )
    assert scaled.largest_curvature(here.x) == pytest.approx(np.linalg.norm(hessian, 2))
    np.testing.assert_array_equal(scaled.project(np.array([9.0, 9e9])) / units, [2.0, 5.0])
    assert whole.values == 3

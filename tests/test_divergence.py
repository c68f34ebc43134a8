"""Divergence is called early, and answered with a rate that was run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from objectives import AnalyticObjective, quadratic, rosenbrock, square
from steepest.descent.curvature import extremes, largest_curvature
from steepest.descent.descend import descend
from steepest.descent.methods import Adam, GradientDescent, Momentum, Nesterov
from steepest.descent.minimize import minimize
from steepest.descent.stopping import Reason


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e100, 1e100).filter(lambda v: abs(v) > 1e-100), min_size=1, max_size=5))
def test_too_large_a_rate_on_a_bowl_is_called_within_100_steps_from_anywhere(start):
    result = descend(quadratic([2.0] * len(start), start), learning_rate=1.1)
    assert result.reason is Reason.DIVERGED
    assert result.nit < 100
    assert result.suggested_rate < 1
    assert not result.success
    np.testing.assert_array_equal(result.x, start)


def test_the_message_names_rate_best_point_and_a_rate_that_holds():
    result = descend(quadratic([2.0, 2.0], [3.0, 6.0]), learning_rate=1.1)
    for part in ("learning rate 1.1", "step 0 with value 45", "learning_rate=0.5", "below 1."):
        assert part in result.message


@pytest.mark.parametrize(
    "method", [GradientDescent(0.1), Momentum(0.1), Nesterov(0.1), Adam(1e6)], ids=lambda m: m.name
)
def test_the_suggested_rate_holds_when_taken(method):
    result = descend(rosenbrock(), method)
    assert result.reason in {Reason.DIVERGED, Reason.MAX_STEPS}
    if result.reason is Reason.DIVERGED:
        again = descend(rosenbrock(), method.name, learning_rate=result.suggested_rate,
                        max_steps=300)  # fmt: skip
        assert again.reason in {Reason.MAX_STEPS, Reason.GRADIENT}
        assert again.fun < result.fun


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
def test_swings_of_momentum_are_no_divergence(method):
    result = descend(quadratic([1.0, 100.0], [1.0, 1.0]), method, learning_rate=0.013)
    assert result.success
    assert np.diff(result.history.fun).max() > 0


def test_adam_from_beside_a_minimum_is_no_divergence():
    result = descend(square(1e-10), "adam", max_steps=200)
    assert result.reason is Reason.MAX_STEPS


def test_steps_out_of_the_domain_end_with_the_place_and_a_smaller_rate():
    barrier = AnalyticObjective(
        lambda x: 10 * x[0] - np.log(x[0]),
        lambda x: 10 - 1 / x,
        lambda x: [[1 / x[0] ** 2]],
        [1.0],
        culprit="log of a negative number in 'log(x)'",
    )
    result = descend(barrier, learning_rate=0.2)
    assert result.reason is Reason.NOT_FINITE
    assert result.x.tolist() == [1.0]
    assert "log of a negative number in 'log(x)'" in result.message
    again = descend(barrier, learning_rate=result.suggested_rate)
    assert again.success


def test_a_bottomless_function_says_so():
    cubic = AnalyticObjective(
        lambda x: -(x[0] ** 3), lambda x: -3 * x**2, lambda x: [[-6 * x[0]]], [1.0]
    )
    for rate in (None, 0.1):
        result = descend(cubic, learning_rate=rate)
        assert result.reason is Reason.UNBOUNDED
        assert not result.success
        assert np.isfinite(result.fun)


def test_extreme_curvatures_of_many_variables_are_found_without_the_hessian():
    curvatures = np.linspace(-3.0, 50.0, 500)
    many = quadratic(curvatures, np.ones(500))
    lowest, highest = extremes(many, many.start)
    assert highest == pytest.approx(50.0, rel=1e-2)
    assert lowest == pytest.approx(-3.0, rel=0.2)
    assert -3.0 <= lowest <= highest <= 50.0


def test_lanczos_ends_early_where_there_is_little_to_find():
    many = quadratic([7.0] * 300, np.ones(300))
    assert extremes(many, many.start) == pytest.approx((7.0, 7.0))


def test_the_largest_curvature_may_be_negative():
    assert largest_curvature(quadratic([1.0, -4.0], [1.0, 1.0]), np.ones(2)) == 4.0


def test_a_hessian_that_is_not_finite_has_no_curvature():
    broken = AnalyticObjective(lambda x: 0.0, lambda x: [0.0], lambda x: [[np.nan]], [1.0])
    assert largest_curvature(broken, broken.start) is None


def bell(x):
    return -np.exp(-np.sum(x**2))


@pytest.mark.parametrize(
    "method",
    ["newton", "cubic-newton", "l-bfgs", "bfgs", "gradient-descent", "barzilai-borwein"],
)
@pytest.mark.parametrize("far", [7.0, 9.0, 20.0])
def test_a_well_far_below_the_plateau_of_the_start_is_not_bottomless(method, far):
    result = minimize(bell, [far, far / 2], method=method, max_steps=500)
    assert result.reason is not Reason.UNBOUNDED
    if abs(result.fun) > 1e-20:
        assert result.fun == pytest.approx(-1.0)


def test_a_program_that_walks_off_a_plateau_is_not_bottomless_either():
    result = minimize("-exp(-x**2)", 9.0, method="lion", learning_rate=0.1, max_steps=120)
    assert result.program is not None
    assert result.fun == pytest.approx(-1.0, abs=1e-3)


@pytest.mark.parametrize("slope", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("method", ["newton", "l-bfgs", "conjugate-gradient", "gradient-descent"])
def test_a_slope_without_end_is_bottomless_however_gentle(method, slope):
    result = minimize(lambda x: slope * x[0], [1.0], method=method, max_steps=200)
    assert result.reason is Reason.UNBOUNDED

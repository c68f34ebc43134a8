"""When a point counts as stationary, and what is then said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from objectives import AnalyticObjective, absolute, quadratic, rosenbrock, square
from steepest.descent.descend import descend
from steepest.descent.minimize import minimize
from steepest.descent.problem import Problem
from steepest.descent.stationarity import judge
from steepest.descent.stopping import Gradient, Reason
from steepest.descent.verdict import KINDS
from steepest.errors import InputError


def judged(objective, x, goal=1e-6, standstill=False):
    problem = Problem(objective)
    return judge(problem, problem.evaluate(np.array(x, dtype=float)), goal, standstill)


def test_a_small_gradient_is_enough():
    found = judged(square(1.0), [1e-7])
    assert found.shown
    assert found.gradient_norm == 2e-7


def test_a_gradient_above_its_goal_is_not():
    found = judged(square(1.0), [1.0])
    assert not found.shown
    assert "above its goal of 1e-06" in found.text


def test_a_tiny_factor_makes_no_success():
    # 1e-10 x² from 1: the gradient 2e-10 is below any absolute tolerance.
    for rate in (0.1, 1e3):
        result = descend(square(1.0, 1e-10), learning_rate=rate, max_steps=5)
        assert not result.success


def test_a_large_constant_makes_no_success_far_from_the_minimum():
    result = descend(square(1.0, offset=1e10), learning_rate=1e-12, max_steps=50)
    assert not result.success
    assert result.verdict.kind == "not stationary"


@pytest.mark.parametrize("options", [{}, {"learning_rate": 0.1}])
def test_a_large_constant_does_not_hide_the_minimum(options):
    result = descend(square(1.0, offset=1e10), **options)
    assert result.success
    assert abs(result.x[0]) < 1e-6


def test_the_start_may_be_the_minimum():
    result = descend(square(0.0))
    assert (result.success, result.nit, result.verdict.kind) == (True, 0, "minimum")


def test_the_rounding_of_x_is_no_failure():
    # cos has its minimum at π, which no float is: its gradient at the nearest is 1.2e-16.
    cosine = AnalyticObjective(
        lambda x: np.cos(x[0]), lambda x: -np.sin(x), lambda x: [[-np.cos(x[0])]], [np.pi]
    )
    result = descend(cosine)
    assert result.success
    assert result.reason is Reason.NO_FURTHER_FALL
    assert "rounding of x" in result.verdict.text


def test_the_rounding_of_x_excuses_no_more_than_it_explains():
    # 1e20 (x - 1)²: one unit in the last place of x is worth a gradient of 4e4, 1e-3 is not.
    steep = AnalyticObjective(
        lambda x: 1e20 * (x[0] - 1) ** 2, lambda x: 2e20 * (x - 1), lambda x: [[2e20]], [3.0]
    )
    assert judged(steep, [1 + 2.3e-16]).shown
    assert not judged(steep, [1 + 1e-3]).shown


def test_the_rounding_of_a_large_variable_excuses_no_slope_along_a_small_one():
    # Floats near 0.005 are 1e-18 apart, worth a gradient of 1e-4; those near 6000 do not matter.
    small, large = 0.005, 6000.0
    valley = AnalyticObjective(
        lambda x: 5e13 * (x[0] - small) ** 2 + (x[1] - large) ** 2,
        lambda x: np.array([1e14 * (x[0] - small), 2 * (x[1] - large)]),
        lambda x: np.diag([1e14, 2.0]),
        [0.02, 4000.0],
    )
    assert judged(valley, [small + 1e-18, large]).shown
    assert not judged(valley, [small + 1e-14, large]).shown


def test_the_rounding_of_values_counts_only_after_a_standstill():
    # The claimed gradient, 1e-4, is noise: f = 1e10 is level about the point.
    noisy = AnalyticObjective(lambda x: 1e10, lambda x: [1e-4], lambda x: [[1.0]], [1.0])
    assert judged(noisy, [1.0], standstill=True).shown
    assert not judged(noisy, [1.0], standstill=False).shown


def test_after_a_standstill_a_real_fall_still_counts():
    slope = AnalyticObjective(
        lambda x: 1e10 - (1 if x[0] < 1 else 0), lambda x: [1e-4], lambda x: [[1.0]], [1.0]
    )
    assert not judged(slope, [1.0], standstill=True).shown


def test_a_numerical_gradient_that_single_precision_made_zero_is_no_success():
    # float32(x) * float32(x) does not change over the tiny steps of numerical differentiation.
    single = AnalyticObjective(
        lambda x: np.float32(x[0]) * np.float32(x[0]),
        lambda x: [0.0],
        lambda x: [[0.0]],
        [1.0],
        differentiation="numerical",
    )
    result = descend(single)
    assert not result.success
    assert "f is lower at x[0] - 0.001" in result.verdict.text


@pytest.mark.parametrize("x", [[0.0, 0.0], [0.0, 5.0]])
def test_a_numerical_gradient_of_zero_at_a_minimum_is_one(x):
    bowl = replace(quadratic([2.0, 0.0], x, offset=1.0), differentiation="numerical")
    assert descend(bowl).success


def test_a_kink_is_no_stationary_point():
    kink = AnalyticObjective(
        lambda x: abs(x[0] - 0.3), lambda x: np.sign(x - 0.3) + (x == 0.3), lambda x: [[0.0]], [1.1]
    )
    result = descend(kink)
    assert result.reason is Reason.NO_FURTHER_FALL
    assert result.x[0] == pytest.approx(0.3)
    assert not result.success
    assert "kink" in result.explain()


def found_at(function, gradient, hessian, x):
    """Return the verdict on a stationary start."""
    return descend(AnalyticObjective(function, gradient, hessian, x)).verdict


def test_a_minimum_has_rising_curvature_everywhere():
    verdict = descend(rosenbrock()).verdict
    assert verdict.kind == "minimum"
    assert len(verdict.eigenvalues) == 2
    assert min(verdict.eigenvalues) > 0


@pytest.mark.parametrize(
    ("curvatures", "kind"),
    [
        ([2.0, 1.0], "minimum"),
        ([2.0, -1.0], "saddle"),
        ([-2.0, -1.0], "maximum"),
        ([0.0, 0.0], "flat"),
        ([2.0, 0.0], "minimum"),
        ([-2.0, 0.0], "maximum"),
    ],
)
def test_signs_of_curvature_decide(curvatures, kind):
    verdict = descend(quadratic(curvatures, [0.0, 0.0], offset=3.0)).verdict
    assert verdict.kind == kind
    assert verdict.eigenvalues == tuple(sorted(curvatures))


@pytest.mark.parametrize(
    ("power", "sign", "kind"),
    [(4, 1, "minimum"), (4, -1, "maximum"), (3, 1, "saddle")],
)
def test_without_curvature_the_values_around_decide(power, sign, kind):
    verdict = found_at(
        lambda x: 1 + sign * x[0] ** power,
        lambda x: sign * power * x ** (power - 1),
        lambda x: [[sign * power * (power - 1) * x[0] ** (power - 2)]],
        [0.0],
    )
    assert verdict.kind == kind
    assert "values around the point decide" in verdict.text


def test_a_valley_is_a_minimum_that_says_it_is_level():
    verdict = descend(quadratic([2.0, 0.0], [1.0, 5.0])).verdict
    assert verdict.kind == "minimum"
    assert "along 1 of 2 directions the function is level" in verdict.text


@pytest.mark.parametrize(
    ("fun", "start", "method"),
    [
        ("exp(x)", 1.0, "newton"),
        ("1/x", 1.0, "newton"),
        ("exp(x) + y**2", [1.0, 1.0], "bfgs"),
        # Two classes that a line tells apart: the loss falls for ever larger factors.
        (lambda w, b: np.sum(np.logaddexp(0.0, -SIDES * (w * PLACES + b))), [0.0, 0.0], "newton"),
    ],
    ids=["exponential", "hyperbola", "valley", "classes"],
)
def test_what_falls_for_ever_is_no_minimum_however_small_its_gradient(fun, start, method):
    result = minimize(fun, start, method=method, max_steps=100_000)
    assert result.reason is Reason.GRADIENT
    assert result.verdict.kind == "undetermined"
    assert "64 times as far it still falls: it may have none" in result.verdict.text


PLACES, SIDES = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([-1.0, -1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("fun", "start", "rate", "tol", "said"),
    [
        (
            "1e-9*(x - 1)**2",
            2.0,
            1e6,
            0.3,
            "places the minimum 0.3 away: a smaller tol goes nearer.",
        ),
        ("x**10", 0.9, 0.1, 1e-3, "places the minimum 0.0399 away: a smaller tol goes nearer."),
        ("(x - 1)**2", 2.0, 0.1, 1e-3, "the second derivative is 2."),
    ],
)
def test_a_minimum_that_lies_further_on_is_said_to(fun, start, rate, tol, said):
    verdict = minimize(fun, start, learning_rate=rate, tol=tol).verdict
    assert verdict.kind == "minimum"
    assert verdict.text.endswith(said)


def test_a_constant_is_flat():
    assert descend(quadratic([0.0], [5.0], offset=3.0)).verdict.kind == "flat"


def test_a_slope_is_not_stationary_whatever_ended_the_descent():
    result = descend(rosenbrock(), learning_rate=2.0e-3, stop="no-descent")
    assert result.reason is Reason.NO_DESCENT
    assert not result.success
    assert result.verdict.kind == "not stationary"
    assert result.verdict.eigenvalues is None
    assert "smaller learning rate" in result.explain()


def test_many_variables_prove_a_saddle_but_not_a_minimum():
    many = np.ones(300)
    assert descend(quadratic(many, 0 * many)).verdict.kind == "undetermined"
    mixed = np.where(np.arange(300) < 3, -1.0, 1.0)
    verdict = descend(quadratic(mixed, 0 * many)).verdict
    assert verdict.kind == "saddle"
    assert verdict.eigenvalues is None


def test_a_hessian_that_is_not_finite_leaves_it_undetermined():
    verdict = found_at(lambda x: 0.0, lambda x: [0.0], lambda x: [[np.nan]], [0.0])
    assert verdict.kind == "undetermined"


def test_a_verdict_is_its_text():
    verdict = descend(absolute(0.0)).verdict
    assert str(verdict) == verdict.text
    assert verdict.kind in KINDS


SUMS = {
    "absolute": (lambda x: np.sum(np.abs(x)), [1.0, -2.3]),
    "tilted": (lambda x: abs(x[0]) + (x[1] - x[0]) ** 2, [1.0, -2.3]),
    "hinge": (lambda x: np.sum(np.maximum(0, 1 - x)) + 0.05 * np.sum(x**2), [-1.2, 1.7, 0.3]),
}


@pytest.mark.parametrize("fun", SUMS)
@pytest.mark.parametrize("method", ["newton", "l-bfgs", "bfgs", "conjugate-gradient"])
def test_a_descent_to_a_kink_ends_in_good_time_and_shows_the_kink(fun, method):
    function, start = SUMS[fun]
    result = minimize(function, start, method=method)
    assert result.reason is Reason.NO_FURTHER_FALL
    assert result.nit < 500
    assert not result.success
    assert result.stationarity.kink
    assert result.verdict.text.startswith("Not shown to be stationary")
    assert "uphill: a kink" in result.message
    assert "a smooth form of the kink" in result.explain()
    assert ("bfgs, which comes nearest" in result.explain()) == ("bfgs" not in method)


@pytest.mark.parametrize("method", ["barzilai-borwein", "gradient-descent"])
def test_a_kink_with_the_value_0_is_not_followed_to_the_smallest_number(method):
    function, start = SUMS["absolute"]
    result = minimize(function, start, method=method)
    assert result.reason is Reason.NO_FURTHER_FALL
    assert result.nfev < 20_000
    assert result.fun < 1e-15


def test_a_smooth_valley_is_no_kink_however_narrow():
    result = minimize("1e12*(x - y)**2 + (x + y)**2 + 1e6", [1.0, 2.0], method="l-bfgs")
    assert not result.stationarity.kink
    flatter = minimize("(x - 1)**4 + 1e-7*x", 3.0, tol=1e-15, method="bfgs")
    assert not flatter.stationarity.kink


@pytest.mark.parametrize(
    ("start", "options"),
    [(7.0, {"learning_rate": 1e27}), (2.0, {"method": "momentum", "learning_rate": 5.0})],
)
def test_a_small_gradient_far_from_the_best_point_is_told_apart_from_it(start, options):
    result = minimize("-exp(-x**2)", start, **options)
    assert result.reason is Reason.GRADIENT
    assert not result.success
    assert f"That was at step {result.nit}" in result.message
    assert f"is lower; there {result.stationarity.text}" in result.message
    assert "a long step jumped off it" in result.explain()


def test_of_two_goals_for_the_gradient_the_one_that_ended_the_descent_is_the_goal():
    rule = Gradient(1e-8) | Gradient(1e-1)
    result = minimize("cos(x)", 0.5, stop=rule)
    assert result.reason is Reason.GRADIENT
    assert result.success
    assert result.verdict.kind == "minimum"


def test_a_tolerance_beside_a_rule_that_has_its_own_is_refused():
    with pytest.raises(InputError, match="tolerance is given twice"):
        minimize("cos(x)", 0.5, stop=Gradient(1e-1), tol=1e-9)
    with pytest.raises(InputError, match="tolerance is given twice"):
        minimize("cos(x)", 0.5, stop=Gradient(1e-1), tol=1e-9, starts=3)

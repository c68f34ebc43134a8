"""What every step length must do, and what only some of them promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from objectives import AnalyticObjective, huber, logistic, quadratic, rosenbrock, square
from steepest.descent.methods import GradientDescent
from steepest.descent.problem import Problem
from steepest.descent.step_length import (
    STEP_LENGTHS,
    Adaptive,
    Automatic,
    BarzilaiBorwein,
    OptimizedSchedule,
    Polyak,
    Silver,
    named,
)
from steepest.descent.step_length.normalized import Past
from steepest.errors import InputError
from walking import walked

OPTIONS = {"polyak": {"lowest": 0.0}, "silver": {"doublings": 5}}
LENGTHS = [named(name, **OPTIONS.get(name, {})) for name in STEP_LENGTHS]


def stretched(v: Any) -> Any:
    """Return a bowl of curvatures 1 to 50, whose minimum is 0 at (1, 1, 1)."""
    return np.sum(np.array([0.5, 5.0, 25.0]) * (v - 1.0) ** 2)


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_a_bowl_is_descended(length):
    result = st.minimize(stretched, [4.0, -3.0, 2.0], step_length=length)
    assert result.success
    np.testing.assert_allclose(result.x, 1.0, atol=1e-5)
    assert type(length).__name__ in result.options["step_length"]
    assert length.phrase in result.explain().replace("\n", " ")


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_bounds_hold_and_the_minimum_at_a_bound_is_found(length):
    asked: list[float] = []

    def watched(v: Any) -> float:
        asked.append(float(v[0]))
        return float(stretched(v))

    def gradient(v: Any) -> Any:
        return np.array([1.0, 10.0, 50.0]) * (v - 1.0)

    lowest = Polyak(0.5) if isinstance(length, Polyak) else length
    result = st.minimize(
        watched, [4.0, -3.0, 2.0], jac=gradient, bounds=[(2, 5), (-4, 4), None], step_length=lowest
    )
    assert 2 <= min(asked) <= max(asked) <= 5
    assert result.success
    np.testing.assert_allclose(result.x, [2.0, 1.0, 1.0], atol=1e-5)


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_single_precision_stays_single(length):
    objective = quadratic([1.0, 30.0, 7.0], [3.0, 1.0, 1.0])
    problem = Problem(objective)
    method = GradientDescent(step_length=length)
    here, memory = problem.evaluate(np.array([3.0, 1.0, 1.0], dtype=np.float32)), None
    for _ in range(5):
        here, _, accepted, memory = method.advance(problem, here, memory)
        assert accepted
        assert here.x.dtype == here.gradient.dtype == np.float32


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_a_standstill_at_the_minimum_is_survived(length):
    path = walked(quadratic([1.0, 3.0], [0.0, 0.0]), GradientDescent(step_length=length), 3)
    assert path.end.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_no_length_depends_on_the_unit_of_x(length, scale):
    def scaled(v: Any) -> Any:
        return stretched(v / scale)

    start = np.array([4.0, -3.0, 2.0])
    result = st.minimize(scaled, start * scale, step_length=length, stop="max-steps", max_steps=300)
    assert result.fun <= 1e-3 * stretched(start)


def test_an_option_that_is_missing_or_unknown_is_named():
    with pytest.raises(InputError, match=r"step length 'polyak' needs a value for lowest"):
        named("polyak")
    with pytest.raises(InputError, match=r"has no option 'varient'. Did you mean 'variant'\?"):
        named("barzilai-borwein", varient="long")
    with pytest.raises(InputError, match="give one of 'abbmin', 'long', 'short'"):
        named("barzilai-borwein", variant="both")


# Polyak


def test_polyak_goes_where_the_tangent_reaches_the_lowest_value():
    path = walked(square(2.0, offset=1.0), GradientDescent(step_length=Polyak(1.0)), 1)
    assert path.x[:, 0].tolist() == [2.0, 1.0]


def test_polyak_goes_on_by_backtracking_below_a_lowest_value_that_is_wrong():
    result = st.minimize(stretched, [4.0, -3.0, 2.0], step_length=Polyak(3.0))
    assert result.success
    assert result.fun < 1e-9


# Barzilai and Borwein


def test_the_value_may_rise_but_never_above_the_highest_of_the_last_ten():
    path = walked(rosenbrock(), GradientDescent(step_length=BarzilaiBorwein("long")), 100)
    assert (np.diff(path.values) > 0).any()
    for k in range(1, len(path.values)):
        assert path.values[k] <= path.values[max(0, k - 10) : k].max()


def test_with_a_memory_of_one_the_value_never_rises():
    path = walked(rosenbrock(), GradientDescent(step_length=BarzilaiBorwein(past=1)), 100)
    assert (np.diff(path.values) <= 0).all()


def test_negative_curvature_gives_a_step_as_long_as_x():
    bent = AnalyticObjective(
        lambda x: np.cos(x[0]), lambda x: [-np.sin(x[0])], lambda x: [[-np.cos(x[0])]], [0.1]
    )
    path = walked(bent, GradientDescent(step_length=BarzilaiBorwein(first=0.1)), 2)
    assert path.rates[2] == pytest.approx(1 / np.sin(path.x[1, 0]))


# Adaptive


@pytest.mark.parametrize("version", ["2020", "2023"])
def test_the_first_adaptive_rate_fits_the_curvature(version):
    for curvature in (1e-6, 1.0, 1e6):
        path = walked(square(3.0, curvature / 2), GradientDescent(step_length=Adaptive(version)), 1)
        assert 0.5 <= path.rates[1] * curvature <= 2.0


def test_adaptive_rates_follow_the_formula():
    path = walked(logistic(), GradientDescent(step_length=Adaptive(first=0.1)), 20)
    bends = np.linalg.norm(np.diff(path.gradients, axis=0), axis=1)
    curvatures = bends / np.linalg.norm(np.diff(path.x, axis=0), axis=1)
    growth = 1 / 3
    for k in range(1, 20):
        rate, following = path.rates[k], path.rates[k + 1]
        excess = max(2 * (rate * curvatures[k - 1]) ** 2 - 1, 0)
        bound = 1 / np.sqrt(excess) if excess else np.inf
        assert following == pytest.approx(rate * min(np.sqrt(2 / 3 + growth), bound), rel=1e-12)
        growth = following / rate


# In units of 1/L


def test_the_automatic_rate_is_one_over_the_largest_curvature():
    path = walked(quadratic([1.0, 40.0], [1.0, 1.0]), GradientDescent(step_length=Automatic()), 5)
    np.testing.assert_allclose(path.rates[1:], 1 / 40)


@pytest.mark.parametrize("size", [30, 400])
def test_the_curvature_of_few_and_of_many_variables_is_found_and_counted(size):
    scales = np.linspace(1.0, 9.0, size)
    result = st.minimize(
        lambda v: np.sum(scales * v**2) / 2, np.ones(size), step_length="automatic", max_steps=5
    )
    np.testing.assert_allclose(result.history.rate[1:], 1 / 9, rtol=1e-2)
    assert result.nhev == (1 if size == 30 else 20)


def test_the_automatic_rate_shrinks_where_the_value_would_rise():
    # Curvature 0.02 at the start, and 2 from x = 1 on inwards.
    wide = AnalyticObjective(
        lambda x: np.sqrt(1 + 100 * x[0] ** 2),
        lambda x: 100 * x / np.sqrt(1 + 100 * x**2),
        lambda x: [[100 / (1 + 100 * x[0] ** 2) ** 1.5]],
        [3.0],
    )
    path = walked(wide, GradientDescent(step_length=Automatic()), 60)
    assert (np.diff(path.values) <= 0).all()
    assert (np.diff(path.rates[1:]) <= 0).all()
    assert path.rates[-1] < path.rates[1] / 10
    assert path.values[-1] < 1.01


def test_the_curvature_at_a_rise_is_looked_for_once():
    steep = AnalyticObjective(lambda x: np.cosh(x[0]), np.sinh, lambda x: [[np.cosh(x[0])]], [0.0])
    problem = Problem(steep)
    here = problem.evaluate(np.array([6.0]))
    trial = Automatic().advance(problem, here, -here.gradient, Past(3, 1.0))
    assert problem.hessians == 1
    assert trial.accepted
    assert trial.rate == pytest.approx(1 / np.cosh(6.0))
    assert trial.memory.steps == 4


def test_silver_refuses_more_convexity_than_curvature():
    with pytest.raises(InputError, match=r"strong_convexity=5.0 is above the largest curvature 2"):
        walked(square(1.0), GradientDescent(step_length=Silver(2.0, strong_convexity=5.0)), 1)


def test_silver_blocks_grow_with_the_condition():
    lengths = [Silver(strong_convexity=1.0).length(step, 1e4) for step in range(1, 5000)]
    period = round(np.log(1e4) / np.log(1 + np.sqrt(2)))
    assert lengths[: 2**period] == lengths[2**period : 2 ** (period + 1)]


def test_an_optimized_schedule_begins_again_after_its_end():
    schedule = OptimizedSchedule(1.0, steps=3)
    lengths = [schedule.length(step, 1.0) for step in range(1, 7)]
    assert lengths[:3] == lengths[3:]


def test_where_the_hessian_tells_nothing_the_first_step_is_a_cautious_one():
    path = walked(huber(1e-3, start=5.0), GradientDescent(step_length=Automatic()), 2)
    assert path.x[1, 0] == pytest.approx(5.0 * 0.99)

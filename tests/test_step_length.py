"""How far a step goes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from objectives import AnalyticObjective, quadratic, square
from steepest.descent import schedules
from steepest.descent.problem import Problem
from steepest.descent.step_length import Backtracking, Constant
from steepest.errors import InputError

NAN = float("nan")


def advance(step_length, objective, direction=None, memory=None):
    """Take one step from the start, against the gradient unless told otherwise."""
    problem = Problem(objective)
    here = problem.evaluate(objective.start)
    direction = -here.gradient if direction is None else np.array(direction)
    return step_length.advance(problem, here, direction, memory)


def test_a_constant_rate_goes_just_there():
    trial = advance(Constant(0.25), square(2.0))
    assert (trial.there.x.tolist(), *trial.there[1:]) == ([1.0], 1.0, [2.0])
    assert (trial.rate, trial.accepted) == (0.25, True)


def test_a_schedule_is_asked_with_the_number_of_steps_made():
    trial = advance(Constant(schedules.exponential(1.0, factor=0.5)), square(2.0), memory=2)
    assert trial.rate == 0.25


@pytest.mark.parametrize("answer", [-0.1, NAN, math.inf, "fast", None])
def test_a_schedule_that_gives_no_rate_is_named(answer):
    with pytest.raises(InputError, match="step 4"):
        advance(Constant(lambda step: answer), square(2.0), memory=4)


@given(
    curvature=st.floats(1e-6, 1e6),
    start=st.floats(1e-3, 1e3),
    rate=st.one_of(st.none(), st.floats(1e-9, 1e9)),
)
def test_backtracking_keeps_armijo_and_gives_up_no_more_than_half(curvature, start, rate):
    objective = square(start, curvature / 2)
    value, gradient = objective.value_and_gradient(objective.start)
    trial = advance(Backtracking(), objective, memory=rate)
    assert trial.accepted
    fall = value - trial.there.value
    assert fall >= 1e-4 * trial.rate * gradient @ gradient * (1 - 1e-9)
    first = Backtracking().first_rate(objective.start, -gradient) if rate is None else 2 * rate
    if trial.rate < first:
        # The double was refused, so this rate is at least half of the largest that is allowed.
        assert 2 * trial.rate >= (1 - 1e-4) * 2 / curvature * (1 - 1e-9)


def test_backtracking_tries_twice_the_last_rate_first():
    assert advance(Backtracking(), square(2.0, 0.5), memory=0.125).rate == 0.25


def test_backtracking_starts_with_a_hundredth_of_the_size_of_x():
    trial = advance(Backtracking(), quadratic([1e6, 1e6], [200.0, 1.0]))
    assert abs(trial.there.x - [200.0, 1.0]).max() == pytest.approx(2.0)


def test_an_uphill_direction_is_refused():
    trial = advance(Backtracking(), square(2.0), direction=[1.0])
    assert not trial.accepted
    assert trial.there.x.tolist() == [2.0]


def test_a_place_with_nothing_lower_is_refused():
    # The gradient is wrong on purpose: at a minimum it claims a slope.
    liar = AnalyticObjective(lambda x: abs(x[0]), lambda x: [1.0], lambda x: [[0.0]], [0.0])
    assert not advance(Backtracking(), liar).accepted


def test_values_that_are_not_finite_are_backed_away_from():
    logarithm = AnalyticObjective(
        lambda x: -np.log(x[0]) + x[0],
        lambda x: 1 - 1 / x,
        lambda x: [[1 / x[0] ** 2]],
        [3.0],
    )
    trial = advance(Backtracking(), logarithm, memory=100.0)
    assert trial.accepted
    assert trial.there.value < logarithm.value(logarithm.start)


def test_below_the_rounding_of_values_the_slope_decides():
    # From 1e-4 the values of 1e10 + x² are all 1e10; the gradient still knows the way.
    objective = square(1e-4, offset=1e10)
    trial = advance(Backtracking(), objective, memory=0.1)
    assert trial.accepted
    assert abs(trial.there.x[0]) < 1e-4


def test_a_vanishing_slope_ends_in_finite_time():
    objective = AnalyticObjective(
        lambda x: 1e-320 * x[0], lambda x: [1e-320], lambda x: [[0.0]], [1.0]
    )
    assert not advance(Backtracking(), objective).accepted

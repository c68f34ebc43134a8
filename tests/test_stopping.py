"""The stop rules, asked point by point."""

from __future__ import annotations

import numpy as np
import pytest

from steepest.descent.stopping import (
    PATIENCE,
    Gradient,
    MaxSteps,
    NoDescent,
    Reason,
    Value,
    named,
)
from steepest.errors import InputError


def answers(rule, points):
    """Return what a rule says of (value, gradient) pairs in turn."""
    check = rule.begin(*points[0])
    return [check(step, value, gradient) for step, (value, gradient) in enumerate(points)]


def test_a_small_gradient_ends_it():
    assert answers(Gradient(0.1), [(4.0, [1.0, -2.0]), (1.0, [0.5, 0.0]), (0.5, [0.1, -0.1])]) == [
        None,
        None,
        Reason.GRADIENT,
    ]


def test_a_gradient_must_be_small_beside_the_first_one():
    # 1e-10 x² has a gradient below any absolute tolerance everywhere near 1.
    assert answers(Gradient(1e-6), [(1e-10, [2e-10]), (0.25e-10, [1e-10])]) == [None, None]


def test_a_start_with_zero_gradient_is_at_its_goal():
    assert answers(Gradient(), [(3.0, [0.0])]) == [Reason.GRADIENT]


def test_a_standstill_ends_it_after_ten_idle_steps():
    said = answers(Gradient(), [(1.0, [1.0])] * 20)
    assert said.index(Reason.NO_FURTHER_FALL) == PATIENCE


def test_a_fall_of_one_unit_in_the_last_place_a_step_is_no_standstill():
    value, points = 1.9, []
    for _ in range(50):
        points.append((value, [1.0]))
        value = float(np.nextafter(value, 0))
    assert answers(Gradient(), points) == [None] * 50


def test_a_flat_value_with_a_falling_gradient_is_no_standstill():
    points = [(1e10, [0.9**k]) for k in range(50)]
    assert answers(Gradient(1e-9), points) == [None] * 50


def test_a_swinging_value_is_no_standstill():
    points = [(1.0 + k % 2, [1.0]) for k in range(50)]
    assert answers(Gradient(), points) == [None] * 50


def test_no_descent_stops_at_the_first_value_that_is_not_lower():
    points = [(3.0, [1.0]), (2.0, [1.0]), (2.0, [1.0])]
    assert answers(NoDescent(), points) == [None, None, Reason.NO_DESCENT]


def test_a_value_that_is_not_a_number_does_not_count_as_a_fall():
    assert answers(NoDescent(), [(3.0, [1.0]), (float("nan"), [1.0])])[1] is Reason.NO_DESCENT


def test_a_target_is_reached_at_or_below_it():
    points = [(3.0, [1.0]), (2.5, [1.0]), (2.0, [1.0])]
    assert answers(Value(2.5), points) == [None, Reason.VALUE, Reason.VALUE]


def test_steps_are_counted_from_the_start():
    assert answers(MaxSteps(2), [(1.0, [1.0])] * 3) == [None, None, Reason.MAX_STEPS]


def test_combined_rules_stop_at_the_first_and_flatten():
    rule = Gradient(0.1) | MaxSteps(2) | Value(0.0)
    assert rule.parts == (Gradient(0.1), MaxSteps(2), Value(0.0))
    assert answers(rule, [(4.0, [1.0]), (3.0, [1.0]), (2.0, [1.0])])[2] is Reason.MAX_STEPS
    assert answers(rule, [(4.0, [1.0]), (3.0, [0.01])])[1] is Reason.GRADIENT


def test_two_runs_of_one_rule_do_not_share_memory():
    rule = NoDescent()
    assert answers(rule, [(1.0, [1.0])]) == answers(rule, [(2.0, [1.0])]) == [None]


def test_rules_have_names():
    assert named("gradient") == Gradient(1e-6)
    assert named("gradient", tolerance=1e-3) == Gradient(1e-3)
    assert named("no-descent") == NoDescent()
    assert named("max-steps", steps=7) == MaxSteps(7)


def test_an_unknown_rule_is_told_the_nearest_and_all_names():
    with pytest.raises(InputError, match=r"no stop rule 'nodescent'.*'no-descent'.*max-steps"):
        named("nodescent")


def test_max_steps_without_a_number_says_what_is_missing():
    with pytest.raises(InputError, match=r"max_steps=1000"):
        named("max-steps")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Gradient(0.0),
        lambda: Gradient(float("nan")),
        lambda: MaxSteps(-1),
        lambda: MaxSteps(2.5),
        lambda: Value(float("inf")),
    ],
)
def test_options_that_cannot_be_are_refused(make):
    with pytest.raises(InputError, match=r"cannot be used in (Gradient|MaxSteps|Value)"):
        make()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_with_a_next_thing_to_try(reason):
    assert reason.value[0].isupper()
    assert reason.value.endswith(".")
    assert ";" in reason.value


def test_reasons_that_end_a_run_as_asked():
    asked = {Reason.GRADIENT, Reason.NO_DESCENT, Reason.VALUE, Reason.CALLBACK,
             Reason.NO_FURTHER_FALL, Reason.HELD_OUT}  # fmt: skip
    assert {reason for reason in Reason if reason.as_asked} == asked


def test_a_value_that_shrinks_on_a_steep_slope_is_worth_nothing_in_the_end():
    # As |x| on ever shorter steps: 60 halvings are below the rounding of where it began.
    said = answers(Gradient(), [(0.5**k, [1.0]) for k in range(200)])
    assert 50 <= said.index(Reason.NO_FURTHER_FALL) <= 70


def test_a_value_that_shrinks_as_in_a_bowl_is_no_standstill():
    # The gradient is level for twenty steps at a time, as where a method swings.
    points = [(4.0 ** -(k / 20), [2.0 ** -(k // 20)]) for k in range(2000)]
    assert answers(Gradient(1e-40), points) == [None] * 2000

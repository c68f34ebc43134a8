"""The loop: limits, guards, the best point, and walks that are made elsewhere."""

from __future__ import annotations

import math

import pytest

from steepest.descent.loop import Limits, follow, lower_of
from steepest.descent.stopping import Gradient, MaxSteps, NoDescent, Reason
from steepest.descent.walk import Walk

NAN = float("nan")
MANY = MaxSteps(10**6)
WIDE = Limits(10**6)


def rows_of(values, reason=Reason.NO_FURTHER_FALL, gradients=None, interrupt_at=None):
    """Yield a made-up walk with these values."""
    for step, value in enumerate(values):
        if step == interrupt_at:
            raise KeyboardInterrupt
        gradient = 1.0 if gradients is None else gradients[step]
        yield step, (float(step),), value, (gradient,), NAN if step == 0 else 0.1, True, step + 1
    return reason


def followed(values, stop=MANY, limits=WIDE, watch=None, keep=True, stops_itself=False, **options):
    walk = Walk(rows_of(values, **options), stops_itself=stops_itself)
    return follow(next(walk.rows), walk, stop, limits, 0.1, watch, keep)


def test_a_walk_that_ends_gives_its_own_reason_and_all_its_rows():
    outcome = followed([3.0, 2.0, 1.0], reason=Reason.GRADIENT)
    assert outcome.reason is Reason.GRADIENT
    assert [row[0] for row in outcome.rows] == [0, 1, 2]
    assert len(outcome.seconds) == 3
    assert outcome.seconds == sorted(outcome.seconds)


def test_a_walk_that_stops_itself_is_not_asked_again():
    assert len(followed([3.0, 4.0, 1.0], NoDescent(), stops_itself=True).rows) == 3
    assert len(followed([3.0, 4.0, 1.0], NoDescent()).rows) == 2


@pytest.mark.parametrize(
    ("values", "gradients", "best"),
    [
        # Swinging about a minimum: the last is higher by what its slope over 1 explains.
        ([3.0, 1.0, 1.0 + 5e-8], [9.0, 1e-3, 1e-7], 2),
        # Higher by more than that: another minimum.
        ([3.0, 1.0, 1.5], [9.0, 1e-3, 1e-7], 1),
        # Sloping down away from the lowest point: not the same bowl.
        ([3.0, 1.0, 1.0 + 5e-8], [9.0, 1e-3, -1e-7], 1),
    ],
)
def test_the_point_that_met_the_goal_is_taken_from_the_same_minimum(values, gradients, best):
    outcome = followed(values, Gradient(1e-6), gradients=gradients)
    assert (outcome.reason, outcome.best[0]) == (Reason.GRADIENT, best)


def test_a_lower_point_counts_where_no_goal_was_met():
    outcome = followed([3.0, 1.0, 1.0 + 5e-8], gradients=[9.0, 1e-3, 1e-7])
    assert (outcome.reason, outcome.best[0]) == (Reason.NO_FURTHER_FALL, 1)


def test_the_point_that_did_not_fall_is_kept_and_the_best_is_remembered():
    outcome = followed([3.0, 2.0, 2.5, 1.0], NoDescent())
    assert outcome.reason is Reason.NO_DESCENT
    assert outcome.last[0] == 2
    assert outcome.best[0] == 1


def test_within_rounding_the_smaller_gradient_is_the_better_point():
    just_above = math.nextafter(1.0, 2.0)
    assert followed([2.0, 1.0, just_above], gradients=[1.0, 0.5, 0.1]).best[0] == 2
    assert followed([2.0, 1.0, just_above], gradients=[1.0, 0.5, 0.6]).best[0] == 1


@pytest.mark.parametrize(
    ("limits", "reason", "rows"),
    [
        (Limits(2), Reason.MAX_STEPS, 3),
        (Limits(0), Reason.MAX_STEPS, 1),
        (Limits(100, evaluations=4), Reason.MAX_EVALUATIONS, 4),
        (Limits(100, seconds=0.0), Reason.MAX_SECONDS, 1),
    ],
)
def test_limits_hold(limits, reason, rows):
    outcome = followed([5.0, 4.0, 3.0, 2.0, 1.0], limits=limits)
    assert (outcome.reason, len(outcome.rows)) == (reason, rows)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (NAN, Reason.NOT_FINITE),
        (math.inf, Reason.DIVERGED),
        (1e12, Reason.DIVERGED),
        (-math.inf, Reason.UNBOUNDED),
        (-1e41, Reason.UNBOUNDED),
    ],
)
def test_a_value_out_of_all_bounds_ends_it(value, reason):
    outcome = followed([3.0, 2.0, value, 1.0])
    assert (outcome.reason, outcome.last[0], outcome.best[0]) == (reason, 2, 1)


def test_a_deep_value_beside_the_start_may_be_a_minimum():
    assert followed([3.0, 2.0, -1e30, 1.0]).best[2] == -1e30


def test_a_bounded_rise_is_no_divergence():
    assert followed([3.0, 3e6, 1.0]).reason is Reason.NO_FURTHER_FALL


def test_a_first_step_out_of_a_minimum_is_no_divergence():
    # Adam moves by its rate, however small the gradient: from 1e-20 up to 1e-6 and about there.
    outcome = followed([1e-20, 1e-6, 3e-6, 1e-6], gradients=[2e-10, 2e-3, 3e-3, 2e-3])
    assert outcome.reason is Reason.NO_FURTHER_FALL


def test_a_watcher_sees_every_row_and_can_stop():
    seen = []

    def watch(row, seconds):
        seen.append(row[0])
        return row[0] == 2

    outcome = followed([5.0, 4.0, 3.0, 2.0], watch=watch)
    assert seen == [0, 1, 2]
    assert outcome.reason is Reason.CALLBACK


def test_the_stop_rule_names_the_reason_where_a_watcher_stops_too():
    outcome = followed([5.0, 1.0], Gradient(0.5), gradients=[1.0, 0.1], watch=lambda *_: True)
    assert outcome.reason is Reason.CALLBACK
    outcome = followed([5.0], Gradient(1.0), watch=lambda *_: True)
    assert outcome.reason is Reason.GRADIENT


def test_an_interrupt_keeps_what_was_found():
    outcome = followed([5.0, 4.0, 3.0], interrupt_at=2)
    assert outcome.reason is Reason.INTERRUPTED
    assert [row[2] for row in outcome.rows] == [5.0, 4.0]
    assert len(outcome.seconds) == 2


def test_a_thin_history_has_the_first_the_best_and_the_last():
    outcome = followed([5.0, 4.0, 1.0, 2.0, 3.0], keep=False)
    assert [row[0] for row in outcome.rows] == [0, 2, 4]
    assert outcome.seconds == sorted(outcome.seconds)
    outcome = followed([5.0, 4.0], keep=False)
    assert [row[0] for row in outcome.rows] == [0, 1]


def test_in_one_minimum_slopes_decide_where_values_differ_by_rounding_alone() -> None:
    ulp = 2.0**-53
    steep = (10, [1.0], 1.0, [1e-8], 0.1, True, 11)
    flat = (11, [1.0], 1.0 + 20 * ulp, [1e-12], 0.1, True, 12)
    higher = (11, [1.0], 1.0 + 1e-12, [1e-12], 0.1, True, 12)
    assert lower_of(steep, flat, Reason.GRADIENT) is flat
    assert lower_of(steep, flat, Reason.MAX_STEPS) is steep
    assert lower_of(steep, higher, Reason.GRADIENT) is steep

"""Schedules: their shapes, their refusals, and that they can be traced."""

from __future__ import annotations

import numpy as np
import pytest

from steepest.descent import schedules
from steepest.errors import InputError
from symbols import Symbol

EVERY_SCHEDULE = [
    schedules.constant(0.1),
    schedules.step_decay(0.1, factor=0.5, every=7),
    schedules.exponential(0.1, factor=0.9),
    schedules.cosine(0.1, steps=20, final=0.01),
    schedules.warm_up(0.1, steps=5),
    schedules.warm_up(schedules.exponential(0.1, factor=0.9), steps=5),
    schedules.one_cycle(0.1, steps=25),
]


@pytest.mark.parametrize("schedule", EVERY_SCHEDULE, ids=repr)
def test_rates_are_positive_and_never_above_the_highest(schedule):
    rates = [float(schedule(step)) for step in range(40)]
    assert all(0 < rate <= 0.1 + 1e-15 for rate in rates)


@pytest.mark.parametrize("schedule", EVERY_SCHEDULE, ids=repr)
def test_a_traced_schedule_gives_the_same_rates(schedule):
    traced = schedule(Symbol.named("step"))
    for step in (0, 3, 4, 5, 6, 7, 13, 24, 30):
        traced_rate = traced.evaluate({"step": step}) if isinstance(traced, Symbol) else traced
        assert traced_rate == schedule(step)


def test_warm_up_meets_its_successor_at_its_first_rate():
    then = schedules.cosine(0.4, steps=10)
    warmed = schedules.warm_up(then, steps=4)
    np.testing.assert_allclose(
        [float(warmed(step)) for step in range(5)], [0.1, 0.2, 0.3, 0.4, 0.4]
    )
    assert float(warmed(9)) == float(then(5))


def test_one_cycle_follows_the_numbers_of_torch():
    # torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10): first 1/25, top at step 2,
    # last 1/25/1e4; in between half cosines.
    rate = schedules.one_cycle(1.0, steps=10)
    expected_rise = 0.04 + 0.96 * (1 - np.cos(np.pi / 2)) / 2
    expected_fall = 4e-6 + (1 - 4e-6) * (1 + np.cos(np.pi * 3 / 7)) / 2
    np.testing.assert_allclose(
        [float(rate(step)) for step in (0, 1, 2, 5, 9)],
        [0.04, expected_rise, 1.0, expected_fall, 4e-6],
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: schedules.constant(-0.1),
        lambda: schedules.constant("0.1"),
        lambda: schedules.step_decay(0.1, every=0),
        lambda: schedules.exponential(0.1, factor=0.0),
        lambda: schedules.cosine(0.1, steps=0),
        lambda: schedules.cosine(0.1, steps=2.5),
        lambda: schedules.cosine(0.1, steps=10, final=-1.0),
        lambda: schedules.warm_up(0.1, steps=0),
        lambda: schedules.warm_up(-0.1, steps=5),
        lambda: schedules.one_cycle(0.1, steps=3),
        lambda: schedules.one_cycle(0.1, steps=30, rise=1.0),
    ],
)
def test_options_that_cannot_be_are_refused(make):
    with pytest.raises(InputError, match=r"cannot be used|leaves no step"):
        make()

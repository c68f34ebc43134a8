"""Descents written as programs."""

from __future__ import annotations

import numpy as np
import pytest

from families import FIRST_ORDER
from steepest.descent import schedules
from steepest.descent.descend import descend
from steepest.descent.minimize import minimize
from steepest.descent.stopping import Gradient, MaxSteps, NoDescent, Reason, Value
from steepest.descent.walk import numpy_walk
from steepest.errors import InputError
from steepest.functions import objective


def rows_of(program: str, *start: object, max_steps: int) -> list[tuple[float, ...]]:
    names: dict[str, object] = {"__name__": "walk"}
    exec(program, names)  # noqa: S102 - the program under test
    return list(names["descend"](*start, max_steps=max_steps))  # type: ignore[operator]


def test_the_loop_says_all_that_happens_and_no_more():
    result = minimize(
        "x**2 + y**2", [6, -3], method="gradient-descent", learning_rate=0.25, stop="no-descent"
    )
    assert result.program is not None
    body = result.program.split("while True:")[1].split("if __name__")[0]
    lines = [line.strip() for line in body.strip().splitlines()]
    assert lines[:4] == [
        "value = x*x + y*y",
        "gradient_x = 2.0*x",
        "gradient_y = 2.0*y",
        "yield x, y, value, gradient_x, gradient_y",
    ]
    assert lines[-3:] == ["step += 1", "x = x - 0.25*gradient_x", "y = y - 0.25*gradient_y"]


@pytest.mark.parametrize("method", sorted(FIRST_ORDER))
def test_a_program_walks_as_the_method_does_on_arrays(method: str):
    walked = objective("(1 - x)**2 + 100*(y - x**2)**2", [-1.2, 1.0])
    options = {"learning_rate": 1e-3, "max_steps": 60}
    written = descend(walked, method, **options)
    stepped = descend(walked, method, walker=numpy_walk, **options)
    assert written.program is not None
    assert stepped.program is None
    assert np.allclose(written.history.x, stepped.history.x, rtol=1e-12, atol=0)
    assert np.allclose(written.history.gradient, stepped.history.gradient, rtol=1e-9, atol=1e-12)
    assert written.reason is stepped.reason
    assert written.nfev == stepped.nfev


def test_a_rate_that_changes_is_in_the_program_and_in_the_history():
    schedule = schedules.cosine(0.1, steps=40)
    result = minimize(
        "x**2 + 3*y**2", [1, 1], method="adam", learning_rate=schedule, max_steps=30, tol=1e-12
    )
    assert result.history.rate[1:] == pytest.approx([schedule(k) for k in range(30)], rel=1e-15)
    again = rows_of(result.program, 1.0, 1.0, max_steps=30)
    assert [row[:2] for row in again] == [tuple(point) for point in result.history.x.tolist()]


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (Gradient(1e-4), Reason.GRADIENT),
        (NoDescent(), Reason.NO_DESCENT),
        (MaxSteps(7), Reason.MAX_STEPS),
        (Value(0.5), Reason.VALUE),
        (Value(0.5) | MaxSteps(3), Reason.MAX_STEPS),
        (Gradient(1e-300), Reason.NO_FURTHER_FALL),
    ],
)
def test_every_stop_rule_ends_a_program_where_it_ends_the_walk(stop, reason):
    walked = objective("(x - 1)**2 + 2*(y + 3)**2 + 5", [4.0, 1.0])
    options = {"learning_rate": 0.1, "stop": stop}
    written = descend(walked, "gradient-descent", **options)
    stepped = descend(walked, "gradient-descent", walker=numpy_walk, **options)
    assert written.reason is stepped.reason
    assert written.nit == stepped.nit
    if stop != (Value(0.5) | MaxSteps(3)) and stop != Value(0.5):
        assert written.reason is reason


def test_growth_without_bound_ends_a_program_as_it_ends_the_walk():
    walked = objective("x**2 + y**2", [1.0, -2.0])
    written = descend(walked, "gradient-descent", learning_rate=1.1)
    stepped = descend(walked, "gradient-descent", learning_rate=1.1, walker=numpy_walk)
    assert written.reason is stepped.reason is Reason.DIVERGED
    assert written.nit == stepped.nit < 100


def test_numbers_beyond_the_domain_fall_back_to_arrays():
    result = minimize("10*x - log(x)", 1.0, method="gradient-descent", learning_rate=0.2)
    assert result.reason is Reason.NOT_FINITE
    assert result.program is None
    assert "log(x)" in result.message


def test_variables_may_be_called_as_the_loop_calls_things():
    result = minimize(
        "(size - 1)**2 + (value + step)**2 + (scale - start)**2 + start**2",
        {"size": 0, "value": 1, "step": 2, "scale": 1, "start": 1},
        method="momentum",
        learning_rate=0.05,
        max_steps=30,
    )
    start = (1.0, 0.0, 1.0, 2.0, 1.0)
    again = rows_of(result.program, *start, max_steps=30)
    assert [row[:5] for row in again] == [tuple(point) for point in result.history.x.tolist()]


def test_a_memory_shared_by_all_variables_is_written_once():
    result = minimize("x**2 + y**2", [1, 1], method="nadam", max_steps=5)
    assert result.program.count("product = product*") == 1


def test_long_arrays_stay_arrays():
    def chain(x):
        return np.sum((x[1:] - x[:-1]) ** 2) + np.sum(x**2)

    result = minimize(chain, np.ones(200), method="momentum", learning_rate=0.01, max_steps=9)
    assert "import numpy as np" in result.program
    again = rows_of(result.program, np.ones(200), max_steps=9)
    assert np.array_equal(np.array([row[0] for row in again]), result.history.x)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"fun": lambda x: x**2 if x > 0 else x**4}, "decides on values"),
        ({"fun": "x**2", "learning_rate": lambda step: float(step + 1)}, "plain arithmetic"),
    ],
)
def test_where_there_is_no_program_a_notice_says_why(options, why):
    given = {"x0": 1.0, "method": "gradient-descent", "learning_rate": 0.1, "max_steps": 3}
    result = minimize(**{**given, **options})
    assert result.program is None
    assert any(why in notice for notice in result.notices)


def test_a_callback_sees_every_step_and_the_program_is_still_there():
    seen = []
    result = minimize(
        "x**2",
        1.0,
        method="gradient-descent",
        learning_rate=0.25,
        stop="max-steps",
        max_steps=4,
        callback=lambda step: seen.append(step.x),
    )
    assert seen == result.history.x[:, 0].tolist() == [1.0, 0.5, 0.25, 0.125, 0.0625]
    assert result.program is not None


def test_progress_is_shown_while_a_program_runs():
    shown = []
    result = minimize(
        "x**2", 1.0, method="adam", max_steps=3000, progress=lambda step, goal: shown.append(step)
    )
    assert shown[-1].step == result.nit
    assert result.program is not None


def test_evaluations_limit_a_program_too():
    result = minimize("x**2", 1.0, method="adam", max_evaluations=10)
    assert result.reason is Reason.MAX_EVALUATIONS
    assert result.nfev == len(result.history) == 10


@pytest.mark.parametrize("bad", [float("nan"), -1.0, "a", None])
@pytest.mark.parametrize("late", [0, 5])
def test_a_schedule_that_gives_no_rate_is_named(bad, late):
    with pytest.raises(InputError, match=f"step {late}"):
        minimize("x**2", 1.0, learning_rate=lambda step: bad if step >= late else 0.1)


def test_time_within_a_slice_runs_on():
    result = minimize("x**2", 1.0, method="adam", max_steps=2000)
    assert result.history.seconds.shape == (len(result.history),)
    assert (np.diff(result.history.seconds) >= 0).all()

"""Methods that carry momentum and find the length of their steps themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from objectives import AnalyticObjective, quadratic, rosenbrock, square
from steepest.descent.methods import (
    AcceleratedGradient,
    AdaptiveAcceleratedGradient,
    DoG,
    OptimizedGradient,
    Prodigy,
)
from steepest.descent.methods.probing import curvature_down_the_slope
from steepest.descent.problem import Problem
from walking import walked

FINDERS = [
    AcceleratedGradient(),
    AcceleratedGradient(curvature=50.0),
    OptimizedGradient(),
    AdaptiveAcceleratedGradient(),
    Prodigy(),
    DoG(),
]


def stretched(v: Any) -> Any:
    """Return a bowl of curvatures 1 to 50, whose minimum is 0 at (1, 1, 1)."""
    return np.sum(np.array([0.5, 5.0, 25.0]) * (v - 1.0) ** 2)


@pytest.mark.parametrize("method", FINDERS, ids=repr)
def test_a_bowl_is_descended(method):
    result = st.minimize(stretched, [4.0, -3.0, 2.0], method=method, max_steps=2000)
    assert result.success
    np.testing.assert_allclose(result.x, 1.0, atol=1e-5)
    assert method.phrase in result.explain().replace("\n", " ")
    # Every row is a point where the function was evaluated.
    values = [stretched(x) for x in result.history.x]
    np.testing.assert_allclose(result.history.fun, values, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("method", FINDERS, ids=repr)
def test_a_standstill_at_the_minimum_is_survived(method):
    path = walked(quadratic([1.0, 3.0], [0.0, 0.0]), method, 3)
    assert path.end.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("method", FINDERS, ids=repr)
def test_single_precision_stays_single(method):
    problem = Problem(quadratic([1.0, 30.0, 7.0], [3.0, 1.0, 1.0]))
    here, memory = problem.evaluate(np.array([3.0, 1.0, 1.0], dtype=np.float32)), None
    for _ in range(5):
        here, _, accepted, memory = method.advance(problem, here, memory)
        assert accepted
        assert here.x.dtype == here.gradient.dtype == np.float32


@pytest.mark.parametrize(
    "method",
    [AcceleratedGradient(), AcceleratedGradient(curvature=50.0), Prodigy()],
    ids=repr,
)
def test_bounds_hold_and_the_minimum_at_a_bound_is_found(method):
    asked: list[float] = []

    def watched(v: Any) -> float:
        asked.append(float(v[0]))
        return float(stretched(v))

    result = st.minimize(
        watched,
        [4.0, -3.0, 2.0],
        jac=lambda v: np.array([1.0, 10.0, 50.0]) * (v - 1.0),
        bounds=[(2, 5), (-4, 4), None],
        method=method,
    )
    assert 2 <= min(asked) <= max(asked) <= 5
    assert result.success
    np.testing.assert_allclose(result.x, [2.0, 1.0, 1.0], atol=1e-5)


@pytest.mark.parametrize("method", [OptimizedGradient(), AdaptiveAcceleratedGradient()], ids=repr)
def test_what_takes_no_bounds_says_so(method):
    with pytest.raises(st.InputError, match=f"{method.name}' takes no bounds"):
        st.minimize(stretched, [4.0, -3.0, 2.0], method=method, bounds=[(2, 5), (-4, 4), None])


def test_restarts_save_most_of_the_steps_where_the_curvatures_differ_much():
    objective = quadratic(np.logspace(-1, 2, 30).tolist(), [1.0] * 30)

    def steps(restart: bool) -> int:
        method = AcceleratedGradient(curvature=100.0, restart=restart)
        path = walked(objective, method, 12000)
        return int(np.argmax(abs(path.gradients).max(axis=1) <= 1e-6))

    assert 0 < 4 * steps(True) < steps(False)


def test_backtracking_costs_one_more_value_a_step_and_few_beside():
    path = walked(rosenbrock(), AcceleratedGradient(), 300)
    assert 600 <= path.evaluations[-1] <= 700


def test_the_points_are_those_ahead_not_those_stepped_to():
    path = walked(square(8.0, 0.5), AcceleratedGradient(curvature=4.0, restart=False), 3)
    x, t, y = [8.0], [1.0], [8.0]
    for k in range(3):
        x.append(y[k] - y[k] / 4.0)
        t.append((1 + np.sqrt(1 + 4 * t[k] ** 2)) / 2)
        y.append(x[k + 1] + (t[k] - 1) / t[k + 1] * (x[k + 1] - x[k]))
    assert path.x[:, 0] == pytest.approx(y, rel=1e-14)


def test_a_point_ahead_that_is_beyond_the_domain_is_given_up():
    # The function ends at 1, and momentum from the long slope before it leads beyond.
    edge = AnalyticObjective(
        lambda x: -10 * x[0] - np.log(1 - x[0]),
        lambda x: -10 + 1 / (1 - x),
        lambda x: [[1 / (1 - x[0]) ** 2]],
        [-30.0],
    )
    path = walked(edge, AcceleratedGradient(restart=False), 300)
    assert np.isfinite(path.values).all()
    assert path.end[0] == pytest.approx(0.9, abs=1e-6)


def test_one_gradient_a_step_where_nothing_is_searched_for():
    for method in (AcceleratedGradient(curvature=50.0), OptimizedGradient(50.0)):
        assert walked(quadratic([1.0, 50.0], [1.0, 1.0]), method, 40).evaluations[-1] == 41
    # And one more to look at the curvature.
    path = walked(quadratic([1.0, 50.0], [1.0, 1.0]), AdaptiveAcceleratedGradient(), 40)
    assert path.evaluations[-1] == 42


def test_too_small_a_curvature_is_divergence_and_the_advice_fits():
    result = st.minimize("x**2 + 25*y**2", [1, 1], method=AcceleratedGradient(curvature=2.0))
    assert result.reason is st.Reason.DIVERGED
    assert "Try: a larger curvature" in result.explain()


@pytest.mark.parametrize("curvature", [1e-6, 1.0, 1e6])
def test_the_probe_finds_the_curvature(curvature):
    problem = Problem(square(3.0, curvature / 2))
    here = problem.evaluate(np.array([3.0]))
    assert curvature_down_the_slope(problem, here) == pytest.approx(curvature, rel=1e-6)


def test_prodigy_finds_the_distance_within_a_factor():
    problem = Problem(quadratic([1.0, 1.0], [30.0, 40.0]))
    here, memory = problem.evaluate(np.array([30.0, 40.0])), None
    for _ in range(100):
        here, _, _, memory = Prodigy().advance(problem, here, memory)
    # The largest component, in which Adam's steps are measured, is 40.
    assert 4 <= memory.state["distance"] <= 50


def test_a_schedule_scales_prodigy():
    falling = Prodigy(learning_rate=st.schedules.cosine(1.0, steps=60))
    path = walked(quadratic([1.0, 9.0], [3.0, 1.0]), falling, 80)
    assert (path.x[61:] == path.end).all()
    assert path.values[-1] < path.values[0]

"""Methods reproduce numbers that other implementations of theirs gave."""

from __future__ import annotations

import numpy as np
import pytest

from objectives import LOGISTIC_CURVATURE, LOGISTIC_MINIMUM, logistic, quadratic, rosenbrock
from steepest.descent.methods import (
    LBFGS,
    AcceleratedGradient,
    AdaptiveAcceleratedGradient,
    DoG,
    Nesterov,
    OptimizedGradient,
    Prodigy,
    RAdam,
    ScheduleFree,
    ScheduleFreeAdamW,
)
from walking import walked

BOWL = quadratic([1.0, 10.0, 100.0], [1.0, 1.0, 1.0])
CAREFUL = {"bias_correction": True, "safeguarded": True}

# Fifty steps, as PyTorch 2.13, prodigyopt 1.1.2 and dog-optimizer 1.0.3 make them.
FIFTY_STEPS = [
    (rosenbrock(), RAdam(1e-4), [-1.1079040462747027, 1.0382712434086712]),
    (rosenbrock(), Prodigy(), [-0.42510989807154337, 0.203313257168335]),
    (rosenbrock(), Prodigy(**CAREFUL), [-1.1984958397229577, 1.0015041218661174]),
    (rosenbrock(), DoG(), [-1.1470280250483278, 1.021987833892679]),
    (BOWL, DoG(), [0.9991800748604436, 0.9918289129743768, 0.9210404068921926]),
    (
        BOWL,
        OptimizedGradient(100.0, steps=50),
        [0.025578465675984322, -0.0010783640084170065, 0.026513209763014463],
    ),
    (
        logistic(),
        OptimizedGradient(LOGISTIC_CURVATURE, steps=50),
        [1.3612172679902024, -0.05207027411248359],
    ),
]


@pytest.mark.parametrize(("objective", "method", "end"), FIFTY_STEPS, ids=lambda v: str(v)[:40])
def test_fifty_steps_equal_the_reference(objective, method, end):
    np.testing.assert_allclose(walked(objective, method, 50).end, end, rtol=1e-12)


def test_fifty_steps_of_prodigy_on_a_quadratic_equal_the_reference():
    # Rounding grows on the way in.
    end = [0.00043018042030613934, 0.0004273923642308247, 0.00042711356716562676]
    np.testing.assert_allclose(walked(BOWL, Prodigy(), 50).end, end, rtol=1e-10)


# The same for schedulefree 1.4.1, whose result is the average.
AVERAGES = [
    (rosenbrock(), ScheduleFree(1e-3), [-1.0090796327076577, 1.0263309530547051]),
    (
        BOWL,
        ScheduleFree(1e-2, warm_up=10, weight_decay=0.01),
        [0.7784848318669727, -0.023422696317356623, 0.0007089062376380091],
    ),
    (rosenbrock(), ScheduleFreeAdamW(1e-2), [-1.0556416494602507, 1.1439546520845572]),
    (
        rosenbrock(),
        ScheduleFreeAdamW(2.5e-2, warm_up=10, weight_decay=0.01),
        [-1.053145678676694, 1.1192007114279978],
    ),
]


@pytest.mark.parametrize(("objective", "method", "end"), AVERAGES, ids=lambda v: str(v)[:40])
def test_the_average_of_fifty_schedule_free_steps_equals_the_reference(objective, method, end):
    rate, x = method.learning_rate, objective.start
    state = method.initial_state(x)
    for step in range(1, 51):
        direction, state = method.direction(x, objective.value_and_gradient(x)[1], state, step)
        x = x + rate * direction
        # The points of the walk lie between the base walk and its average, as they should.
        between = (1 - method.beta) * state["walk"] + method.beta * state["average"]
        np.testing.assert_allclose(x, objective.start + rate * between, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(objective.start + rate * state["average"], end, rtol=1e-12)


def stepped(path, curvature):
    """Return x_50 of an accelerated method, whose path holds the points ahead, y_0 to y_49."""
    return path.x[49] - path.gradients[49] / curvature


ACCELERATED = [
    (
        BOWL,
        AcceleratedGradient(100.0, restart=False),
        100.0,
        [-0.10689166797743878, 0.00012301771166378113, 0.0],
    ),
    (
        logistic(),
        AcceleratedGradient(LOGISTIC_CURVATURE, restart=False),
        LOGISTIC_CURVATURE,
        [1.3612249791678472, -0.05207018454500994],
    ),
    # With the momentum (1 - q)/(1 + q), q = √(μ/L), for strongly convex functions.
    (
        BOWL,
        Nesterov(0.01, momentum=9 / 11),
        100.0,
        [0.030922651243920834, -0.00038145237705288686, 0.0],
    ),
]


@pytest.mark.parametrize(
    ("objective", "method", "curvature", "end"), ACCELERATED, ids=lambda v: str(v)[:40]
)
def test_accelerated_steps_equal_the_reference(objective, method, curvature, end):
    path = walked(objective, method, 50)
    np.testing.assert_allclose(stepped(path, curvature), end, rtol=1e-12, atol=1e-17)


def test_adaptive_accelerated_steps_equal_the_reference():
    # The curvature met is a small difference of values near the minimum, where the last digit of
    # exp, which differs between processors, shows in the tenth of the end.
    path = walked(logistic(), AdaptiveAcceleratedGradient(first=0.1), 51)
    np.testing.assert_allclose(path.x[50], [1.3614606408464693, -0.05206736467690964], rtol=1e-8)
    assert path.rates[51] == pytest.approx(1.7952702116757613, rel=1e-6)
    assert path.values[50] - LOGISTIC_MINIMUM == pytest.approx(4.917264373460739e-09, rel=1e-6)


def test_the_two_loops_of_l_bfgs_multiply_by_the_matrix_of_its_pairs():
    generator = np.random.default_rng(3)
    changes = generator.normal(size=(4, 6))
    bends = changes * np.linspace(1.0, 50.0, 6)
    method, state = LBFGS(memory=4), {}
    inverse = np.eye(6) * (changes[-1] @ bends[-1]) / (bends[-1] @ bends[-1])
    for change, bend in zip(changes, bends, strict=True):
        state = method.learned(state, change, bend, change @ bend)
        left = np.eye(6) - np.outer(change, bend) / (change @ bend)
        inverse = left @ inverse @ left.T + np.outer(change, change) / (change @ bend)
    vector = generator.normal(size=6)
    np.testing.assert_allclose(method.inverse_times(state, vector), inverse @ vector, rtol=1e-11)

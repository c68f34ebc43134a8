"""What is proved of a method holds in numbers, on the functions that attain the bound too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from objectives import (
    LOGISTIC_CURVATURE,
    LOGISTIC_MINIMUM,
    AnalyticObjective,
    huber,
    logistic,
    quadratic,
)
from steepest.descent.methods import (
    AcceleratedGradient,
    AdaptiveAcceleratedGradient,
    GradientDescent,
    OptimizedGradient,
)
from steepest.descent.step_length import (
    Adaptive,
    Automatic,
    OptimizedSchedule,
    Polyak,
    Silver,
    StepLength,
)
from steepest.descent.step_length.optimized_schedule import optimized_schedule
from steepest.descent.step_length.silver import SILVER_RATIO, strongly_convex_block
from walking import Path, walked

LOGISTIC_POINT = np.array([1.3612185123808718, -0.052070259657664576])
PARABOLA = quadratic([1.0], [1.0])


class Convex:
    """A convex function with its curvature L, its minimum, and how far off the start is."""

    def __init__(
        self, objective: AnalyticObjective, curvature: float, lowest: float, distance: float
    ) -> None:
        self.objective, self.curvature = objective, curvature
        self.lowest, self.distance = lowest, distance

    @property
    def scale(self) -> float:
        """L ‖x_0 - x*‖², in which the bounds are stated."""
        return self.curvature * self.distance**2

    def gaps(self, path: Path) -> np.ndarray:
        return path.values - self.lowest


def random_quadratic(seed: int) -> Convex:
    generator = np.random.default_rng(seed)
    curvatures = 10 ** generator.uniform(-4, 2, size=20)
    start = generator.normal(size=20)
    return Convex(
        quadratic(curvatures.tolist(), start.tolist()),
        float(curvatures.max()),
        0.0,
        float(np.linalg.norm(start)),
    )


CONVEX = {
    **{f"quadratic {seed}": random_quadratic(seed) for seed in range(6)},
    **{f"huber {t}": Convex(huber(t), 1.0, 0.0, 1.0) for t in (1e-3, 0.01, 0.05, 0.3)},
    "parabola": Convex(PARABOLA, 1.0, 0.0, 1.0),
    "logistic": Convex(
        logistic(), LOGISTIC_CURVATURE, LOGISTIC_MINIMUM, float(np.linalg.norm(LOGISTIC_POINT))
    ),
}

ROUNDING = 1e-15

on_convex_functions = pytest.mark.parametrize("problem", CONVEX.values(), ids=CONVEX.keys())


def descended(objective: AnalyticObjective, length: StepLength, steps: int) -> Path:
    return walked(objective, GradientDescent(step_length=length), steps)


def counted(path: Path) -> np.ndarray:
    """Return N = 1, 2, ... for the points after the start."""
    return np.arange(1, len(path.values))


# Gradient descent with the rate 1/L


@pytest.mark.parametrize("steps", [1, 3, 5, 40])
def test_the_bound_of_the_constant_rate_is_attained(steps):
    path = descended(huber(1 / (2 * steps + 1)), Automatic(1.0), steps)
    assert path.values[-1] == pytest.approx(1 / (4 * steps + 2), rel=1e-12)


@on_convex_functions
def test_the_bound_of_the_constant_rate_holds(problem):
    path = descended(problem.objective, Automatic(problem.curvature), 200)
    bound = problem.scale / (4 * counted(path) + 2)
    assert (problem.gaps(path)[1:] <= bound * (1 + 1e-9) + ROUNDING).all()


# Silver steps


@pytest.mark.parametrize("doublings", range(1, 9))
def test_the_worst_case_of_silver_steps_is_the_one_measured(doublings):
    n, power = 2**doublings - 1, SILVER_RATIO**doublings
    worst = descended(huber(1 / (2 * power - 1)), Silver(1.0), n).values[-1]
    # The published bound is not tight: 1/(4 ρ^k - 2) was measured for it.
    assert worst == pytest.approx(1 / (4 * power - 2), rel=1e-11)
    assert worst <= 1 / (1 + math.sqrt(4 * power**2 - 3))


@on_convex_functions
def test_the_bound_of_silver_steps_holds_at_the_ends_of_blocks(problem):
    path = descended(problem.objective, Silver(problem.curvature), 127)
    for doublings in range(1, 8):
        gap = problem.gaps(path)[2**doublings - 1]
        power = SILVER_RATIO**doublings
        bound = problem.scale / (1 + math.sqrt(4 * power**2 - 3))
        assert gap <= bound * (1 + 1e-9) + ROUNDING


def test_silver_steps_beat_the_constant_rate_on_its_worst_function():
    n = 127
    function = huber(1 / (2 * n + 1))
    silver = descended(function, Silver(1.0), n).values[-1]
    assert silver < descended(function, Automatic(1.0), n).values[-1] / 2


@pytest.mark.parametrize("doublings", [1, 2, 3, 5])
@pytest.mark.parametrize("share", [0.1 / 3.2, 0.01, 1e-3])
def test_the_rate_of_silver_blocks_is_attained_at_both_ends_of_the_curvatures(share, doublings):
    steps = 2**doublings
    _, rate = strongly_convex_block(share, doublings)
    objective = quadratic([share, 1.0], [1.0, 1.0])
    path = descended(objective, Silver(1.0, strong_convexity=share, doublings=doublings), 2 * steps)
    np.testing.assert_allclose(abs(path.x[steps]), rate, rtol=1e-10)
    np.testing.assert_allclose(abs(path.end), rate**2, rtol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_rate_of_silver_blocks_holds_between(seed):
    generator = np.random.default_rng(seed)
    curvatures = np.append(10 ** generator.uniform(-2, 0, size=30), [0.01, 1.0])
    objective = quadratic(curvatures.tolist(), generator.normal(size=32).tolist())
    _, rate = strongly_convex_block(0.01, 4)
    path = descended(objective, Silver(1.0, strong_convexity=0.01, doublings=4), 64)
    distances = np.linalg.norm(path.x[::16], axis=1)
    assert (distances[1:] <= rate * distances[:-1] * (1 + 1e-9)).all()


# Optimized schedules


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 7, 12, 31, 127])
def test_the_bound_of_optimized_schedules_is_attained_twice(steps):
    schedule = optimized_schedule(steps)
    edge = huber(1 / (2 * sum(schedule.lengths) + 1))
    for objective in (PARABOLA, edge):
        path = descended(objective, OptimizedSchedule(1.0, steps=steps), steps)
        assert path.values[-1] == pytest.approx(schedule.rate / 2, rel=1e-9)


@on_convex_functions
def test_the_bound_of_optimized_schedules_holds(problem):
    for steps in (1, 4, 25, 60):
        length = OptimizedSchedule(problem.curvature, steps=steps)
        gap = problem.gaps(descended(problem.objective, length, steps))[-1]
        assert gap <= optimized_schedule(steps).rate * problem.scale / 2 * (1 + 1e-9) + ROUNDING


def test_optimized_schedules_have_the_exponent_of_their_paper():
    rates = [optimized_schedule(n).rate / 2 * n**1.27155 for n in (100, 300, 1000)]
    assert rates == pytest.approx([0.211] * 3, rel=0.01)


# Accelerated methods


@on_convex_functions
def test_the_bounds_of_the_accelerated_gradient_hold(problem):
    method = AcceleratedGradient(problem.curvature, restart=False)
    path = walked(problem.objective, method, 200)
    n, weights = counted(path), [1.0]
    for _ in n:
        weights.append((1 + math.sqrt(1 + 4 * weights[-1] ** 2)) / 2)
    bound = problem.scale / (2 * np.square(weights[1:]))
    assert (bound <= 2 * problem.scale / (n + 2) ** 2).all()
    assert (problem.gaps(path)[1:] <= bound + ROUNDING).all()
    stepped = path.x[:-1] - path.gradients[:-1] / problem.curvature
    values = np.array([problem.objective.value(x) for x in stepped])
    assert (values - problem.lowest <= 2 * problem.scale / (n + 1) ** 2 + ROUNDING).all()


@on_convex_functions
def test_the_accelerated_gradient_holds_its_bound_with_l_unknown(problem):
    path = walked(problem.objective, AcceleratedGradient(), 200)
    # Doubling finds L within a factor of two.
    bound = 4 * problem.scale / (counted(path) + 2) ** 2
    assert (problem.gaps(path)[1:] <= bound + ROUNDING).all()


@pytest.mark.parametrize("steps", [1, 2, 5, 10, 50])
def test_the_bound_of_the_optimized_gradient_is_attained_twice(steps):
    weight = 1.0
    for i in range(1, steps + 1):
        weight = (1 + math.sqrt(1 + (8 if i == steps else 4) * weight**2)) / 2
    for objective in (PARABOLA, huber(1 / weight**2)):
        path = walked(objective, OptimizedGradient(1.0, steps=steps), steps)
        assert path.values[-1] == pytest.approx(1 / (2 * weight**2), rel=1e-10)
    assert 1 / (2 * weight**2) <= 1 / (steps + 1) ** 2


@on_convex_functions
def test_the_bound_of_the_optimized_gradient_holds(problem):
    for steps in (1, 7, 60):
        path = walked(problem.objective, OptimizedGradient(problem.curvature, steps=steps), steps)
        assert problem.gaps(path)[-1] <= problem.scale / (steps + 1) ** 2 + ROUNDING


@on_convex_functions
def test_the_bound_of_the_adaptive_accelerated_gradient_holds(problem):
    path = walked(problem.objective, AdaptiveAcceleratedGradient(), 300)
    k = counted(path)[:-1]
    rates = path.rates[2:]
    share = 144 * (k + 15) / ((k + 3) * (k + 4) ** 2)
    assert (problem.gaps(path)[1:-1] <= share * problem.distance**2 / rates + ROUNDING).all()


# Lengths from the past


@on_convex_functions
@pytest.mark.parametrize("version", ["2020", "2023"])
def test_the_best_point_of_adaptive_steps_is_as_good_as_proved(problem, version):
    path = descended(problem.objective, Adaptive(version), 300)
    best = np.minimum.accumulate(problem.gaps(path))[1:]
    assert (best <= problem.scale / counted(path) + ROUNDING).all()


@on_convex_functions
def test_the_bound_of_polyak_steps_holds(problem):
    path = descended(problem.objective, Polyak(problem.lowest), 200)
    best = np.minimum.accumulate(problem.gaps(path))[1:]
    assert (best <= 2 * problem.scale / counted(path) + ROUNDING).all()


def test_the_bound_of_polyak_steps_holds_with_kinks():
    edges = AnalyticObjective(
        lambda x: max(abs(x[0]), 3 * abs(x[1])),
        lambda x: [np.sign(x[0]), 0.0] if abs(x[0]) >= 3 * abs(x[1]) else [0.0, 3 * np.sign(x[1])],
        lambda x: np.zeros((2, 2)),
        [5.0, 1.0],
    )
    path = descended(edges, Polyak(0.0), 100)
    best = np.minimum.accumulate(path.values)[1:]
    assert (best <= 3 * math.hypot(5, 1) / np.sqrt(counted(path))).all()

"""Step lengths reproduce, to the last digits, numbers computed beforehand without this library."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from objectives import (
    LOGISTIC_CURVATURE,
    LOGISTIC_MINIMUM,
    AnalyticObjective,
    logistic,
    quadratic,
    rosenbrock,
)
from steepest.descent.methods import LBFGS, GradientDescent, Momentum
from steepest.descent.problem import Problem
from steepest.descent.step_length import (
    Adaptive,
    BarzilaiBorwein,
    Constant,
    HagerZhang,
    OptimizedSchedule,
    Polyak,
    Silver,
    StepLength,
    StrongWolfe,
)
from steepest.descent.step_length import wolfe as wolfe_module
from steepest.descent.step_length.line import Line
from steepest.descent.step_length.optimized_schedule import optimized_schedule
from steepest.descent.step_length.silver import strongly_convex_block
from walking import walked


def bowl() -> AnalyticObjective:
    return quadratic([1.0, 10.0, 100.0], [1.0, 1.0, 1.0])


def descended(objective: AnalyticObjective, length: StepLength, steps: int) -> Any:
    return walked(objective, GradientDescent(step_length=length), steps)


ON_THE_BOWL = [
    (Constant(0.01), 50, [0.6050060671375367, 0.0051537752073201135, 0.0]),
    (
        Silver(curvature=100.0),
        31,
        [0.43462318360418284, -0.00014037203113388984, -0.012193308819756409],
    ),
    (
        Silver(curvature=100.0, strong_convexity=1.0, doublings=4),
        16,
        [0.5514770026175124, -0.023918640059715852, 0.5514770026175112],
    ),
    # One step with the first rate, and a hundred.
    (
        Adaptive("2020", first=1e-3),
        101,
        [0.020621202671319474, 1.4331328342633182e-17, -7.171250101718642e-06],
    ),
    (
        Adaptive(first=1e-3),
        101,
        [0.03647881029470805, 3.6051214610435724e-27, -4.092607368036661e-05],
    ),
]


@pytest.mark.parametrize(("length", "steps", "end"), ON_THE_BOWL, ids=lambda v: str(v)[:40])
def test_steps_on_a_quadratic_equal_the_reference(length, steps, end):
    path = descended(bowl(), length, steps)
    # The adaptive path is chaotic: rounding grows on it.
    adaptive = isinstance(length, Adaptive)
    tolerance, noise = (1e-10, 1e-12) if adaptive else (1e-12, 1e-15)
    np.testing.assert_allclose(path.end, end, rtol=tolerance, atol=noise)


def test_polyak_lengths_equal_the_reference_as_far_as_rounding_allows():
    # Rounding doubles at nearly every step: another order of the sum in f moves the end by 3e-5.
    path = descended(bowl(), Polyak(0.0), 50)
    end = [0.04595898404171214, 4.286214237280227e-06, -0.0057668093354519626]
    np.testing.assert_allclose(path.end, end, rtol=1e-4)
    assert path.values[-1] == pytest.approx(0.0027189186945041333, rel=1e-5)


BARZILAI_BORWEIN = [
    (
        "long",
        [0.5550177130278129, 0.0008018897956504537, -0.0002276128474944794],
        0.010005285538079507,
    ),
    (
        "short",
        [0.07857872884352891, -0.0001881135256194909, -0.0003228140254516454],
        0.010000000706200671,
    ),
]


@pytest.mark.parametrize(("variant", "end", "rate"), BARZILAI_BORWEIN)
def test_lengths_of_barzilai_and_borwein_equal_the_reference(variant, end, rate):
    path = descended(bowl(), BarzilaiBorwein(variant, first=1e-3), 9)
    np.testing.assert_allclose(path.x[8], end, rtol=1e-10)
    assert path.rates[9] == pytest.approx(rate, rel=1e-10)


# The steps are those of the first rate, 0.1, and forty more.
ON_THE_LOGISTIC_LOSS = [
    (Adaptive("2020", first=0.1), 41, [1.3612185123717073, -0.05207025965777101]),
    (Adaptive(first=0.1), 41, [1.3612185123808718, -0.052070259657664084]),
    (Silver(curvature=LOGISTIC_CURVATURE), 31, [1.3612185226792246, -0.05207025953805453]),
]


@pytest.mark.parametrize(("length", "steps", "end"), ON_THE_LOGISTIC_LOSS, ids=repr)
def test_steps_on_a_logistic_loss_equal_the_reference(length, steps, end):
    path = descended(logistic(), length, steps)
    np.testing.assert_allclose(path.end, end, rtol=1e-12)
    assert path.values[-1] == pytest.approx(LOGISTIC_MINIMUM, rel=1e-14)


RATES = [
    0.25,
    0.13189195289328362,
    0.08578643762690492,
    0.062339557920691305,
    0.04814138431611597,
    0.039086057368934495,
    0.03266228066129038,
    0.027868716892235638,
]


@pytest.mark.parametrize(("steps", "rate"), list(enumerate(RATES, start=1)))
def test_optimized_schedules_have_the_rates_of_the_reference(steps, rate):
    schedule = optimized_schedule(steps)
    assert schedule.rate == pytest.approx(rate, rel=1e-13)
    # The two identities that make it f-composable with this rate.
    h = np.array(schedule.lengths)
    assert 1 / (1 + 2 * h.sum()) == pytest.approx(rate, rel=1e-13)
    assert np.prod((1 - h) ** 2) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(
    ("steps", "lengths"),
    [
        (2, [1.4142135623730951, 1.8767682908151735]),
        (4, [1.6012318258523308, 1.4142135623730951, 3.005144052529072, 1.5]),
        (5, [1.4142135623730951, 2.0, 1.4142135623730951, 3.5576472913278487, 1.5]),
    ],
)
def test_optimized_schedules_without_ties_have_the_lengths_of_the_reference(steps, lengths):
    assert optimized_schedule(steps).lengths == pytest.approx(lengths, rel=1e-13)


def test_an_optimized_schedule_shrinks_the_steepest_axis_as_the_reference_does():
    # On the others two equally good schedules differ, and rounding decides between them.
    path = descended(bowl(), OptimizedSchedule(curvature=100.0, steps=31), 31)
    assert path.end[2] == pytest.approx(-0.07254999401169784, rel=1e-12)


@pytest.mark.parametrize(
    ("doublings", "total"),
    [
        (1, 1.4142135623730951),
        (2, 4.82842712474619),
        (3, 13.071067811865476),
        (4, 32.97056274847714),
        (5, 81.01219330881973),
        (6, 196.99494936611677),
    ],
)
def test_silver_lengths_have_the_sums_of_the_reference(doublings, total):
    lengths = [Silver().length(step, 1.0) for step in range(1, 2**doublings)]
    assert sum(lengths) == pytest.approx(total, rel=1e-13)


SILVER_BLOCKS = [
    (0.1 / 3.2, [1.4049464135448684, 3.130095394854026], 0.7440347519280063),
    (
        0.1 / 3.2,
        [1.4049464135448684, 1.9679307285674321, 1.4049464135448684, 5.47950490210406],
        0.5055205502715856,
    ),
    (
        1.0 / 100.0,
        [
            *(1.4112729908597084, 1.9899150845269085, 1.4112729908597084, 3.3720114065263087),
            *(1.4112729908597084, 1.9899150845269085, 1.4112729908597084, 12.533516881308227),
        ],
        0.5882884768500795,
    ),
]


@pytest.mark.parametrize(("share", "lengths", "rate"), SILVER_BLOCKS)
def test_silver_blocks_for_strong_convexity_equal_the_reference(share, lengths, rate):
    block, shrinkage = strongly_convex_block(share, len(lengths).bit_length() - 1)
    assert block == pytest.approx(lengths, rel=1e-13)
    assert shrinkage**2 == pytest.approx(rate, rel=1e-13)


def test_the_heavy_ball_with_the_best_rate_and_momentum_equals_the_reference():
    rate, momentum = (2 / (10 + 1)) ** 2, (9 / 11) ** 2
    path = walked(bowl(), Momentum(rate, momentum=momentum), 50)
    reference = [0.00044301813826452883, 3.09571172491115e-05, 0.00403505709716606]
    np.testing.assert_allclose(path.end, reference, rtol=1e-12)


def line_of(function: Any, slope: Any) -> Line:
    """Return φ as a function of one variable along 1 from 0."""
    objective = AnalyticObjective(
        lambda x: function(x[0]), lambda x: [slope(x[0])], lambda x: [[0.0]], [0.0]
    )
    problem = Problem(objective)
    return Line(problem, problem.evaluate(objective.start), np.array([1.0]))


# Functions 1 and 2 of Moré and Thuente's paper, with the conditions of its tables.
LINES = {
    1: (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2, 1e-3, 0.1),
    2: (
        lambda t: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4,
        lambda t: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3,
        0.1,
        0.1,
    ),
}

# Function, first trial, step found, evaluations.
MORE_THUENTE = [
    (1, 1e-3, 1.365, 6),
    (1, 1e-1, 1.4413720790892741, 3),
    (1, 1e1, 10.0, 1),
    (1, 1e3, 36.88760696396662, 4),
    (2, 1e-3, 1.596000000186075, 12),
    (2, 1e-1, 1.5960000000049348, 8),
    (2, 1e1, 1.5959999997572032, 8),
    (2, 1e3, 1.595999998872531, 11),
]

HAGER_ZHANG = [
    (1, 1e-3, 0.625, 5),
    (1, 1e-1, 0.5, 2),
    (1, 1e1, 10.0, 1),
    (1, 1e3, 1000.0, 1),
    (2, 1e-3, 1.8814153792326116, 8),
    (2, 1e-1, 1.609124315432286, 7),
    (2, 1e1, 1.902412225088891, 10),
    (2, 1e3, 1.9531250016757944, 19),
]


@pytest.mark.parametrize(("number", "first", "step", "evaluations"), MORE_THUENTE)
def test_the_search_of_more_and_thuente_equals_its_paper(
    number, first, step, evaluations, monkeypatch
):
    # The paper knows no approximate conditions.
    monkeypatch.setattr(wolfe_module, "approximately", lambda *arguments: False)
    function, slope, sufficient, curvature = LINES[number]
    line = line_of(function, slope)
    found = StrongWolfe(sufficient, curvature).search(line, first)
    assert found.rate == pytest.approx(step, rel=1e-12)
    assert line.evaluations == evaluations


@pytest.mark.parametrize(("number", "first", "step", "evaluations"), HAGER_ZHANG)
def test_the_search_of_hager_and_zhang_equals_the_reference(number, first, step, evaluations):
    function, slope, _, _ = LINES[number]
    line = line_of(function, slope)
    assert HagerZhang().search(line, first).rate == pytest.approx(step, rel=1e-12)
    assert line.evaluations == evaluations


@pytest.mark.parametrize(
    ("memory", "evaluations", "end"),
    [
        (5, 48, [0.9999999997230038, 1.0000000013845698]),
        (10, 48, [1.0000000129348605, 1.000000026305475]),
        (20, 44, [0.9999999974869955, 0.9999999943928618]),
    ],
)
def test_l_bfgs_on_rosenbrock_takes_the_evaluations_of_the_reference(memory, evaluations, end):
    path = walked(rosenbrock(), LBFGS(memory=memory), 60)
    first = int(np.argmax(abs(path.gradients).max(axis=1) <= 1e-6))
    assert path.evaluations[first] == evaluations
    np.testing.assert_allclose(path.x[first], end, rtol=1e-10)

"""Fits against constants certified in 50-digit arithmetic."""

from __future__ import annotations

import json
import math

import mpmath as mp
import pytest

import steepest as st
from certified.certify import ANSWERS, DIGITS, Exact
from certified.problems import PROBLEMS

CERTIFIED = json.loads(ANSWERS.read_text(encoding="utf-8"))
CASES = [(problem, start) for problem in PROBLEMS for start in ("near", "far")]
IDS = [f"{problem.name}-{start}" for problem, start in CASES]


def fitted(problem, start):
    data = {"x": problem.x, "y": problem.y}
    return st.fit(f"y ~ {problem.model}", data, start=getattr(problem, start))


def digits(found, certified):
    """Return to how many digits the worst of some numbers agrees."""
    errors = [abs(found[name] / float(value) - 1) for name, value in certified.items()]
    return -math.log10(max(*errors, 1e-16))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_the_certified_constants_are_stationary(problem):
    with mp.workdps(DIGITS):
        constants = [mp.mpf(CERTIFIED[problem.name]["constants"][name]) for name in problem.true]
        assert max(Exact(problem).slopes(constants)) < mp.mpf(10) ** -20


@pytest.mark.parametrize(("problem", "start"), CASES, ids=IDS)
def test_constants_and_errors_are_the_certified_ones(problem, start):
    fit = fitted(problem, start)
    answer = CERTIFIED[problem.name]
    assert fit.success
    assert digits(fit.parameters, answer["constants"]) >= 6
    assert digits(fit.standard_errors, answer["errors"]) >= 6
    assert fit.loss == pytest.approx(float(answer["squares"]), rel=1e-9)


def test_nearly_all_have_eight_digits():
    found = [
        digits(fitted(problem, start).parameters, CERTIFIED[problem.name]["constants"])
        for problem, start in CASES
    ]
    assert sum(one >= 8 for one in found) >= 0.95 * len(found)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_without_a_start_the_best_fit_is_found(problem):
    # By its loss: terms that are alike may change places, and a sine its sign and phase.
    fit = st.fit(f"y ~ {problem.model}", {"x": problem.x, "y": problem.y})
    assert fit.success
    assert fit.loss == pytest.approx(float(CERTIFIED[problem.name]["squares"]), rel=1e-8)

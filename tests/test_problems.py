"""The collection of test problems: that it is what the literature says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from benchmarks.problems import PROBLEMS
from benchmarks.problems.problem import Problem

import steepest as st
from numerics import numerical_gradient
from steepest.functions import objective


def each(problems: Iterable[Problem]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for every one of the problems."""
    return pytest.mark.parametrize("problem", list(problems), ids=lambda problem: problem.name)


EACH = each(PROBLEMS.values())

# As the papers print them: Moré, Garbow and Hillstrom (1981) where nothing else is said.
PUBLISHED = {
    "freudenstein-roth": [0, 48.9842],
    "jennrich-sampson": [124.362],
    "bard": [8.21487e-3],
    "gaussian": [1.12793e-8],
    "meyer": [87.9458],
    "kowalik-osborne": [3.07505e-4],
    "brown-dennis": [85822.2],
    "osborne-1": [5.46489e-5],
    "biggs-exp6": [0, 5.65565e-3],
    "osborne-2": [4.01377e-2],
    "watson-6": [2.28767e-3],
    "watson-9": [1.39976e-6],
    "watson-12": [4.72238e-10],
    "penalty-1-4": [2.24997e-5],
    "penalty-1-10": [7.08765e-5],
    "penalty-2-4": [9.37629e-6],
    "penalty-2-10": [2.93660e-4],
    "trigonometric": [0, 2.79506e-5],
    "brown-almost-linear": [0, 1],
    "chebyquad-8": [3.51687e-3],
    # 6.50395e-3 in the paper, which is that of another local minimum.
    "chebyquad-10": [4.77271e-3, 6.50395e-3],
    # Surjanovic and Bingham (2013).
    "six-hump-camel": [-1.0316],
    "mccormick": [-1.9133],
    "branin": [0.397887],
    "styblinski-tang": [-195.83],
    "goldstein-price": [3, 30, 84, 840],
}

SEVERAL = {"six-hump-camel", "mccormick", "styblinski-tang"}
"""Problems of which only one of several minima is published."""


def test_there_are_enough_and_the_names_differ():
    assert len(PROBLEMS) >= 60


@EACH
def test_a_problem_is_finite_where_it_starts_and_not_solved_there(problem: Problem):
    value = problem.function(problem.start)
    assert np.shape(value) == ()
    assert np.isfinite(value)
    assert value > problem.minima[0] - 1e-6 * abs(problem.minima[0])
    assert problem.minima[0] == min(problem.minima)
    assert np.abs(st.function(problem.function).gradient(problem.start)).max() > 1e-6


@each(problem for problem in PROBLEMS.values() if problem.minimiser is not None)
def test_a_published_minimiser_has_the_lowest_value_and_no_slope(problem: Problem):
    x, least = problem.minimiser, problem.minima[0]
    assert problem.function(x) == pytest.approx(least, rel=1e-12, abs=1e-20)
    f = st.function(problem.function)
    # A change of 1e-12 in x would change the gradient by this.
    rounding = 1e-12 * np.abs(f.hessian(x) * np.maximum(1, np.abs(x))).sum(axis=1)
    assert (np.abs(f.gradient(x)) <= rounding + 1e-30).all()


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_minima_are_those_of_the_papers(name: str):
    recorded = PROBLEMS[name].minima
    for printed in PUBLISHED[name]:
        # Papers cut digits off as often as they round.
        assert any(value == pytest.approx(printed, rel=5e-5) for value in recorded)
    assert name in SEVERAL or len(recorded) == len(PUBLISHED[name])


@each(problem for problem in PROBLEMS.values() if problem.residuals is not None)
def test_what_squares_add_up_to_the_function_is_known(problem: Problem):
    x = problem.start + 0.01
    value = problem.function(x)
    assert np.sum(problem.residuals(x) ** 2) == pytest.approx(value, rel=1e-15)
    followed = objective(problem.function, x)
    residuals, jacobian = followed.residuals(x), followed.jacobian(x)
    assert residuals @ residuals / 2 == pytest.approx(value, rel=1e-13)
    gradient = followed.value_and_gradient(x)[1]
    np.testing.assert_allclose(
        jacobian.T @ residuals, gradient, rtol=1e-10, atol=1e-10 * np.abs(gradient).max()
    )


def complex_step(function: Callable[[Any], Any], x: Any) -> Any:
    """Return Im f(x + i h e_k) / h: the gradient of an analytic function, without rounding."""
    return np.array([function(x + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(x))])


@EACH
def test_the_gradient_is_exact_and_agrees_with_differences(problem: Problem):
    f = st.function(problem.function)
    generator = np.random.default_rng(1)
    scale = 0.05 * np.maximum(1.0, np.abs(problem.start))
    for shift in (0.0, *generator.normal(size=(2, problem.size))):
        x = problem.start + scale * shift
        gradient = f.gradient(x)
        assert f.differentiation == "graph"
        # The waves of humps are shorter than the first steps of the differences.
        numerical = complex_step if problem.name == "humps" else numerical_gradient
        differences = numerical(problem.function, x)
        np.testing.assert_allclose(
            gradient, differences, rtol=1e-6, atol=1e-7 * np.abs(gradient).max()
        )

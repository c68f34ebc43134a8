"""Where a method claims success on the collection of problems, it is a success."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from benchmarks.problems import PROBLEMS

import steepest as st
from families import FIRST_ORDER
from steepest.descent.methods import METHODS

TOLERANCE = 1e-6

EVERY = pytest.mark.parametrize("name", METHODS)


def steps_of(name: str) -> int:
    """Return how many steps are enough to claim something: most fixed rates never do."""
    return 50 if name in FIRST_ORDER else 400


@cache
def function_of(name: str) -> st.Function:
    """Return a problem's function, traced once for all methods."""
    return st.function(PROBLEMS[name].function)


def is_small(result: st.Result, f: st.Function, slope: Any, goal: float) -> bool:
    """Return whether a slope is at the goal, or is what rounding makes of it.

    The rounding of x is worth |H| · 8 ε |x| in g. Where the descent ended because it could go no
    lower, the fall that is left, ‖g‖² / (2 L), may be below the rounding of f.
    """
    size = float(np.abs(slope).max())
    if size <= goal:
        return True
    epsilon = float(np.finfo(float).eps)
    hessian = np.where(np.outer(slope, slope) != 0, f.hessian(result.x), 0.0)
    if np.all(np.abs(slope) <= np.maximum(goal, np.abs(hessian) @ (8 * epsilon * abs(result.x)))):
        return True
    curvature = float(np.linalg.norm(hessian @ slope) / np.linalg.norm(slope))
    fall = size**2 / (2 * curvature)
    return result.reason is st.Reason.NO_FURTHER_FALL and fall <= 8 * epsilon * abs(result.fun)


def claims(name: str, half_width: float | None) -> list[tuple[str, float, float]]:
    """Return the claims of a method that are false: problem, ‖g‖∞ and goal.

    Parameters
    ----------
    name : str
        The method.
    half_width : float, optional
        Bounds so far, relative to max(1, |x_i|), on either side of the start; none where None.
    """
    false = []
    squares_only = METHODS[name].capabilities.needs_residuals
    for problem in PROBLEMS.values():
        if squares_only and problem.residuals is None:
            continue
        room = np.maximum(1.0, np.abs(problem.start)) * (half_width or np.inf)
        low, high = problem.start - room, problem.start + room
        f = function_of(problem.name)
        result = st.minimize(
            f,
            problem.start,
            method=name,
            bounds=list(zip(low, high, strict=True)) if half_width else None,
            tol=TOLERANCE,
            max_steps=steps_of(name),
            history=False,
        )
        first, slope = (
            x - np.clip(x - f.gradient(x), low, high) for x in (problem.start, result.x)
        )
        # x - (x - g) rounds by less than the second term.
        goal = TOLERANCE * min(1.0, float(np.abs(first).max()))
        goal += 4 * float(np.finfo(float).eps * np.abs(result.x).max())
        assert np.all((low <= result.x) & (result.x <= high))
        # McCormick's function has ever lower minima further down; Prodigy goes that far.
        if problem.name != "mccormick":
            assert result.fun >= problem.minima[0] - 1e-9 * max(1, abs(problem.minima[0]))
        if result.success and not is_small(result, f, slope, goal):
            false.append((problem.name, float(np.abs(slope).max()), goal))
    return false


@EVERY
def test_success_means_that_the_gradient_is_small(name: str) -> None:
    assert claims(name, None) == []


@pytest.mark.parametrize("name", [n for n in METHODS if METHODS[n].capabilities.takes_bounds])
def test_success_within_bounds_means_that_the_projected_gradient_is_small(name: str) -> None:
    for half_width in (0.3,) if name in FIRST_ORDER else (0.3, 1.1):
        assert claims(name, half_width) == []


@pytest.mark.parametrize("name", ["bfgs", "l-bfgs"])
def test_what_should_succeed_claims_so(name: str) -> None:
    # The tests above would be empty for a method that never claims anything.
    reached = 0
    for problem in PROBLEMS.values():
        f = function_of(problem.name)
        result = st.minimize(f, problem.start, method=name, max_steps=1000, history=False)
        reached += result.success and problem.solved_by(result.fun)
    assert reached >= 0.93 * len(PROBLEMS)

"""Which methods solve which problems of the collection, and with how many evaluations.

Every contender has 2000 iterations, exact gradients (trust-exact: exact Hessians), and is asked
for ‖g‖∞ ≤ goal = 10⁻⁶ min(1, ‖g₀‖∞), g₀ being the gradient at the start. A problem is solved
where the value is that of one of its minima to 10⁻⁶ max(1, |minimum|), and ‖g‖∞ is at the goal or
at the rounding of the gradient: what moving every variable by 8 ε |x_i| could change in it. On
Meyer's problem, for one, no point of float64 is at the goal. The second count, "loose", only asks
for ‖g‖∞ ≤ 10⁻⁶ max(1, ‖g₀‖∞).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

import steepest as st
from benchmarks.problems import PROBLEMS
from benchmarks.problems.problem import Problem
from steepest.descent.methods import METHODS, FirstOrderMethod

ITERATIONS = 2000
TOLERANCE = 1e-6
# Rules of a fixed rate, or straight down the slope, solve few of these in so many steps.
OURS = tuple(name for name in METHODS if not issubclass(METHODS[name], FirstOrderMethod))

# As their experts would set them: no stop by a small fall of the value, as much memory as ours,
# and no limit on the size of steps that a problem of another scale would run into.
THEIRS: dict[str, dict[str, Any]] = {
    "BFGS": {},
    "L-BFGS-B": {"ftol": 0.0, "maxcor": 30, "maxls": 50, "maxfun": 10**6},
    "CG": {},
    "trust-exact": {"max_trust_radius": 1e8},
}


@dataclass(frozen=True)
class Run:
    """Where a contender ended on a problem."""

    x: Any
    evaluations: int
    iterations: int
    claimed: bool
    reason: str


@dataclass(frozen=True)
class Verdict:
    """A run, and whether it solved its problem."""

    run: Run
    value: float
    slope: float
    goal: float
    solved: bool
    loosely: bool


Contender = Callable[[Problem, st.Function, float], Run]


def by_steepest(method: str | None) -> Contender:
    """Return the contender that takes one of our methods."""

    def run(problem: Problem, function: st.Function, goal: float) -> Run:
        try:
            result = st.minimize(
                problem.function, problem.start, method=method, tol=TOLERANCE, max_steps=ITERATIONS
            )
        except st.InputError as error:
            return Run(problem.start, 0, 0, False, str(error))
        return Run(result.x, result.nfev, result.nit, result.success, result.reason.name)

    return run


def by_scipy(method: str, options: dict[str, Any]) -> Contender:
    """Return the contender that takes one of SciPy's methods with our derivatives."""

    def run(problem: Problem, function: st.Function, goal: float) -> Run:
        hessian = {"hess": function.hessian} if method == "trust-exact" else {}
        limits = {"gtol": goal, "maxiter": ITERATIONS}
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = optimize.minimize(
                    function.value_and_gradient, problem.start, jac=True, method=method,
                    options={**limits, **options}, **hessian,
                )  # fmt: skip
        except ValueError as error:
            return Run(problem.start, 0, 0, False, f"ValueError: {error}")
        return Run(result.x, result.nfev, result.nit, result.success, result.message)

    return run


CONTENDERS: dict[str, Contender] = {
    **{method: by_steepest(method) for method in OURS},
    **{f"SciPy {method}": by_scipy(method, options) for method, options in THEIRS.items()},
}


def verdict(problem: Problem, contender: Contender) -> Verdict:
    """Return what became of one contender on one problem."""
    function = st.function(problem.function)
    _, first = function.value_and_gradient(problem.start)
    steepness = float(np.abs(first).max())
    goal = TOLERANCE * min(1.0, steepness)
    run = contender(problem, function, goal)
    value, gradient = function.value_and_gradient(run.x)
    moved = 8 * np.finfo(float).eps * np.abs(run.x)
    rounding = np.abs(function.hessian(run.x)) @ moved
    small = bool((np.abs(gradient) <= np.maximum(goal, rounding)).all())
    slope = float(np.abs(gradient).max())
    found = problem.solved_by(value)
    loosely = found and slope <= TOLERANCE * max(1.0, steepness)
    return Verdict(run, value, slope, goal, found and small, loosely)


def median(verdicts: dict[str, Verdict]) -> float:
    """Return the median of the evaluations, an unsolved problem counting as endlessly many."""
    return float(
        np.median([one.run.evaluations if one.solved else math.inf for one in verdicts.values()])
    )


def geometric_mean(verdicts: dict[str, Verdict], names: list[str]) -> float:
    """Return the geometric mean of the evaluations on some problems."""
    return float(np.exp(np.mean([np.log(verdicts[name].run.evaluations) for name in names])))


def miss(contender: str, problem: Problem, one: Verdict) -> str:
    """Say how a contender missed a problem."""
    if not problem.solved_by(one.value):
        nearest = min(problem.minima, key=lambda least: abs(one.value - least))
        what = f"f = {one.value:.6g}, not {nearest:.6g}"
    else:
        what = "value found"
    claim = ", claims success" if one.run.claimed else ""
    return (
        f"  {contender:<20} {problem.name:<26} {what}, ‖g‖∞ = {one.slope:.1e} (goal "
        f"{one.goal:.1e}) after {one.run.iterations} steps{claim}: {one.run.reason}"
    )


def main() -> None:
    """Print the table, and every miss."""
    found = {
        name: {problem.name: verdict(problem, contender) for problem in PROBLEMS.values()}
        for name, contender in CONTENDERS.items()
    }
    common = [name for name in PROBLEMS if all(one[name].solved for one in found.values())]
    print(f"Solved of {len(PROBLEMS)} problems; median of the evaluations (unsolved: endless);")
    print(f"geometric mean over the {len(common)} problems that all of them solve.")
    print(f"{'':<20} {'solved':>6} {'loose':>6} {'median':>7} {'geomean':>8}")
    for name, verdicts in found.items():
        solved = sum(one.solved for one in verdicts.values())
        mean = geometric_mean(verdicts, common)
        loose = sum(one.loosely for one in verdicts.values())
        print(f"{name:<20} {solved:>6} {loose:>6} {median(verdicts):>7.1f} {mean:>8.1f}")
    print("\nNot solved:")
    for name, verdicts in found.items():
        for problem in PROBLEMS.values():
            if not verdicts[problem.name].solved:
                print(miss(name, problem, verdicts[problem.name]))

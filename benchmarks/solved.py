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
    evaluations: int = 0
    hessians: int = 0
    iterations: int = 0
    claimed: bool = False
    reason: str = ""


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
        except st.SteepestError as error:
            return Run(problem.start, reason=str(error).partition(":")[0])
        return Run(
            result.x, result.nfev, result.nhev, result.nit, result.success, result.reason.name
        )

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
            return Run(problem.start, reason=f"ValueError: {error}")
        return Run(
            result.x,
            result.nfev,
            result.get("nhev", 0),
            result.nit,
            result.success,
            result.message,
        )

    return run


YARDSTICK = "SciPy BFGS"
CONTENDERS: dict[str, Contender] = {
    "default": by_steepest(None),
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


def share(verdicts: dict[str, Verdict], yardstick: dict[str, Verdict]) -> float:
    """Return the evaluations over those of the yardstick where both solve: the geometric mean."""
    both = [name for name in PROBLEMS if verdicts[name].solved and yardstick[name].solved]
    ratios = [verdicts[name].run.evaluations / yardstick[name].run.evaluations for name in both]
    return float(np.exp(np.mean(np.log(ratios))))


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
    print(f"Solved of {len(PROBLEMS)} problems; median of the evaluations of f with its gradient")
    print(f"(unsolved: endless); their ratio to {YARDSTICK} where both solve (geometric mean);")
    print("median of the Hessians, or of their products with vectors.")
    print(f"{'':<20} {'solved':>6} {'loose':>6} {'median':>7} {'ratio':>6} {'Hessians':>9}")
    for name, verdicts in found.items():
        every = verdicts.values()
        solved, loose = sum(one.solved for one in every), sum(one.loosely for one in every)
        ratio = share(verdicts, found[YARDSTICK])
        hessians = np.median([one.run.hessians for one in every])
        print(
            f"{name:<20} {solved:>6} {loose:>6} {median(verdicts):>7.1f} {ratio:>6.2f} "
            f"{hessians:>9.1f}"
        )
    print("\nNot solved:")
    for name, verdicts in found.items():
        for problem in PROBLEMS.values():
            if not verdicts[problem.name].solved:
                print(miss(name, problem, verdicts[problem.name]))

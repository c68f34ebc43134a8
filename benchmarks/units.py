"""Which problems L-BFGS solves where the variables have other units, with and without measure.

Every variable of the 72 problems is rescaled at random, its exponent even between ± some decades.
A problem is solved where the value is that of one of its minima to 10⁻⁶ max(1, |minimum|), within
2000 steps and 6000 evaluations. "measured" shows the method every variable in units of √|H_ii| at
the start, as the default does for more than 50 variables whose units are unlike.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import steepest as st
from benchmarks.problems import PROBLEMS
from benchmarks.problems.problem import Problem
from steepest.descent.methods.subspace import scale_of

DECADES = (0, 2, 4, 8)


def evaluations(problem: Problem, function: Callable[[Any], Any], start: Any) -> float:
    """Return after how many evaluations L-BFGS has the value of a minimum; inf if it never has."""
    result = st.minimize(
        function, start, method="l-bfgs", tol=1e-13, max_steps=2000, max_evaluations=6000
    )
    for value, count in zip(result.history.fun, result.history.evaluations, strict=True):
        if problem.solved_by(value):
            return float(count)
    return math.inf


def compared(problem: Problem, units: Any) -> tuple[float, float]:
    """Return the evaluations without and with measure, for variables in these units."""

    def function(z: Any) -> Any:
        return problem.function(units * z)

    start = problem.start / units
    scale = np.asarray(scale_of(st.function(function).hessian(start), None))
    plain = evaluations(problem, function, start)
    return plain, evaluations(problem, lambda z: function(z / scale), start * scale)


def main() -> None:
    """Print a row for every spread of units."""
    print(f"L-BFGS, solved of {len(PROBLEMS)} problems, and the median of the evaluations:")
    print(f"{'units within':>16} {'as they are':>18} {'measured':>18}")
    for decades in DECADES:
        generator = np.random.default_rng(1)
        pairs = [
            compared(problem, 10.0 ** generator.uniform(-decades, decades, problem.size))
            for problem in PROBLEMS.values()
        ]
        cells = [
            f"{np.isfinite(column).sum():>9} {np.median(column):>8.1f}"
            for column in np.transpose(pairs)
        ]
        print(f"{f'10^-{decades} .. 10^{decades}':>16} {cells[0]} {cells[1]}")

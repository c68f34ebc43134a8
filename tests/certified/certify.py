"""Certify the best constants of every problem: ``python -m certified.certify`` writes them.

Newton's method for the normal equations in 50-digit arithmetic, from the true constants. The
derivatives are central differences with a step of 1e-25 in 90 digits, good to 50.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath as mp

from certified.problems import PROBLEMS, Regression

DIGITS = 90
SHOWN = 30
ANSWERS = Path(__file__).with_name("answers.json")
WORDS = {"exp": mp.exp, "log": mp.log, "sin": mp.sin, "cos": mp.cos, "sqrt": mp.sqrt}


class Exact:
    """A problem in many digits."""

    def __init__(self, problem: Regression) -> None:
        self.names = list(problem.true)
        self.code = compile(problem.model, problem.name, "eval")
        self.x = [mp.mpf(float(value)) for value in problem.x]
        self.y = [mp.mpf(float(value)) for value in problem.y]

    def residuals(self, constants: Any) -> Any:
        """Return response minus prediction."""
        known = {**WORDS, **dict(zip(self.names, constants, strict=True))}
        return [
            y - eval(self.code, {"__builtins__": {}}, {**known, "x": x})
            for x, y in zip(self.x, self.y, strict=True)
        ]

    def jacobian(self, constants: Any) -> Any:
        """Return the derivatives of the prediction, one column for each constant."""
        columns = []
        for place, value in enumerate(constants):
            step = mp.mpf(10) ** -25 * max(1, abs(value))
            up, down = list(constants), list(constants)
            up[place], down[place] = value + step, value - step
            pairs = zip(self.residuals(down), self.residuals(up), strict=True)
            columns.append([(low - high) / (2 * step) for low, high in pairs])
        return mp.matrix(columns).T

    def slopes(self, constants: Any) -> Any:
        """Return Jᵀ r, which is 0 at the best constants, relative to the sizes of J and r."""
        jacobian, residuals = self.jacobian(constants), mp.matrix(self.residuals(constants))
        return [
            abs((jacobian[:, k].T * residuals)[0]) / (mp.norm(jacobian[:, k]) * mp.norm(residuals))
            for k in range(len(self.names))
        ]


def moved(constants: Any, step: Any) -> Any:
    """Return constants plus a step."""
    return [value + step[k] for k, value in enumerate(constants)]


def certified(problem: Regression) -> dict[str, Any]:
    """Return the best constants, their standard errors and the sum of squares, as text."""
    with mp.workdps(DIGITS):
        exact = Exact(problem)
        constants = [mp.mpf(value) for value in problem.true.values()]
        for _ in range(200):
            jacobian, residuals = exact.jacobian(constants), mp.matrix(exact.residuals(constants))
            normal = jacobian.T * jacobian
            step = mp.lu_solve(normal, jacobian.T * residuals)
            share, squares = mp.mpf(1), mp.norm(residuals)
            while mp.norm(mp.matrix(exact.residuals(moved(constants, share * step)))) > squares:
                share /= 2
                if share < mp.mpf(10) ** -30:
                    break
            constants = moved(constants, share * step)
            if all(abs(step[k]) <= mp.mpf(10) ** -36 * abs(v) for k, v in enumerate(constants)):
                break
        else:
            raise RuntimeError(f"{problem.name}: no convergence")
        residuals = exact.residuals(constants)
        squares = mp.fsum(value * value for value in residuals)
        normal = exact.jacobian(constants).T * exact.jacobian(constants)
        variance = squares / (len(residuals) - len(constants))
        errors = [mp.sqrt(variance * (normal**-1)[k, k]) for k in range(len(constants))]
        shown = [[mp.nstr(v, SHOWN) for v in values] for values in (constants, errors)]
        return {
            "constants": dict(zip(exact.names, shown[0], strict=True)),
            "errors": dict(zip(exact.names, shown[1], strict=True)),
            "squares": mp.nstr(squares, SHOWN),
        }


if __name__ == "__main__":
    answers = {}
    for problem in PROBLEMS:
        print(problem.name)
        answers[problem.name] = certified(problem)
    ANSWERS.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")

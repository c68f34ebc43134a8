"""What many steps cost on many rows where a model is linear in its parameters.

A cubic fitted to a million points of the sine by 2000 steps of gradient descent. The yardstick is
one pass over the rows by hand: the four columns, and their products with each other and with the
response, from which every step follows. A loop that looks at the rows in every step takes 2000
such passes; 20 of its steps are timed. Our own pass makes a triangle by Householder's method,
which keeps all digits where the products by hand keep half of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import steepest as st
from benchmarks.alternate import alternate, report
from steepest.fitting.linearised import linearised, squares_in_chunks
from steepest.objective import Vector

ROWS, STEPS, RATE = 1_000_000, 2000, 1e-9
LOOKED_AT = 20
MODEL = "y ~ a + b*x + c*x**2 + d*x**3"
START = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}


def one_pass(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """Return the products of the columns with each other and with the response."""
    columns = np.empty((len(x), 4))
    columns[:, 0] = 1
    for power in range(1, 4):
        np.multiply(columns[:, power - 1], x, out=columns[:, power])
    return columns.T @ columns, columns.T @ y


def by_hand(x: Vector, y: Vector) -> Vector:
    """Return the parameters after all steps, from the products."""
    gram, mixed = one_pass(x, y)
    point = np.array(list(START.values()))
    for _ in range(STEPS):
        point = point - RATE * 2 * (gram @ point - mixed)
    return point


def by_rows(x: Vector, y: Vector) -> Vector:
    """Return the parameters after some steps, each of which looks at all rows."""
    point = np.array(list(START.values()))
    columns = np.vander(x, 4, increasing=True)
    for _ in range(LOOKED_AT):
        point = point - RATE * 2 * (columns.T @ (columns @ point - y))
    return point


def by_steepest(x: Vector, y: Vector) -> Any:
    """Return the fit, the path kept."""
    return st.fit(
        MODEL,
        {"x": x, "y": y},
        start=START,
        method="gradient-descent",
        learning_rate=RATE,
        stop="max-steps",
        max_steps=STEPS,
    )


def main(rounds: int = 9) -> None:
    """Print the table."""
    x = np.linspace(-np.pi, np.pi, ROWS)
    y = np.sin(x)
    fit = by_steepest(x, y)
    np.testing.assert_allclose(list(fit.parameters.values()), by_hand(x, y), rtol=1e-10)
    assert len(fit.result.history) == STEPS + 1
    contenders = {
        "one pass over the rows, by hand": lambda: one_pass(x, y),
        "2000 steps from its products, by hand": lambda: by_hand(x, y),
        "one pass over the rows, by steepest": lambda: linearised(
            squares_in_chunks(fit.criterion, START)
        ),
        f"{LOOKED_AT} steps that look at the rows": lambda: by_rows(x, y),
        "steepest fit, 2000 steps, path kept": lambda: by_steepest(x, y),
    }
    print(report(f"Cubic, {ROWS:,} rows, gradient descent", alternate(contenders, rounds)))

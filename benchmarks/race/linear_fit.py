"""Many steps on many rows where a model is linear in its parameters.

A cubic fitted to a million points of the sine by 2000 steps of gradient descent. The yardstick is
one pass over the rows by hand: the four columns, and their products with each other and with the
response, from which every step follows. Our own pass makes products as well, but in coordinates in
which the columns are nearly orthonormal: these keep all digits, where those by hand keep half.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.objective import Vector

ROWS, STEPS, RATE = 1_000_000, 2000, 1e-9
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


def by_steepest(x: Vector, y: Vector, engine: str) -> Any:
    """Return the fit, the path kept."""
    import steepest as st

    return st.fit(
        MODEL,
        {"x": x, "y": y},
        start=START,
        method="gradient-descent",
        learning_rate=RATE,
        stop="max-steps",
        max_steps=STEPS,
        engine=engine,
    )

"""What five thousand small steps down x² + y² cost."""

from __future__ import annotations

import numpy as np

import steepest as st
from benchmarks.alternate import alternate, report

STEPS = 5000
RATE = 0.001


def by_hand() -> list[tuple[float, float, float]]:
    """Walk as one writes it in plain Python, keeping points and values."""
    x, y = 6.0, -3.0
    path = [(x, y, x * x + y * y)]
    for _ in range(STEPS):
        x, y = x - RATE * (2 * x), y - RATE * (2 * y)
        path.append((x, y, x * x + y * y))
    return path


def by_steepest() -> st.Result:
    """Walk as `minimize` does."""
    return st.minimize(
        "x**2 + y**2",
        (6.0, -3.0),
        method="gradient-descent",
        learning_rate=RATE,
        stop="max-steps",
        max_steps=STEPS,
    )


def main(rounds: int = 40) -> None:
    """Print the table."""
    if not np.allclose([point[:2] for point in by_hand()], by_steepest().history.x, rtol=1e-13):
        raise SystemExit("The two paths differ.")
    contenders = {
        "Python by hand": by_hand,
        "steepest minimize": by_steepest,
        "steepest, path as array": lambda: by_steepest().history.x,
    }
    print(report(f"Warm: {STEPS} steps, path kept", alternate(contenders, rounds)))

"""What the 172 points of a walk down sin(x)·sin(y) cost in a process that is warm."""

from __future__ import annotations

from math import cos, inf, sin

import numpy as np

import steepest as st
from benchmarks.alternate import alternate, report

START = (1.66, 3.37)
POINTS = 172


def by_hand() -> list[tuple[float, float, float]]:
    """Walk as one writes it in plain Python, keeping the path."""
    x, y = START
    previous, path = inf, []
    while True:
        sin_x, sin_y = sin(x), sin(y)
        value = sin_x * sin_y
        path.append((x, y, value))
        if value >= previous:
            return path
        previous = value
        x, y = x - 0.1 * (cos(x) * sin_y), y - 0.1 * (sin_x * cos(y))


def by_steepest() -> st.Result:
    """Walk as `minimize` does."""
    return st.minimize(
        "sin(x)*sin(y)",
        START,
        method="gradient-descent",
        learning_rate=0.1,
        stop="no-descent",
    )


def by_scipy() -> list[np.ndarray]:
    """Go down with SciPy's conjugate gradients, which take fewer steps, keeping the path."""
    from scipy.optimize import minimize

    path = [np.array(START)]
    minimize(
        lambda p: sin(p[0]) * sin(p[1]),
        START,
        jac=lambda p: np.array([cos(p[0]) * sin(p[1]), sin(p[0]) * cos(p[1])]),
        method="CG",
        callback=lambda x: path.append(x.copy()),
    )
    return path


def main(rounds: int = 100) -> None:
    """Print the table."""
    hand, walked, scipy = by_hand(), by_steepest().history.x, by_scipy()
    if not (len(hand) == len(walked) == POINTS):
        raise SystemExit(f"The paths have {len(hand)} and {len(walked)} points, not {POINTS}.")
    if not np.allclose([point[:2] for point in hand], walked, rtol=1e-13, atol=0):
        raise SystemExit("The two paths differ.")
    if not np.allclose(scipy[-1], walked[-1], atol=1e-4):
        raise SystemExit("SciPy ended elsewhere.")
    contenders = {
        "Python by hand": by_hand,
        "steepest minimize": by_steepest,
        "steepest, path as array": lambda: by_steepest().history.x,
        f"SciPy CG ({len(scipy)} points)": by_scipy,
    }
    title = f"Warm: the {POINTS} points of a walk, path kept"
    print(report(title, alternate(contenders, rounds, calls=5)))

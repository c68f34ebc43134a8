"""What one value with its gradient costs: Rosenbrock's function of 2 and of 20 variables."""

from __future__ import annotations

from typing import Any

import numpy as np

import steepest as st
from benchmarks.alternate import alternate, report


def two_by_hand(x: float, y: float) -> tuple[float, tuple[float, float]]:
    """Return value and gradient of the function of two variables."""
    rise, miss = y - x * x, 1 - x
    return miss * miss + 100 * rise * rise, (-2 * miss - 400 * x * rise, 200 * rise)


def valley(v: Any) -> Any:
    """Return the value for any number of variables, as one writes it with slices."""
    return np.sum(100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2)


def twenty_by_hand(v: Any) -> tuple[Any, Any]:
    """Return value and gradient for any number of variables, in NumPy."""
    head = v[:-1]
    rise, miss = v[1:] - head * head, 1 - head
    gradient = np.zeros_like(v)
    gradient[:-1] = -2 * miss - 400 * head * rise
    gradient[1:] += 200 * rise
    return 100 * (rise @ rise) + miss @ miss, gradient


def check(found: Any, expected: Any) -> None:
    """Leave unless value and gradient agree."""
    for one, other in zip(found, expected, strict=True):
        if not np.allclose(one, other, rtol=1e-12):
            raise SystemExit(f"{one} and {other} differ.")


def main(rounds: int = 40) -> None:
    """Print both tables."""
    two = st.function("(1 - x)**2 + 100*(y - x**2)**2").compiled
    check(two(-1.2, 1.0), two_by_hand(-1.2, 1.0))
    contenders = {
        "Python by hand": lambda: two_by_hand(-1.2, 1.0),
        "steepest": lambda: two(-1.2, 1.0),
    }
    title = "Warm: value and gradient of 2 variables"
    print(report(title, alternate(contenders, rounds, calls=2000)))

    function, point = st.function(valley), np.linspace(-1.0, 1.0, 20)
    function.gradient(point)
    twenty, numbers = function.compiled, point.tolist()
    check(twenty(numbers), twenty_by_hand(point))
    contenders = {
        "NumPy by hand": lambda: twenty_by_hand(point),
        "steepest, from a list": lambda: twenty(numbers),
        "steepest, from an array": lambda: twenty(point),
    }
    title = "Warm: value and gradient of 20 variables, written with slices"
    print()
    print(report(title, alternate(contenders, rounds, calls=500)))

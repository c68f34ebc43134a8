"""A hundred thousand descents of a hundred steps down sin(x)·sin(y)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from benchmarks.race import many_starts as starts
from benchmarks.race.job import Job, Run


def from_all(make: Callable[[], starts.Descent]) -> Callable[[], Run]:
    """Return the contender of one descent."""

    def begun() -> Run:
        points, descend = starts.starts(), make()
        return lambda: descend(points)

    return begun


JOB = Job(
    f"{starts.SIDE**2:,} starts on sin(x)·sin(y), {starts.STEPS} steps each",
    {
        "steepest": from_all(starts.steepest_descent),
        "limit: C": from_all(lambda: starts.c_descent(Path(mkdtemp()))),
        "NumPy by hand": from_all(lambda: starts.by_numpy),
        "NumPy by hand, in blocks": from_all(lambda: starts.by_numpy_in_blocks),
        "PyTorch, gradient by hand": from_all(lambda: starts.by_torch),
        "PyTorch": from_all(lambda: starts.by_torch_itself),
        "JAX": from_all(starts.jax_descent),
    },
    # Starts beside a ridge may part by what rounding grew to; most do not.
    lambda ends: np.quantile(ends, np.linspace(0.01, 0.99, 50)),
    goals={
        "limit: C": 2.0,
        "JAX": 1 / 12,
        "NumPy by hand": 1 / 20,
        "PyTorch, gradient by hand": 1.0,
    },
    rtol=1e-6,
)

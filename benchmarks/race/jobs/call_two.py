"""One value and gradient of Rosenbrock's function of 2 variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run

POINT = (-1.2, 1.0)


def two_by_hand(x: float, y: float) -> tuple[float, tuple[float, float]]:
    """Return value and gradient as one writes them."""
    rise, miss = y - x * x, 1 - x
    return miss * miss + 100 * rise * rise, (-2 * miss - 400 * x * rise, 200 * rise)


def by_steepest() -> Run:
    """Take the generated program."""
    import steepest as st

    two = st.function("(1 - x)**2 + 100*(y - x**2)**2").compiled
    return lambda: two(*POINT)


def by_numba() -> Run:
    """Compile value and gradient by hand."""
    from numba import njit

    compiled = njit(two_by_hand)
    return lambda: compiled(*POINT)


def by_jax() -> Run:
    """Return plain numbers, as a caller in Python needs them."""
    import jax

    jax.config.update("jax_enable_x64", True)
    both = jax.jit(
        jax.value_and_grad(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, argnums=(0, 1))
    )

    def run() -> Any:
        value, slopes = both(*POINT)
        return float(value), (float(slopes[0]), float(slopes[1]))

    return run


def by_torch() -> Run:
    """Return plain numbers, as a caller in Python needs them."""
    import torch

    def run() -> Any:
        x = torch.tensor(POINT[0], dtype=torch.float64, requires_grad=True)
        y = torch.tensor(POINT[1], dtype=torch.float64, requires_grad=True)
        value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        value.backward()
        assert x.grad is not None
        assert y.grad is not None
        return value.item(), (x.grad.item(), y.grad.item())

    return run


JOB = Job(
    "Rosenbrock's function of 2 variables: one value and gradient, in numbers",
    {
        "steepest": by_steepest,
        "Python by hand": lambda: lambda: two_by_hand(*POINT),
        "Numba by hand": by_numba,
        "JAX": by_jax,
        "PyTorch": by_torch,
    },
    lambda answer: [answer[0], *np.ravel(answer[1])],
    goals={"JAX": 1 / 12, "PyTorch": 1 / 100},
)

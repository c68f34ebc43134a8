"""One value and gradient of Rosenbrock's function of 20 variables, written with slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run
from benchmarks.rosenbrock import chained, chained_by_hand

POINT = np.linspace(-1.0, 1.0, 20)


def by_steepest() -> Run:
    """Take the generated program, compiled."""
    import steepest as st

    twenty = st.function(chained).native(POINT)
    return lambda: twenty(POINT)


def by_steepest_python(from_list: bool) -> Run:
    """Take the generated program."""
    import steepest as st

    function = st.function(chained)
    function.gradient(POINT)
    twenty, point = function.compiled, POINT.tolist() if from_list else POINT
    return lambda: twenty(point)


def by_numba() -> Run:
    """Compile value and gradient by hand."""
    from numba import njit

    @njit
    def both(v: Any) -> Any:
        gradient, value = np.zeros_like(v), 0.0
        for i in range(v.size - 1):
            rise, miss = v[i + 1] - v[i] * v[i], 1 - v[i]
            value += 100 * rise * rise + miss * miss
            gradient[i] += -2 * miss - 400 * v[i] * rise
            gradient[i + 1] += 200 * rise
        return value, gradient

    return lambda: both(POINT)


def by_jax() -> Run:
    """Return NumPy's array, as a caller in Python needs it."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def function(v: Any) -> Any:
        return (100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2).sum()

    both = jax.jit(jax.value_and_grad(function))

    def run() -> Any:
        value, gradient = both(POINT)
        return float(value), np.asarray(gradient)

    return run


def by_torch() -> Run:
    """Return NumPy's array, as a caller in Python needs it."""
    import torch

    def run() -> Any:
        v = torch.tensor(POINT, requires_grad=True)
        value = (100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2).sum()
        value.backward()
        assert v.grad is not None
        return value.item(), v.grad.numpy()

    return run


JOB = Job(
    "Rosenbrock's function of 20 variables, from slices: one value and gradient",
    {
        "steepest": by_steepest,
        "steepest, by Python": lambda: by_steepest_python(from_list=False),
        "steepest, by Python from a list": lambda: by_steepest_python(from_list=True),
        "NumPy by hand": lambda: lambda: chained_by_hand(POINT),
        "Numba by hand": by_numba,
        "JAX": by_jax,
        "PyTorch": by_torch,
    },
    lambda answer: [answer[0], *answer[1]],
    goals={"Numba by hand": 2.0, "JAX": 1 / 6, "PyTorch": 1 / 60},
)

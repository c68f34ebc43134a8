"""What one value with its gradient costs where a function is a sum over 100,000 elements of x.

Our compiled evaluation, as the steps of `engine="native"` call it, beside NumPy by hand, a Numba
loop by hand with all liberties of arithmetic, and JAX where it is installed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.alternate import alternate, report
from steepest.functions import objective
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.engine import COMPILER

SIZE = 100_000

Answer = tuple[float, Vector]
Run = Callable[[Vector], Answer]


def waves(x: Any, np: Any = np) -> Any:
    return np.sum(np.exp(-x) * np.sin(x))


def chained(x: Any, np: Any = np) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rastrigin(x: Any, np: Any = np) -> Any:
    return np.sum(10 + x**2 - 10 * np.cos(2 * np.pi * x))


def waves_by_hand(x: Vector) -> Answer:
    falling, sine = np.exp(-x), np.sin(x)
    return float(falling @ sine), falling * (np.cos(x) - sine)


def chained_by_hand(x: Vector) -> Answer:
    rise, short = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * x[:-1] * rise - 2 * short
    gradient[1:] += 200 * rise
    return float(100 * (rise @ rise) + short @ short), gradient


def rastrigin_by_hand(x: Vector) -> Answer:
    angle = 2 * np.pi * x
    value = 10 * x.size + x @ x - 10 * np.cos(angle).sum()
    return float(value), 2 * x + 20 * np.pi * np.sin(angle)


def by_numba() -> dict[Callable[..., Any], Run]:
    """Return loops as one writes them for Numba."""
    from numba import njit

    @njit(fastmath=True)
    def waves_loop(x: Vector) -> Any:
        value, gradient = 0.0, np.empty_like(x)
        for i in range(x.size):
            falling, sine = math.exp(-x[i]), math.sin(x[i])
            value += falling * sine
            gradient[i] = falling * (math.cos(x[i]) - sine)
        return value, gradient

    @njit(fastmath=True)
    def chained_loop(x: Vector) -> Any:
        value, gradient = 0.0, np.zeros_like(x)
        for i in range(x.size - 1):
            rise, short = x[i + 1] - x[i] * x[i], 1 - x[i]
            value += 100 * rise * rise + short * short
            gradient[i] += -400 * x[i] * rise - 2 * short
            gradient[i + 1] += 200 * rise
        return value, gradient

    @njit(fastmath=True)
    def rastrigin_loop(x: Vector) -> Any:
        value, gradient = 0.0, np.empty_like(x)
        for i in range(x.size):
            angle = 2 * math.pi * x[i]
            value += 10 + x[i] * x[i] - 10 * math.cos(angle)
            gradient[i] = 2 * x[i] + 20 * math.pi * math.sin(angle)
        return value, gradient

    return {waves: waves_loop, chained: chained_loop, rastrigin: rastrigin_loop}


def by_jax(function: Callable[..., Any]) -> Run:
    """Return JAX's compiled value and gradient."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.value_and_grad(lambda x: function(x, jnp)))

    def run(x: Vector) -> Answer:
        value, gradient = compiled(x)
        return float(value), np.asarray(gradient)

    return run


def by_steepest(function: Callable[..., Any], start: Vector) -> Run:
    """Return our compiled evaluation, called from compiled code."""
    from numba import njit

    followed = objective(function, start)
    assert isinstance(followed, GraphFunction)
    evaluation = COMPILER.compiled(followed.branches.at(followed.parts(start)).arrays)
    call = njit(lambda evaluate, x, gradient: evaluate(x, gradient))

    def run(x: Vector) -> Answer:
        gradient = np.empty_like(x)
        return call(evaluation, x, gradient), gradient

    return run


def main(rounds: int = 41) -> None:
    """Print the tables."""
    x = np.random.default_rng(0).uniform(0.1, 1.5, SIZE)
    loops = by_numba()
    hands = {waves: waves_by_hand, chained: chained_by_hand, rastrigin: rastrigin_by_hand}
    for function, by_hand in hands.items():
        contenders: dict[str, Run] = {"NumPy by hand": by_hand, "Numba by hand": loops[function]}
        if find_spec("jax"):
            contenders["JAX, compiled"] = by_jax(function)
        contenders["steepest"] = by_steepest(lambda x, function=function: function(x), x)
        value, slopes = by_hand(x)
        for run in contenders.values():
            found, gradient = run(x)
            np.testing.assert_allclose(found, value, rtol=1e-11)
            np.testing.assert_allclose(gradient, slopes, rtol=1e-9, atol=1e-11)
        runs = {name: lambda run=run: run(x) for name, run in contenders.items()}  # type: ignore[misc]
        print(report(f"{function.__name__}, n = {SIZE:,}", alternate(runs, rounds)))
        print()

"""What large problems cost to ‖g‖∞ ≤ 10⁻⁵, from the plain NumPy function.

Beside SciPy's L-BFGS-B with a gradient written by hand, and Optax's L-BFGS, the whole loop of
which is compiled, where Optax is installed. All in double precision, with a memory of 10 pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np
from scipy import optimize

import steepest as st
from benchmarks.alternate import alternate, duration, report
from steepest.objective import Vector

GOAL = 1e-5
MOST = 30_000


def extended(x: Any) -> Any:
    """Return Rosenbrock's function of every pair of variables, added up."""
    first, second = x[::2], x[1::2]
    return np.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)


def extended_by_hand(x: Vector) -> tuple[float, Vector]:
    """Return its value and gradient as one writes them."""
    first, second = x[::2], x[1::2]
    bend, rest = second - first * first, 1 - first
    gradient = np.empty_like(x)
    gradient[::2] = -400 * first * bend - 2 * rest
    gradient[1::2] = 200 * bend
    return float(100 * (bend @ bend) + rest @ rest), gradient


def chained(x: Any) -> Any:
    """Return Rosenbrock's function of every two neighbours, added up."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chained_by_hand(x: Vector) -> tuple[float, Vector]:
    """Return its value and gradient as one writes them."""
    bend, rest = x[1:] - x[:-1] * x[:-1], 1 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * x[:-1] * bend - 2 * rest
    gradient[1:] += 200 * bend
    return float(100 * (bend @ bend) + rest @ rest), gradient


def by_steepest(function: Any, start: Vector) -> Callable[[], Vector]:
    """Return the call that leaves everything to us, tracing and the path kept included."""

    def run() -> Vector:
        result = st.minimize(function, start, stop=st.stopping.Gradient(GOAL), max_steps=MOST)
        return np.asarray(result.x)

    return run


def by_scipy(by_hand: Any, start: Vector) -> Callable[[], Vector]:
    """Return the call of SciPy's L-BFGS-B, which is not to stop before the goal."""
    options = {"gtol": GOAL, "ftol": 0.0, "maxiter": MOST, "maxfun": 2 * MOST, "maxcor": 10}

    def run() -> Vector:
        result = optimize.minimize(by_hand, start, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(result.x)

    return run


def by_optax(name: str, start: Vector) -> Callable[[], Vector]:
    """Return the call of Optax's L-BFGS, compiled whole beforehand."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)

    def function(x: Any) -> Any:
        if name == "extended":
            first, second = x[::2], x[1::2]
        else:
            first, second = x[:-1], x[1:]
        return jnp.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)

    solver = optax.lbfgs(memory_size=10)
    both = optax.value_and_grad_from_state(function)

    def step(carry: Any) -> Any:
        x, state = carry
        value, gradient = both(x, state=state)
        updates, state = solver.update(
            gradient, state, x, value=value, grad=gradient, value_fn=function
        )
        return optax.apply_updates(x, updates), state

    def goes_on(carry: Any) -> Any:
        _, state = carry
        count = optax.tree.get(state, "count")
        gradient = optax.tree.get(state, "grad")
        return (count == 0) | ((count < MOST) & (jnp.abs(gradient).max() > GOAL))

    @jax.jit
    def descend(x: Any) -> Any:
        return jax.lax.while_loop(goes_on, step, (x, solver.init(x)))[0]

    first = jnp.asarray(start)
    began = perf_counter()
    descend(first).block_until_ready()
    print(f"Optax, compiling and one run: {duration(perf_counter() - began)}")
    return lambda: np.asarray(descend(first))


def main(rounds: int = 7) -> None:
    """Print the tables."""
    problems = {
        "extended": (extended, extended_by_hand, 100_000),
        "chained": (chained, chained_by_hand, 1000),
    }
    for name, (function, by_hand, size) in problems.items():
        start = np.tile([-1.2, 1.0], size // 2)
        contenders = {
            "SciPy L-BFGS-B, by hand": by_scipy(by_hand, start),
            "steepest minimize": by_steepest(function, start),
        }
        if find_spec("optax") is not None:
            contenders["Optax L-BFGS, compiled"] = by_optax(name, start)
        for contender, run in contenders.items():
            slope = np.abs(by_hand(run())[1]).max()
            print(f"{contender}: ends at a gradient of {slope:.1e}")
        title = f"{name.capitalize()} Rosenbrock of {size} variables"
        print(report(title, alternate(contenders, rounds)))
        print()

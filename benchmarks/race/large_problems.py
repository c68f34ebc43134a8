"""Large problems to ‖g‖∞ ≤ 10⁻⁵, from the plain NumPy function.

Beside SciPy's L-BFGS-B with a gradient written by hand, and Optax's L-BFGS, the whole loop of
which is compiled. All in double precision, with a memory of 10 pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.race.optax_loop import compiled_descent
from benchmarks.rosenbrock import PROBLEMS, start_of
from steepest.objective import Vector

GOAL = 1e-5
MOST = 30_000

Run = Callable[[], Vector]


def by_steepest(name: str, engine: str) -> Run:
    """Return the call that leaves everything to us, tracing and the path kept included."""
    import steepest as st

    function, start = PROBLEMS[name][0], start_of(name)

    def run() -> Vector:
        stop = st.stopping.Gradient(GOAL)
        result = st.minimize(function, start, stop=stop, max_steps=MOST, engine=engine)
        return np.asarray(result.x)

    return run


def by_scipy(name: str) -> Run:
    """Return the call of SciPy's L-BFGS-B, which is not to stop before the goal."""
    from scipy import optimize

    by_hand, start = PROBLEMS[name][1], start_of(name)
    options = {"gtol": GOAL, "ftol": 0.0, "maxiter": MOST, "maxfun": 2 * MOST, "maxcor": 10}

    def run() -> Vector:
        result = optimize.minimize(by_hand, start, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(result.x)

    return run


def by_optax(name: str) -> Run:
    """Return the call of Optax's L-BFGS, compiled whole when it is first called."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def function(x: Any) -> Any:
        if name == "extended":
            first, second = x[::2], x[1::2]
        else:
            first, second = x[:-1], x[1:]
        return jnp.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)

    descend = compiled_descent(function, GOAL, MOST)

    first = jnp.asarray(start_of(name))
    return lambda: np.asarray(descend(first))

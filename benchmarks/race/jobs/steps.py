"""5000 small steps down x² + y², path kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run

START, RATE, STEPS = (6.0, -3.0), 0.001, 5000


def loop(x: float, y: float) -> Any:
    """Return the path, as one writes it by hand."""
    path = np.empty((STEPS + 1, 3))
    for count in range(STEPS + 1):
        path[count, 0], path[count, 1], path[count, 2] = x, y, x * x + y * y
        x, y = x - RATE * (2 * x), y - RATE * (2 * y)
    return path


def by_python() -> Run:
    """Keep the path in a list, which Python fills faster than an array."""

    def run() -> list[tuple[float, float, float]]:
        x, y = START
        path = [(x, y, x * x + y * y)]
        for _ in range(STEPS):
            x, y = x - RATE * (2 * x), y - RATE * (2 * y)
            path.append((x, y, x * x + y * y))
        return path

    return run


def by_numba() -> Run:
    """Compile the loop."""
    from numba import njit

    compiled = njit(loop)
    return lambda: compiled(*START)


def by_jax() -> Run:
    """Compile the whole loop with the gradient that JAX finds."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    both = jax.value_and_grad(lambda p: p[0] ** 2 + p[1] ** 2)

    @jax.jit
    def walk(start: Any) -> Any:
        def step(p: Any, _: Any) -> Any:
            value, gradient = both(p)
            return p - RATE * gradient, jnp.array([p[0], p[1], value])

        return jax.lax.scan(step, start, None, length=STEPS + 1)[1]

    return lambda: np.asarray(walk(np.array(START)))


def by_prepared() -> Run:
    """Prepare the descent, as one does who walks it again and again."""
    import steepest as st

    descend = st.prepare(
        "x**2 + y**2",
        START,
        learning_rate=RATE,
        stop="max-steps",
        max_steps=STEPS,
        engine="native",
    )

    def run() -> Any:
        path = descend(START)
        return path.x, path.fun

    return run


def by_minimize() -> Run:
    """Read the arguments, walk, judge and explain the point found."""
    import steepest as st

    def run() -> Any:
        history = st.minimize(
            "x**2 + y**2",
            START,
            method="gradient-descent",
            learning_rate=RATE,
            stop="max-steps",
            max_steps=STEPS,
        ).history
        return history.x, history.fun

    return run


def digest(answer: Any) -> list[float]:
    """Return the number of points, and the last of them."""
    if isinstance(answer, tuple):
        return [len(answer[0]), *answer[0][-1], answer[1][-1]]
    return [len(answer), *answer[-1]]


JOB = Job(
    "5000 steps down x² + y², path kept",
    {
        "steepest": by_prepared,
        "steepest minimize": by_minimize,
        "Numba by hand": by_numba,
        "JAX": by_jax,
        "Python by hand": by_python,
    },
    digest,
    goals={"Numba by hand": 1.5, "JAX": 1.0},
)

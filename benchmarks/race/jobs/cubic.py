"""A cubic on a million rows, 2000 steps of gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race import linear_fit
from benchmarks.race.job import Job, Run
from benchmarks.race.linear_fit import MODEL, RATE, ROWS, START, STEPS

JAX_STEPS = 20
"""JAX looks at all rows in every step: so many of them are timed, which is in its favour."""


def data() -> tuple[Any, Any]:
    """Return the column and the response."""
    x = np.linspace(-np.pi, np.pi, ROWS)
    return x, np.sin(x)


def by_steepest(engine: str) -> Run:
    """Fit as a user does, path kept; "auto" compiles the pass after some passes of Python's."""
    x, y = data()

    def run() -> Any:
        return list(linear_fit.by_steepest(x, y, engine).parameters.values())

    return run


def one_pass() -> Run:
    """Make one pass, with no descent at all; its answer is found beside the clock."""
    x, y = data()
    answer = linear_fit.by_hand(x, y)

    def run() -> Any:
        linear_fit.one_pass(x, y)
        return answer

    return run


def by_hand() -> Run:
    """Descend from the products of one pass, by hand."""
    x, y = data()
    return lambda: linear_fit.by_hand(x, y)


def by_jax(steps: int) -> Run:
    """Compile the loop over steps; with fewer steps the answer is found beside the clock."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = data()
    columns, answer = (jnp.asarray(x), jnp.asarray(y)), linear_fit.by_hand(x, y)

    def loss(p: Any, x: Any, y: Any) -> Any:
        return jnp.sum((p[0] + p[1] * x + p[2] * x**2 + p[3] * x**3 - y) ** 2)

    slope = jax.grad(loss)

    @jax.jit
    def descend(p: Any, x: Any, y: Any) -> Any:
        return jax.lax.fori_loop(0, steps, lambda _, p: p - RATE * slope(p, x, y), p)

    def run() -> Any:
        np.asarray(descend(np.array(list(START.values())), *columns))
        return answer

    return run


JOB = Job(
    f"{MODEL}, {ROWS:,} rows, {STEPS} steps of gradient descent, path kept",
    {
        "steepest": lambda: by_steepest("native"),
        "steepest, auto": lambda: by_steepest("auto"),
        "limit: one pass by NumPy": one_pass,
        "NumPy by hand, from the products": by_hand,
        f"JAX, only {JAX_STEPS} of the steps": lambda: by_jax(JAX_STEPS),
    },
    lambda answer: answer,
    goals={"limit: one pass by NumPy": 1.3, f"JAX, only {JAX_STEPS} of the steps": 1.0},
    rtol=1e-9,
)

"""The 172 points down sin(x)·sin(y), path kept."""

from __future__ import annotations

from math import cos, inf, sin
from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run

START, RATE, MOST = (1.66, 3.37), 0.1, 512


def loop(x: float, y: float) -> Any:
    """Return the path, as one writes it by hand."""
    path = np.empty((MOST, 3))
    previous, count = inf, 0
    while count < MOST:
        sin_x, sin_y = sin(x), sin(y)
        value = sin_x * sin_y
        path[count, 0], path[count, 1], path[count, 2] = x, y, value
        count += 1
        if value >= previous:
            break
        previous = value
        x, y = x - RATE * (cos(x) * sin_y), y - RATE * (sin_x * cos(y))
    return path[:count]


def by_python() -> Run:
    """Keep the path in a list, which Python fills faster than an array."""

    def run() -> list[tuple[float, float, float]]:
        x, y = START
        previous, path = inf, []
        while True:
            sin_x, sin_y = sin(x), sin(y)
            value = sin_x * sin_y
            path.append((x, y, value))
            if value >= previous:
                return path
            previous = value
            x, y = x - RATE * (cos(x) * sin_y), y - RATE * (sin_x * cos(y))

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
    both = jax.value_and_grad(lambda p: jnp.sin(p[0]) * jnp.sin(p[1]))

    @jax.jit
    def walk(start: Any) -> Any:
        def goes_on(carry: Any) -> Any:
            return carry[0]

        def step(carry: Any) -> Any:
            _, count, p, previous, path = carry
            value, gradient = both(p)
            path = path.at[count].set(jnp.array([p[0], p[1], value]))
            fell = value < previous
            return fell, count + 1, p - RATE * gradient, value, path

        begin = (True, 0, start, jnp.inf, jnp.zeros((MOST, 3)))
        _, count, _, _, path = jax.lax.while_loop(goes_on, step, begin)
        return count, path

    def run() -> Any:
        count, path = walk(np.array(START))
        return np.asarray(path)[: int(count)]

    return run


def by_torch() -> Run:
    """Walk with PyTorch's own optimizer."""
    import torch

    def run() -> list[tuple[float, float, float]]:
        p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([p], lr=RATE)
        previous, path = inf, []
        while True:
            optimizer.zero_grad()
            value = torch.sin(p[0]) * torch.sin(p[1])
            value.backward()  # type: ignore[no-untyped-call]
            path.append((*p.tolist(), value.item()))
            if path[-1][2] >= previous:
                return path
            previous = path[-1][2]
            optimizer.step()

    return run


def by_prepared(engine: str) -> Run:
    """Prepare the descent, as one does who walks it again and again."""
    import steepest as st

    descend = st.prepare(
        "sin(x)*sin(y)", START, learning_rate=RATE, stop="no-descent", engine=engine
    )

    def run() -> Any:
        path = descend(START)
        return path, path.x, path.fun

    return run


def by_minimize() -> Run:
    """Read the arguments, walk, judge and explain the point found."""
    import steepest as st

    def run() -> Any:
        history = st.minimize(
            "sin(x)*sin(y)",
            START,
            method="gradient-descent",
            learning_rate=RATE,
            stop="no-descent",
        ).history
        return history, history.x, history.fun

    return run


def digest(answer: Any) -> list[float]:
    """Return the number of points, and the last of them."""
    if isinstance(answer, tuple):
        return [len(answer[0]), *answer[1][-1], answer[2][-1]]
    return [len(answer), *answer[-1]]


JOB = Job(
    "172 points down sin(x)·sin(y), path kept",
    {
        "steepest": lambda: by_prepared("native"),
        "steepest minimize": by_minimize,
        "steepest, by Python": lambda: by_prepared("python"),
        "Numba by hand": by_numba,
        "JAX": by_jax,
        "PyTorch": by_torch,
        "Python by hand": by_python,
    },
    digest,
    goals={"Numba by hand": 1.5, "JAX": 1.0},
)

"""What a million descents of a hundred steps down sin(x)·sin(y) cost, beside NumPy by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from math import pi
from typing import Any

import numpy as np

import steepest as st
from benchmarks.alternate import alternate, report

POINTS = 1000
STEPS = 100
RATE = 0.1
TURN = 2 * pi
MINIMA = np.array([[pi / 2, 3 * pi / 2], [3 * pi / 2, pi / 2]])


def starts() -> list[np.ndarray]:
    """Return the coordinates of all starts, shape (1000, 1000) each."""
    axis = np.linspace(0, TURN, POINTS)
    return np.meshgrid(axis, axis, indexing="ij")


def attributed(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the minimum that is nearest, -1 beyond a quarter of the way to its neighbour."""
    distances = [np.hypot(x - a, y - b) for a, b in MINIMA]
    nearest = np.argmin(distances, axis=0)
    return np.where(np.min(distances, axis=0) < pi / 2**0.5 / 4, nearest, -1)


def by_hand() -> np.ndarray:
    """Descend as one writes it in NumPy."""
    x, y = starts()
    for _ in range(STEPS):
        slope_x, slope_y = np.cos(x) * np.sin(y), np.sin(x) * np.cos(y)
        x -= RATE * slope_x
        y -= RATE * slope_y
    return attributed(x, y)


def by_steepest() -> np.ndarray:
    """Descend as a landscape does, and read which point was reached."""
    land = st.landscape("sin(x)*sin(y)", x=(0, TURN), y=(0, TURN))
    found = land.basins(learning_rate=RATE, points=POINTS, max_steps=STEPS)
    kinds = [point.kind for point in found.points]
    place = [-1] * (len(kinds) + 1)
    for k, point in enumerate(found.points):
        if kinds[k] == "minimum":
            place[k] = int(np.abs(MINIMA - point.x).sum(axis=1).argmin())
    return np.array(place)[found.reached]


def by_torch() -> np.ndarray:
    """Descend in PyTorch, on one thread like the others."""
    import torch

    torch.set_num_threads(1)
    x, y = (torch.from_numpy(part.copy()) for part in starts())
    with torch.no_grad():
        for _ in range(STEPS):
            slope_x, slope_y = torch.cos(x) * torch.sin(y), torch.sin(x) * torch.cos(y)
            x -= RATE * slope_x
            y -= RATE * slope_y
    return attributed(x.numpy(), y.numpy())


def jax_descent() -> Callable[[], np.ndarray]:
    """Return the descent compiled by JAX, gradient by its own differentiation."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    gradient = jax.vmap(jax.grad(lambda p: jnp.sin(p[0]) * jnp.sin(p[1])))

    @jax.jit
    def descend(points: Any) -> Any:
        return jax.lax.fori_loop(0, STEPS, lambda _, p: p - RATE * gradient(p), points)

    def run() -> np.ndarray:
        points = np.stack([part.ravel() for part in starts()], axis=1)
        x, y = np.asarray(descend(points)).T.reshape(2, POINTS, POINTS)
        return attributed(x, y)

    return run


def main(rounds: int = 5) -> None:
    """Print the table."""
    contenders: dict[str, Callable[[], np.ndarray]] = {
        "NumPy by hand": by_hand,
        "steepest basins": by_steepest,
    }
    with suppress(ImportError):
        import torch  # noqa: F401

        contenders["PyTorch"] = by_torch
    with suppress(ImportError):
        contenders["JAX, compiled"] = jax_descent()
    answers = {name: run() for name, run in contenders.items()}
    yardstick = answers["NumPy by hand"]
    for name, answer in answers.items():
        # Starts next to the ridge may end just within the reach of a minimum, or just beyond.
        different = np.mean((answer != yardstick) & (answer >= 0) & (yardstick >= 0))
        undecided = np.mean((answer >= 0) != (yardstick >= 0))
        if different > 0 or undecided > 0.02:
            raise SystemExit(f"{name} comes to other minima: {different:.2%}, {undecided:.2%}.")
    title = f"Basins: {POINTS} x {POINTS} starts, {STEPS} steps each"
    print(report(title, alternate(contenders, rounds)))

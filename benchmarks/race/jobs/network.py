"""A network on digits: epochs of Adam, in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run
from steepest.objective import Vector

ROWS, BATCH, EPOCHS, RATE = 1792, 128, 50, 1e-3


def data() -> tuple[Vector, Vector]:
    """Return the pictures and the digits."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.data[:ROWS] / 16, digits.target[:ROWS].astype(float)


def start() -> dict[str, Vector]:
    """Return the weights to begin with."""
    generator = np.random.default_rng(0)
    return {
        "W": generator.normal(size=(64, 128)) / 8,
        "b": np.zeros(128),
        "V": generator.normal(size=(128, 10)) / np.sqrt(128),
        "c": np.zeros(10),
    }


def orders() -> Vector:
    """Return the rows of every batch, shape (steps, batch)."""
    generator = np.random.default_rng(0)
    return np.concatenate([generator.permutation(ROWS).reshape(-1, BATCH) for _ in range(EPOCHS)])


def by_steepest(engine: str) -> Run:
    """Fit as a user does; "auto" compiles the steps after four seconds of Python's."""
    import steepest as st

    pictures, digits = data()

    def model(x: Any, W: Any, b: Any, V: Any, c: Any) -> Any:
        return np.tanh(x @ W + b) @ V + c

    def run() -> Any:
        fit = st.fit(
            model,
            {"x": pictures, "y": digits},
            loss="cross_entropy",
            start=start(),
            method="adam",
            learning_rate=RATE,
            batch_size=BATCH,
            epochs=EPOCHS,
            engine=engine,
        )
        return [fit.parameters[name] for name in start()]

    return run


def by_numpy() -> Run:
    """Go backwards by hand."""
    pictures, digits = data()
    wanted = np.eye(10)[digits.astype(int)]

    def run() -> Any:
        p = [one.copy() for one in start().values()]
        means, squares = ([np.zeros_like(one) for one in p] for _ in range(2))
        for step, rows in enumerate(orders(), 1):
            x = pictures[rows]
            hidden = np.tanh(x @ p[0] + p[1])
            scores = hidden @ p[2] + p[3]
            scores -= scores.max(axis=1, keepdims=True)
            chances = np.exp(scores)
            chances /= chances.sum(axis=1, keepdims=True)
            last = (chances - wanted[rows]) / BATCH
            inner = last @ p[2].T * (1 - hidden * hidden)
            slopes = [x.T @ inner, inner.sum(axis=0), hidden.T @ last, last.sum(axis=0)]
            first, second = 1 - 0.9**step, np.sqrt(1 - 0.999**step)
            for part, slope, mean, square in zip(p, slopes, means, squares, strict=True):
                mean += 0.1 * (slope - mean)
                square += 0.001 * (slope * slope - square)
                part -= RATE * (mean / first) / (np.sqrt(square) / second + 1e-8)
        return p

    return run


def by_jax() -> Run:
    """Compile all epochs into one scan, Optax making the steps."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)
    pictures, digits = data()
    x, y = jnp.asarray(pictures), jnp.asarray(digits.astype(int))
    adam = optax.adam(RATE)

    def loss(p: Any, x: Any, y: Any) -> Any:
        scores = jnp.tanh(x @ p[0] + p[1]) @ p[2] + p[3]
        return optax.softmax_cross_entropy_with_integer_labels(scores, y).mean()

    @jax.jit
    def descend(p: Any, orders: Any) -> Any:
        def step(carry: Any, rows: Any) -> Any:
            p, state = carry
            value, slopes = jax.value_and_grad(loss)(p, x[rows], y[rows])
            updates, state = adam.update(slopes, state)
            return (optax.apply_updates(p, updates), state), value

        return jax.lax.scan(step, (p, adam.init(p)), orders)[0][0]

    def run() -> Any:
        found = descend([jnp.asarray(one) for one in start().values()], jnp.asarray(orders()))
        return [np.asarray(one) for one in found]

    return run


def by_torch() -> Run:
    """Let PyTorch's fused Adam make the steps."""
    import torch

    pictures, digits = data()
    x, y = torch.from_numpy(pictures), torch.from_numpy(digits.astype(int))

    def run() -> Any:
        p = [torch.tensor(one, requires_grad=True) for one in start().values()]
        adam = torch.optim.Adam(p, lr=RATE, fused=True)
        for rows in torch.from_numpy(orders()):
            adam.zero_grad()
            scores = torch.tanh(x[rows] @ p[0] + p[1]) @ p[2] + p[3]
            torch.nn.functional.cross_entropy(scores, y[rows]).backward()
            adam.step()
        return [one.detach().numpy() for one in p]

    return run


JOB = Job(
    f"A 64-128-10 network on {ROWS} digits, {EPOCHS} epochs of Adam in batches of {BATCH}",
    {
        "steepest": lambda: by_steepest("native"),
        "steepest, auto": lambda: by_steepest("auto"),
        "NumPy by hand": by_numpy,
        "JAX": by_jax,
        "PyTorch": by_torch,
    },
    lambda answer: np.concatenate([np.ravel(one) for one in answer]),
    goals={"JAX": 1.0, "PyTorch": 1.0},
    rtol=1e-6,
    atol=1e-8,
)

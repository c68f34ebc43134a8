"""Logistic regression: one value and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run
from benchmarks.race.logistic import (
    COLUMNS,
    PENALTY,
    ROWS,
    by_c,
    data,
    jax_loss,
    numpy_loss,
    point,
    torch_loss,
)


def by_steepest() -> Run:
    """Take the pass that a fit makes."""
    import steepest as st
    from steepest.fitting.native import RowsFunction

    table, labels = data()
    fit = st.fit(
        lambda X, w: X @ w,
        {"X": table, "y": labels},
        loss="log",
        l2=PENALTY,
        start={"w": np.zeros(COLUMNS)},
        method="adam",
        max_steps=0,
        engine="python",
    )
    followed = fit.criterion.objective({"w": np.zeros(COLUMNS)})
    rows, w = RowsFunction(followed, "native"), point()
    return lambda: rows.value_and_gradient(w)


def by_numpy() -> Run:
    """Write both down by hand."""
    table, labels = data()
    w = point()
    return lambda: numpy_loss(w, table, labels)


def by_jax() -> Run:
    """Compile value and gradient."""
    import jax

    loss, table, labels = jax_loss()
    both, w = jax.jit(jax.value_and_grad(loss)), point()

    def run() -> Any:
        value, gradient = both(w, table, labels)
        return float(value), np.asarray(gradient)

    return run


def by_torch() -> Run:
    """Go backwards."""
    import torch

    loss = torch_loss()

    def run() -> Any:
        w = torch.tensor(point(), requires_grad=True)
        value = loss(w)
        value.backward()
        assert w.grad is not None
        return value.item(), w.grad.numpy()

    return run


JOB = Job(
    f"Logistic regression, {ROWS:,} rows of {COLUMNS} columns: one value and gradient",
    {
        "steepest": by_steepest,
        "limit: C": by_c,
        "NumPy by hand": by_numpy,
        "JAX": by_jax,
        "PyTorch": by_torch,
    },
    lambda answer: [answer[0], *answer[1]],
    goals={"PyTorch": 1.0, "JAX": 1.0},
    rtol=1e-7,
)

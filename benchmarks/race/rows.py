"""The jobs of one pass over rows: who makes them is in `benchmarks.race.row_kernels`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from benchmarks.race import row_kernels
from benchmarks.race.job import Job, Run


def job_of_rows(name: str, goals: Mapping[str, float]) -> Job:
    """Return the job of one model."""
    formula, start = row_kernels.MODELS[name]
    theta, waves = np.array(start), "sin" in name

    def on_rows(run: Any) -> Run:
        x, y = row_kernels.data()
        return lambda: run(theta, x, y)

    def by_torch(compiled: bool) -> Run:
        run = row_kernels.by_torch(waves, *row_kernels.data(), compiled=compiled)
        return lambda: run(theta)

    def by_jax() -> Run:
        run = row_kernels.by_jax(waves, *row_kernels.data())
        return lambda: run(theta)

    by_hand = row_kernels.numpy_waves if waves else row_kernels.numpy_exp
    return Job(
        f"{name}, 1,000,000 rows: one value and gradient",
        {
            "steepest": lambda: row_kernels.by_steepest(formula, theta, *row_kernels.data()),
            "limit: C": lambda: on_rows(row_kernels.by_c(waves, Path(mkdtemp()))),
            "Numba by hand": lambda: on_rows(row_kernels.by_numba(waves)),
            "NumPy by hand": lambda: on_rows(by_hand),
            "JAX": by_jax,
            "PyTorch": lambda: by_torch(compiled=False),
            "torch.compile": lambda: by_torch(compiled=True),
        },
        lambda answer: [answer[0], *answer[1]],
        {**goals, "torch.compile": 1.0 if not waves else 1 / 1.5},
        rtol=1e-6,
    )

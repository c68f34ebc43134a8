"""The jobs of logistic regression: 200,000 rows, 50 columns, a penalty of half 1e-4 ‖w‖²."""

from __future__ import annotations

import ctypes
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from benchmarks.race.job import Run
from steepest.objective import Vector

ROWS, COLUMNS, PENALTY = 200_000, 50, 1e-4


@cache
def data() -> tuple[Vector, Vector]:
    """Return the table, whose columns are correlated and of unlike size, and the labels."""
    generator = np.random.default_rng(0)
    mixing = generator.normal(size=(COLUMNS, COLUMNS)) / np.sqrt(COLUMNS)
    table = generator.normal(size=(ROWS, COLUMNS)) @ (np.eye(COLUMNS) + mixing)
    table *= np.logspace(-0.5, 0.5, COLUMNS)
    truth = generator.normal(size=COLUMNS)
    labels = generator.random(ROWS) < 1 / (1 + np.exp(-table @ truth))
    return np.ascontiguousarray(table), labels.astype(float)


def point() -> Vector:
    """Return where value and gradient are asked for."""
    return np.random.default_rng(1).normal(size=COLUMNS) / 10


def numpy_loss(w: Vector, table: Vector, labels: Vector) -> tuple[float, Vector]:
    """Return value and gradient as one writes them, in one pass over each array."""
    predicted = table @ w
    tail = np.exp(-np.abs(predicted))
    value = np.mean(np.maximum(predicted, 0) - labels * predicted + np.log1p(tail))
    chance = np.where(predicted >= 0, 1.0, tail) / (1 + tail)
    gradient = table.T @ (chance - labels) / ROWS
    return float(value + PENALTY / 2 * (w @ w)), gradient + PENALTY * w


def jax_loss() -> Any:
    """Return the loss for JAX."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    table, labels = (jnp.asarray(one) for one in data())

    def loss(w: Any, table: Any, labels: Any) -> Any:
        predicted = table @ w
        return jnp.mean(jnp.logaddexp(0.0, predicted) - labels * predicted) + PENALTY / 2 * (w @ w)

    return loss, table, labels


def torch_loss() -> Any:
    """Return the loss for PyTorch."""
    import torch

    table, labels = (torch.from_numpy(one) for one in data())

    def loss(w: Any) -> Any:
        predicted = table @ w
        rows = torch.nn.functional.binary_cross_entropy_with_logits(predicted, labels)
        return rows + PENALTY / 2 * (w @ w)

    return loss


C = """
#include <math.h>
void pass(const double *w, const double *x, const double *y, long m, double *out) {
    enum { K = %d };
    double f = 0, g[K] = {0};
    #pragma omp parallel for reduction(+:f,g[:K]) schedule(dynamic, 4096)
    for (long i = 0; i < m; i++) {
        const double *row = x + i*K;
        double z = 0;
        for (int j = 0; j < K; j++) z += row[j]*w[j];
        double tail = exp(-fabs(z));
        f += (z > 0 ? z : 0) - y[i]*z + log1p(tail);
        double d = (z >= 0 ? 1 : tail)/(1 + tail) - y[i];
        for (int j = 0; j < K; j++) g[j] += d*row[j];
    }
    out[0] = f/m;
    for (int j = 0; j < K; j++) out[1 + j] = g[j]/m;
}
"""


def by_c() -> Run:
    """Make one pass in C."""
    directory = Path(mkdtemp())
    source, library = directory / "pass.c", directory / "pass.so"
    source.write_text(C % COLUMNS, encoding="utf-8")
    options = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC", "-lm"]
    subprocess.run(["gcc", *options, str(source), "-o", str(library)], check=True)
    function = ctypes.CDLL(str(library))["pass"]
    pointer = ctypes.POINTER(ctypes.c_double)
    table, labels = data()
    w, out = point(), np.empty(1 + COLUMNS)
    arrays = [one.ctypes.data_as(pointer) for one in (w, table, labels)]

    def run() -> Any:
        function(*arrays, ctypes.c_long(ROWS), out.ctypes.data_as(pointer))
        return out[0] + PENALTY / 2 * (w @ w), out[1:] + PENALTY * w

    return run

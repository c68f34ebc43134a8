"""What one value with its gradient costs on a million rows, where a model is a formula.

The mean of squared errors of a·exp(-b·x) + c and of a·sin(b·x + c)·exp(-d·x). Beside our compiled
pass: NumPy by hand, a Numba loop by hand with its threads and all liberties of arithmetic, JAX and
PyTorch, and the limit: one pass in C with OpenMP and bare polynomials that give up all care for
large, small and missing numbers. The race has them take turns; run by itself this says what it
costs to compile, in fresh processes, beyond what Numba itself needs to start.
"""

from __future__ import annotations

import ctypes
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from steepest.objective import Vector

ROWS = 1_000_000
MODELS = {
    "a*exp(-b*x) + c": ("y ~ a*exp(-b*x) + c", [2.2, 1.1, 0.4]),
    "a*sin(b*x + c)*exp(-d*x)": ("y ~ a*sin(b*x + c)*exp(-d*x)", [1.8, 2.9, 0.9, 0.4]),
}

Answer = tuple[float, Vector]


def data() -> tuple[Vector, Vector]:
    """Return a column and a noisy response."""
    x = np.linspace(0.0, 5.0, ROWS)
    return x, np.exp(-x) * np.sin(3 * x) + 0.1 * np.random.default_rng(0).normal(size=ROWS)


def by_steepest(formula: str, theta: Vector, x: Vector, y: Vector) -> Callable[[], Answer]:
    """Return our compiled pass, as a fit calls it."""
    import steepest as st
    from steepest.fitting.native import RowsFunction
    from steepest.functions.graph import GraphFunction

    start = dict.fromkeys("abcd"[: len(theta)], 1.0)
    fit = st.fit(formula, {"x": x, "y": y}, loss="mse", start=start, max_steps=0, engine="python")
    followed = fit.criterion.objective(start)
    assert isinstance(followed, GraphFunction)
    rows = RowsFunction(followed, "native")
    return lambda: rows.value_and_gradient(theta)


def numpy_exp(theta: Vector, x: Vector, y: Vector) -> Answer:
    a, b, c = theta
    e = np.exp(-b * x)
    r = a * e + c - y
    re = r * e
    slopes = np.array([re.sum(), -a * (re @ x), r.sum()])
    return float(r @ r) / ROWS, 2 * slopes / ROWS


def numpy_waves(theta: Vector, x: Vector, y: Vector) -> Answer:
    a, b, c, d = theta
    angle = b * x + c
    e, s, k = np.exp(-d * x), np.sin(angle), np.cos(angle)
    r = a * e * s - y
    re = r * e
    res, rek = re * s, re * k
    slopes = np.array([res.sum(), a * (rek @ x), a * rek.sum(), -a * (res @ x)])
    return float(r @ r) / ROWS, 2 * slopes / ROWS


def by_numba(waves: bool) -> Callable[[Vector, Vector, Vector], Answer]:
    """Return a loop as one writes it for Numba."""
    from numba import njit, prange

    @njit(parallel=True, fastmath=True)
    def exp_loop(theta: Vector, x: Vector, y: Vector) -> Any:
        a, b, c = theta
        f = g0 = g1 = g2 = 0.0
        for i in prange(x.size):
            e = math.exp(-b * x[i])
            r = a * e + c - y[i]
            f += r * r
            g0 += r * e
            g1 += r * e * x[i]
            g2 += r
        return f, g0, -a * g1, g2, 0.0

    @njit(parallel=True, fastmath=True)
    def waves_loop(theta: Vector, x: Vector, y: Vector) -> Any:
        a, b, c, d = theta
        f = g0 = g1 = g2 = g3 = 0.0
        for i in prange(x.size):
            e, s, k = math.exp(-d * x[i]), math.sin(b * x[i] + c), math.cos(b * x[i] + c)
            r = a * e * s - y[i]
            f += r * r
            g0 += r * e * s
            g1 += r * e * k * x[i]
            g2 += r * e * k
            g3 += r * e * s * x[i]
        return f, g0, a * g1, a * g2, -a * g3

    loop = waves_loop if waves else exp_loop

    def run(theta: Vector, x: Vector, y: Vector) -> Answer:
        f, *slopes = loop(theta, x, y)
        return f / ROWS, 2 * np.array(slopes[: theta.size]) / ROWS

    return run


def by_jax(waves: bool, x: Vector, y: Vector) -> Callable[[Vector], Answer]:
    """Return JAX's compiled value and gradient."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    columns = jnp.asarray(x), jnp.asarray(y)

    def loss(theta: Any, x: Any, y: Any) -> Any:
        if waves:
            predicted = theta[0] * jnp.sin(theta[1] * x + theta[2]) * jnp.exp(-theta[3] * x)
        else:
            predicted = theta[0] * jnp.exp(-theta[1] * x) + theta[2]
        return jnp.mean((predicted - y) ** 2)

    compiled = jax.jit(jax.value_and_grad(loss))

    def run(theta: Vector) -> Answer:
        value, slopes = compiled(theta, *columns)
        return float(value), np.asarray(slopes)

    return run


def by_torch(
    waves: bool, x: Vector, y: Vector, compiled: bool = False
) -> Callable[[Vector], Answer]:
    """Return PyTorch's value and gradient, by torch.compile where that is asked for."""
    import torch

    columns = torch.from_numpy(x), torch.from_numpy(y)

    def squares(t: Any, x: Any, y: Any) -> Any:
        if waves:
            predicted = t[0] * torch.sin(t[1] * x + t[2]) * torch.exp(-t[3] * x)
        else:
            predicted = t[0] * torch.exp(-t[1] * x) + t[2]
        return torch.mean((predicted - y) ** 2)

    asked = torch.compile(squares) if compiled else squares

    def run(theta: Vector) -> Answer:
        t = torch.tensor(theta, requires_grad=True)
        loss = asked(t, *columns)
        loss.backward()
        assert t.grad is not None
        return loss.item(), t.grad.numpy()

    return run


def horner(coefficients: list[float], variable: str) -> str:
    """Return a polynomial as C."""
    text = repr(coefficients[-1])
    for one in reversed(coefficients[:-1]):
        text = f"({one!r} + {variable}*{text})"
    return text


EXP = horner([1 / math.factorial(k) for k in range(13)], "r")
SIN = horner([(-1) ** k / math.factorial(2 * k + 1) for k in range(9)], "z")
COS = horner([(-1) ** k / math.factorial(2 * k) for k in range(9)], "z")
C = f"""
#include <stdint.h>
#include <string.h>
static inline double power(double n) {{
    int64_t bits = ((int64_t)n + 1023) << 52; double p; memcpy(&p, &bits, 8); return p;
}}
static inline double fast_exp(double x) {{
    double n = __builtin_rint(x * 1.4426950408889634);
    double r = (x - n*0.6931471803691238) - n*1.9082149292705877e-10;
    return power(n) * {EXP};
}}
void exponential(const double *t, const double *x, const double *y, long m, double *out) {{
    double a = t[0], b = t[1], c = t[2], f = 0, g = 0, h = 0, k = 0;
    #pragma omp parallel for simd reduction(+:f,g,h,k)
    for (long i = 0; i < m; i++) {{
        double e = fast_exp(-b*x[i]), r = a*e + c - y[i], re = r*e;
        f += r*r; g += re; h += re*x[i]; k += r;
    }}
    out[0] = f; out[1] = g; out[2] = -a*h; out[3] = k;
}}
void waves(const double *t, const double *x, const double *y, long m, double *out) {{
    double a = t[0], b = t[1], c = t[2], d = t[3], f = 0, g = 0, h = 0, k = 0, l = 0;
    #pragma omp parallel for simd reduction(+:f,g,h,k,l)
    for (long i = 0; i < m; i++) {{
        double e = fast_exp(-d*x[i]), u = b*x[i] + c;
        double n = __builtin_rint(u * 0.6366197723675814);
        double r = (u - n*1.5707963267341256) - n*6.077100506506192e-11, z = r*r;
        double sine = r*{SIN}, cosine = {COS};
        int64_t q = (int64_t)n;
        double s = (q & 1) ? cosine : sine, w = (q & 1) ? sine : cosine;
        s = (q & 2) ? -s : s; w = ((q + 1) & 2) ? -w : w;
        double error = a*e*s - y[i], re = error*e;
        f += error*error; g += re*s; h += re*w*x[i]; k += re*w; l += re*s*x[i];
    }}
    out[0] = f; out[1] = g; out[2] = a*h; out[3] = a*k; out[4] = -a*l;
}}
"""


def by_c(waves: bool, directory: Path) -> Callable[[Vector, Vector, Vector], Answer]:
    """Return the pass in C."""
    source, library = directory / "pass.c", directory / "pass.so"
    if not library.exists():
        source.write_text(C, encoding="utf-8")
        options = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
        options += ["-mprefer-vector-width=512"] if "avx512" in _processor() else []
        subprocess.run(["gcc", *options, str(source), "-o", str(library)], check=True)
    loaded = ctypes.CDLL(str(library))
    function = loaded.waves if waves else loaded.exponential
    pointer = ctypes.POINTER(ctypes.c_double)

    def run(theta: Vector, x: Vector, y: Vector) -> Answer:
        out = np.empty(5)
        arrays = [one.ctypes.data_as(pointer) for one in (theta, x, y)]
        function(*arrays, ctypes.c_long(x.size), out.ctypes.data_as(pointer))
        return float(out[0]) / ROWS, 2 * out[1 : theta.size + 1] / ROWS

    return run


def _processor() -> str:
    """Return what the system says of its processor."""
    place = Path("/proc/cpuinfo")
    return place.read_text("utf-8") if place.exists() else ""


FIRST = """
import time
import numba
from benchmarks.race.row_kernels import MODELS, by_steepest
import numpy as np
from steepest.program.native.compiling import surroundings
surroundings()
# Numba loads the larger part of itself when it first compiles or loads something.
numba.njit("f8[::1](f8[::1])")(lambda x: x)
formula, theta = MODELS[{name!r}]
x = np.linspace(0.0, 5.0, 5000)
run = by_steepest(formula, np.array(theta), x, np.exp(-x))
began = time.perf_counter()
run()
print(time.perf_counter() - began)
"""


def first_call(name: str, directory: str) -> float:
    """Return the seconds of a first call, Numba being loaded, with what a directory keeps."""
    environment = {**os.environ, "STEEPEST_CACHE_DIR": directory}
    command = [sys.executable, "-c", FIRST.format(name=name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def report_first(rounds: int = 3) -> None:
    """Print what compiling costs."""
    print("First call of a process, beyond Numba's own start")
    for name in MODELS:
        cold, warm = [], []
        for _ in range(rounds):
            with TemporaryDirectory() as directory:
                cold.append(first_call(name, directory))
                warm.append(first_call(name, directory))
        print(f"  {name:26} never compiled {median(cold):.2f} s, on disk {median(warm):.3f} s")


def main() -> None:
    """Print what compiling costs; what the passes cost is a matter of the race."""
    report_first()

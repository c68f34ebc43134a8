"""100,000 descents of a hundred steps down sin(x)·sin(y).

Beside our compiled descents: NumPy by hand, in one piece and in blocks that fit the cache, PyTorch
with the gradient by hand and by its own differentiation, JAX's compiled loop, and, where there is a
C compiler, the limit: tiles in C with OpenMP and bare polynomials, which give up all care for large
arguments, and do not look which starts have arrived. `basins` is our public question, which besides
says which critical point each start came to.
"""

from __future__ import annotations

import ctypes
import math
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from steepest.objective import Vector

SIDE = 316
STEPS = 100
RATE = 0.1
TURN = 2 * math.pi

Descent = Callable[[Vector], Vector]
"""Starts, shape (2, m), to their ends."""


def starts() -> Vector:
    """Return the starts: a grid, as basins have it."""
    axis = np.linspace(0, TURN, SIDE)
    return np.array([part.ravel() for part in np.meshgrid(axis, axis, indexing="ij")])


def by_numpy(points: Vector) -> Vector:
    """Descend as one writes it in NumPy."""
    x, y = points.copy()
    for _ in range(STEPS):
        slope_x, slope_y = np.cos(x) * np.sin(y), np.sin(x) * np.cos(y)
        x -= RATE * slope_x
        y -= RATE * slope_y
    return np.array([x, y])


def by_numpy_in_blocks(points: Vector, block: int = 4096) -> Vector:
    """Descend in blocks that stay in the cache."""
    count = points.shape[1]
    parts = [by_numpy(points[:, k : k + block]) for k in range(0, count, block)]
    return np.concatenate(parts, axis=1)


def by_torch(points: Vector) -> Vector:
    """Descend in PyTorch, on all processors."""
    import torch

    x, y = torch.from_numpy(points.copy())
    with torch.no_grad():
        for _ in range(STEPS):
            slope_x, slope_y = torch.cos(x) * torch.sin(y), torch.sin(x) * torch.cos(y)
            x -= RATE * slope_x
            y -= RATE * slope_y
    return np.array([x.numpy(), y.numpy()])


def by_torch_itself(points: Vector) -> Vector:
    """Descend in PyTorch, which differentiates."""
    import torch

    p = torch.from_numpy(points.copy()).requires_grad_()
    for _ in range(STEPS):
        (slope,) = torch.autograd.grad((torch.sin(p[0]) * torch.sin(p[1])).sum(), p)
        with torch.no_grad():
            p -= RATE * slope
    return np.array(p.detach().numpy())


def jax_descent() -> Descent:
    """Return the descent compiled by JAX, which differentiates."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    gradient = jax.vmap(jax.grad(lambda p: jnp.sin(p[0]) * jnp.sin(p[1])), 1, 1)

    @jax.jit
    def descend(points: Any) -> Any:
        return jax.lax.fori_loop(0, STEPS, lambda _, p: p - RATE * gradient(p), points)

    return lambda points: np.asarray(descend(points))


def steepest_descent() -> Descent:
    """Return our compiled descents, on all processors."""
    import steepest as st
    from steepest.descent.methods import named
    from steepest.landscapes.basins import BLOCK
    from steepest.landscapes.rollers import Roller
    from steepest.landscapes.rolling import slopes_of
    from steepest.program.native.chunks import processors, shared

    land = st.landscape("sin(x)*sin(y)", x=(0, TURN), y=(0, TURN))
    field = land._field
    rule = named("gradient-descent")
    roller = Roller(field, slopes_of(field), rule, RATE, STEPS, 1e-7, "native")  # type: ignore[arg-type]

    def run(points: Vector) -> Vector:
        ends = np.empty_like(points)

        def one_block(number: int) -> None:
            block = slice(number * BLOCK, (number + 1) * BLOCK)
            ends[:, block] = roller.roll(points[:, block]).ends

        shared(one_block, -(-points.shape[1] // BLOCK), processors())
        return ends

    return run


def steepest_basins() -> Callable[[], object]:
    """Return the public question, the critical points being known."""
    import steepest as st

    land = st.landscape("sin(x)*sin(y)", x=(0, TURN), y=(0, TURN))
    land.critical_points()
    return lambda: land.basins(learning_rate=RATE, points=SIDE, max_steps=STEPS, engine="native")


def quotient(first: int, terms: int, degree: int = 5) -> str:
    """Return, as C, a polynomial in z = r² for Σ (-1)ᵏ zᵏ / (2 k + first)! on |r| ≤ π/4."""
    nodes = (1 - np.cos((np.arange(degree + 1) + 0.5) * math.pi / (degree + 1))) / 2
    z = nodes * (math.pi / 4) ** 2
    series = [(-1) ** k / math.factorial(2 * k + first) for k in range(terms)]
    values = np.polynomial.polynomial.polyval(z, series)
    coefficients = np.linalg.solve(np.vander(z, increasing=True), values).tolist()
    text = repr(coefficients[-1])
    for one in reversed(coefficients[:-1]):
        text = f"({one!r} + z*{text})"
    return text


C = f"""
#include <stdint.h>
#define TILE 512
static inline void sincos_of(double x, double *sine, double *cosine) {{
    double n = __builtin_rint(x * 0.6366197723675814);
    double r = (x - n*1.5707963267341256) - n*6.077100506506192e-11, z = r*r;
    double s = r - r*z*{quotient(3, 12)}, c = 1 - 0.5*z + z*z*{quotient(4, 12)};
    int64_t q = (int64_t)n;
    double a = (q & 1) ? c : s, b = (q & 1) ? s : c;
    *sine = (q & 2) ? -a : a; *cosine = ((q + 1) & 2) ? -b : b;
}}
void descend(double *px, double *py, long m, long steps, double rate) {{
    #pragma omp parallel for schedule(dynamic)
    for (long begin = 0; begin < m; begin += TILE) {{
        long count = m - begin < TILE ? m - begin : TILE;
        double x[TILE], y[TILE];
        for (long i = 0; i < count; i++) {{ x[i] = px[begin + i]; y[i] = py[begin + i]; }}
        for (long step = 0; step < steps; step++) {{
            #pragma omp simd
            for (long i = 0; i < count; i++) {{
                double sx, cx, sy, cy;
                sincos_of(x[i], &sx, &cx);
                sincos_of(y[i], &sy, &cy);
                x[i] -= rate*cx*sy;
                y[i] -= rate*sx*cy;
            }}
        }}
        for (long i = 0; i < count; i++) {{ px[begin + i] = x[i]; py[begin + i] = y[i]; }}
    }}
}}
"""


def c_descent(directory: Path) -> Descent:
    """Return the descent in C."""
    source, library = directory / "starts.c", directory / "starts.so"
    source.write_text(C, encoding="utf-8")
    options = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
    processor = Path("/proc/cpuinfo")
    if processor.exists() and "avx512f" in processor.read_text("utf-8"):
        options.append("-mprefer-vector-width=512")
    subprocess.run(["gcc", *options, str(source), "-o", str(library)], check=True)
    function = ctypes.CDLL(str(library)).descend
    pointer = ctypes.POINTER(ctypes.c_double)

    def run(points: Vector) -> Vector:
        ends = points.copy()
        x, y = [one.ctypes.data_as(pointer) for one in ends]
        function(x, y, ctypes.c_long(ends.shape[1]), ctypes.c_long(STEPS), ctypes.c_double(RATE))
        return ends

    return run

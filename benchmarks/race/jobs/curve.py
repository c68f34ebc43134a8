"""The curve a·exp(-b·x) + c fitted to a million points, from a start, with standard errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run
from steepest.objective import Vector

ROWS = 1_000_000
START = {"a": 1.0, "b": 1.0, "c": 0.0}
STEPS = 8
"""Gauss and Newton's steps by hand: from this start to where they change nothing but rounding."""


def data() -> tuple[Vector, Vector]:
    """Return a column and a noisy response."""
    x = np.linspace(0.0, 5.0, ROWS)
    return x, 2.2 * np.exp(-1.1 * x) + 0.4 + 0.05 * np.random.default_rng(0).normal(size=ROWS)


def by_steepest(engine: str) -> Run:
    """Fit as a user does."""
    import steepest as st

    x, y = data()

    def run() -> Any:
        fit = st.fit("y ~ a*exp(-b*x) + c", {"x": x, "y": y}, start=START, engine=engine)
        return [*fit.parameters.values(), *fit.standard_errors.values()]

    return run


def curve(x: Vector, a: float, b: float, c: float) -> Vector:
    """Return the model."""
    return a * np.exp(-b * x) + c


def slopes(x: Vector, a: float, b: float, c: float) -> Vector:
    """Return its derivatives, shape (m, 3)."""
    e = np.exp(-b * x)
    return np.column_stack([e, -a * x * e, np.ones_like(x)])


def by_scipy(jacobian: bool) -> Run:
    """Fit by MINPACK, with the derivatives by hand or by its own differences."""
    from scipy.optimize import curve_fit

    x, y = data()
    start = list(START.values())

    def run() -> Any:
        found, covariance = curve_fit(curve, x, y, p0=start, jac=slopes if jacobian else None)
        return [*found, *np.sqrt(np.diag(covariance))]

    return run


def finished(point: Any, squares: float, gram: Any) -> Any:
    """Return the parameters and their standard errors."""
    variance = squares / (ROWS - 3)
    return [*point, *np.sqrt(np.diag(np.linalg.inv(gram)) * variance)]


def by_numpy() -> Run:
    """Make Gauss and Newton's steps by hand, from products alone."""
    x, y = data()

    def run() -> Any:
        point = np.array(list(START.values()))
        for _ in range(STEPS):
            e = np.exp(-point[1] * x)
            columns = np.stack([e, -point[0] * x * e, np.ones_like(x)])
            error = point[0] * e + point[2] - y
            gram = columns @ columns.T
            point = point - np.linalg.solve(gram, columns @ error)
        return finished(point, float(error @ error), gram)

    return run


def by_jax() -> Run:
    """Compile the same steps, with derivatives of its own."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = map(jnp.asarray, data())

    def error(p: Any) -> Any:
        return p[0] * jnp.exp(-p[1] * x) + p[2] - y

    def step(_: int, state: Any) -> Any:
        point, *_others = state
        errors, columns = error(point), jax.jacfwd(error)(point)
        gram = columns.T @ columns
        return point - jnp.linalg.solve(gram, columns.T @ errors), errors @ errors, gram

    @jax.jit
    def fitted(point: Any) -> Any:
        return jax.lax.fori_loop(0, STEPS, step, (point, 0.0, jnp.zeros((3, 3))))

    def run() -> Any:
        point, squares, gram = map(np.asarray, fitted(jnp.array(list(START.values()))))
        return finished(point, float(squares), gram)

    return run


JOB = Job(
    f"y ~ a*exp(-b*x) + c, {ROWS:,} rows, fitted with standard errors",
    {
        "steepest": lambda: by_steepest("native"),
        "steepest, auto": lambda: by_steepest("auto"),
        "SciPy curve_fit": lambda: by_scipy(jacobian=False),
        "SciPy curve_fit, derivatives by hand": lambda: by_scipy(jacobian=True),
        "NumPy, Gauss-Newton by hand": by_numpy,
        "JAX, Gauss-Newton by hand": by_jax,
    },
    lambda answer: np.array(answer, dtype=float),
    goals={"SciPy curve_fit": 1.0, "JAX, Gauss-Newton by hand": 1.0},
    rtol=1e-5,
)

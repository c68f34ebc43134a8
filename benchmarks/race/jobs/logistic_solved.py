"""Logistic regression, solved to ‖g‖∞ ≤ 10⁻⁶."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.race.job import Job, Run
from benchmarks.race.logistic import COLUMNS, PENALTY, ROWS, data, jax_loss, numpy_loss, torch_loss
from benchmarks.race.optax_loop import compiled_descent

GOAL = 1e-6


def by_steepest(engine: str, method: str) -> Run:
    """Fit as a user does: columns read and checked, path kept, the end judged.

    For so many coefficients Newton's method is what we take by default.
    """
    import steepest as st

    table, labels = data()

    def run() -> Any:
        fit = st.fit(
            lambda X, w: X @ w,
            {"X": table, "y": labels},
            loss="log",
            l2=PENALTY,
            start={"w": np.zeros(COLUMNS)},
            method=method,
            stop=st.stopping.Gradient(GOAL, first=1.0),
            engine=engine,
        )
        return fit.parameters["w"]

    return run


def by_scipy() -> Run:
    """Let SciPy's L-BFGS-B go down with a gradient by hand."""
    from scipy import optimize

    table, labels = data()
    options = {"gtol": GOAL, "ftol": 0.0, "maxiter": 1000, "maxcor": 10}

    def run() -> Any:
        return optimize.minimize(
            numpy_loss,
            np.zeros(COLUMNS),
            args=(table, labels),
            jac=True,
            method="L-BFGS-B",
            options=options,
        ).x

    return run


def by_sklearn(solver: str) -> Run:
    """Fit with scikit-learn, whose C is one over rows times penalty."""
    from sklearn.linear_model import LogisticRegression

    table, labels = data()
    model = LogisticRegression(
        C=1 / (ROWS * PENALTY), fit_intercept=False, solver=solver, tol=GOAL, max_iter=1000
    )
    return lambda: model.fit(table, labels).coef_[0]


def by_optax() -> Run:
    """Compile the whole loop of Optax's L-BFGS."""
    import jax.numpy as jnp

    loss, table, labels = jax_loss()

    def function(w: Any) -> Any:
        return loss(w, table, labels)

    descend = compiled_descent(function, GOAL, 1000)

    return lambda: np.asarray(descend(jnp.zeros(COLUMNS)))


def by_torch() -> Run:
    """Let PyTorch's L-BFGS go down."""
    import torch

    loss = torch_loss()

    def run() -> Any:
        w = torch.zeros(COLUMNS, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [w],
            max_iter=1000,
            tolerance_grad=GOAL,
            tolerance_change=0.0,
            history_size=10,
            line_search_fn="strong_wolfe",
        )

        def closure() -> Any:
            optimizer.zero_grad()
            value = loss(w)
            value.backward()
            return value

        optimizer.step(closure)
        return w.detach().numpy()

    return run


def digest(w: Any) -> Any:
    """Return the value: at a gradient of 10⁻⁶ it has eight digits, the coefficients have fewer."""
    value, gradient = numpy_loss(np.asarray(w), *data())
    assert np.abs(gradient).max() <= 2 * GOAL
    return value


JOB = Job(
    f"Logistic regression, {ROWS:,} rows of {COLUMNS} columns: solved to a gradient of {GOAL}",
    {
        "steepest": lambda: by_steepest("native", "newton"),
        "steepest, by NumPy": lambda: by_steepest("python", "newton"),
        "steepest, L-BFGS": lambda: by_steepest("native", "l-bfgs"),
        "scikit-learn, newton-cholesky": lambda: by_sklearn("newton-cholesky"),
        "scikit-learn, lbfgs": lambda: by_sklearn("lbfgs"),
        "SciPy L-BFGS-B, by hand": by_scipy,
        "Optax L-BFGS": by_optax,
        "PyTorch L-BFGS": by_torch,
    },
    digest,
    goals={"scikit-learn, newton-cholesky": 1.0, "Optax L-BFGS": 1.0},
    rtol=1e-7,
    environment={"SciPy L-BFGS-B, by hand": {"OPENBLAS_NUM_THREADS": "1"}},
)

"""Convex problems, where only the condition makes a method slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.problems.problem import problem

OWN = "made here, from sines and cosines so that every machine has the same numbers"


def mirrored(eigenvalues: Any) -> Any:
    """Return the symmetric matrix of these eigenvalues that Householder's reflection makes full."""
    v = np.sin(np.arange(1.0, len(eigenvalues) + 1))
    reflection = np.eye(len(v)) - 2 * np.outer(v, v) / (v @ v)
    return reflection @ np.diag(eigenvalues) @ reflection


def quadratic(condition: float) -> Callable[[Any], Any]:
    """Return (x - 1)ᵀ H (x - 1) / 2 of 50 variables, the eigenvalues of H spread evenly in log."""
    H = mirrored(np.geomspace(1 / np.sqrt(condition), np.sqrt(condition), 50))

    def function(x: Any) -> Any:
        return (x - 1) @ H @ (x - 1) / 2

    return function


def hilbert(x: Any) -> Any:
    """Return xᵀ H x / 2, H_ij = 1/(i + j - 1)."""
    i = np.arange(1.0, x.size + 1)
    return x @ (1 / (i[:, None] + i - 1)) @ x / 2


def features(rows: int, columns: int) -> Any:
    """Return A_ij = sin(i (j + √2)), columns that have little to do with one another."""
    return np.sin(np.outer(np.arange(1.0, rows + 1), np.arange(columns) + np.sqrt(2)))


def logistic(penalty: float) -> Callable[[Any], Any]:
    """Return mean log(1 + e^(-y_i a_iᵀ x)) + λ/2 ‖x‖²: 200 rows of 20 columns of unequal scale.

    y_i is the sign of a_iᵀ 1 + sin(i²), so that the classes overlap.
    """
    scales = np.geomspace(0.1, 3, 20)
    A = features(200, 20) * scales
    labels = np.sign(A.sum(axis=1) + np.sin(np.arange(1.0, 201.0) ** 2))

    def function(x: Any) -> Any:
        losses = np.logaddexp(0, -labels * (A @ x))
        return np.mean(losses) + penalty / 2 * np.sum(x**2)

    return function


def log_sum_exp(x: Any) -> Any:
    """Return log Σ_i e^(a_iᵀ x - b_i), of 60 rows ±a: there is a minimum whatever b is."""
    half = features(30, x.size)
    A = np.concatenate([half, -half])
    return np.log(np.sum(np.exp(A @ x - np.cos(np.arange(60.0)))))


def nesterov(x: Any) -> Any:
    """Return (x₁² + Σ (x_i - x_(i+1))² + x_n²) / 2 - x₁.

    No method that moves along gradients reaches the last variable before its n-th step.
    """
    return (x[0] ** 2 + np.sum((x[1:] - x[:-1]) ** 2) + x[-1] ** 2) / 2 - x[0]


PROBLEMS = (
    problem("quadratic-1e2", quadratic(1e2), np.zeros(50), (0,), OWN, np.ones(50)),
    problem("quadratic-1e4", quadratic(1e4), np.zeros(50), (0,), OWN, np.ones(50)),
    problem("quadratic-1e6", quadratic(1e6), np.zeros(50), (0,), OWN, np.ones(50)),
    problem(
        "hilbert",
        hilbert,
        np.ones(8),
        (0,),
        "D. Hilbert, Ein Beitrag zur Theorie des Legendre'schen Polynoms, 1894",
        np.zeros(8),
    ),
    problem("logistic-1e-2", logistic(1e-2), np.zeros(20), (0.2870786755171,), OWN),
    problem("logistic-1e-4", logistic(1e-4), np.zeros(20), (0.1568895475095,), OWN),
    problem("log-sum-exp", log_sum_exp, np.ones(20), (4.242407894478,), OWN),
    problem(
        "nesterov",
        nesterov,
        np.zeros(100),
        (-50 / 101,),
        "Yu. Nesterov, Introductory Lectures on Convex Optimization, 2004, section 2.1.2",
        1 - np.arange(1, 101) / 101,
    ),
)

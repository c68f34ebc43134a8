"""Objectives written by hand, for tests that need no differentiation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from steepest.objective import Vector


@dataclass(frozen=True)
class AnalyticObjective:
    """A function given as value, gradient and Hessian callables of one vector."""

    function: Callable[[Vector], Any]
    derivative: Callable[[Vector], Any]
    second_derivative: Callable[[Vector], Any]
    first_point: Sequence[float]
    variables: tuple[str, ...] = ()
    formula: str | None = None
    differentiation: str = "given"
    notices: tuple[str, ...] = ()
    culprit: str | None = None
    scalars: bool = False

    @property
    def size(self) -> int:
        return len(self.first_point)

    @property
    def names(self) -> tuple[str, ...]:
        return self.variables or tuple(f"x[{i}]" for i in range(self.size))

    @property
    def start(self) -> Vector:
        return np.array(self.first_point, dtype=float)

    def is_sum_of_squares(self) -> bool:
        return False

    def residuals(self, x: Vector) -> Vector:
        raise NotImplementedError

    def jacobian(self, x: Vector) -> Vector:
        raise NotImplementedError

    def within(self, lower: Vector, upper: Vector) -> AnalyticObjective:
        return self

    def value(self, x: Vector) -> float:
        with np.errstate(all="ignore"):
            return float(self.function(x))

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        with np.errstate(all="ignore"):
            return self.value(x), np.asarray(self.derivative(x), dtype=float)

    def values(self, points: Vector) -> Vector:
        return np.array([self.value(point) for point in points])

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        pairs = [self.value_and_gradient(point) for point in points]
        return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])

    def started_at(self, start: Vector) -> AnalyticObjective:
        return replace(self, first_point=tuple(start))

    def hessian(self, x: Vector) -> Vector:
        return np.asarray(self.second_derivative(x), dtype=float)

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        return self.hessian(x) @ vector

    def restore(self, x: Vector) -> Any:
        if self.scalars:
            return dict(zip(self.names, x.tolist(), strict=True))
        return np.array(x, dtype=float)

    def locate_non_finite(self, x: Vector) -> str | None:
        return self.culprit


def quadratic(
    curvatures: Sequence[float], start: Sequence[float], offset: float = 0.0
) -> AnalyticObjective:
    """Return offset + Σ cᵢ xᵢ² / 2, whose minimum is `offset` at 0."""
    c = np.array(curvatures, dtype=float)
    return AnalyticObjective(
        lambda x: offset + 0.5 * (c * x * x).sum(),
        lambda x: c * x,
        lambda x: np.diag(c),
        start,
    )


def square(start: float, factor: float = 1.0, offset: float = 0.0) -> AnalyticObjective:
    """Return offset + factor · x² of one variable."""
    return quadratic([2 * factor], [start], offset)


def rosenbrock(start: Sequence[float] = (-1.2, 1.0)) -> AnalyticObjective:
    """Return Rosenbrock's valley; its minimum is 0 at (1, 1)."""

    def gradient(x: Vector) -> list[float]:
        t = x[1] - x[0] ** 2
        return [-400 * x[0] * t - 2 * (1 - x[0]), 200 * t]

    return AnalyticObjective(
        lambda x: 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2,
        gradient,
        lambda x: [[1200 * x[0] ** 2 - 400 * x[1] + 2, -400 * x[0]], [-400 * x[0], 200]],
        start,
        ("x", "y"),
    )


def sine_product(start: Sequence[float] = (1.66, 3.37)) -> AnalyticObjective:
    """Return sin(x) sin(y)."""
    return AnalyticObjective(
        lambda p: np.sin(p[0]) * np.sin(p[1]),
        lambda p: [np.cos(p[0]) * np.sin(p[1]), np.sin(p[0]) * np.cos(p[1])],
        lambda p: [
            [-np.sin(p[0]) * np.sin(p[1]), np.cos(p[0]) * np.cos(p[1])],
            [np.cos(p[0]) * np.cos(p[1]), -np.sin(p[0]) * np.sin(p[1])],
        ],
        start,
        ("x", "y"),
        formula="sin(x)*sin(y)",
        scalars=True,
    )


def absolute(start: float = 1.1) -> AnalyticObjective:
    """Return |x|, with the convention that its derivative at 0 is 0."""
    return AnalyticObjective(
        lambda x: abs(x[0]), np.sign, lambda x: [[0.0]], [start], ("x",), formula="abs(x)"
    )


ROWS = np.array([[1, 2], [2, -1], [-1, 1], [3, 1], [-2, -1], [0, -2], [1, -3], [-1, -1]], float)
LABELS = np.array([1, 1, -1, 1, -1, -1, 1, 1], float)
LOGISTIC_MINIMUM = 0.39755704753446375
LOGISTIC_CURVATURE = 0.746298525400276
"""A bound on the curvature of `logistic` everywhere: λ_max(AᵀA)/32 + 0.01."""


def logistic(start: Sequence[float] = (0.0, 0.0)) -> AnalyticObjective:
    """Return the mean of log(1 + exp(-b A w)) over eight rows, and 0.005 ‖w‖²."""

    def probabilities(w: Vector) -> Vector:
        return 1 / (1 + np.exp(LABELS * (ROWS @ w)))

    def hessian(w: Vector) -> Vector:
        p = probabilities(w)
        return (ROWS.T * (p * (1 - p))) @ ROWS / 8 + 0.01 * np.eye(2)

    return AnalyticObjective(
        lambda w: np.logaddexp(0, -LABELS * (ROWS @ w)).mean() + 0.005 * w @ w,
        lambda w: -(ROWS.T @ (LABELS * probabilities(w))) / 8 + 0.01 * w,
        hessian,
        start,
    )


def huber(threshold: float, start: float = 1.0) -> AnalyticObjective:
    """Return x²/2 near 0, and threshold · |x| - threshold²/2 beyond the threshold.

    It is the convex function of curvature 1 on which descents with fixed steps are slowest.
    """
    return AnalyticObjective(
        lambda x: (
            x[0] ** 2 / 2 if abs(x[0]) <= threshold else threshold * (abs(x[0]) - threshold / 2)
        ),
        lambda x: np.clip(x, -threshold, threshold),
        lambda x: [[float(abs(x[0]) <= threshold)]],
        [start],
    )

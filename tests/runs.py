"""Small descents with known paths, for tests that look at what a run did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.objective import Vector


@dataclass(frozen=True)
class Function:
    """A function and its gradient, both taking points of shape ``(..., n)``."""

    formula: str | None
    values: Callable[[Vector], Vector]
    gradient: Callable[[Vector], Vector]

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        return self.values(points), self.gradient(points)

    def hessian(self, x: Vector) -> Vector:
        steps = 1e-5 * np.eye(len(x))
        return (self.gradient(x + steps) - self.gradient(x - steps)) / 2e-5


@dataclass(frozen=True)
class Steps:
    names: tuple[str, ...]
    step: Vector
    x: Vector
    fun: Vector
    gradient: Vector
    rate: Vector

    @property
    def gradient_norm(self) -> Vector:
        return np.abs(self.gradient).max(axis=-1)

    @property
    def evaluations(self) -> Vector:
        return self.step + 1

    @property
    def seconds(self) -> Vector:
        return 1e-3 * self.step


@dataclass(frozen=True)
class PlainRun:
    """The part of a result that figures read."""

    objective: Function | None
    history: Steps
    method: str
    options: dict[str, Any] = field(default_factory=dict)
    box: None = None
    minima: tuple[()] = ()

    @property
    def nit(self) -> int:
        return len(self.history.step) - 1

    @property
    def fun(self) -> float:
        return float(np.nanmin(self.history.fun))

    def explain(self) -> str:
        return f"{self.method} took {self.nit} steps & ended at f = {self.fun:.4g} < start."


@dataclass(frozen=True)
class PlainComparison:
    results: dict[str, PlainRun]


def walk(
    function: Function,
    start: list[float],
    rate: float,
    steps: int,
    momentum: float = 0.0,
    method: str = "gradient-descent",
    names: tuple[str, ...] = ("x", "y"),
) -> PlainRun:
    """Walk a fixed number of plain steps, with momentum where asked."""
    points = [np.array(start, dtype=float)]
    velocity = np.zeros(len(start))
    with np.errstate(all="ignore"):
        for _ in range(steps):
            velocity = momentum * velocity + function.gradient(points[-1])
            points.append(points[-1] - rate * velocity)
        x = np.array(points)
        fun = function.values(x)
        gradient = function.gradient(x)
    rates = np.append(np.nan, np.full(steps, rate))
    return PlainRun(function, Steps(names, np.arange(len(x)), x, fun, gradient, rates), method)


def _sine_gradient(p: Vector) -> Vector:
    x, y = p[..., 0], p[..., 1]
    return np.stack([np.cos(x) * np.sin(y), np.sin(x) * np.cos(y)], axis=-1)


def _rosenbrock_gradient(p: Vector) -> Vector:
    x, y = p[..., 0], p[..., 1]
    t = y - x**2
    return np.stack([-400 * x * t - 2 * (1 - x), 200 * t], axis=-1)


SINE = Function("sin(x)*sin(y)", lambda p: np.sin(p[..., 0]) * np.sin(p[..., 1]), _sine_gradient)
ROSENBROCK = Function(
    "(1-x)**2 + 100*(y-x**2)**2",
    lambda p: (1 - p[..., 0]) ** 2 + 100 * (p[..., 1] - p[..., 0] ** 2) ** 2,
    _rosenbrock_gradient,
)
BOWL = Function("x**2 + y**2", lambda p: (p**2).sum(axis=-1), lambda p: 2 * p)
LOGARITHM = Function(
    "x - log(x) + (y - 1)**2",
    lambda p: p[..., 0] - np.log(p[..., 0]) + (p[..., 1] - 1) ** 2,
    lambda p: np.stack([1 - 1 / p[..., 0], 2 * (p[..., 1] - 1)], axis=-1),
)
QUARTIC = Function(
    "x**4 - 3*x**2 + x",
    lambda p: p[..., 0] ** 4 - 3 * p[..., 0] ** 2 + p[..., 0],
    lambda p: 4 * p**3 - 6 * p + 1,
)


def sine_walk() -> PlainRun:
    return walk(SINE, [1.66, 3.37], 0.1, 171)


def comparison() -> PlainComparison:
    start = [-1.2, 1.0]
    return PlainComparison(
        {
            "gradient-descent": walk(ROSENBROCK, start, 1e-3, 2000),
            "momentum": walk(ROSENBROCK, start, 1e-3, 1000, 0.9, "momentum"),
            "careful": walk(ROSENBROCK, start, 2e-4, 2000, method="careful"),
        }
    )

"""Rosenbrock's function of many variables, as one writes it, and with its gradient by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.objective import Vector


def extended(x: Any) -> Any:
    """Return Rosenbrock's function of every pair of variables, added up."""
    first, second = x[::2], x[1::2]
    return np.sum(100 * (second - first**2) ** 2 + (1 - first) ** 2)


def extended_by_hand(x: Vector) -> tuple[float, Vector]:
    """Return its value and gradient as one writes them."""
    first, second = x[::2], x[1::2]
    bend, rest = second - first * first, 1 - first
    gradient = np.empty_like(x)
    gradient[::2] = -400 * first * bend - 2 * rest
    gradient[1::2] = 200 * bend
    return float(100 * (bend @ bend) + rest @ rest), gradient


def chained(x: Any) -> Any:
    """Return Rosenbrock's function of every two neighbours, added up."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chained_by_hand(x: Vector) -> tuple[float, Vector]:
    """Return its value and gradient as one writes them."""
    bend, rest = x[1:] - x[:-1] * x[:-1], 1 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * x[:-1] * bend - 2 * rest
    gradient[1:] += 200 * bend
    return float(100 * (bend @ bend) + rest @ rest), gradient


PROBLEMS = {
    "extended": (extended, extended_by_hand, 100_000),
    "chained": (chained, chained_by_hand, 1000),
}
"""Function, the same with its gradient, and the number of variables."""


def start_of(name: str) -> Vector:
    """Return the standard start of a problem."""
    return np.tile([-1.2, 1.0], PROBLEMS[name][2] // 2)

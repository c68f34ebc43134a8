"""Accurate numerical derivatives, made without the library, to hold its exact ones against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

import steepest as st

FIRST_STEPS = (0.1, 1e-2, 1e-3, 1e-5)
HALVINGS = 6


def slope(f: Callable[[float], float], x: float) -> tuple[float, float]:
    """Return f'(x) and an estimate of its error, by extrapolated central differences.

    Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), from several first
    steps: too large a step meets kinks and the edges of domains, too small a one rounding.
    Errors below 1e-9 count as equal, and then the smaller step is taken: large ones can
    agree with one another across the steps of a staircase.
    """
    best, smallest = float("nan"), float("inf")
    for first in FIRST_STEPS:
        step = first * max(1.0, abs(x))
        previous: list[float] = []
        for k in range(HALVINGS):
            h = step / 2**k
            above, below = f(x + h), f(x - h)
            rounding = np.finfo(float).eps * (abs(above) + abs(below)) / h
            row = [(above - below) / (2 * h)]
            for order in range(1, k + 1):
                factor = 4.0**order
                row.append((factor * row[-1] - previous[order - 1]) / (factor - 1))
                change = max(abs(row[-1] - row[-2]), abs(row[-1] - previous[order - 1]))
                error = max(change, rounding, 1e-9 * abs(row[-1]))
                if error <= smallest:
                    best, smallest = row[-1], error
            previous = row
    return best, smallest


def numerical_gradient(call: Callable[[Any], Any], point: Any) -> npt.NDArray[np.float64]:
    """Return the gradient of a function of one array at ``point``."""
    x = np.array(point, dtype=float)
    result = np.empty(x.shape)
    for place in np.ndindex(x.shape):

        def along(t: float, place: tuple[int, ...] = place) -> float:
            moved = x.copy()
            moved[place] = t
            with np.errstate(all="ignore"):
                return float(np.real(call(moved)))

        result[place] = slope(along, float(x[place]))[0]
    return result


def assert_exact(function: Callable[..., Any], point: Any, tolerance: float = 1e-6) -> None:
    """Assert that a function is followed as a graph, with the right value and gradient."""
    f = st.function(function)
    value, gradient = f.value_and_gradient(point)
    assert f.differentiation == "graph", f.notice
    call = spread(function, point)
    with np.errstate(all="ignore"):
        expected = float(np.asarray(call(np.array(point, dtype=float))).reshape(()))
    assert value == np.float64(expected) or abs(value - expected) <= 1e-12 * (1 + abs(expected))
    numerical = numerical_gradient(call, point)
    scale = np.max(np.abs(numerical), initial=1e-3)
    error = np.max(np.abs(np.asarray(gradient) - numerical), initial=0.0) / scale
    assert error <= tolerance, f"gradient {gradient} against {numerical}: {error:.1e}"


def spread(function: Callable[..., Any], point: Any) -> Callable[[Any], Any]:
    """Return a function of one array, whichever way ``function`` takes its variables."""
    count = len(st.function(function).variables)
    if count >= 2 and count == np.size(point):
        return lambda x: function(*x.tolist())
    return lambda x: function(x if np.ndim(point) else float(x))

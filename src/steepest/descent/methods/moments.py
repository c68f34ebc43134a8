"""The running moments of the gradient that Adam and its relatives share."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.descent.methods.state import Array, State


def moments_at_rest(x: Array) -> dict[str, Array]:
    """Return ``mean`` and ``squares`` of shape (n,) before any gradient was seen."""
    return {"mean": np.zeros_like(x), "squares": np.zeros_like(x)}


def updated_moments(gradient: Array, state: State, beta1: float, beta2: float) -> dict[str, Array]:
    """Return the exponential means of the gradient and of its square.

    m ← m + (1 - beta1) · (g - m);  v ← beta2 · v + (1 - beta2) · g².
    """
    return {
        "mean": state["mean"] + (1 - beta1) * (gradient - state["mean"]),
        "squares": beta2 * state["squares"] + (1 - beta2) * gradient * gradient,
    }


def root_mean_square(squares: Array, beta2: float, step: Any, epsilon: float) -> Array:
    """Return √v / √(1 - beta2^t) + epsilon: the unbiased size of recent gradients."""
    # A power of a Python number, unlike np.sqrt of it, leaves single precision single.
    return np.sqrt(squares) / (1 - beta2**step) ** 0.5 + epsilon

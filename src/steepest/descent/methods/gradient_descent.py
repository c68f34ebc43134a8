"""Gradient descent: straight down the slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from steepest.descent.methods.method import FirstOrderMethod
from steepest.descent.methods.state import Array, State


@dataclass(frozen=True)
class GradientDescent(FirstOrderMethod):
    """Go against the gradient.

    x ← x - rate · g.

    Assumes a gradient that changes no faster than some constant L (is L-Lipschitz). Then, for
    convex f and rate 1/L, f(x_N) - f* ≤ L ‖x_0 - x*‖² / (4 N + 2), which is tight (Drori and
    Teboulle 2014); without convexity min ‖g‖² ≤ 2 L (f(x_0) - f*) / N. On a quadratic it
    converges for every rate below 2/L and diverges above.

    Parameters
    ----------
    learning_rate : float or schedule, optional
        None chooses the length of each step by Armijo backtracking.
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées",
    Comptes rendus 25, 1847.
    Y. Drori, M. Teboulle, "Performance of first-order methods for smooth convex minimization: a
    novel approach", Mathematical Programming 145, 2014.

    Examples
    --------
    >>> import numpy as np
    >>> direction, state = GradientDescent().direction(np.zeros(2), np.array([3.0, -1.0]), {}, 1)
    >>> direction
    array([-3.,  1.])
    """

    name: ClassVar[str] = "gradient-descent"

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return -g."""
        return -self.with_penalty(x, gradient), state

    def stable_rate(self, curvature: float) -> float:
        """Return 2/L: each step multiplies the distance along that axis by 1 - rate · L."""
        return 2 / curvature

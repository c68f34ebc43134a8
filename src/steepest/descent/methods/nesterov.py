"""Nesterov's accelerated gradient, as momentum that looks ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION


@dataclass(frozen=True)
class Nesterov(FirstOrderMethod):
    """Go along the gradient plus the momentum that the step will leave behind.

    b_t = momentum · b_{t-1} + g_t;  x ← x - rate · (g_t + momentum · b_t).

    The convention is that of PyTorch's SGD with ``nesterov=True`` (Sutskever et al. 2013). With
    rate 1/L and momentum (1 - q) / (1 + q), q = √(μ/L), it is Nesterov's method for strongly
    convex f seen at his extrapolated points: f(x_N) - f* shrinks by 1 - √(μ/L) a step.

    Parameters
    ----------
    learning_rate : float or schedule, optional
        None chooses the length of each step by Armijo backtracking.
    momentum : float, default 0.9
        The share of the last step that is kept (the value in common use).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    Y. Nesterov, "A method for solving the convex programming problem with convergence rate
    O(1/k²)", Doklady Akademii Nauk SSSR 269, 1983.
    I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and
    momentum in deep learning", ICML 2013.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Nesterov(momentum=0.5), np.zeros(1)
    >>> method.direction(x, np.array([1.0]), method.initial_state(x), 1)[0]
    array([-1.5])
    """

    name: ClassVar[str] = "nesterov"

    momentum: float = field(default=0.9, metadata=FRACTION)

    def initial_state(self, x: Array) -> State:
        """Return the decaying sum of gradients, ``velocity``, at rest."""
        return {"velocity": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the gradient and the decayed sum that includes it."""
        gradient = self.with_penalty(x, gradient)
        velocity = self.momentum * state["velocity"] + gradient
        return -(gradient + self.momentum * velocity), {"velocity": velocity}

    def stable_rate(self, curvature: float) -> float:
        """Return 2 (1 + momentum) / ((1 + 2 momentum) L)."""
        return 2 * (1 + self.momentum) / ((1 + 2 * self.momentum) * curvature)

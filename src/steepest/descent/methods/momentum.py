"""Momentum: gradient descent with a memory of where it was going."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION


@dataclass(frozen=True)
class Momentum(FirstOrderMethod):
    """Go along a decaying sum of all gradients so far (the heavy ball).

    b_1 = g_1;  b_t = momentum · b_{t-1} + (1 - dampening) · g_t;  x ← x - rate · b_t.

    The convention is that of PyTorch's SGD; with dampening 0 it is Polyak's heavy ball. On
    quadratics with curvatures from μ to L the best choice, rate (2 / (√L + √μ))² and momentum
    ((√κ - 1) / (√κ + 1))² with κ = L/μ, gains the asymptotic rate (√κ - 1) / (√κ + 1). On other
    strongly convex functions it may cycle for ever (Lessard, Recht and Packard 2016).

    Parameters
    ----------
    learning_rate : float or schedule, optional
        None chooses the length of each step by Armijo backtracking.
    momentum : float, default 0.9
        The share of the last step that is kept (the value in common use; PyTorch's own default,
        0, is gradient descent).
    dampening : float, default 0.0
        The share of each new gradient that is left out (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4, 1964.
    L. Lessard, B. Recht, A. Packard, "Analysis and design of optimization algorithms via
    integral quadratic constraints", SIAM Journal on Optimization 26, 2016.

    Examples
    --------
    >>> import numpy as np
    >>> method, gradient = Momentum(momentum=0.5), np.array([1.0])
    >>> first, state = method.direction(np.zeros(1), gradient, method.initial_state(np.zeros(1)), 1)
    >>> second, state = method.direction(np.zeros(1), gradient, state, 2)
    >>> first, second
    (array([-1.]), array([-1.5]))
    """

    name: ClassVar[str] = "momentum"

    momentum: float = field(default=0.9, metadata=FRACTION)
    dampening: float = field(default=0.0, metadata=FRACTION)

    def initial_state(self, x: Array) -> State:
        """Return the decaying sum of gradients, ``velocity``, at rest."""
        return {"velocity": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the decaying sum of gradients."""
        gradient = self.with_penalty(x, gradient)
        velocity = self.momentum * state["velocity"] + (1 - self.dampening) * gradient
        if self.dampening > 0:
            # The first gradient counts in full; without dampening it does so by itself.
            velocity = np.where(step == 1, gradient, velocity)
        return -velocity, {"velocity": velocity}

    def stable_rate(self, curvature: float) -> float:
        """Return 2 (1 + momentum) / ((1 - dampening) L)."""
        return 2 * (1 + self.momentum) / ((1 - self.dampening) * curvature)

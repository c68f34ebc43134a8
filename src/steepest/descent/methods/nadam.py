"""NAdam: Adam with Nesterov's look ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.moments import moments_at_rest, root_mean_square, updated_moments
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, NOT_NEGATIVE, POSITIVE


@dataclass(frozen=True)
class NAdam(FirstOrderMethod):
    """Mix Adam's mean gradient with the gradient at hand, as Nesterov's momentum does.

    μ_t = beta1 · (1 - 0.96^(t · momentum_decay) / 2);  P_t = μ_1 ⋯ μ_t;
    x ← x - rate · ((1 - μ_t) / (1 - P_t) · g + μ_{t+1} / (1 - P_t μ_{t+1}) · m) / d,
    with Adam's m and d = √(v / (1 - beta2^t)) + epsilon.

    The convention is that of PyTorch. The guarantees, or their absence, are Adam's.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.002
        PyTorch's default.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each mean that is kept at each step (PyTorch's defaults).
    momentum_decay : float, default 0.004
        How fast the momentum μ warms up from beta1/2 to beta1 (Dozat 2016).
    epsilon : float, default 1e-8
        Keeps the division finite (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = NAdam(), np.zeros(1)
    >>> direction, state = method.direction(x, np.array([4.0]), method.initial_state(x), 1)
    >>> round(float(direction[0]), 3), round(float(state["product"]), 3)
    (-1.056, 0.45)
    """

    name: ClassVar[str] = "nadam"
    default_rate: ClassVar[float | None] = 0.002
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    momentum_decay: float = field(default=0.004, metadata=NOT_NEGATIVE)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the moments at rest, and the empty ``product`` of all μ, one float."""
        return moments_at_rest(x) | {"product": 1.0}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the mix of gradient and mean gradient over the root mean square."""
        gradient = self.with_penalty(x, gradient)
        moments = updated_moments(gradient, state, self.beta1, self.beta2)
        size = root_mean_square(moments["squares"], self.beta2, step, self.epsilon)
        now, following = self._momentum(step), self._momentum(step + 1)
        product = state["product"] * now
        mixed = (1 - now) / (1 - product) * gradient + following / (
            1 - product * following
        ) * moments["mean"]
        return -mixed / size, moments | {"product": product}

    def _momentum(self, step: Any) -> Any:
        """Return μ of a step: beta1 · (1 - 0.96^(step · momentum_decay) / 2)."""
        return self.beta1 * (1 - 0.96 ** (step * self.momentum_decay) / 2)

"""Adam: the mean gradient over its root mean square."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.moments import moments_at_rest, root_mean_square, updated_moments
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class Adam(FirstOrderMethod):
    """Divide the recent mean of the gradient by its recent root mean square.

    m ← m + (1 - beta1) · (g - m);  v ← beta2 · v + (1 - beta2) · g²;
    x ← x - rate · m / (1 - beta1^t) / (√v / √(1 - beta2^t) + epsilon).

    The divisions by 1 - beta^t undo the pull of the zeros that m and v start from. The
    convention is that of PyTorch. In this form there are convex problems on which it does not
    converge (Reddi, Kale and Kumar 2018); with a constant rate it circles a minimum.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        Kingma and Ba's default, and PyTorch's.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each mean that is kept at each step (Kingma and Ba).
    epsilon : float, default 1e-8
        Keeps the division finite (Kingma and Ba).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`; `AdamW` decouples it from the division.

    References
    ----------
    D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
    S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", ICLR 2018.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Adam(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(5)
    array([-1.,  1.])
    """

    name: ClassVar[str] = "adam"
    default_rate: ClassVar[float | None] = 0.001
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the moments ``mean`` and ``squares`` at rest."""
        return moments_at_rest(x)

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the unbiased mean gradient over its unbiased root mean square."""
        gradient = self.with_penalty(x, gradient)
        moments = updated_moments(gradient, state, self.beta1, self.beta2)
        size = root_mean_square(moments["squares"], self.beta2, step, self.epsilon)
        return -(moments["mean"] / (1 - self.beta1**step)) / size, moments

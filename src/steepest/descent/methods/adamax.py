"""Adamax: the mean gradient over its largest recent size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class Adamax(FirstOrderMethod):
    """Divide the recent mean of the gradient by the largest of its recent sizes.

    m ← m + (1 - beta1) · (g - m);  u ← max(beta2 · u, |g| + epsilon);
    x ← x - rate · m / (1 - beta1^t) / u.

    Adam with the ∞-norm for the square one; no step is longer than the rate allows after a
    sudden large gradient. The convention is PyTorch's. The guarantees, or their absence, are
    Adam's.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.002
        Kingma and Ba's default, and PyTorch's.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each that is kept at each step (Kingma and Ba).
    epsilon : float, default 1e-8
        Keeps the division finite.
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Adamax(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(5)
    array([-1.,  1.])
    """

    name: ClassVar[str] = "adamax"
    default_rate: ClassVar[float | None] = 0.002
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the ``mean`` and the largest ``size`` at rest."""
        return {"mean": np.zeros_like(x), "size": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the unbiased mean over the largest size."""
        gradient = self.with_penalty(x, gradient)
        mean = state["mean"] + (1 - self.beta1) * (gradient - state["mean"])
        size = np.maximum(self.beta2 * state["size"], np.abs(gradient) + self.epsilon)
        return -(mean / (1 - self.beta1**step)) / size, {"mean": mean, "size": size}

"""RMSProp: gradients divided by their recent size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE, SWITCH


@dataclass(frozen=True)
class RMSProp(FirstOrderMethod):
    """Divide each coordinate's gradient by its root mean square over recent steps.

    v ← alpha · v + (1 - alpha) · g²;  x ← x - rate · g / (√v + epsilon).

    Centered, m ← m + (1 - alpha) · (g - m) and v - m² takes the place of v. With momentum,
    b ← momentum · b + g / (√v + epsilon) takes the place of the quotient. The convention is that
    of PyTorch. No guarantee is known for the plain form: with a constant rate it circles a
    minimum at a distance of about that rate.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.01
        PyTorch's default.
    alpha : float, default 0.99
        The share of the mean square that is kept at each step (PyTorch's default).
    momentum : float, default 0.0
        The share of the last step that is kept (PyTorch's default).
    centered : bool, default False
        Whether the mean is taken out of the mean square (Graves 2013).
    epsilon : float, default 1e-8
        Keeps the division finite (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    T. Tieleman, G. Hinton, "Lecture 6.5: RMSProp", Neural Networks for Machine Learning, 2012.
    A. Graves, "Generating sequences with recurrent neural networks", 2013.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = RMSProp(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(3)
    array([-10.,  10.])
    """

    name: ClassVar[str] = "rmsprop"
    default_rate: ClassVar[float | None] = 0.01
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    alpha: float = field(default=0.99, metadata=FRACTION)
    momentum: float = field(default=0.0, metadata=FRACTION)
    centered: bool = field(default=False, metadata=SWITCH)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return ``squares``, and ``mean`` and ``velocity`` where the options need them."""
        state = {"squares": np.zeros_like(x)}
        if self.centered:
            state["mean"] = np.zeros_like(x)
        if self.momentum > 0:
            state["velocity"] = np.zeros_like(x)
        return state

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the gradient over its recent root mean square."""
        gradient = self.with_penalty(x, gradient)
        squares = self.alpha * state["squares"] + (1 - self.alpha) * gradient * gradient
        new_state = {"squares": squares}
        variance = squares
        if self.centered:
            mean = state["mean"] + (1 - self.alpha) * (gradient - state["mean"])
            new_state["mean"] = mean
            # Equal gradients leave a variance of 0, which rounding may take just below it.
            variance = np.maximum(squares - mean * mean, 0)
        scaled = gradient / (np.sqrt(variance) + self.epsilon)
        if self.momentum > 0:
            scaled = self.momentum * state["velocity"] + scaled
            new_state["velocity"] = scaled
        return -scaled, new_state

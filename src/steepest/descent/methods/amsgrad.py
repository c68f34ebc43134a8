"""AMSGrad: Adam whose steps never grow back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.moments import moments_at_rest, root_mean_square, updated_moments
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class AMSGrad(FirstOrderMethod):
    """Divide Adam's mean gradient by the largest root mean square so far.

    u ← max(u, v);  x ← x - rate · m / (1 - beta1^t) / (√u / √(1 - beta2^t) + epsilon),
    with Adam's m and v.

    The convention is that of PyTorch: the largest v is taken before its bias is undone. It
    repairs the proof of Adam for convex f: with rates falling like 1/√t the regret grows like
    √N (Reddi, Kale and Kumar 2018).

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        PyTorch's default.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each mean that is kept at each step (PyTorch's defaults).
    epsilon : float, default 1e-8
        Keeps the division finite (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", ICLR 2018.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = AMSGrad(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(5)
    array([-1.,  1.])
    """

    name: ClassVar[str] = "amsgrad"
    default_rate: ClassVar[float | None] = 0.001
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the moments at rest, and the largest ``squares`` so far, ``largest``."""
        return moments_at_rest(x) | {"largest": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the unbiased mean gradient over the largest root mean square."""
        gradient = self.with_penalty(x, gradient)
        moments = updated_moments(gradient, state, self.beta1, self.beta2)
        largest = np.maximum(state["largest"], moments["squares"])
        size = root_mean_square(largest, self.beta2, step, self.epsilon)
        direction = -(moments["mean"] / (1 - self.beta1**step)) / size
        return direction, moments | {"largest": largest}

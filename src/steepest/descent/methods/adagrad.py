"""AdaGrad: coordinates that have seen steep slopes take smaller steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import NOT_NEGATIVE, POSITIVE


@dataclass(frozen=True)
class AdaGrad(FirstOrderMethod):
    """Divide each coordinate's gradient by the root of the sum of its squares so far.

    s ← s + g²;  x ← x - rate / (1 + (t - 1) · learning_rate_decay) · g / (√s + epsilon).

    The convention is that of PyTorch. For convex f the regret against the best fixed point
    grows like √N, so that the mean of the iterates converges like 1/√N.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.01
        PyTorch's default.
    learning_rate_decay : float, default 0.0
        How fast the rate falls with the step (PyTorch's ``lr_decay``).
    initial_accumulator : float, default 0.0
        The first s (PyTorch's default).
    epsilon : float, default 1e-10
        Keeps the division finite (PyTorch's default).
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization", Journal of Machine Learning Research 12, 2011.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = AdaGrad(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(6)
    array([-1.,  1.])
    """

    name: ClassVar[str] = "adagrad"
    default_rate: ClassVar[float | None] = 0.01
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    learning_rate_decay: float = field(default=0.0, metadata=NOT_NEGATIVE)
    initial_accumulator: float = field(default=0.0, metadata=NOT_NEGATIVE)
    epsilon: float = field(default=1e-10, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the sum of squared gradients, ``squares``, before any."""
        return {"squares": np.full_like(x, self.initial_accumulator)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the gradient over the root of the sum of its squares."""
        gradient = self.with_penalty(x, gradient)
        squares = state["squares"] + gradient * gradient
        scaled = gradient / (np.sqrt(squares) + self.epsilon)
        if self.learning_rate_decay > 0:
            scaled = scaled / (1 + (step - 1) * self.learning_rate_decay)
        return -scaled, {"squares": squares}

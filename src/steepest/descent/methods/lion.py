"""Lion: only the sign of a mean gradient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, NOT_NEGATIVE


@dataclass(frozen=True)
class Lion(FirstOrderMethod):
    """Move every coordinate by the rate, along the sign of a mean gradient.

    x ← x - rate · (sign(beta1 · m + (1 - beta1) · g) + weight_decay · x);
    then m ← beta2 · m + (1 - beta2) · g.

    Every step is as long as the last, so that only a falling rate lets it come to rest. No
    guarantee is known for a constant rate.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.0001
        The authors' reference implementation; a third to a tenth of what Adam would take.
    weight_decay : float, default 0.0
        The decoupled decay (the authors' reference implementation; Optax takes 0.001).
    beta1, beta2 : float, default 0.9 and 0.99
        The share of the mean gradient in the direction, and in the next mean (Chen et al.).

    References
    ----------
    X. Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = Lion(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0]
    array([-1.,  1.])
    """

    name: ClassVar[str] = "lion"
    default_rate: ClassVar[float | None] = 0.0001
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    weight_decay: float = field(default=0.0, metadata=NOT_NEGATIVE)
    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.99, metadata=FRACTION)

    def initial_state(self, x: Array) -> State:
        """Return the ``mean`` gradient at rest."""
        return {"mean": np.zeros_like(x)}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the sign of the mean gradient, and the decay."""
        mean = state["mean"]
        direction = -np.sign(self.beta1 * mean + (1 - self.beta1) * gradient)
        if self.weight_decay > 0:
            direction = direction - self.weight_decay * x
        return direction, {"mean": self.beta2 * mean + (1 - self.beta2) * gradient}

"""AdamW: Adam with a weight decay of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.moments import moments_at_rest, root_mean_square, updated_moments
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, NOT_NEGATIVE, POSITIVE


@dataclass(frozen=True)
class AdamW(FirstOrderMethod):
    """Go where Adam goes, and shrink x at the same time.

    x ← x - rate · (a + weight_decay · x), a being Adam's quotient of the gradient of f alone.

    The decay is decoupled: it is not divided by the size of the gradients, as it would be if it
    were added to them. PyTorch shrinks x first and then steps, which is the same but for
    rounding. The guarantees, or their absence, are Adam's.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.001
        PyTorch's default.
    weight_decay : float, default 0.01
        The decoupled decay (PyTorch's default). It moves the end point off the minimum of f.
    beta1, beta2 : float, default 0.9 and 0.999
        The share of each mean that is kept at each step (Kingma and Ba 2015).
    epsilon : float, default 1e-8
        Keeps the division finite (Kingma and Ba 2015).

    References
    ----------
    I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = AdamW(weight_decay=0.5), np.array([1.0])
    >>> method.direction(x, np.array([4.0]), method.initial_state(x), 1)[0].round(6)
    array([-1.5])
    """

    name: ClassVar[str] = "adamw"
    default_rate: ClassVar[float | None] = 0.001
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    weight_decay: float = field(default=0.01, metadata=NOT_NEGATIVE)
    beta1: float = field(default=0.9, metadata=FRACTION)
    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the moments ``mean`` and ``squares`` at rest."""
        return moments_at_rest(x)

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus Adam's quotient and the decay."""
        moments = updated_moments(gradient, state, self.beta1, self.beta2)
        size = root_mean_square(moments["squares"], self.beta2, step, self.epsilon)
        quotient = moments["mean"] / (1 - self.beta1**step) / size
        return -(quotient + self.weight_decay * x), moments

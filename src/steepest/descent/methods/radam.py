"""RAdam: Adam that waits until its mean square is worth dividing by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.adam import Adam
from steepest.descent.methods.moments import root_mean_square, updated_moments
from steepest.descent.methods.state import Array, State

RELIABLE = 5
"""From this ρ on the variance of the mean square is bounded (Liu et al. take 4; PyTorch 5)."""


@dataclass(frozen=True)
class RAdam(Adam):
    """Take plain mean gradients at first, and Adam's steps, held back, from then on.

    ρ_∞ = 2/(1 - beta2) - 1;  ρ = ρ_∞ - 2 t beta2^t / (1 - beta2^t). While ρ ≤ 5,
    x ← x - rate · m/(1 - beta1^t); then Adam's step times
    √((ρ - 4)(ρ - 2) ρ_∞ / ((ρ_∞ - 4)(ρ_∞ - 2) ρ)).

    It does away with the warm-up that Adam is usually given. The first steps, five by default,
    are as long as the gradient, not as the rate. The convention is PyTorch's; the guarantees,
    or their absence, are Adam's.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, weight_decay
        See `Adam`, whose defaults these are.

    References
    ----------
    L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao, J. Han, "On the variance of the adaptive
    learning rate and beyond", ICLR 2020.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = RAdam(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(5)
    array([-4.  ,  0.01])
    """

    name: ClassVar[str] = "radam"

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return minus the unbiased mean, divided by Adam's size where that is reliable."""
        gradient = self.with_penalty(x, gradient)
        moments = updated_moments(gradient, state, self.beta1, self.beta2)
        mean = moments["mean"] / (1 - self.beta1**step)
        power = self.beta2**step
        most = 2 / (1 - self.beta2) - 1
        rho = most - 2 * step * power / (1 - power)
        # The square and its fourth root keep the branch not taken real, and single precision.
        share = ((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)) ** 2
        size = root_mean_square(moments["squares"], self.beta2, step, self.epsilon)
        return np.where(rho > RELIABLE, -mean * share**0.25 / size, -mean), moments

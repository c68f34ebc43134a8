"""Schedule-free AdamW: the average of a walk of steps of even size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.moments import root_mean_square
from steepest.descent.methods.schedule_free import ScheduleFree
from steepest.descent.methods.state import Array, State
from steepest.descent.options import FRACTION, POSITIVE


@dataclass(frozen=True)
class ScheduleFreeAdamW(ScheduleFree):
    """Step along the gradient over its root mean square, and average.

    As `ScheduleFree`, with g / (√v / √(1 - beta2^t) + epsilon) in place of g, where
    v ← beta2 · v + (1 - beta2) · g²; there is no mean of the gradients. The weight decay is
    decoupled, as in `AdamW`. No guarantee for this form is known to us.

    Parameters
    ----------
    learning_rate : float, default 0.0025
        The authors' default; one to ten times the rate of Adam is usual.
    beta : float, default 0.9
        How near to the average the gradient is taken (the authors' default).
    warm_up : int, default 0
        Over how many steps the rate rises in a straight line.
    beta2 : float, default 0.999
        The share of the mean square that is kept at each step (the authors' default).
    epsilon : float, default 1e-8
        Keeps the division finite (the authors' default).
    weight_decay : float, default 0.0
        The decoupled decay.

    References
    ----------
    A. Defazio, X. Yang, H. Mehta, K. Mishchenko, A. Khaled, A. Cutkosky, "The road less
    scheduled", NeurIPS 2024.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = ScheduleFreeAdamW(), np.zeros(2)
    >>> method.direction(x, np.array([4.0, -0.01]), method.initial_state(x), 1)[0].round(5)
    array([-1.,  1.])
    """

    name: ClassVar[str] = "schedule-free-adamw"
    default_rate: ClassVar[float | None] = 0.0025

    beta2: float = field(default=0.999, metadata=FRACTION)
    epsilon: float = field(default=1e-8, metadata=POSITIVE)

    def initial_state(self, x: Array) -> State:
        """Return the state of `ScheduleFree`, and the mean ``squares``."""
        return {**super().initial_state(x), "squares": np.zeros_like(x)}

    def scaled(self, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return the gradient over its unbiased root mean square."""
        squares = self.beta2 * state["squares"] + (1 - self.beta2) * gradient * gradient
        size = root_mean_square(squares, self.beta2, step, self.epsilon)
        return gradient / size, {"squares": squares}

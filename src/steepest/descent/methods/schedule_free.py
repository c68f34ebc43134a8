"""Schedule-free gradient descent: an average takes the place of a falling rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, FirstOrderMethod
from steepest.descent.methods.state import Array, State
from steepest.descent.options import COUNT, FRACTION
from steepest.errors import InputError


@dataclass(frozen=True)
class ScheduleFree(FirstOrderMethod):
    """Step from the average of all steps so far, and take the gradient near it.

    y = (1 - beta) z + beta x;  z ← z - rate · (g(y) + weight_decay · y);
    x ← (1 - c) x + c z,  c = w_t² / (w_1² + ... + w_t²),  w_t = min(1, t / warm_up).

    z is the base walk, x its average (of equal weights without a warm-up), and y, where the
    gradient is taken, lies between them. The history holds the points y, since f and its
    gradient are evaluated there and nowhere else; the best of them is the result. The
    guarantee is about the average x: for convex f with slopes of at most G,
    f(x_T) - f* ≤ D G/√T with the rate D/(G √T), D = ‖x_0 - x*‖, for every beta, and noisy
    gradients are allowed. The average is x_0 + learning_rate · state["average"].

    Takes no bounds, and no schedule: z and x are kept in units of the rate.

    Parameters
    ----------
    learning_rate : float, default 1.0
        The authors' default; ten to fifty times the rate of plain gradient descent is usual. On a
        function with curvatures of more than about 2 it must be smaller.
    beta : float, default 0.9
        How near to the average the gradient is taken (the authors' default).
    warm_up : int, default 0
        Over how many steps the rate rises in a straight line.
    weight_decay : float, default 0.0
        See `FirstOrderMethod`.

    References
    ----------
    A. Defazio, X. Yang, H. Mehta, K. Mishchenko, A. Khaled, A. Cutkosky, "The road less
    scheduled", NeurIPS 2024.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = ScheduleFree(), np.zeros(1)
    >>> method.direction(x, np.array([2.0]), method.initial_state(x), 1)[0]
    array([-2.])
    """

    name: ClassVar[str] = "schedule-free"
    default_rate: ClassVar[float | None] = 1.0
    capabilities: ClassVar[Capabilities] = Capabilities(stochastic=True)

    beta: float = field(default=0.9, metadata=FRACTION)
    warm_up: int = field(default=0, metadata=COUNT)

    def __post_init__(self) -> None:
        super().__post_init__()
        if callable(self.learning_rate) or self.step_length is not None:
            raise InputError(
                f"{type(self).__name__} needs one learning_rate for all steps, and was given "
                f"{self.step_length or self.learning_rate!r}: give a number, and warm_up=... for "
                "a slow beginning."
            )

    def initial_state(self, x: Array) -> State:
        """Return ``walk`` z - x_0 and ``average`` x - x_0 over the rate, and the ``weights``."""
        weights = np.zeros_like(x) if self.warm_up else 0.0
        return {"walk": np.zeros_like(x), "average": np.zeros_like(x), "weights": weights}

    def direction(self, x: Array, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return how far y moves over the rate."""
        scaled, moments = self.scaled(gradient, state, step)
        share = self._share(state, step)
        walk = state["walk"] - share * self.with_penalty(x, scaled)
        weights = state["weights"] + share**2
        average = state["average"] + share**2 / weights * (walk - state["average"])
        moved = (1 - self.beta) * (walk - state["walk"]) + self.beta * (average - state["average"])
        return moved, {"walk": walk, "average": average, "weights": weights, **moments}

    def _share(self, state: State, step: Any) -> Array:
        """Return w_t."""
        if not self.warm_up:
            return 1.0
        # As an array, since the minimum of plain numbers would be double and make all else so.
        return np.minimum(state["walk"] * 0.0 + step / self.warm_up, 1.0)

    def scaled(self, gradient: Array, state: State, step: Any) -> tuple[Array, State]:
        """Return what z steps along, and what of the state belongs to it."""
        return gradient, {}

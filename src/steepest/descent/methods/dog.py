"""DoG: distance over gradients, a rate from the path itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.methods.method import Capabilities, DirectionMethod
from steepest.descent.methods.state import State
from steepest.descent.options import POSITIVE
from steepest.objective import Vector

SMALL = 1e-8
"""Keeps the division finite (the authors')."""


@dataclass(frozen=True)
class DoG(DirectionMethod):
    """Take the farthest distance from the start over the root of all squared gradients.

    r ← max(r, ‖x - x_0‖);  G ← G + ‖g‖²;  x ← x - rate · r/√(G + 1e-8) · g.

    For convex f with slopes of at most G, also noisy ones, the average of the points is within
    O(D G/√T) of f* up to logarithms, D = ‖x_0 - x*‖, with nothing to tune. The history holds
    the points, not their average. On smooth functions without noise it is slow.

    Parameters
    ----------
    learning_rate : float or schedule, default 1.0
        A factor on the rate found.
    first_distance : float, default 1e-6
        The first r is this times 1 + ‖x_0‖ (the authors' default).

    References
    ----------
    M. Ivgi, O. Hinder, Y. Carmon, "DoG is SGD's best friend: a parameter-free dynamic step size
    schedule", ICML 2023.

    Examples
    --------
    >>> import numpy as np
    >>> method, x = DoG(first_distance=0.5), np.zeros(1)
    >>> method.direction(x, np.array([4.0]), method.initial_state(x), 1)[0].round(6)
    array([-0.5])
    """

    name: ClassVar[str] = "dog"
    default_rate: ClassVar[float | None] = 1.0
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, stochastic=True)

    first_distance: float = field(default=1e-6, metadata=POSITIVE)

    @property
    def phrase(self) -> str:
        """How long the steps are."""
        factor = "" if self.learning_rate is None else f" times {self.learning_rate}"
        return f"rates found from the way made{factor}"

    def initial_state(self, x: Vector) -> State:
        """Return the start, the first distance and no gradients."""
        distance = self.first_distance * (1 + float(np.linalg.norm(x)))
        return {"start": x, "distance": distance, "squares": 0.0}

    def direction(
        self, x: Vector, gradient: Vector, state: State, step: Any
    ) -> tuple[Vector, State]:
        """Return minus the gradient times the rate found."""
        distance = max(state["distance"], float(np.linalg.norm(x - state["start"])))
        squares = state["squares"] + float(gradient @ gradient)
        direction = -(distance / (squares + SMALL) ** 0.5) * gradient
        return direction, {"start": state["start"], "distance": distance, "squares": squares}

"""What a descent needs to know of a function, and nothing else."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
"""A point or a gradient: one floating-point array of shape ``(n,)``."""


class Objective(Protocol):
    """A function of one vector, seen from the loop.

    Everything here speaks in flat vectors of shape ``(n,)``; `restore` gives a
    vector back in the shape the user started from (scalars, array, dict).
    """

    @property
    def size(self) -> int:
        """Number of variables n."""

    @property
    def names(self) -> tuple[str, ...]:
        """One readable name per variable: ``("x", "y")`` or ``("x[0]", "x[1]")``."""

    @property
    def start(self) -> Vector:
        """The user's start, flattened, shape ``(n,)``."""

    @property
    def differentiation(self) -> str:
        """How gradients are made: ``"graph"``, ``"numerical"`` or ``"given"``."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences the user should read (why numerical, a gradient check, ...)."""

    @property
    def formula(self) -> str | None:
        """The formula as text that parses back, where there is one."""

    def value(self, x: Vector) -> float:
        """Return f(x); not-finite values are returned, never raised."""

    def values(self, points: Vector) -> Vector:
        """Return f at many points at once: shape (m, n) -> shape (m,)."""

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient, shape ``(n,)``."""

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at many points: shape (m, n) -> (m,) and (m, n)."""

    def started_at(self, start: Vector) -> Objective:
        """Return the same function with another start."""

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian, shape ``(n, n)``."""

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian times a vector, shape ``(n,)``."""

    def is_sum_of_squares(self) -> bool:
        """Return whether residuals r are known with f = ½ ‖r‖²."""

    def residuals(self, x: Vector) -> Vector:
        """Return the residuals, shape ``(m,)``; for sums of squares only."""

    def jacobian(self, x: Vector) -> Vector:
        """Return their derivatives, shape ``(m, n)``; for sums of squares only."""

    def within(self, lower: Vector, upper: Vector) -> Objective:
        """Return the same function, whose differences never leave these bounds."""

    def restore(self, x: Vector) -> Any:
        """Return a vector in the structure of the user's start."""

    def locate_non_finite(self, x: Vector) -> str | None:
        """Name the operation and source line that made f or its gradient not finite at x."""

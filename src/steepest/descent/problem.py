"""What a method sees of a function: points with their values and slopes, counted, and its box."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from steepest.descent.bounds import Box
from steepest.descent.curvature import LANCZOS_STEPS, is_dense, largest_curvature
from steepest.objective import Objective, Vector


class Iterate(NamedTuple):
    """A point x_k with what is known there; nobody writes into its arrays."""

    x: Vector
    """The point, shape (n,)."""
    value: float
    """f(x)."""
    gradient: Vector
    """The gradient at x, shape (n,)."""


class Trial(NamedTuple):
    """Where one step led, and whether it is to be kept."""

    there: Iterate
    """The point reached; the one before where nothing better was found."""
    rate: float
    """The length of the step in units of its direction."""
    accepted: bool
    """False where there was nothing good enough to be kept: the method cannot go on."""
    memory: Any = None
    """What the step after this one must know."""


class Problem:
    """A function as a method sees it: it counts what is asked, and knows the bounds.

    Parameters
    ----------
    objective : Objective
        The function.
    box : Box, optional
        Where x must stay; None is everywhere.
    """

    def __init__(self, objective: Objective, box: Box | None = None) -> None:
        self.objective = objective
        self.box = box
        self.values = 0
        self.gradients = 0
        self.hessians = 0
        self.products = 0

    @property
    def start(self) -> Vector:
        """The start, in the variables of this problem."""
        return self.objective.start

    def as_given(self, here: Iterate) -> Iterate:
        """Return a point in the variables of the user's function, which are those of this one."""
        return here

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        self.values += 1
        return self.objective.value(x)

    def evaluate(self, x: Vector) -> Iterate:
        """Return x with f(x) and a gradient of its own."""
        self.values += 1
        self.gradients += 1
        value, gradient = self.objective.value_and_gradient(x)
        # The gradient may be a buffer that its function uses again.
        return Iterate(x, value, np.array(gradient, dtype=x.dtype))

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at x, shape (n, n)."""
        self.hessians += 1
        return self.objective.hessian(x)

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian at x times a vector, shape (n,)."""
        self.products += 1
        return self.objective.hessian_vector(x, vector)

    def residuals(self, x: Vector) -> Vector:
        """Return r with f(x) = ½ ‖r‖², shape (m,)."""
        self.values += 1
        return self.objective.residuals(x)

    def jacobian(self, x: Vector) -> Vector:
        """Return the derivatives of the residuals, shape (m, n)."""
        self.gradients += 1
        return self.objective.jacobian(x)

    def largest_curvature(self, x: Vector) -> float | None:
        """Return the largest absolute eigenvalue of the Hessian at x; None if it is not finite."""
        if is_dense(self.objective):
            self.hessians += 1
        else:
            self.products += LANCZOS_STEPS
        return largest_curvature(self.objective, x)

    def project(self, x: Vector) -> Vector:
        """Return the point of the box that is nearest to x."""
        return x if self.box is None else self.box.project(x)

    def slope(self, here: Iterate) -> Vector:
        """Return the gradient, or within bounds the projected gradient: 0 at a minimum."""
        if self.box is None:
            return here.gradient
        return self.box.projected_gradient(here.x, here.gradient)

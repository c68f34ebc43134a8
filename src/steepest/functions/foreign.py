"""An objective that another library differentiates."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.functions.bound import BoundFunction, as_number
from steepest.functions.libraries import Library
from steepest.objective import Vector


class ForeignFunction(BoundFunction):
    """A function of another library's arrays, with that library's derivatives.

    Parameters
    ----------
    library : Library
        What differentiates it.
    **shared
        As for `BoundFunction`.
    """

    differentiation = "given"

    def __init__(self, library: Library, **shared: Any) -> None:
        super().__init__(**shared)
        self.library = library

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        return self.value_and_gradient(x)[0]

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        value, slopes = self.library.value_and_gradient(self.call, self.own_parts(x))
        return as_number(value), self.structure.flatten(slopes)

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian, a product with every unit vector."""
        return np.array([self.hessian_vector(x, unit) for unit in np.eye(self.size, dtype=x.dtype)])

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the exact product of the Hessian with a vector."""
        parts, vectors = self.own_parts(x), self.own_parts(vector)
        return self.structure.flatten(self.library.hessian_vector(self.call, parts, vectors))

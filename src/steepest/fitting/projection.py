"""Variable projection: the parameters in which a model is linear are eliminated."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.fitting.linear import solved_for
from steepest.functions.bound import BoundFunction
from steepest.functions.structure import Structure
from steepest.objective import Vector
from steepest.threads import in_one_thread


class Projected(BoundFunction):
    """A sum of squares as a function of the other parameters alone.

    f(θ) = min over c of ½ ‖r(θ, c)‖², with r linear in c. At the minimising c the residuals are
    orthogonal to the columns of ∂r/∂c, so that Jᵀr is the gradient of f both with the exact
    Jacobian and with Kaufman's, (I - Q Qᵀ) ∂r/∂θ, which leaves out a term orthogonal to r.

    Parameters
    ----------
    whole : BoundFunction
        The sum of squares of all parameters.
    linear : list of int
        Those in which it is linear, but not all there are.

    References
    ----------
    G. H. Golub, V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares
    problems whose variables separate", SIAM Journal on Numerical Analysis 10, 1973.
    L. Kaufman, "A variable projection method for solving separable nonlinear least squares
    problems", BIT 15, 1975.
    """

    differentiation = "graph"

    def __init__(self, whole: BoundFunction, linear: list[int]) -> None:
        self.whole, self.linear = whole, linear
        self.others = [place for place in range(whole.size) if place not in linear]
        structure = Structure("array", ("x",), ((len(self.others),),), whole.structure.dtype)
        super().__init__(structure, whole.start[self.others], call=self.value)

    def completed(self, x: Vector) -> Vector:
        """Return all parameters, the linear ones at their best values."""
        full = np.array(self.whole.start)
        full[self.others] = x
        return solved_for(self.whole, full, self.linear)

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        residuals = self.residuals(x)
        return 0.5 * float(residuals @ residuals)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        residuals = self.residuals(x)
        value = 0.5 * float(residuals @ residuals)
        if not np.isfinite(value):
            # Of residuals that are not defined there may be one alone, which stands for all.
            return value, np.full(self.size, np.nan)
        return value, self.jacobian(x).T @ residuals

    def is_sum_of_squares(self) -> bool:
        """Return that it is one."""
        return True

    def residuals(self, x: Vector) -> Vector:
        """Return r(x, c(x))."""
        return self.whole.residuals(self.completed(x))

    def jacobian(self, x: Vector) -> Vector:
        """Return Kaufman's Jacobian."""
        jacobian = self.whole.jacobian(self.completed(x))
        columns, others = jacobian[:, self.linear], jacobian[:, self.others]
        lengths = np.linalg.norm(columns, axis=0)
        if not np.isfinite(jacobian).all():
            return others
        orthogonal, _ = in_one_thread(np.linalg.qr, columns / np.where(lengths > 0, lengths, 1.0))
        left: Any = others - orthogonal @ (orthogonal.T @ others)
        return np.asarray(left)

"""Newton's method in a trust region."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

from steepest.descent.methods.regularized_newton import RegularizedNewton
from steepest.descent.methods.subspace import Axes
from steepest.descent.options import POSITIVE_OR_NONE
from steepest.descent.problem import Iterate
from steepest.objective import Vector

POOR, GOOD = 0.25, 0.75
"""Below the first ratio the region shrinks, above the second it may grow."""

LONGEST = 1e150
"""The largest radius: the square of a longer step would not be a number."""


@dataclass(frozen=True)
class Newton(RegularizedNewton):
    """Go to the minimum of the quadratic model in a ball, whose radius follows its success.

    min g·p + ½ p·Hp subject to ‖p‖ ≤ Δ: (H + λ I) p = -g, with the least λ ≥ 0 that makes
    H + λ I positive and keeps p in the ball (Moré and Sorensen 1983). Where the fall is less than
    a quarter of the predicted one, Δ becomes a quarter of the step; where it is more than three
    quarters and the step reached the border, Δ is doubled.

    Converges from every start to a point where the gradient is 0 and the Hessian has no negative
    eigenvalue, quadratically near a minimum of positive curvature.

    Parameters
    ----------
    radius : float, optional
        The first Δ; None is the length of x in the same units, √|H_ii| of each variable.

    References
    ----------
    J. J. Moré, D. C. Sorensen, "Computing a trust region step", SIAM Journal on Scientific and
    Statistical Computing 4, 1983.
    N. I. M. Gould, S. Lucidi, M. Roma, P. L. Toint, "Solving the trust-region subproblem using
    the Lanczos method", SIAM Journal on Optimization 9, 1999.

    Examples
    --------
    >>> import steepest as st
    >>> result = st.minimize("(1 - x)**2 + 100*(y - x**2)**2", (-1.2, 1), method=Newton())
    >>> result.x.round(6).tolist(), result.nit
    ([1.0, 1.0], 21)
    """

    name: ClassVar[str] = "newton"

    radius: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    @property
    def phrase(self) -> str:
        """How long a step may be."""
        return "steps in a trust region"

    def first_size(self, here: Iterate, scale: Vector | float) -> float:
        """Return the first radius."""
        if self.radius is not None:
            return self.radius
        return math.hypot(*(scale * here.x)) or 1.0

    def regularized(self, axes: Axes, size: float) -> Vector:
        """Return the minimum of the model in the ball."""
        lowest = float(axes.curvatures[0])
        if lowest > 0:
            y = axes.shifted(0.0)
            if math.hypot(*y) <= size:
                return y
        return axes.to_border(axes.shift_for(lambda shift: (size, 0.0)), size)

    def resized(self, size: float, ratio: float, length: float) -> float:
        """Return the next radius."""
        if ratio < POOR:
            return length / 4
        return min(2 * size, LONGEST) if ratio > GOOD and length > 0.9 * size else size

"""Newton's method with a cubic term in place of a trust region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from steepest.descent.methods.regularized_newton import RegularizedNewton
from steepest.descent.methods.subspace import Axes
from steepest.descent.options import POSITIVE
from steepest.descent.problem import Iterate
from steepest.objective import Vector

POOR, GOOD = 0.1, 0.9
"""Below the first ratio σ is doubled, above the second it is halved."""

SMALLEST_SIGMA = 1e-16
"""Below this the cubic term is lost in rounding anyway."""


@dataclass(frozen=True)
class CubicNewton(RegularizedNewton):
    """Go to the minimum of the quadratic model plus σ/3 · ‖p‖³ (ARC).

    (H + λ I) p = -g with λ = σ ‖p‖. σ estimates how fast the Hessian changes, and follows the
    success of the steps. To ‖g‖ ≤ ε it needs at most a multiple of ε^(-3/2) evaluations, without
    convexity, which no method of this kind can improve (Cartis, Gould and Toint 2011).

    Parameters
    ----------
    sigma : float, default 1.0
        The first σ (Cartis, Gould and Toint 2011).

    References
    ----------
    C. Cartis, N. I. M. Gould, P. L. Toint, "Adaptive cubic regularisation methods for
    unconstrained optimization", Mathematical Programming 127 and 130, 2011.

    Examples
    --------
    >>> import steepest as st
    >>> result = st.minimize("(1 - x)**2 + 100*(y - x**2)**2", (-1.2, 1), method=CubicNewton())
    >>> result.x.round(4).tolist(), result.nit < 50
    ([1.0, 1.0], True)
    """

    name: ClassVar[str] = "cubic-newton"

    sigma: float = field(default=1.0, metadata=POSITIVE)

    @property
    def phrase(self) -> str:
        """How long a step may be."""
        return "steps by cubic regularisation"

    def first_size(self, here: Iterate, scale: Vector | float) -> float:
        """Return the first σ."""
        return self.sigma

    def regularized(self, axes: Axes, size: float) -> Vector:
        """Return the minimum of the model with the cubic term."""
        shift = axes.shift_for(lambda shift: (shift / size, 1 / size))
        return axes.to_border(shift, shift / size)

    def resized(self, size: float, ratio: float, length: float) -> float:
        """Return the next σ."""
        if ratio < POOR:
            return 2 * size
        return max(size / 2, SMALLEST_SIGMA) if ratio >= GOOD else size

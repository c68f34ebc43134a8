"""Nonlinear conjugate gradients: every direction remembers the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from steepest.descent.methods.method import DirectionMethod
from steepest.descent.methods.state import State
from steepest.descent.options import one_of
from steepest.descent.step_length import HagerZhang, StepLength, StrongWolfe
from steepest.objective import Vector
from steepest.vectors import inner

TRUNCATION = 0.4
"""η: how far below 0 the share of the last direction may go (Hager and Zhang 2013)."""


@dataclass(frozen=True)
class ConjugateGradient(DirectionMethod):
    """Go along d = -g + β · (the last direction).

    With y the change of the gradient, β is

    - "hager-zhang": (y - 2 d ‖y‖²/dᵀy)ᵀ g / dᵀy, but no less than 0.4 · dᵀg₀ / ‖d‖², g₀ being
      the last gradient (CG_DESCENT). Every direction then goes downhill, gᵀd ≤ -7/8 ‖g‖².
    - "polak-ribiere": max(0, yᵀg / ‖g₀‖²).

    Needs three vectors of memory, and no matrix. On a quadratic with exact steps both end after
    n steps at most.

    Parameters
    ----------
    learning_rate
        See `DirectionMethod`.
    formula : {"hager-zhang", "polak-ribiere"}, default "hager-zhang"
        What β is.
    step_length
        See `DirectionMethod`; the default is the line search of Hager and Zhang, and for
        "polak-ribiere" a strong Wolfe search with c₂ = 0.1 (Nocedal and Wright).

    References
    ----------
    W. W. Hager, H. Zhang, "The limited memory conjugate gradient method", SIAM Journal on
    Optimization 23, 2013.
    E. Polak, G. Ribière, "Note sur la convergence de méthodes de directions conjuguées", Revue
    française d'informatique et de recherche opérationnelle 3, 1969.

    Examples
    --------
    >>> import numpy as np
    >>> method, state = ConjugateGradient(), {}
    >>> first, state = method.direction(np.zeros(2), np.array([1.0, 0.0]), state, 1)
    >>> method.direction(np.zeros(2), np.array([0.0, 1.0]), state, 2)[0]
    array([-1., -1.])
    """

    name: ClassVar[str] = "conjugate-gradient"

    formula: str = field(default="hager-zhang", metadata=one_of("hager-zhang", "polak-ribiere"))

    def own_step_length(self) -> StepLength:
        """Return the line search that belongs to the formula."""
        return HagerZhang() if self.formula == "hager-zhang" else StrongWolfe(curvature=0.1)

    def direction(
        self, x: Vector, gradient: Vector, state: State, step: Any
    ) -> tuple[Vector, State]:
        """Return -g + β d."""
        direction = -gradient
        if "direction" in state:
            direction = direction + self._share(gradient, **state) * state["direction"]
        return direction, {"before": gradient, "direction": direction}

    def _share(self, gradient: Vector, before: Vector, direction: Vector) -> float:
        """Return β."""
        bend = gradient - before
        if self.formula == "polak-ribiere":
            return max(0.0, inner(bend, gradient) / inner(before, before))
        curvature = inner(direction, bend)
        if curvature == 0:
            return 0.0
        tilted = bend - (2 * inner(bend, bend) / curvature) * direction
        least = TRUNCATION * inner(direction, before) / inner(direction, direction)
        return max(inner(tilted, gradient) / curvature, least)

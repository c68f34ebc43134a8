"""When a fit of rows that are read anew at every step is near enough to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from steepest.descent.options import POSITIVE
from steepest.descent.stopping import Check, Gradient, Reason
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

ANGLE = 1e-10
"""So far from a right angle residuals and columns may be: parameters then differ from the best by
this share of their standard errors, times about √m."""

ROUNDING = 1e-13
"""Beside the longest of the columns, the products of others are known no better."""


@dataclass(frozen=True)
class Orthogonal(Gradient):
    """Stop where the residuals are at right angles to the columns of their Jacobian.

    |Jⱼᵀ r| ≤ tolerance · ‖Jⱼ‖ ‖r‖ for every parameter j, which does not depend on where one came
    from, nor on the units of parameters and response (Moré 1978).

    Parameters
    ----------
    tolerance : float, default 1e-10
    lengths : tuple of float
        ‖Jⱼ‖ at the start.
    size : float
        ‖r‖ at the start.

    References
    ----------
    J. J. Moré, "The Levenberg-Marquardt algorithm: implementation and theory", Lecture Notes in
    Mathematics 630, 1978.
    """

    tolerance: float = field(default=ANGLE, metadata=POSITIVE)
    lengths: tuple[float, ...] = ()
    size: float = 1.0

    @classmethod
    def of(cls, objective: BoundFunction) -> Self:
        """Return the rule for a sum of squares that is followed from its start."""
        start = np.asarray(objective.start)
        lengths = np.linalg.norm(objective.jacobian(start), axis=0)
        size = float(np.linalg.norm(objective.residuals(start)))
        return cls(lengths=tuple(lengths.tolist()), size=size)

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run."""
        further = super().begin(value, gradient)

        def check(step: int, value: float, gradient: Vector | Sequence[float]) -> Reason | None:
            allowed = self._allowed() * np.sqrt(max(2 * value, 0.0))
            if np.all(np.abs(gradient) <= allowed):
                return Reason.GRADIENT
            return further(step, value, gradient)

        return check

    def goal(self, gradient: Vector | Sequence[float]) -> float:
        """Return what ‖g‖∞ must come down to."""
        return float(self._allowed().max()) * self.size

    def _allowed(self) -> Vector:
        """Return what |gⱼ| may be, beside ‖r‖."""
        lengths = np.array(self.lengths)
        return np.asarray(np.maximum(self.tolerance * lengths, ROUNDING * lengths.max(initial=0.0)))

"""BFGS: a quasi-Newton method that keeps the whole inverse Hessian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from steepest.descent.methods.quasi_newton import QuasiNewton, cautious
from steepest.descent.methods.state import State
from steepest.objective import Vector


@dataclass(frozen=True)
class BFGS(QuasiNewton):
    """Go along -H g, H being corrected by every step.

    H ← (I - s yᵀ/sᵀy) H (I - y sᵀ/sᵀy) + s sᵀ/sᵀy, from (sᵀy / yᵀy) · I at the first pair.

    Converges faster than linearly near a minimum with positive curvature, and for every convex
    function with a Wolfe search (Powell 1976). A step takes n² operations and H n² numbers: for
    many variables take `LBFGS`.

    Parameters
    ----------
    learning_rate, step_length
        See `DirectionMethod`; the default is a strong Wolfe search.

    References
    ----------
    C. G. Broyden, R. Fletcher, D. Goldfarb, D. F. Shanno, four papers of 1970; see J. Nocedal,
    S. J. Wright, "Numerical Optimization", 2nd edition, 2006, section 6.1.

    Examples
    --------
    >>> import numpy as np
    >>> method, state = BFGS(), {}
    >>> _, state = method.direction(np.array([2.0]), np.array([8.0]), state, 1)
    >>> method.direction(np.array([1.0]), np.array([4.0]), state, 2)[0]
    array([-1.])
    """

    name: ClassVar[str] = "bfgs"

    def learned(self, state: State, change: Vector, bend: Vector, curvature: float) -> State:
        """Return the memory with H corrected by one more pair."""
        inverse = state.get("inverse")
        if inverse is None:
            inverse = np.eye(change.size, dtype=change.dtype) * (curvature / float(bend @ bend))
        moved = inverse @ bend
        share = (curvature + float(bend @ moved)) / curvature**2
        cross = np.outer(moved, change)
        return {
            "inverse": inverse + share * np.outer(change, change) - (cross + cross.T) / curvature
        }

    def inverse_times(self, state: State, vector: Vector) -> Vector:
        """Return H v."""
        if "inverse" not in state:
            return cautious(vector)
        product: Vector = state["inverse"] @ vector
        return product

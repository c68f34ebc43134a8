"""How a function bends at a point, and what that means for a descent there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from steepest.objective import Vector

LAST_STEPS = 10
"""So many steps at the end of a path are looked at for its rate of convergence."""

WITHIN_ROUNDING = 1e-13
"""Distances below this, of the size of the path, are rounding and contract no further."""


@dataclass(frozen=True, eq=False)
class Curvature:
    r"""The curvatures of f at a point.

    On a quadratic whose Hessian has the eigenvalues λ, a step of gradient descent with the rate η
    multiplies the distance along each eigenvector by 1 - η λ: it converges for η < 2/L, where L
    is the largest eigenvalue, at the pace of the worst factor.

    Parameters
    ----------
    x : ndarray, shape (n,)
    eigenvalues : ndarray, shape (n,)
        Of the Hessian, rising.
    directions : ndarray, shape (n, n)
        Its eigenvectors, one column for each eigenvalue.

    Examples
    --------
    >>> bowl = Curvature(np.zeros(2), np.array([1.0, 9.0]), np.eye(2))
    >>> bowl.condition, bowl.optimal_rate, bowl.contraction(bowl.optimal_rate)
    (9.0, 0.2, 0.8)
    """

    x: Vector
    eigenvalues: Vector
    directions: Vector

    @property
    def largest(self) -> float:
        """The largest eigenvalue, L."""
        return float(self.eigenvalues[-1])

    @property
    def smallest(self) -> float:
        """The smallest eigenvalue, μ."""
        return float(self.eigenvalues[0])

    @property
    def condition(self) -> float:
        """The largest curvature over the smallest, signs aside; inf where one is zero."""
        sizes = np.abs(self.eigenvalues)
        return float(sizes.max() / sizes.min()) if sizes.min() > 0 else math.inf

    @property
    def stable_rate(self) -> float:
        """2/L, above which gradient descent is thrown out; inf where nothing curves upward."""
        return 2 / self.largest if self.largest > 0 else math.inf

    @property
    def safe_rate(self) -> float:
        """1/L, which never overshoots; inf where nothing curves upward."""
        return self.stable_rate / 2

    @property
    def optimal_rate(self) -> float | None:
        """2/(L + μ), the quickest rate at a minimum; None where μ is not positive."""
        return 2 / (self.largest + self.smallest) if self.smallest > 0 else None

    def contraction(self, rate: float) -> float:
        """Return the factor by which gradient descent shrinks the distance to x, at worst.

        max |1 - rate · λ| over the eigenvalues; 1 or more means that it does not converge to x.
        """
        with np.errstate(over="ignore"):
            return float(np.abs(1 - rate * self.eigenvalues).max())

    @property
    def text(self) -> str:
        """The curvatures in words."""
        values = ", ".join(f"{value:.6g}" for value in self.eigenvalues)
        lines = [f"Eigenvalues of the Hessian: {values}. Condition number {self.condition:.6g}."]
        if self.largest <= 0:
            return f"{lines[0]} Nothing curves upward here: no rate makes a descent stay."
        lines.append(f"Gradient descent is stable here for rates below {self.stable_rate:.6g}.")
        if self.optimal_rate is not None:
            rates = (("1/L", self.safe_rate), ("2/(L + μ)", self.optimal_rate))
            lines += [
                f"At the rate {name} = {rate:.6g} each step leaves "
                f"{self.contraction(rate):.6g} of the distance."
                for name, rate in rates
            ]
        return " ".join(lines)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ConvergenceRate:
    """The pace at which a descent came to its end, beside what the curvature there predicts.

    Parameters
    ----------
    contraction : float
        The factor by which the distance to the point shrank per step, over the last ones.
    steps : int
        Over how many steps that was measured.
    rate : float or None
        Their learning rate, where all had the same.
    predicted : float or None
        What gradient descent with this rate does: max |1 - rate · λ|.
    """

    contraction: float
    steps: int
    rate: float | None
    predicted: float | None

    @property
    def text(self) -> str:
        """Both in a sentence."""
        seen = f"Over the last {self.steps} steps, each left {self.contraction:.6g} of the distance"
        if self.predicted is None:
            return f"{seen}."
        return (
            f"{seen}; gradient descent at rate {self.rate:.6g} is predicted to leave "
            f"{self.predicted:.6g}."
        )

    def __str__(self) -> str:
        return self.text


def contraction_of(path: Vector, end: Vector) -> tuple[float, int]:
    """Return by which factor the distance to an end shrinks per step, and over how many steps.

    Parameters
    ----------
    path : ndarray, shape (k, n)
    end : ndarray, shape (n,)
        Where it leads.

    Returns
    -------
    float, int
        The factor is the mean over the last steps at which the distance is no rounding error;
        NaN where there are none.
    """
    with np.errstate(over="ignore"):
        offsets = path - end
    scale = float(np.abs(offsets).max())
    if not 0 < scale < math.inf:
        return math.nan, 0
    # In units of the longest, whose squares are finite wherever the path went.
    distances = np.linalg.norm(offsets / scale, axis=1)
    floor = WITHIN_ROUNDING * max(float(np.abs(path).max()) / scale, float(distances.max()))
    usable = np.flatnonzero(distances > 100 * floor)
    if usable.size < 2:
        return math.nan, 0
    last = int(usable[-1])
    first = max(0, last - LAST_STEPS)
    steps = last - first
    if steps < 1:
        return math.nan, 0
    return float((distances[last] / distances[first]) ** (1 / steps)), steps

"""The curvature of a function at a point: the eigenvalues of its Hessian, or their extremes."""

from __future__ import annotations

import numpy as np

from steepest.objective import Objective, Vector
from steepest.threads import in_one_thread

DENSE = 200
"""Up to so many variables the whole Hessian is made; beyond, Lanczos finds its extremes."""

DENSE_NUMERICAL = 50
"""The same where derivatives are numerical: a Hessian then takes some 4 n² values of f."""

LANCZOS_STEPS = 20
"""Products with the Hessian; they give the largest eigenvalue to about five digits."""


def is_dense(objective: Objective) -> bool:
    """Return whether the whole Hessian of a function is to be made."""
    numerical = objective.differentiation == "numerical"
    return objective.size <= (DENSE_NUMERICAL if numerical else DENSE)


def symmetric_hessian(objective: Objective, x: Vector) -> Vector | None:
    """Return the Hessian, made symmetric to the last digit; None where it is not finite.

    Parameters
    ----------
    objective : Objective
        The function, of few enough variables (see `is_dense`).
    x : ndarray, shape (n,)
        The point.
    """
    hessian = objective.hessian(x)
    return (hessian + hessian.T) / 2 if np.isfinite(hessian).all() else None


def extremes(objective: Objective, x: Vector) -> tuple[float, float] | None:
    """Return the lowest and the highest eigenvalue of the Hessian.

    For many variables these are Lanczos' estimates, which lie between the true ones.

    Parameters
    ----------
    objective : Objective
        The function.
    x : ndarray, shape (n,)
        The point.

    Returns
    -------
    lowest, highest : float
        None where the Hessian is not finite.
    """
    if is_dense(objective):
        hessian = symmetric_hessian(objective, x)
        if hessian is None:
            return None
        eigenvalues = in_one_thread(np.linalg.eigvalsh, hessian)
        return float(eigenvalues[0]), float(eigenvalues[-1])
    return _lanczos(objective, x)


def largest_curvature(objective: Objective, x: Vector) -> float | None:
    """Return the largest absolute eigenvalue of the Hessian; None where it is not finite."""
    ends = extremes(objective, x)
    return None if ends is None else max(abs(ends[0]), abs(ends[1]))


def _lanczos(objective: Objective, x: Vector) -> tuple[float, float] | None:
    """Return the extreme eigenvalues of the Hessian seen from a Krylov space.

    Every new direction is made orthogonal to all before it, twice, since once leaves rounding
    that grows with the number of steps (Parlett, "The symmetric eigenvalue problem", 1980).
    """
    vector = np.random.default_rng(0).normal(size=objective.size)
    basis = [vector / np.linalg.norm(vector)]
    products: list[Vector] = []
    for _ in range(LANCZOS_STEPS):
        product = objective.hessian_vector(x, basis[-1])
        if not np.isfinite(product).all():
            return None
        products.append(product)
        rest = product
        for _ in range(2):
            rest = rest - sum(float(rest @ earlier) * earlier for earlier in basis)
        length = float(np.linalg.norm(rest))
        if length <= 1e-12 * float(np.linalg.norm(product)):
            break
        basis.append(rest / length)
    directions = np.array(basis[: len(products)])
    projected = directions @ np.array(products).T
    eigenvalues = in_one_thread(np.linalg.eigvalsh, (projected + projected.T) / 2)
    return float(eigenvalues[0]), float(eigenvalues[-1])

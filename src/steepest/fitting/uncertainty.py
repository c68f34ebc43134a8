"""How well the data fix the parameters: their covariance, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steepest.fitting.linearised import Linearised
from steepest.objective import Vector
from steepest.threads import in_one_thread

INDISTINCT = 1e-7
"""Singular values of the scaled Jacobian below this share of the largest count as 0: the errors
would be ten million times those of the parameters alone, and lost in rounding."""


@dataclass(frozen=True)
class Uncertainty:
    """The covariance of fitted parameters.

    Parameters
    ----------
    covariance : ndarray, shape (n, n), or None
    reason : str or None
        Why there is no covariance.
    open : bool
        Whether the fit is: not converged, or other values of the parameters fit just as well.
    """

    covariance: Vector | None
    reason: str | None = None
    open: bool = False


CONVERGED = 1e-6
"""A relative offset below this is far below what the errors of the data could show."""


def relative_offset(around: Linearised) -> float:
    """Return how far a point is from the best fit, beside the errors of the data.

    The residuals' part along the model's surface over their part across it, each per degree of
    freedom: it is 0 at a minimum, and free of the units of parameters and response.

    References
    ----------
    D. M. Bates, D. G. Watts, "A relative offset orthogonality convergence criterion for nonlinear
    least squares", Technometrics 23, 1981.
    """
    freedom = around.rows - around.size
    lengths = np.linalg.norm(around.slopes, axis=0)
    if freedom <= 0 or not np.isfinite(lengths).all() or not lengths.all():
        return float("inf")
    turned, singular, _ = in_one_thread(np.linalg.svd, around.slopes / lengths, full_matrices=False)
    # A direction without a difference to the fit is no direction along the surface.
    along = turned[:, singular > INDISTINCT * singular[0]].T @ around.residuals
    across = around.squares - float(along @ along)
    if across <= 0:
        return float("inf")
    return float(np.sqrt((along @ along) / around.size / (across / freedom)))


def well_determined(around: Linearised) -> bool:
    """Return whether a sum of squares has converged, and no other parameters are as good."""
    if not relative_offset(around) <= CONVERGED:
        return False
    slopes = around.slopes
    singular = in_one_thread(
        np.linalg.svd, slopes / np.linalg.norm(slopes, axis=0), compute_uv=False
    )
    return bool(singular[-1] > INDISTINCT * singular[0])


def uncertainty_of(around: Linearised, names: Sequence[str], scaled: bool) -> Uncertainty:
    """Return the covariance of the parameters at a minimum of Σ r².

    (JᵀJ)⁻¹, from the singular values of J with columns of equal length; times the variance of
    the residuals Σ r² / (m - n) where that is not known beforehand.

    Parameters
    ----------
    around : Linearised
        The (weighted) residuals and their derivatives.
    names : sequence of str
        The parameters.
    scaled : bool
        Whether the residuals are in units of their standard deviation already.

    References
    ----------
    G. A. F. Seber, C. J. Wild, "Nonlinear Regression", 1989, section 2.1.

    Examples
    --------
    >>> around = Linearised.of(np.eye(3)[:, :2], np.array([0.0, 0.0, 0.5**0.5]))
    >>> uncertainty_of(around, ["a", "b"], False).covariance.round(6)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    if not around.finite:
        return Uncertainty(None, "the derivatives of the model are not finite there")
    rows, count = around.rows, around.size
    lengths = np.linalg.norm(around.slopes, axis=0)
    silent = [name for name, length in zip(names, lengths, strict=True) if length == 0]
    if silent:
        return Uncertainty(None, f"the data do not depend on {silent[0]} there", True)
    _, singular, axes = in_one_thread(np.linalg.svd, around.slopes / lengths)
    if rows < count or singular[-1] <= INDISTINCT * singular[0]:
        return Uncertainty(None, _indistinct(axes[-1], names), True)
    if rows == count and not scaled:
        return Uncertainty(
            None, f"{rows} rows for {count} parameters leave nothing to tell the errors from"
        )
    inverse = axes.T / singular
    variance = 1.0 if scaled else around.squares / (rows - count)
    covariance = variance * (inverse @ inverse.T) / np.outer(lengths, lengths)
    return Uncertainty(covariance)


def uncertainty_from_curvature(
    curvature: Vector, names: Sequence[str], spread: Vector | None = None
) -> Uncertainty:
    """Return the covariance at a minimum of a sum that is no sum of squares.

    H⁻¹ of a negative log-likelihood (the observed information); H⁻¹ B H⁻¹ of any other sum, B being
    the sum of the squared gradients of its terms.

    Parameters
    ----------
    curvature : ndarray, shape (n, n)
        H, the second derivatives of the sum.
    names : sequence of str
        The parameters.
    spread : ndarray, shape (n, n), optional
        B.

    References
    ----------
    P. J. Huber, "The behavior of maximum likelihood estimates under nonstandard conditions",
    Fifth Berkeley Symposium, 1967.

    Examples
    --------
    >>> uncertainty_from_curvature(np.diag([4.0, 1.0]), ["a", "b"]).covariance
    array([[0.25, 0.  ],
           [0.  , 1.  ]])
    """
    sizes = np.abs(np.diag(curvature))
    if not np.isfinite(curvature).all():
        return Uncertainty(None, "the curvature of the loss is not finite there")
    if not sizes.all():
        silent = names[int(np.argmin(sizes))]
        return Uncertainty(None, f"the loss does not bend along {silent} there", True)
    scale = np.sqrt(sizes)
    values, axes = in_one_thread(np.linalg.eigh, curvature / np.outer(scale, scale))
    if values[0] < -INDISTINCT * values[-1]:
        return Uncertainty(None, "the loss bends downwards there: this is no minimum", True)
    if values[0] <= INDISTINCT**2 * len(values) * values[-1] * 100:
        return Uncertainty(None, _indistinct(axes[:, 0], names), True)
    inverse = (axes / values) @ axes.T / np.outer(scale, scale)
    return Uncertainty(inverse if spread is None else inverse @ spread @ inverse)


def _indistinct(axis: Vector, names: Sequence[str]) -> str:
    """Say which parameters can be changed together without a difference."""
    together = [name for name, share in zip(names, axis, strict=True) if abs(share) > 0.1]
    if len(together) == 1:
        return f"{together[0]} can be changed without any difference to the fit"
    words = f"{', '.join(together[:-1])} and {together[-1]}"
    return f"{words} cannot be told apart: changed together, they make no difference to the fit"


def correlation_of(covariance: Vector) -> Vector:
    """Return the correlations, with 1 on the diagonal."""
    errors = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation: Vector = covariance / np.outer(errors, errors)
    return correlation

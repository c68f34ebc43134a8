"""Confidence bands: between which ends a fitted curve lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steepest.descent.options import INNER_FRACTION, require
from steepest.errors import InputError, MissingPackageError
from steepest.fitting.spread import prediction_jacobian
from steepest.objective import Vector

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit


@dataclass(frozen=True, eq=False)
class Band:
    """A band around expected responses.

    Parameters
    ----------
    lower, middle, upper : ndarray, shape (m,)
        Its ends, and the expected response.
    level : float
        The confidence at each place.
    """

    lower: Vector
    middle: Vector
    upper: Vector
    level: float


def band_of(fit: Fit, columns: Mapping[str, Vector], level: float, new_rows: bool) -> Band:
    """Return the band of a fit at some rows.

    ŷ ± t √(jᵀ C j), j being the gradient of ŷ by the parameters, C their covariance, and t the
    quantile of Student's distribution of the fit's degrees of freedom (of the normal one, where
    the errors are known beforehand, or the loss is a likelihood). A new response has the variance
    of the residuals besides.

    References
    ----------
    G. A. F. Seber, C. J. Wild, "Nonlinear Regression", 1989, section 5.1.
    """
    require("level", level, INNER_FRACTION, "band")
    if fit.covariance is None:
        raise InputError(f"There is no band without standard errors: {fit.why_no_errors}.")
    criterion = fit.criterion
    if new_rows and not criterion.loss.squares:
        raise InputError(
            f"The loss {criterion.loss.name!r} tells no variance of new responses: leave new_rows "
            "out for the band of the expected response."
        )
    scores = criterion.predicted(columns, fit.parameters)
    slopes = prediction_jacobian(criterion.free, columns, len(scores), fit.free)
    variance = np.einsum("ij,jk,ik->i", slopes, fit.covariance, slopes)
    if new_rows:
        variance = variance + (1.0 if fit.absolute_sigma else fit.reduced_chi_squared)
    known = fit.absolute_sigma or criterion.loss.likelihood
    reach = quantile(level, None if known else fit.degrees_of_freedom) * np.sqrt(variance)
    ends = [np.asarray(criterion.loss.expected(scores + side * reach)) for side in (-1, 0, 1)]
    return Band(ends[0], ends[1], ends[2], level)


def quantile(level: float, degrees_of_freedom: int | None) -> float:
    """Return t with P(|T| < t) = level, for Student's distribution; the normal one for None.

    Examples
    --------
    >>> round(quantile(0.95, 10), 4), round(quantile(0.95, None), 4)
    (2.2281, 1.96)
    """
    try:
        from scipy import special
    except ImportError as error:
        raise MissingPackageError(
            "Bands and intervals take Student's distribution from SciPy, which is not installed: "
            "pip install 'steepest[fit]'."
        ) from error
    upper = (1 + level) / 2
    if degrees_of_freedom is None:
        return float(special.ndtri(upper))
    return float(special.stdtrit(degrees_of_freedom, upper))

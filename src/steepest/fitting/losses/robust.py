"""Losses in which a few wild rows count less than in squared errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.options import INNER_FRACTION, POSITIVE
from steepest.fitting.losses.loss import KinkedLoss, Loss


@dataclass(frozen=True)
class MeanAbsoluteError(KinkedLoss):
    """The mean absolute error; its best constant is the median.

    Σᵢ wᵢ |ŷᵢ - yᵢ| / Σᵢ wᵢ

    Examples
    --------
    >>> float(MeanAbsoluteError()([1.0, 2.0], [1.0, 4.0]))
    1.0
    """

    name: ClassVar[str] = "mae"

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return |ŷ - y|."""
        return self.size(np.subtract(prediction, target))


@dataclass(frozen=True)
class Quantile(KinkedLoss):
    """The mean of the pinball loss; its best constant is the q-quantile.

    ρ(e) = max(q e, (q - 1) e) = (q - ½) e + ½ |e|, with e = y - ŷ

    Parameters
    ----------
    q : float, default 0.5
        Which quantile, between 0 and 1; the median by default.

    References
    ----------
    R. Koenker, G. Bassett, "Regression quantiles", Econometrica 46, 1978.

    Examples
    --------
    >>> float(Quantile(q=0.9)([0.0, 0.0], [1.0, -1.0]))
    0.5
    """

    name: ClassVar[str] = "quantile"

    q: float = field(default=0.5, metadata=INNER_FRACTION)

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return (q - ½) e + ½ |e| with e = y - ŷ."""
        error = np.subtract(target, prediction)
        return (self.q - 0.5) * error + 0.5 * self.size(error)


@dataclass(frozen=True)
class Huber(Loss):
    """The mean of Huber's loss: squares near 0, straight lines further out.

    ρ(e) = ½ e² where |e| ≤ δ, and δ (|e| - ½ δ) elsewhere

    Parameters
    ----------
    delta : float, default 1.0
        Where the lines begin, in units of the response, or of `sigma` where that is given. 1.345
        standard deviations keep 95 % of the efficiency on normal errors (Huber 1981).

    References
    ----------
    P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics
    35, 1964; "Robust Statistics", 1981.

    Examples
    --------
    >>> float(Huber()([0.0, 0.0], [1.0, 3.0]))
    1.5
    """

    name: ClassVar[str] = "huber"

    delta: float = field(default=1.0, metadata=POSITIVE)

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return ½ e² within delta, and the tangent's continuation beyond."""
        error = np.subtract(prediction, target)
        size = np.abs(error)
        inside = 0.5 * np.square(error)
        return np.where(size <= self.delta, inside, self.delta * (size - 0.5 * self.delta))


@dataclass(frozen=True)
class Cauchy(Loss):
    """The mean of Cauchy's loss, in which rows far away hardly pull at all.

    ρ(e) = ½ c² log(1 + (e/c)²)

    It is not convex: there can be several minima, and the start decides.

    Parameters
    ----------
    scale : float, default 1.0
        c, in units of the response, or of `sigma` where that is given. 2.385 standard deviations
        keep 95 % of the efficiency on normal errors (Holland and Welsch 1977).

    References
    ----------
    P. W. Holland, R. E. Welsch, "Robust regression using iteratively reweighted least-squares",
    Communications in Statistics 6, 1977.

    Examples
    --------
    >>> bool(np.isclose(float(Cauchy()([0.0], [1.0])), 0.5 * np.log(2)))
    True
    """

    name: ClassVar[str] = "cauchy"

    scale: float = field(default=1.0, metadata=POSITIVE)

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return ½ c² log(1 + (e/c)²)."""
        error = np.subtract(prediction, target)
        return 0.5 * self.scale**2 * np.log1p(np.square(error / self.scale))


@dataclass(frozen=True)
class LogCosh(Loss):
    """The mean of log cosh(e): squares near 0, straight lines further out, and no kink between.

    ρ(e) = log cosh e

    Examples
    --------
    >>> bool(np.isclose(float(LogCosh()([0.0], [1000.0])), 1000 - np.log(2)))
    True
    """

    name: ClassVar[str] = "logcosh"

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return log((eᵉ + e⁻ᵉ) / 2), which overflows for no e."""
        error = np.subtract(prediction, target)
        return np.logaddexp(error, -error) - np.log(2.0)

"""The error function, the logarithm of the gamma function, and the derivatives of the latter."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from steepest.expression.node import apply
from steepest.expression.operation import Operation, define
from steepest.expression.operations.elementary import exp, roman
from steepest.expression.operations.polygamma import polygamma


def scipy_or(name: str, number: Any) -> Any:
    """Return SciPy's function, or one of plain numbers where SciPy is not installed."""

    def evaluate(x: Any, **options: Any) -> Any:
        try:
            from scipy import special
        except ImportError:
            return np.vectorize(number, otypes=[np.float64])(*options.values(), x)[()]
        return getattr(special, name)(*options.values(), x)

    return evaluate


def _log_gamma(x: float) -> float:
    return math.inf if x <= 0 and x == math.floor(x) else math.lgamma(x)


SLOPE_OF_ERF = 2 / math.sqrt(math.pi)

erf: Operation = define(
    Operation(
        "erf",
        scipy_or("erf", math.erf),
        # d erf(x) = 2 / sqrt(pi) exp(-x^2) dx
        lambda g, y, x: (g * (SLOPE_OF_ERF * apply(exp, -(x * x))),),
        spelling="special.erf({0})",
        scalar_spelling="erf({0})",
        latex=roman("erf"),
    )
)
erfc: Operation = define(
    Operation(
        "erfc",
        scipy_or("erfc", math.erfc),
        # erfc(x) = 1 - erf(x)
        lambda g, y, x: (-(g * (SLOPE_OF_ERF * apply(exp, -(x * x)))),),
        spelling="special.erfc({0})",
        scalar_spelling="erfc({0})",
        latex=roman("erfc"),
    )
)
polygamma_: Operation = define(
    Operation(
        "polygamma",
        scipy_or("polygamma", polygamma),
        # psi^(m) is the m-th derivative of psi
        lambda g, y, x, order: (g * apply(polygamma_, x, order=order + 1),),
        spelling="special.polygamma({order}, {0})",
        scalar_spelling="polygamma({order}, {0})",
        latex=r"\psi^{{({order})}}\left({0}\right)",
    )
)
gammaln: Operation = define(
    Operation(
        "gammaln",
        scipy_or("gammaln", _log_gamma),
        # d log Gamma(x) = psi(x) dx
        lambda g, y, x: (g * apply(polygamma_, x, order=0),),
        spelling="special.gammaln({0})",
        scalar_spelling="lgamma({0})",
        latex=r"\log\Gamma\left({0}\right)",
    )
)

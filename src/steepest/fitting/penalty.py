"""Penalties: what keeps parameters small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.descent.options import NOT_NEGATIVE, require
from steepest.errors import InputError, did_you_mean


@dataclass(frozen=True)
class Penalty:
    """What is added to the loss.

    Σⱼ λⱼ |θⱼ| + ½ Σⱼ μⱼ θⱼ²

    Parameters
    ----------
    l1 : mapping of str to float
        Parameter -> λ; it drives parameters to 0 altogether (Tibshirani 1996).
    l2 : mapping of str to float
        Parameter -> μ; it pulls them towards 0 (Hoerl and Kennard 1970).
    width : float, default 0.0
        How widely the kinks of |θ| are rounded, as √(θ² + width²).

    References
    ----------
    R. Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal
    Statistical Society B 58, 1996.
    A. E. Hoerl, R. W. Kennard, "Ridge regression: biased estimation for nonorthogonal problems",
    Technometrics 12, 1970.

    Examples
    --------
    >>> float(Penalty({"a": 1.0}, {"b": 2.0})({"a": -3.0, "b": 2.0}))
    7.0
    """

    l1: Mapping[str, float] = field(default_factory=dict)
    l2: Mapping[str, float] = field(default_factory=dict)
    width: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)

    def __call__(self, parameters: Mapping[str, Any]) -> Any:
        """Return the penalty of parameters by name."""
        total: Any = 0.0
        for name, share in self.l2.items():
            total = total + 0.5 * share * np.sum(np.square(parameters[name]))
        for name, share in self.l1.items():
            value = parameters[name]
            size = np.sqrt(np.square(value) + self.width**2) if self.width else np.abs(value)
            total = total + share * np.sum(size)
        return total


def penalty_of(
    l1: float | Mapping[str, float], l2: float | Mapping[str, float], names: Sequence[str]
) -> Penalty:
    """Return the penalty that is asked for: one number for all free parameters, or by name.

    Raises
    ------
    InputError
        For a negative number, and a name that is no free parameter.
    """
    return Penalty(_by_name("l1", l1, names), _by_name("l2", l2, names))


def _by_name(what: str, given: float | Mapping[str, float], names: Sequence[str]) -> dict[str, Any]:
    """Return how strongly each parameter is penalised."""
    shares = given if isinstance(given, Mapping) else dict.fromkeys(names, given)
    for name, share in shares.items():
        if name not in names:
            raise InputError(
                f"{what} names {name!r}, which is no free parameter."
                f"{did_you_mean(str(name), names)} The free parameters are {', '.join(names)}."
            )
        require(what, share, NOT_NEGATIVE, "fit")
    return {name: float(share) for name, share in shares.items() if share}

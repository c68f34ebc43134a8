"""A loss of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from steepest.errors import InputError
from steepest.fitting.losses.loss import Loss


@dataclass(frozen=True)
class OwnLoss(Loss):
    """A function of prediction and target, one number or one for each row, which are added up.

    Parameters
    ----------
    function : callable
        ``function(prediction, target)``, in plain NumPy.

    Examples
    --------
    >>> import numpy as np
    >>> OwnLoss(lambda ours, seen: np.abs(ours - seen) ** 1.5)(
    ...     np.zeros(2), np.array([1.0, 4.0])
    ... ).item()
    9.0
    """

    name: ClassVar[str] = "the loss given"
    reduction: ClassVar[str] = "sum"

    function: Callable[..., Any]

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return what the function returns."""
        return self.function(prediction, target)

    def require_pairs(self, prediction: Any, target: Any) -> None:
        """Leave it to the function what it pairs."""

    def __call__(self, prediction: Any, target: Any, weights: Any = None) -> Any:
        """Return the loss of all rows."""
        rows = self.rows(prediction, target)
        if weights is None:
            return np.sum(rows) if np.ndim(rows) else rows
        if np.shape(rows) != np.shape(weights):
            raise InputError(
                "Weights need a loss that returns one number for each row, shape "
                f"{np.shape(weights)}; this one returns shape {np.shape(rows)}."
            )
        return np.sum(np.multiply(weights, rows))

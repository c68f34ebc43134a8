"""Squared errors: the losses of least squares, which share one minimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from steepest.fitting.losses.loss import Loss


@dataclass(frozen=True)
class SumOfSquaredErrors(Loss):
    """The sum of squared errors.

    Σᵢ wᵢ (ŷᵢ - yᵢ)²

    Examples
    --------
    >>> float(SumOfSquaredErrors()([1.0, 2.0], [1.0, 4.0]))
    4.0
    """

    name: ClassVar[str] = "sse"
    reduction: ClassVar[str] = "sum"
    squares: ClassVar[bool] = True

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return (ŷ - y)²."""
        return np.square(np.subtract(prediction, target))

    def __call__(self, prediction: Any, target: Any, weights: Any = None) -> Any:
        """Return the loss, with √w inside the squares, where they are seen to be squares."""
        if weights is None:
            return super().__call__(prediction, target)
        root = np.sqrt(weights)
        total = super().__call__(np.multiply(root, prediction), np.multiply(root, target))
        if self.reduction == "sum":
            return total
        share = np.size(weights) / np.sum(weights)
        return total * (np.sqrt(share) if self.reduction == "root" else share)


@dataclass(frozen=True)
class MeanSquaredError(SumOfSquaredErrors):
    """The mean squared error.

    Σᵢ wᵢ (ŷᵢ - yᵢ)² / Σᵢ wᵢ

    Examples
    --------
    >>> float(MeanSquaredError()([1.0, 2.0], [1.0, 4.0]))
    2.0
    """

    name: ClassVar[str] = "mse"
    reduction: ClassVar[str] = "mean"


@dataclass(frozen=True)
class RootMeanSquaredError(SumOfSquaredErrors):
    """The root mean squared error, in the unit of the response.

    √(Σᵢ wᵢ (ŷᵢ - yᵢ)² / Σᵢ wᵢ)

    Its gradient is the direction of the errors, which has no limit where all errors are 0;
    there the convention for the square root's kink holds and it is 0.

    Examples
    --------
    >>> float(RootMeanSquaredError()([1.0, 2.0], [1.0, 4.0])) == 2.0**0.5
    True
    """

    name: ClassVar[str] = "rmse"
    reduction: ClassVar[str] = "root"

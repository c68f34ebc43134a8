"""What a loss is: how much each row counts, and how rows become one number."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from steepest.descent.options import NOT_NEGATIVE, check_options
from steepest.errors import InputError


@dataclass(frozen=True)
class Loss(ABC):
    """How far predictions lie from their targets.

    A loss is ρ(ŷᵢ, yᵢ) for each row, and the sum, the mean or the root of the mean over the rows.
    It is plain NumPy, so that a descent differentiates through it; it is called as
    ``loss(prediction, target, weights)``.

    Attributes
    ----------
    name : str
        What it is called in ``fit(..., loss=name)``.
    reduction : {"sum", "mean", "root"}
        What becomes of the rows.
    squares : bool
        Whether ρ is the square of ŷ - y.
    likelihood : bool
        Whether ρ is the negative logarithm of a probability, up to a constant.
    scores : bool
        Whether a prediction is a score that stands for the response, not an estimate of it.

    Examples
    --------
    >>> import steepest as st
    >>> st.losses.Huber(delta=1.0)([0.0, 0.0], [0.5, 3.0], weights=[1.0, 1.0]).item()
    1.3125
    """

    name: ClassVar[str]
    reduction: ClassVar[str] = "mean"
    squares: ClassVar[bool] = False
    likelihood: ClassVar[bool] = False
    scores: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_options(self)

    @abstractmethod
    def rows(self, prediction: Any, target: Any) -> Any:
        """Return ρ for every row, shape (m,)."""

    def __call__(
        self,
        prediction: npt.ArrayLike,
        target: npt.ArrayLike,
        weights: npt.ArrayLike | None = None,
    ) -> Any:
        """Return the loss of all rows as one number.

        Parameters
        ----------
        prediction : array_like, shape (m,), or (m, k) where there are k classes
            ŷ.
        target : array_like, shape (m,)
            y.
        weights : array_like, shape (m,), optional
            How much each row counts; 1 by default.

        Raises
        ------
        InputError
            When the shapes do not fit.
        """
        self.require_pairs(prediction, target)
        rows = self.rows(prediction, target)
        if weights is not None:
            rows = np.multiply(weights, rows)
        if self.reduction == "sum":
            return np.sum(rows)
        mean = np.mean(rows) if weights is None else np.sum(rows) / np.sum(weights)
        return np.sqrt(mean) if self.reduction == "root" else mean

    def require_pairs(self, prediction: Any, target: Any) -> None:
        """Refuse shapes that do not pair; (m, 1) against (m,) would silently pair each with all."""
        if np.shape(prediction) != np.shape(target):
            raise InputError(
                f"A loss pairs each prediction with its target, and was given the shapes"
                f" {np.shape(prediction)} and {np.shape(target)}: reshape one of them, for example"
                " with np.ravel."
            )

    def check(self, target: npt.NDArray[np.float64]) -> None:
        """Refuse targets that the loss has no meaning for: here none."""
        return

    def expected(self, prediction: Any) -> Any:
        """Return the response that a prediction stands for."""
        return prediction


@dataclass(frozen=True)
class KinkedLoss(Loss):
    """A loss with a kink, through which a descent cannot go as it is.

    |e| has no slope at e = 0, and a best fit lies on such kinks. Rounded, |e| becomes
    √(e² + width²), which differs from it by `width` at most.

    Parameters
    ----------
    width : float, default 0.0
        How widely the kink is rounded, in units of the response.

    Examples
    --------
    >>> import steepest as st
    >>> st.losses.MeanAbsoluteError(width=0.5)([0.0], [0.0]).item()
    0.5
    """

    width: float = field(default=0.0, metadata=NOT_NEGATIVE)

    def rounded(self, width: float) -> Self:
        """Return the loss whose kink is rounded."""
        return replace(self, width=width)

    def size(self, error: Any) -> Any:
        """Return |e|, its kink rounded."""
        if self.width == 0:
            return np.abs(error)
        return np.sqrt(np.square(error) + self.width**2)


def require_targets(loss: Loss, target: Any, allowed: Any, words: str) -> None:
    """Refuse a target that is not allowed, by its row.

    Parameters
    ----------
    allowed : ndarray of bool, shape (m,)
    words : str
        What targets must be.
    """
    if not np.all(allowed):
        row = int(np.argmin(allowed))
        raise InputError(
            f"The loss {loss.name!r} needs {words}; row {row + 1} has {target[row]:g}. Code the"
            " response so, or take another loss."
        )

"""Losses of responses that are counts or classes; a prediction is the score that stands for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from steepest.errors import InputError
from steepest.fitting.losses.loss import KinkedLoss, Loss, require_targets


@dataclass(frozen=True)
class LogLoss(Loss):
    """The mean logistic loss of responses 0 and 1; the prediction is the log-odds of a 1.

    ρ = log(1 + exp ŷ) - y ŷ

    It is -log of the probability of y, the probability of a 1 being 1 / (1 + e^-ŷ). A response
    between 0 and 1 is a share.

    Examples
    --------
    >>> bool(np.isclose(float(LogLoss()([0.0], [1.0])), np.log(2)))
    True
    """

    name: ClassVar[str] = "log"
    likelihood: ClassVar[bool] = True
    scores: ClassVar[bool] = True

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return log(1 + exp(ŷ)) - y ŷ, which overflows for no ŷ."""
        return np.logaddexp(0.0, prediction) - np.multiply(target, prediction)

    def check(self, target: Any) -> None:
        """Refuse responses outside [0, 1]."""
        require_targets(self, target, (target >= 0) & (target <= 1), "responses of 0 and 1")

    def expected(self, prediction: Any) -> Any:
        """Return the probability of a 1."""
        return 0.5 * (1 + np.tanh(0.5 * np.asarray(prediction)))


@dataclass(frozen=True)
class Poisson(Loss):
    """The mean Poisson loss of counts; the prediction is the logarithm of the expected count.

    ρ = exp ŷ - y ŷ

    It is -log of the probability of y, without log y!, which no parameter changes.

    Examples
    --------
    >>> float(Poisson()([0.0], [3.0]))
    1.0
    """

    name: ClassVar[str] = "poisson"
    likelihood: ClassVar[bool] = True
    scores: ClassVar[bool] = True

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return exp(ŷ) - y ŷ."""
        return np.exp(prediction) - np.multiply(target, prediction)

    def check(self, target: Any) -> None:
        """Refuse negative counts."""
        require_targets(self, target, target >= 0, "counts, which are not negative")

    def expected(self, prediction: Any) -> Any:
        """Return the expected count."""
        return np.exp(prediction)


@dataclass(frozen=True)
class Hinge(KinkedLoss):
    """The mean hinge loss of responses -1 and 1; the sign of the prediction is the class.

    ρ = max(0, 1 - y ŷ)

    References
    ----------
    C. Cortes, V. Vapnik, "Support-vector networks", Machine Learning 20, 1995.

    Examples
    --------
    >>> float(Hinge()([0.5, 2.0], [1.0, 1.0]))
    0.25
    """

    name: ClassVar[str] = "hinge"
    scores: ClassVar[bool] = True

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return ½ (z + |z|) with z = 1 - y ŷ."""
        lacking = 1 - np.multiply(target, prediction)
        return 0.5 * (lacking + self.size(lacking))

    def check(self, target: Any) -> None:
        """Refuse responses other than -1 and 1."""
        require_targets(self, target, np.abs(target) == 1, "responses of -1 and 1")


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """The mean cross-entropy of k classes 0, 1, ..., k - 1; a prediction is k scores a row.

    ρ = log Σⱼ exp ŷⱼ - ŷ_c, c being the class of the row

    It is -log of the probability of the class, the probabilities being softmax(ŷ).

    Examples
    --------
    >>> bool(np.isclose(float(CrossEntropy()([[0.0, 0.0]], [1])), np.log(2)))
    True
    """

    name: ClassVar[str] = "cross_entropy"
    likelihood: ClassVar[bool] = True
    scores: ClassVar[bool] = True

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return log Σ exp(ŷⱼ - shift) + shift - ŷ_c, which overflows for no ŷ."""
        prediction = np.asarray(prediction) if isinstance(prediction, list) else prediction
        # Any shift gives the same. That of whole numbers has no derivative that would be made.
        highest = np.floor(np.max(prediction, axis=1, keepdims=True))
        spread = np.log(np.sum(np.exp(prediction - highest), axis=1))
        classes = np.arange(np.shape(prediction)[1])
        chosen = np.where(np.expand_dims(target, 1) == classes, prediction - highest, 0.0)
        return spread - np.sum(chosen, axis=1)

    def require_pairs(self, prediction: Any, target: Any) -> None:
        """Refuse predictions that are not one score for each row and class."""
        scores, rows = np.shape(prediction), np.shape(target)
        if len(scores) != 2 or len(rows) != 1 or scores[:1] != rows:
            raise InputError(
                f"The loss 'cross_entropy' takes predictions of shape (m, k), one score for each "
                f"row and class, and classes of shape (m,); it was given {scores} and {rows}."
            )

    def check(self, target: Any) -> None:
        """Refuse what are no class numbers."""
        whole = (target >= 0) & (target == np.floor(target))
        require_targets(self, target, whole, "classes numbered 0, 1, 2, ...")

    def expected(self, prediction: Any) -> Any:
        """Return the probabilities of the classes, shape (m, k)."""
        shifted = np.exp(prediction - np.max(prediction, axis=1, keepdims=True))
        return shifted / np.sum(shifted, axis=1, keepdims=True)

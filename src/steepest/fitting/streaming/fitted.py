"""A model fitted to rows that were read piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from steepest.fitting.fitted import Fit
from steepest.fitting.streaming.stream import Stream


@dataclass(frozen=True, eq=False, repr=False)
class StreamedFit(Fit):
    """What came of a fit whose rows were read piece by piece.

    Constants, errors, the loss and R² are those of all rows; `fitted`, `residuals` and the figures
    show a sample of them, `criterion.rows`.

    Parameters
    ----------
    stream : Stream
        Knows how often and how fast the rows were read.
    total_loss : float
        The loss of all rows at the fitted parameters, without penalties.
    """

    stream: Stream = field(kw_only=True)
    total_loss: float = field(kw_only=True)

    @cached_property
    def loss(self) -> float:
        """The loss at the fitted parameters, without penalties."""
        return self.total_loss

    @property
    def _squares(self) -> float:
        """Σ w (y - ŷ)², of a loss of squared errors."""
        weight = self.stream.surveyed.weight
        return {
            "sum": self.total_loss,
            "mean": self.total_loss * weight,
            "root": self.total_loss**2 * weight,
        }[self.criterion.loss.reduction]

    @property
    def r_squared(self) -> float:
        """The share of the response's variance that the model explains; NaN where unknown.

        It is known for squared errors.
        """
        total = self.stream.surveyed.squares
        if not self.criterion.loss.squares or total == 0:
            return float("nan")
        return 1 - self._squares / total

    @property
    def reduced_chi_squared(self) -> float:
        """Σ w (y - ŷ)² per degree of freedom; NaN for losses that are not of squared errors."""
        if self.degrees_of_freedom < 1 or not self.criterion.loss.squares:
            return float("nan")
        return self._squares / self.degrees_of_freedom

"""What a step length is: how far to go along a direction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from steepest.objective import Vector


class Evaluations(Protocol):
    """The two questions that a step length may put to the function."""

    def value(self, x: Vector) -> float:
        """Return f(x)."""

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""


class Trial(NamedTuple):
    """Where a step length went, and whether it is to be kept."""

    x: Vector
    """The point, shape (n,)."""
    value: float
    """f(x)."""
    gradient: Vector
    """The gradient at x, shape (n,)."""
    rate: float
    """The rate of the step: x is the point before plus rate · direction."""
    accepted: bool
    """False where nothing along the direction was good enough; x is then the point before."""


@dataclass(frozen=True)
class StepLength(ABC):
    """A rule for the rate in x ← x + rate · direction."""

    @abstractmethod
    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that the first step along `direction` would try first."""

    @abstractmethod
    def advance(
        self,
        objective: Evaluations,
        x: Vector,
        value: float,
        gradient: Vector,
        direction: Vector,
        rate: float,
        step: int,
    ) -> Trial:
        """Go along a direction.

        Parameters
        ----------
        objective : Evaluations
            The function.
        x, gradient : ndarray, shape (n,)
            The point and the gradient there.
        value : float
            f(x).
        direction : ndarray, shape (n,)
            Which way to go.
        rate : float
            The rate of the last accepted step; NaN before the first.
        step : int
            The number of this step: 1, 2, 3, ...

        Returns
        -------
        Trial
        """

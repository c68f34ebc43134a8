"""What a step length is: how far to go along a direction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from steepest.descent.options import check_options
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector


@dataclass(frozen=True)
class StepLength(ABC):
    """A rule for the rate in x ← x + rate · direction; never the loop around it.

    Within bounds the point reached is the projection of x + rate · direction onto the box.

    Examples
    --------
    >>> import steepest as st
    >>> isinstance(st.step_lengths.named("polyak", lowest=0.0), StepLength)
    True
    """

    memory_types: ClassVar[tuple[type, ...]] = ()
    """The named tuples that its memory is made of, for checkpoints (see `Method`)."""

    def __post_init__(self) -> None:
        check_options(self)

    @property
    @abstractmethod
    def phrase(self) -> str:
        """What a report calls it, such as "step lengths by backtracking"."""

    @abstractmethod
    def first_rate(self, x: Vector, direction: Vector) -> float:
        """Return the rate that the first step along `direction` would try first."""

    @abstractmethod
    def advance(
        self, problem: Problem, here: Iterate, direction: Vector, memory: Any = None
    ) -> Trial:
        """Go along a direction.

        Parameters
        ----------
        problem : Problem
            The function.
        here : Iterate
            The point, its value and its gradient.
        direction : ndarray, shape (n,)
            Which way to go.
        memory : object
            What the step before left in `Trial.memory`; None at the first.

        Returns
        -------
        Trial
        """

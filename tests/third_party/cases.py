"""Functions as people publish them, each with a box to draw points from and known minimisers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One published function.

    `low` and `high` bound the points at which its gradient is checked; at `minimisers`
    (and kinks) the gradient must be finite.
    """

    function: Callable[..., Any]
    low: Any
    high: Any
    size: int | None
    minimisers: tuple[Any, ...]

    @property
    def name(self) -> str:
        return getattr(self.function, "__name__", type(self.function).__name__)


CASES: list[Case] = []


def published(low: Any, high: Any, size: int | None = None, at: Any = ()) -> Any:
    """Register a function of `size` numbers in [low, high]; it stays as it is."""

    def register(function: Any) -> Any:
        CASES.append(Case(function, low, high, size, tuple(at)))
        return function

    return register

"""What a test problem is: a function, a start, and the minima one may end in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

CLOSE = 1e-6
"""A value counts as a minimum that differs from it by at most this share of max(1, |minimum|)."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A smooth function to be minimised without constraints.

    Parameters
    ----------
    name : str
        Its name in the literature, with hyphens.
    function : callable
        f, of one array.
    start : ndarray, shape (n,)
        The standard start.
    minima : tuple of float
        The values that count as solved: first the lowest known, then those of other local
        minima.
    source : str
        Author, title, year.
    minimiser : ndarray, shape (n,), optional
        A point of the lowest value, where one is known in closed form.
    residuals : callable, optional
        r, where f(x) = Σ r_i(x)².
    """

    name: str
    function: Callable[[Any], Any]
    start: npt.NDArray[np.float64]
    minima: tuple[float, ...]
    source: str
    minimiser: npt.NDArray[np.float64] | None = None
    residuals: Callable[[Any], Any] | None = None

    @property
    def size(self) -> int:
        """The number of variables."""
        return len(self.start)

    def solved_by(self, value: float) -> bool:
        """Return whether a value is that of one of the minima."""
        return any(abs(value - least) <= CLOSE * max(1.0, abs(least)) for least in self.minima)


def problem(
    name: str,
    function: Callable[[Any], Any],
    start: Sequence[float] | npt.NDArray[Any],
    minima: Sequence[float],
    source: str,
    minimiser: Sequence[float] | npt.NDArray[Any] | None = None,
) -> Problem:
    """Return the problem of minimising a function."""
    end = None if minimiser is None else np.array(minimiser, dtype=float)
    return Problem(name, function, np.array(start, dtype=float), _floats(minima), source, end)


def least_squares(
    name: str,
    residuals: Callable[[Any], Any],
    start: Sequence[float] | npt.NDArray[Any],
    minima: Sequence[float],
    source: str,
    minimiser: Sequence[float] | npt.NDArray[Any] | None = None,
) -> Problem:
    """Return the problem of minimising Σ r_i(x)²."""

    def function(x: Any) -> Any:
        return np.sum(residuals(x) ** 2)

    end = None if minimiser is None else np.array(minimiser, dtype=float)
    first = np.array(start, dtype=float)
    return Problem(name, function, first, _floats(minima), source, end, residuals)


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    """Return plain numbers."""
    return tuple(float(value) for value in values)


def more(number: int) -> str:
    """Return the source of a problem of Moré, Garbow and Hillstrom's collection."""
    return (
        "J. J. Moré, B. S. Garbow, K. E. Hillstrom, Testing Unconstrained Optimization Software, "
        f"1981, problem {number}"
    )


SURJANOVIC = "S. Surjanovic, D. Bingham, Virtual Library of Simulation Experiments, 2013"

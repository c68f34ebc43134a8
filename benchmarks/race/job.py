"""What a job is: one answer, and those who compute it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Run = Callable[[], Any]
"""Computes the answer, again and again."""

OURS = "steepest"


@dataclass(frozen=True)
class Job:
    """One answer, and those who compute it.

    Parameters
    ----------
    title : str
        What is computed.
    contenders : mapping of str to callable
        Each imports what it needs, makes itself ready, and returns what computes the answer. What
        it compiles, it compiles in the first call. Ours is called "steepest"; further ways of ours
        begin with that word; a limit that is no peer begins with "limit".
    digest : callable
        Takes an answer; returns its numbers, which must be the same for all.
    goals : mapping of str to float
        Contender -> how many times its time ours may take.
    rtol, atol : float
        How well answers must agree.
    environment : mapping of str to mapping
        Contender -> variables that its experts would set.
    """

    title: str
    contenders: Mapping[str, Callable[[], Run]]
    digest: Callable[[Any], Any]
    goals: Mapping[str, float] = field(default_factory=dict)
    rtol: float = 1e-9
    atol: float = 1e-12
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def numbers(self, answer: Any) -> list[float]:
        """Return the numbers of an answer."""
        return np.ravel(np.asarray(self.digest(answer), dtype=float)).tolist()

    def agree(self, one: list[float], other: list[float]) -> bool:
        """Return whether two answers are the same."""
        return len(one) == len(other) and np.allclose(one, other, rtol=self.rtol, atol=self.atol)

"""Passes over rows that are read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np

from steepest.errors import InputError
from steepest.fitting.streaming.pieces import Piece
from steepest.fitting.streaming.places import Sampled, Spot
from steepest.fitting.streaming.recipe import Answer, Recipe
from steepest.fitting.streaming.sums import Question
from steepest.objective import Vector
from steepest.program.native.chunks import summed


class Executor(Protocol):
    """Who answers: this process, or the workers of a cluster."""

    def answers(
        self, pieces: Sequence[Piece], recipe: Recipe, question: Question, surveying: bool
    ) -> Iterator[Answer]:
        """Yield the answer of each piece, in order."""

    def counted(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return pieces that know their lengths where that can be had cheaply."""

    def chunks(
        self, spots: Sequence[Spot], columns: Sequence[str], counts: Sequence[int]
    ) -> list[Sampled]:
        """Return rows of some chunks, at most so many of each."""

    def close(self) -> None:
        """Let go of everything."""


class Survey(NamedTuple):
    """What the first pass saw of the rows.

    Attributes
    ----------
    kept, dropped : int
        How many rows are used, and how many were left out because a number was missing.
    weight : float
        Σ w.
    squares : float
        Σ w (y - ȳ)².
    """

    kept: int
    dropped: int
    weight: float
    squares: float


Watcher = Callable[["Pass"], None]


@dataclass(frozen=True)
class Pass:
    """How far a pass has come.

    Parameters
    ----------
    number : int
        1, 2, 3, ...
    rows : int
        Read so far in this pass.
    total : int or None
        How many there are, where that is known.
    seconds : float
        Since it began.
    """

    number: int
    rows: int
    total: int | None
    seconds: float


@dataclass
class Stream:
    """Rows that are asked questions, each by one pass over all of them.

    The chunks' sums are added exactly and rounded once, so that the digits depend neither on who
    made them nor on the order in which they came.

    Parameters
    ----------
    pieces : sequence of Piece
    executor : Executor
    watcher : callable, optional
        Sees how far passes have come.
    known : dict
        Answers that are kept, and what was prepared to get them.
    """

    pieces: Sequence[Piece]
    executor: Executor
    watcher: Watcher | None = None
    survey: Survey | None = None
    passes: int = 0
    seconds: float = 0.0
    rows_read: int = 0
    total: int | None = None
    known: dict[Any, Any] = field(default_factory=dict)

    def ask(self, recipe: Recipe, question: Question) -> Vector:
        """Return the sums over all rows, shape (k,); NaN where one is not finite."""
        surveying = self.survey is None
        self.passes += 1
        began, answers, rows = perf_counter(), [], 0
        for answer in self.executor.answers(self.pieces, recipe, question, surveying):
            answers.append(answer)
            rows += answer.kept + answer.dropped
            if self.watcher is not None:
                self.watcher(Pass(self.passes, rows, self.total, perf_counter() - began))
        self.seconds += perf_counter() - began
        self.rows_read += rows
        self.total = rows
        if surveying:
            self.survey = _survey(answers)
        return summed(np.concatenate([one.parts for one in answers if one.kept]))

    @property
    def surveyed(self) -> Survey:
        """What the first pass saw, which there must have been."""
        assert self.survey is not None
        return self.survey


def _survey(answers: Sequence[Answer]) -> Survey:
    """Return what all answers say of the rows."""
    kept = sum(one.kept for one in answers)
    if not kept:
        raise InputError("Every row misses a number: there is nothing to fit.")
    found = [one.survey for one in answers if one.survey is not None]
    weight, first, second = summed(np.concatenate(found)).tolist()
    if not weight > 0:
        raise InputError("Every weight is 0: there is nothing to fit.")
    squares = max(second - first**2 / weight, 0.0)
    return Survey(kept, sum(one.dropped for one in answers), weight, squares)

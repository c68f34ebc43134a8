"""What a reader of rows must know to answer questions about them, wherever it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

from steepest.fitting.criterion import Criterion
from steepest.fitting.losses import Loss
from steepest.fitting.model import model_of
from steepest.fitting.penalty import Penalty
from steepest.fitting.restrictions import restrictions_of
from steepest.fitting.rows import Rows
from steepest.fitting.streaming.cleaning import Cleaner, Place
from steepest.fitting.streaming.pieces import Columns, Piece
from steepest.fitting.streaming.sums import Adder, ByNative, ByPython, Question
from steepest.objective import Vector
from steepest.program.native.chunks import CHUNK
from steepest.vectors import inner

PORTION = 8 * CHUNK
"""Rows that are looked at together."""


class Given(NamedTuple):
    """What the user gave, as plain as it was given, so that another process can take it up."""

    model: str | Callable[..., Any]
    names: tuple[str, ...]
    response: str
    fixed: Mapping[str, Any] | None
    ties: Mapping[str, str] | None
    weights: Any
    sigma: Any
    drop_missing: bool


class Answer(NamedTuple):
    """What a piece of the rows adds.

    Attributes
    ----------
    parts : ndarray, shape (chunks, k)
        The sums over each of its chunks.
    survey : ndarray, shape (chunks, 3), or None
        Σ w, Σ w d and Σ w d² of each chunk, d being the response minus a number near its mean.
    kept, dropped : int
        How many rows were used and left out.
    """

    parts: Vector
    survey: Vector | None
    kept: int
    dropped: int


@dataclass(frozen=True, eq=False)
class Recipe:
    """How questions about rows are answered.

    Parameters
    ----------
    given : Given
        Model, columns, restrictions and weights.
    loss : Loss
    penalty : Penalty
        Of which only the names matter here: they say which variables there are.
    few : Rows
        Some rows, on which the model is followed.
    values : mapping
        Values of the free parameters, for their shapes.
    native : bool
        Whether compiled loops add up the rows.
    middle : float
        A number near the mean of the response.
    token : str
        What tells it from others in the same process.
    """

    given: Given
    loss: Loss
    penalty: Penalty
    few: Rows
    values: Mapping[str, Any]
    native: bool
    middle: float
    token: str = field(default_factory=lambda: uuid4().hex)

    def criterion(self) -> Criterion:
        """Return what is minimised, of the few rows."""
        given = self.given
        model = model_of(given.model, given.names, given.response)
        restrictions = restrictions_of(model.parameters, given.fixed, given.ties)
        return Criterion(model, self.few, self.loss, restrictions, self.penalty, "python")

    def cleaner(self) -> Cleaner:
        """Return what makes rows of columns."""
        given = self.given
        model = model_of(given.model, given.names, given.response)
        return Cleaner(model, self.loss, given.weights, given.sigma, given.drop_missing)

    def adder(self) -> Adder:
        """Return what adds up chunks."""
        plain = ByPython(self.criterion(), self.values)
        return ByNative(plain) if self.native else plain


class Reader:
    """A recipe at work: made once in every process.

    Parameters
    ----------
    recipe : Recipe
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.cleaner, self.adder = recipe, recipe.cleaner(), recipe.adder()

    def answer(
        self, blocks: Iterator[Columns], place: Place, question: Question, surveying: bool
    ) -> Answer:
        """Return what the blocks of a piece add."""
        parts, surveys, kept, read = [], [], 0, 0
        for block in portions(blocks):
            here = Place(place.name, place.first + read)
            for rows, sums in self._summed(block, here, question):
                parts.append(sums)
                kept += len(rows)
                if surveying:
                    self.recipe.loss.check(rows.target)
                    surveys.append(surveyed(rows, self.recipe.middle))
            read += len(next(iter(block.values())))
        joined = np.concatenate(parts) if parts else np.zeros((0, 0))
        survey = np.concatenate(surveys) if surveys else None
        return Answer(joined, survey, kept, read - kept)

    def _summed(
        self, block: Columns, place: Place, question: Question
    ) -> Iterator[tuple[Rows, Vector]]:
        """Yield the rows of a block with their sums."""
        if self.adder.tells_gaps:
            rows = self.cleaner.rows(block, place, surely_finite=True)
            sums = self.adder.parts(question, rows)
            if np.isfinite(sums).all():
                yield rows, sums
                return
        for rows in self.cleaner.cleaned(block, place):
            yield rows, self.adder.parts(question, rows)


@lru_cache(maxsize=8)
def _reader(token: str) -> list[Reader]:
    """Return the place where this process keeps the reader of a recipe."""
    return []


def reader_of(recipe: Recipe) -> Reader:
    """Return the reader of a recipe, made once in this process."""
    kept = _reader(recipe.token)
    if not kept:
        kept.append(Reader(recipe))
    return kept[0]


def answer_of(
    piece: Piece, recipe: Recipe, question: Question, surveying: bool, most: int
) -> Answer:
    """Return what a piece adds: the work of one task."""
    reader = reader_of(recipe)
    blocks = piece.blocks(reader.cleaner.columns, most)
    return reader.answer(blocks, Place(piece.place, piece.first), question, surveying)


def portions(blocks: Iterator[Columns]) -> Iterator[Columns]:
    """Yield blocks in portions that a processor's cache holds while it is asked several things."""
    for block in blocks:
        for begin in range(0, len(next(iter(block.values()))), PORTION):
            yield {name: column[begin : begin + PORTION] for name, column in block.items()}


def surveyed(rows: Rows, middle: float) -> Vector:
    """Return Σ w, Σ w d and Σ w d² of every chunk, d = y - middle."""
    found = []
    # New memory for every chunk would cost several times what the sums do.
    differences, products = np.empty((2, min(CHUNK, len(rows))))
    for begin in range(0, len(rows), CHUNK):
        target = rows.target[begin : begin + CHUNK]
        difference = np.subtract(target, middle, out=differences[: len(target)])
        if rows.weights is None:
            weight, weighted = float(len(target)), difference
        else:
            weights = rows.weights[begin : begin + CHUNK]
            weight = float(weights.sum())
            weighted = np.multiply(weights, difference, out=products[: len(target)])
        found.append([weight, float(weighted.sum()), inner(weighted, difference)])
    return np.array(found)

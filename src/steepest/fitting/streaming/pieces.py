"""Pieces of data: what is read in one go, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from steepest.objective import Vector
from steepest.program.native.chunks import CHUNK

Columns = Mapping[str, Vector]
"""Name -> float64 array of shape (m,), or (m, ...); NaN where a number is missing."""

BLOCK = 32 * CHUNK
"""Rows that are held at once, at most: 2²⁰."""


class Piece(Protocol):
    """A part of the data that one reader reads in one go.

    Sums over rows are made chunk by chunk, and the chunks of a piece begin at its first row: the
    digits of a fit depend on where pieces begin, and not on who reads them, or when.
    """

    @property
    def place(self) -> str:
        """Where it is, as one says it: ``"'data.parquet'"``."""

    @property
    def first(self) -> int:
        """Which row of that place its first one is, counted from 0."""

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known before it is read."""

    @property
    def held(self) -> bool:
        """Whether its numbers are in memory already."""

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns, so many rows at a time, in order.

        Parameters
        ----------
        columns : sequence of str
            What is wanted.
        most : int
            Rows in a block, a multiple of the rows in a chunk; only the last may have fewer.
        """


@dataclass(frozen=True, eq=False)
class ArrayPiece:
    """Rows of arrays.

    Parameters
    ----------
    columns : mapping of str to array
        Name -> array of shape (m, ...).
    first : int
        Which of all rows its first one is.
    """

    columns: Columns
    first: int = 0
    held: bool = True

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    @property
    def place(self) -> str:
        """Where they are."""
        return "the arrays"

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns, so many rows at a time."""
        for begin in range(0, self.rows, most):
            yield {name: self.columns[name][begin : begin + most] for name in columns}


def array_pieces(columns: Columns) -> tuple[ArrayPiece, ...]:
    """Return arrays as pieces of 2²⁰ rows, as Parquet files have them by default.

    Examples
    --------
    >>> [piece.rows for piece in array_pieces({"x": np.zeros(2**20 + 5)})]
    [1048576, 5]
    """
    count = len(next(iter(columns.values())))
    return tuple(
        ArrayPiece({name: one[k : k + BLOCK] for name, one in columns.items()}, k)
        for k in range(0, count, BLOCK)
    )


def regrouped(batches: Iterator[Columns], most: int) -> Iterator[Columns]:
    """Yield the rows of batches of any size, so many at a time.

    Examples
    --------
    >>> [len(one["x"]) for one in regrouped(iter([{"x": np.zeros(5)}, {"x": np.zeros(4)}]), 3)]
    [3, 3, 3]
    """
    waiting: list[Columns] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += len(next(iter(batch.values())))
        if count >= most:
            joined = _joined(waiting)
            whole = count - count % most
            for begin in range(0, whole, most):
                yield {name: one[begin : begin + most] for name, one in joined.items()}
            waiting = [{name: one[whole:] for name, one in joined.items()}]
            count -= whole
    if count:
        yield _joined(waiting)


def _joined(batches: Sequence[Columns]) -> Columns:
    """Return the rows of some batches, one below the other."""
    if len(batches) == 1:
        return batches[0]
    return {name: np.concatenate([one[name] for one in batches]) for name in batches[0]}

"""Dask DataFrames, whose partitions stay where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.streaming.pieces import Columns, Piece
from steepest.fitting.streaming.source import Source


@dataclass(frozen=True, eq=False)
class Partition:
    """One partition.

    Parameters
    ----------
    frame : Dask Delayed, distributed.Future or pandas.DataFrame
        The partition: to be made, being made by a worker, or made.
    number : int
        Which one it is, counted from 0.
    """

    frame: Any
    number: int
    rows: int | None = None
    first: int = 0
    held: bool = False

    @property
    def place(self) -> str:
        """Where it is."""
        return f"partition {self.number + 1}"

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns of a partition that is there, or is made now."""
        from dask.delayed import Delayed

        frame = self.frame
        if isinstance(frame, Delayed):
            frame = frame.compute(scheduler="synchronous")
        found = {name: _numbers(frame[name], name, self.place) for name in columns}
        for begin in range(0, len(frame), most):
            yield {name: column[begin : begin + most] for name, column in found.items()}


def rows_in(piece: Partition) -> int:
    """Return how many rows a partition has, that is there."""
    return len(piece.frame)


def frame_pieces(frame: Any) -> Source:
    """Return the partitions of a Dask DataFrame as pieces."""
    parts: list[Piece] = [Partition(one, k) for k, one in enumerate(frame.to_delayed())]
    return Source(tuple(map(str, frame.columns)), parts)


def _numbers(column: Any, name: str, place: str) -> Any:
    """Return a column of pandas as float64, NaN where a number is missing."""
    try:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"Column {name!r} of {place} does not hold numbers alone: {error}. Repair it, or name "
            "another column."
        ) from error

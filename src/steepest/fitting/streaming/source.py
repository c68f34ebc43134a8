"""Where rows come from: the data that the user gave, as pieces."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.rows import Rows
from steepest.fitting.streaming.files import KINDS, file_pieces
from steepest.fitting.streaming.pieces import ArrayPiece, Piece, array_pieces
from steepest.fitting.table import columns_of, data_files, number_columns
from steepest.objective import Vector


@dataclass(frozen=True)
class Source:
    """Data in pieces.

    Parameters
    ----------
    names : tuple of str
        The columns there are.
    pieces : sequence of Piece
        The rows, in order.
    """

    names: tuple[str, ...]
    pieces: Sequence[Piece]

    @property
    def rows(self) -> int | None:
        """How many rows there are, where that is known before they are read."""
        counts = [piece.rows for piece in self.pieces]
        return None if None in counts else sum(count or 0 for count in counts)


def source_of(data: Any, wanted: Sequence[str] | None = None) -> Source:
    """Return data in pieces.

    Parameters
    ----------
    data : mapping, table, path or Dask DataFrame
        As in `fit`.
    wanted : sequence of str, optional
        The columns that matter, of data in memory; others need not be numbers.

    Raises
    ------
    InputError
        For data that are none, and files that cannot be read.
    """
    if is_dask_frame(data):
        from steepest.fitting.streaming.dask_frame import frame_pieces

        return frame_pieces(data)
    if isinstance(data, (str, Path)):
        names, pieces = file_pieces(data_files(Path(data), KINDS))
        if not pieces:
            raise InputError(f"{str(data)!r} has no rows: there is nothing to fit.")
        return Source(tuple(names), pieces)
    columns = columns_of(data)
    if wanted is None:
        return Source(tuple(columns), ())
    return Source(tuple(columns), array_pieces(number_columns(columns, wanted)))


def prints_of(source: Source, sample: Rows) -> dict[str, str]:
    """Return what tells data from others: the lengths of pieces, and the numbers of a sample.

    Of arrays it is all numbers.
    """
    lengths = "\n".join(f"{piece.first} {piece.rows}" for piece in source.pieces)
    columns = {**sample.columns, "(response)": sample.target}
    found = {name: _digest(column) for name, column in columns.items()}
    for piece in source.pieces:
        if isinstance(piece, ArrayPiece):
            where = f"from row {piece.first + 1}"
            found |= {f"{name} {where}": _digest(one) for name, one in piece.columns.items()}
    return {"(lengths of pieces)": sha256(lengths.encode()).hexdigest(), **found}


def _digest(column: Vector) -> str:
    """Return a checksum of every bit of a column."""
    return sha256(np.ascontiguousarray(column).tobytes()).hexdigest()


def is_dask_frame(data: Any) -> bool:
    """Return whether data are a Dask DataFrame, without loading Dask for that."""
    frames = sys.modules.get("dask.dataframe")
    return frames is not None and isinstance(data, frames.DataFrame)

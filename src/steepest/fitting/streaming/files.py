"""Files of data, one small class for each kind: how it is cut into pieces, and read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steepest.errors import InputError
from steepest.fitting.streaming.arrow_numbers import arrow, numbers
from steepest.fitting.streaming.pieces import Columns, Piece, regrouped
from steepest.fitting.table import require_same_columns


@dataclass(frozen=True)
class ParquetGroup:
    """One row group of a Parquet file.

    Parameters
    ----------
    path : str
    group : int
        Which row group, counted from 0.
    first, rows : int
        Which row of the file its first one is, counted from 0, and how many it has.
    """

    path: str
    group: int
    first: int
    rows: int
    held: bool = False

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path!r}"

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns, so many rows at a time."""
        with reading(self.path):
            file = arrow("parquet").ParquetFile(self.path)
            with file:
                self._check(file)
                if self.rows <= most:
                    batches = [file.read_row_group(self.group, list(columns), use_threads=False)]
                else:
                    batches = file.iter_batches(
                        most, row_groups=[self.group], columns=list(columns), use_threads=False
                    )
                yield from regrouped(_numbers(batches, columns, self.place, self.first), most)

    def _check(self, file: Any) -> None:
        """Refuse a file that is not the one that was looked at."""
        found = file.metadata
        if found.num_row_groups <= self.group or found.row_group(self.group).num_rows != self.rows:
            raise InputError(f"{self.path!r} has changed since the fit began: fit it anew.")


@dataclass(frozen=True)
class ArrowBatch:
    """One record batch of an Arrow file (also called Feather, version 2)."""

    path: str
    batch: int
    rows: int
    first: int = 0
    held: bool = False

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path!r}, record batch {self.batch + 1}"

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns, so many rows at a time."""
        with reading(self.path), arrow().OSFile(self.path) as opened:
            batch = arrow("ipc").open_file(opened).get_batch(self.batch)
            yield from regrouped(_numbers([batch], columns, self.place, 0), most)


@dataclass(frozen=True)
class CsvFile:
    """A CSV file with a header, which can only be read from its beginning."""

    path: str
    rows: int | None = None
    first: int = 0
    held: bool = False

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path!r}"

    def blocks(self, columns: Sequence[str], most: int) -> Iterator[Columns]:
        """Yield the columns, so many rows at a time."""
        csv, pyarrow = arrow("csv"), arrow()
        options = csv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(columns, pyarrow.float64())
        )
        with reading(self.path):
            # With threads errors are told without their row.
            plain = csv.ReadOptions(use_threads=False)
            with csv.open_csv(self.path, read_options=plain, convert_options=options) as batches:
                yield from regrouped(_numbers(batches, columns, self.place, 0), most)


def _numbers(batches: Any, columns: Sequence[str], place: str, first: int) -> Iterator[Columns]:
    """Yield batches of Arrow as arrays."""
    for batch in batches:
        if batch.num_rows:
            yield {name: numbers(batch.column(name), name, place, first) for name in columns}
        first += batch.num_rows


class reading:  # noqa: N801 - used as a statement
    """While it lasts, what PyArrow raises becomes an error that names the file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        """Say what went wrong."""
        pyarrow = arrow()
        unreadable = (pyarrow.ArrowException, OSError, UnicodeDecodeError, EOFError)
        if isinstance(error, unreadable) and not isinstance(error, InputError):
            said = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
            raise InputError(
                f"{self.path!r} cannot be read as a table: {said}. Repair it, or give another file."
            ) from error


def _parquet(path: str) -> tuple[list[str], list[Piece]]:
    """Return columns and row groups of a Parquet file."""
    with reading(path):
        with arrow("parquet").ParquetFile(path) as file:
            metadata, names = file.metadata, list(file.schema_arrow.names)
        pieces: list[Piece] = []
        first = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            if rows:
                pieces.append(ParquetGroup(path, group, first, rows))
            first += rows
    return names, pieces


def _arrow(path: str) -> tuple[list[str], list[Piece]]:
    """Return columns and record batches of an Arrow file."""
    with reading(path), arrow().memory_map(path) as opened:
        file = arrow("ipc").open_file(opened)
        counts = [file.get_batch(k).num_rows for k in range(file.num_record_batches)]
        return list(file.schema.names), [
            ArrowBatch(path, k, count) for k, count in enumerate(counts)
        ]


def _csv(path: str) -> tuple[list[str], list[Piece]]:
    """Return the columns of a CSV file, and the file."""
    with reading(path):
        options = arrow("csv").ReadOptions(use_threads=False)
        with arrow("csv").open_csv(path, read_options=options) as file:
            return list(file.schema.names), [CsvFile(path)]


KINDS: dict[str, Callable[[str], tuple[list[str], list[Piece]]]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".arrow": _arrow,
    ".feather": _arrow,
}
"""How the columns and pieces of a file are found, by its ending."""


def file_pieces(paths: Sequence[Path]) -> tuple[list[str], list[Piece]]:
    """Return the columns of some files, which all of them have, and their pieces in order.

    Raises
    ------
    InputError
        For a file that cannot be read, and files of other columns.
    """
    names, pieces = KINDS[paths[0].suffix.lower()](str(paths[0]))
    for path in paths[1:]:
        others, more = KINDS[path.suffix.lower()](str(path))
        require_same_columns(paths[0], names, path, others)
        pieces.extend(more)
    return names, pieces

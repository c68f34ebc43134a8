"""Data as columns of numbers, from whatever the user has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from steepest.errors import InputError, MissingPackageError, did_you_mean
from steepest.objective import Vector

READERS = (".csv", ".parquet")
"""The files that are read."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length.

    Parameters
    ----------
    columns : dict
        Name -> array of shape (m,), float64.
    dropped : int
        How many rows were left out because a number was missing in them.
    """

    columns: dict[str, Vector]
    dropped: int = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))


def read_table(data: Any, wanted: Iterable[str], drop_missing: bool = False) -> Table:
    """Return the columns that are wanted, as numbers.

    Parameters
    ----------
    data : mapping, table or path
        Name -> array; a pandas, polars or Arrow table; the path of a CSV or Parquet file.
    wanted : iterable of str
        The columns.
    drop_missing : bool, default False
        Whether to leave rows out in which a number is missing.

    Raises
    ------
    InputError
        For a column that is not there, text in one, lengths that differ, no rows, and missing
        numbers that are not to be dropped.
    """
    named = columns_of(data)
    found = {name: _numbers(named, name) for name in wanted}
    lengths = {name: len(column) for name, column in found.items()}
    if len(set(lengths.values())) > 1:
        words = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise InputError(f"The columns have different lengths ({words}): give one row for each.")
    if not found or not next(iter(lengths.values())):
        raise InputError("The data have no rows: there is nothing to fit.")
    whole = np.all([np.isfinite(column) for column in found.values()], axis=0)
    missing = int((~whole).sum())
    if missing and not drop_missing:
        row = int(np.argmin(whole)) + 1
        where = [name for name, column in found.items() if not np.isfinite(column[row - 1])]
        raise InputError(
            f"{missing} of {len(whole)} rows miss a number or hold an infinity, the first in row "
            f"{row}, column {where[0]!r}: repair them, or leave them out with drop_missing=True."
        )
    if not whole.any():
        raise InputError("Every row misses a number: there is nothing to fit.")
    return Table({name: column[whole] for name, column in found.items()}, missing)


def columns_of(data: Any) -> Mapping[str, Any]:
    """Return the columns of data by name, as they are."""
    if isinstance(data, Mapping):
        return {str(name): column for name, column in data.items()}
    if isinstance(data, (str, Path)):
        return _from_file(Path(data))
    try:
        import narwhals
    except ImportError as error:
        raise MissingPackageError(
            f"Data of type {type(data).__name__} are read with narwhals, which is not installed: "
            "pip install 'steepest[fit]', or give a mapping of names to arrays."
        ) from error
    try:
        table = narwhals.from_native(data, eager_only=True)
    except TypeError as error:
        raise InputError(
            f"Data of type {type(data).__name__} are no table: give a mapping of names to arrays, "
            "a data frame, or the path of a CSV or Parquet file."
        ) from error
    return {name: table[name].to_numpy() for name in table.columns}


def _from_file(path: Path) -> Mapping[str, Any]:
    """Return the columns of a file."""
    if path.suffix.lower() not in READERS:
        raise InputError(f"{str(path)!r} is no data file: give one ending in {', '.join(READERS)}.")
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}: check its name.")
    try:
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPackageError(
            f"{str(path)!r} is read with PyArrow, which is not installed: "
            "pip install 'steepest[fit]'."
        ) from error
    read = pyarrow.csv.read_csv if path.suffix.lower() == ".csv" else pyarrow.parquet.read_table
    try:
        table = read(path)
    except (pyarrow.ArrowInvalid, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{str(path)!r} cannot be read as a table: {first}.") from error
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _numbers(named: Mapping[str, Any], name: str) -> Vector:
    """Return one column as float64."""
    if name not in named:
        raise InputError(
            f"The data have no column {name!r}.{did_you_mean(name, list(named))} "
            f"Their columns are {', '.join(map(str, named)) or 'none'}."
        )
    column = np.asarray(named[name])
    if column.ndim != 1:
        raise InputError(
            f"Column {name!r} has shape {column.shape}: give one number for each row, shape (m,)."
        )
    if column.dtype.kind in "fiub":
        return np.array(column, dtype=np.float64)
    return np.array([_number(entry, name, row) for row, entry in enumerate(column, start=1)])


def _number(entry: Any, name: str, row: int) -> float:
    """Return an entry as a number, NaN where it is missing."""
    if entry is None or (isinstance(entry, str) and not entry.strip()):
        return float("nan")
    try:
        return float(entry)
    except (TypeError, ValueError):
        raise InputError(
            f"Column {name!r} holds {str(entry)!r} in row {row}, which is no number: repair it, or "
            "name another column."
        ) from None

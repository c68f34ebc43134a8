"""Data as columns of numbers, from whatever the user has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from glob import glob
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError, MissingPackageError, did_you_mean
from steepest.objective import Vector
from steepest.program.native.chunks import over_chunks

PATTERN = re.compile(r"[*?\[]")
"""What makes a path the pattern of several."""

READERS = (".csv", ".parquet", ".arrow", ".feather")
"""The files that are read."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length.

    Parameters
    ----------
    columns : dict
        Name -> array of shape (m,), or (m, ...) for arrays in every row; float64.
    whole : ndarray of bool
        Which of the rows given are kept: those in which no number is missing.
    """

    columns: dict[str, Vector]
    whole: npt.NDArray[np.bool_]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    @property
    def dropped(self) -> int:
        """How many rows were left out because a number was missing in them."""
        return self.whole.size - int(np.count_nonzero(self.whole))


def read_table(data: Any, wanted: Iterable[str], drop_missing: bool = False) -> Table:
    """Return the columns that are wanted, as numbers.

    Parameters
    ----------
    data : mapping, table or path
        Name -> array; a pandas, polars or Arrow table; the path of a CSV or Parquet file, or a
        pattern such as ``"runs/*.csv"`` of several with the same columns.
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
    found = number_columns(columns_of(data), wanted)
    whole = reduce(np.logical_and, map(finite_rows, found.values()))
    missing = len(whole) - int(np.count_nonzero(whole))
    if missing and not drop_missing:
        row = int(np.argmin(whole)) + 1
        where = [name for name, column in found.items() if not finite_rows(column)[row - 1]]
        raise InputError(
            f"{missing} of {len(whole)} rows miss a number or hold an infinity, the first in row "
            f"{row}, column {where[0]!r}: repair them, or leave them out with "
            "drop_missing=True (--drop-missing)."
        )
    if not whole.any():
        raise InputError("Every row misses a number: there is nothing to fit.")
    if missing:
        found = {name: column[whole] for name, column in found.items()}
    for column in found.values():
        # A graph copies arrays that may change, each time that it meets them.
        column.setflags(write=False)
    return Table(found, whole)


def number_columns(named: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Vector]:
    """Return the columns that are wanted, as numbers and of one length."""
    found = {name: _numbers(named, name) for name in wanted}
    lengths = {name: len(column) for name, column in found.items()}
    if len(set(lengths.values())) > 1:
        words = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise InputError(f"The columns have different lengths ({words}): give one row for each.")
    if not found or not next(iter(lengths.values())):
        raise InputError("The data have no rows: there is nothing to fit.")
    return found


def finite_rows(column: Vector) -> npt.NDArray[np.bool_]:
    """Return in which rows every number is finite."""
    finite = np.empty(column.shape, dtype=np.bool_)
    over_chunks(lambda part: np.isfinite(column[part], out=finite[part]), len(column))
    return np.asarray(finite if column.ndim == 1 else finite.reshape(len(column), -1).all(axis=1))


def columns_of(data: Any) -> Mapping[str, Any]:
    """Return the columns of data by name, as they are."""
    if isinstance(data, Mapping):
        return {str(name): column for name, column in data.items()}
    if isinstance(data, (str, Path)):
        return _from_files(Path(data))
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


def data_files(path: Path, endings: Collection[str]) -> list[Path]:
    """Return a file of data, all in a folder, or all that fit a pattern, in the order of names.

    Raises
    ------
    InputError
        For another ending, and where there is no such file.
    """
    if path.is_dir():
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in endings)
        if inside:
            return inside
        raise InputError(
            f"The folder {str(path)!r} holds no data: there is no file in it ending in "
            f"{', '.join(endings)}."
        )
    if path.suffix.lower() not in endings:
        raise InputError(f"{str(path)!r} is no data file: give one ending in {', '.join(endings)}.")
    if path.is_file():
        return [path]
    if not PATTERN.search(str(path)):
        raise InputError(f"There is no file {str(path)!r}: check its name.")
    # Path.glob takes no absolute patterns.
    paths = [Path(name) for name in sorted(glob(str(path), recursive=True))]  # noqa: PTH207
    if not paths:
        raise InputError(f"No file fits the pattern {str(path)!r}: check it.")
    return paths


def _from_files(path: Path) -> Mapping[str, Any]:
    """Return the columns of a file, or of all files that fit a pattern, one below the other."""
    paths = data_files(path, READERS)
    tables = [_arrow_table(one) for one in paths]
    names = tables[0].column_names
    for one, table in zip(paths, tables, strict=True):
        require_same_columns(paths[0], names, one, table.column_names)
    return {
        name: np.concatenate([table.column(name).to_numpy() for table in tables]) for name in names
    }


def require_same_columns(
    first: Path, names: Collection[str], path: Path, others: Collection[str]
) -> None:
    """Refuse a file whose columns are not those of the first one."""
    if set(others) != set(names):
        raise InputError(
            f"{str(path)!r} has the columns {', '.join(others)} and "
            f"{str(first)!r} has {', '.join(names)}: fit files of the same columns."
        )


def _arrow_table(path: Path) -> Any:
    """Return one file as an Arrow table."""
    try:
        import pyarrow
        import pyarrow.csv
        import pyarrow.feather
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPackageError(
            f"{str(path)!r} is read with PyArrow, which is not installed: "
            "pip install 'steepest[fit]'."
        ) from error
    arrow = pyarrow.feather.read_table
    reading = {".csv": pyarrow.csv.read_csv, ".parquet": pyarrow.parquet.read_table}
    read = reading.get(path.suffix.lower(), arrow)
    try:
        table = read(path)
        _ = table.column_names  # which may be no text
    except (pyarrow.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"{str(path)!r} cannot be read as a table: {first.rstrip('.')}. Repair it, or give "
            "another file."
        ) from error
    return table


def require_column(name: str, names: Iterable[str]) -> None:
    """Refuse a column that is not among those of the data."""
    known = [str(one) for one in names]
    if name not in known:
        raise InputError(
            f"The data have no column {name!r}.{did_you_mean(name, known)} "
            f"Their columns are {', '.join(known) or 'none'}."
        )


def _numbers(named: Mapping[str, Any], name: str) -> Vector:
    """Return one column as float64."""
    require_column(name, named)
    column = np.asarray(named[name])
    if not column.ndim:
        raise InputError(f"Column {name!r} is one number: give one for each row, shape (m,).")
    if column.dtype.kind in "fiub":
        found = np.empty(column.shape)
        over_chunks(lambda part: np.copyto(found[part], column[part]), len(column))
        return found
    if column.ndim > 1:
        raise InputError(f"Column {name!r} of shape {column.shape} does not hold numbers alone.")
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

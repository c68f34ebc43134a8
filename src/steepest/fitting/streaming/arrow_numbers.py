"""Columns of Arrow as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.errors import InputError, MissingPackageError
from steepest.objective import Vector


def arrow(module: str = "") -> Any:
    """Return PyArrow, or one of its modules, loaded now."""
    from importlib import import_module

    try:
        return import_module(f"pyarrow.{module}" if module else "pyarrow")
    except ImportError as error:
        raise MissingPackageError(
            "Files of data are read with PyArrow, which is not installed: "
            "pip install 'steepest[fit]'."
        ) from error


def numbers(column: Any, name: str, place: str, first: int) -> Vector:
    """Return a column as float64, NaN where a number is missing.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        The column.
    name, place : str
        What it is called, and where it is.
    first : int
        Which row of that place its first one is.

    Raises
    ------
    InputError
        For text that is no number, and types that are none.
    """
    pyarrow = arrow()
    types = pyarrow.types
    if types.is_float64(column.type) and not column.null_count:
        return _plain(column)
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_string(column.type) or types.is_large_string(column.type):
        return _from_text(column, name, place, first)
    numeric = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    if not any(fits(column.type) for fits in (*numeric, types.is_null)):
        raise InputError(
            f"Column {name!r} of {place} is of type {column.type}, which is no number: make it one "
            "first, for example seconds of a time."
        )
    return _plain(column.cast(pyarrow.float64(), safe=False))


def _plain(column: Any) -> Vector:
    """Return a column of float64 as an array that is not to be written to."""
    if len(column) == 0:
        return np.zeros(0)
    if _is_chunked(column):
        # As a whole it would go through pandas, which takes longer to load than rows to read.
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    found: Vector = column.to_numpy(zero_copy_only=False)
    if found.dtype != np.float64:
        found = found.astype(np.float64)
    found.setflags(write=False)
    return found


def _is_chunked(column: Any) -> bool:
    """Return whether a column has several chunks."""
    return isinstance(column, arrow().ChunkedArray)


def _from_text(column: Any, name: str, place: str, first: int) -> Vector:
    """Return numbers that are written as text."""
    pyarrow, compute = arrow(), arrow("compute")
    stripped = compute.utf8_trim_whitespace(column)
    stripped = compute.if_else(compute.equal(stripped, ""), None, stripped)
    try:
        return _plain(stripped.cast(pyarrow.float64()))
    except pyarrow.ArrowInvalid:
        row, entry = _first_text(stripped.to_pylist())
        raise InputError(
            f"Column {name!r} of {place} holds {entry!r} in row {first + row}, which is no number: "
            "repair it, or name another column."
        ) from None


def _first_text(entries: list[str | None]) -> tuple[int, str]:
    """Return the first entry that is no number, and its row."""
    for row, entry in enumerate(entries, start=1):
        try:
            float(entry or "nan")
        except ValueError:
            return row, str(entry)
    return next((row, str(one)) for row, one in enumerate(entries, start=1) if one is not None)

"""Results as plain JSON data and back, every value checked on the way in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError
from steepest.objective import Vector

NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""How numbers that JSON has no word for are written."""


def plain_number(value: float) -> float | str:
    """Return a number as JSON has it: itself, or its name where it is not finite."""
    number = float(value)
    return number if math.isfinite(number) else str(number)


def plain_numbers(values: Vector) -> list[Any]:
    """Return an array of one or two dimensions as lists of plain numbers."""
    if values.ndim == 2:
        return [plain_numbers(row) for row in values]
    return [plain_number(value) for value in values.tolist()]


def plain_structure(value: Any) -> Any:
    """Return a point in the user's structure (number, array, mapping, sequence) as JSON data."""
    if isinstance(value, Mapping):
        return {"mapping": {str(name): plain_structure(part) for name, part in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"sequence": [plain_structure(part) for part in value]}
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return plain_number(float(array))
    return {"array": plain_numbers(array.ravel()), "shape": list(array.shape)}


@dataclass(frozen=True)
class Record:
    """A JSON object that is read field by field; whatever does not fit is an `InputError`.

    Parameters
    ----------
    fields : dict
        The JSON object.
    source : str
        The file it is from, for the error.
    dtype : type, default float64
        What the arrays of `structure` are made of.
    """

    fields: dict[str, Any]
    source: str
    dtype: npt.DTypeLike = np.float64

    def fail(self, name: str, expected: str) -> InputError:
        """Return the error for a field that is not what it must be."""
        found = f"it is {str(self.fields[name])[:40]!r}" if name in self.fields else "it is missing"
        return InputError(
            f"{self.source!r} is a damaged run: {name!r} must be {expected}, and {found}. "
            "Save the run again, or take an earlier copy."
        )

    def record(self, name: str) -> Record:
        """Return a field that is an object itself."""
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise self.fail(name, "an object")
        return Record(value, self.source, self.dtype)

    def records(self, name: str) -> list[Record]:
        """Return a field that is a list of objects."""
        value = self.fields.get(name)
        if not (isinstance(value, list) and all(isinstance(part, dict) for part in value)):
            raise self.fail(name, "a list of objects")
        return [Record(part, self.source, self.dtype) for part in value]

    def number(self, name: str) -> float:
        """Return a field that is a number, finite or not."""
        value = _number(self.fields.get(name))
        if value is None:
            raise self.fail(name, "a number")
        return value

    def whole(self, name: str) -> int:
        """Return a field that is a whole number and not negative."""
        value = self.fields.get(name)
        if type(value) is not int or value < 0:
            raise self.fail(name, "a whole number")
        return value

    def truth(self, name: str) -> bool:
        """Return a field that is true or false."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def text(self, name: str) -> str:
        """Return a field that is text."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise self.fail(name, "text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts."""
        value = self.fields.get(name)
        if not (isinstance(value, list) and all(isinstance(part, str) for part in value)):
            raise self.fail(name, "a list of texts")
        return tuple(value)

    def numbers(self, name: str, length: int) -> list[float]:
        """Return a field that is a list of so many numbers."""
        values = _numbers(self.fields.get(name), length)
        if values is None:
            raise self.fail(name, f"a list of {length} numbers")
        return values

    def table(self, name: str, rows: int, width: int) -> list[list[float]]:
        """Return a field that is a list of so many lists of so many numbers."""
        value = self.fields.get(name)
        table = [_numbers(row, width) for row in value] if isinstance(value, list) else []
        whole = [row for row in table if row is not None]
        if not len(table) == len(whole) == rows:
            raise self.fail(name, f"{rows} lists of {width} numbers")
        return whole

    def structure(self, name: str) -> Any:
        """Return a field that is a point in the user's structure."""
        try:
            return _structure(self.fields.get(name), self.dtype)
        except (TypeError, ValueError, OverflowError) as error:
            raise self.fail(name, "a number, an array or a mapping of these") from error


def _number(value: Any) -> float | None:
    """Return a plain number; None for anything else."""
    if isinstance(value, str):
        return NOT_FINITE.get(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _numbers(value: Any, length: int) -> list[float] | None:
    """Return a list of so many plain numbers; None for anything else."""
    if not (isinstance(value, list) and len(value) == length):
        return None
    numbers = [_number(part) for part in value]
    whole = [number for number in numbers if number is not None]
    return whole if len(whole) == length else None


def _structure(value: Any, dtype: npt.DTypeLike) -> Any:
    """Return what `plain_structure` wrote; raise TypeError or ValueError for anything else."""
    if isinstance(value, dict):
        match value:
            case {"mapping": dict(parts), **rest} if not rest:
                return {name: _structure(part, dtype) for name, part in parts.items()}
            case {"sequence": list(parts), **rest} if not rest:
                return [_structure(part, dtype) for part in parts]
            case {"array": list(parts), "shape": list(shape), **rest} if not rest:
                numbers = _numbers(parts, len(parts))
                return np.array(numbers, dtype=dtype).reshape(shape)
        raise TypeError(f"no structure: {value!r}")
    number = _number(value)
    if number is None:
        raise TypeError(f"no number: {value!r}")
    return number

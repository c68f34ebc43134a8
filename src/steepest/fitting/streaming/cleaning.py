"""From columns as they are read to the rows that a model is fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError
from steepest.fitting.losses import Loss
from steepest.fitting.model import Model
from steepest.fitting.rows import Rows
from steepest.fitting.streaming.pieces import Columns
from steepest.fitting.table import finite_rows
from steepest.objective import Vector
from steepest.program.native.chunks import CHUNK


class Place(NamedTuple):
    """Which rows these are.

    Attributes
    ----------
    name : str
        Where they were read.
    first : int
        How many rows come before them there.
    numbers : ndarray of int or None
        Which rows from there on they are, where these are not all.
    """

    name: str
    first: int
    numbers: npt.NDArray[np.int64] | None = None

    def some(self, rows: npt.NDArray[np.int64]) -> Place:
        """Return the place of some of these rows."""
        return self._replace(numbers=rows if self.numbers is None else self.numbers[rows])

    def row(self, row: int) -> str:
        """Return where a row is, in words."""
        number = row if self.numbers is None else int(self.numbers[row])
        return f"row {self.first + number + 1} of {self.name}"


@dataclass(frozen=True)
class Cleaner:
    """What becomes of columns.

    Parameters
    ----------
    model : Model
        Knows which columns are predictors, and makes the response.
    loss : Loss
        Knows which responses have a meaning.
    weights, sigma : str or None
        Columns that say how much a row counts.
    drop_missing : bool
        Whether to leave out rows in which a number is missing.
    """

    model: Model
    loss: Loss
    weights: str | None = None
    sigma: str | None = None
    drop_missing: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read, each once."""
        named = [name for name in (self.weights, self.sigma) if name is not None]
        return tuple(dict.fromkeys([*self.model.predictors, *self.model.responses, *named]))

    def cleaned(self, columns: Columns, place: Place) -> list[Rows]:
        """Return the rows of a block; chunk by chunk where some of them are left out.

        So that chunks begin at the same rows, however many were read at once.
        """
        if all(_surely_finite(column) for column in columns.values()):
            return [self.rows(columns, place)]
        whole = np.all([finite_rows(column) for column in columns.values()], axis=0)
        if not self.drop_missing and not whole.all():
            self._complain(columns, whole, place)
        found = []
        for begin in range(0, len(whole), CHUNK):
            kept = whole[begin : begin + CHUNK]
            if kept.any():
                part = {name: one[begin : begin + CHUNK][kept] for name, one in columns.items()}
                found.append(self.rows(part, place.some(begin + np.flatnonzero(kept))))
        return found

    def rows(self, columns: Columns, place: Place, surely_finite: bool = False) -> Rows:
        """Return the rows of columns without gaps, or of such as are looked at afterwards."""
        count = len(next(iter(columns.values())))
        target = self.model.response(columns)
        if np.shape(target) != (count,):
            target = np.array(np.broadcast_to(target, (count,)))
        if not (surely_finite or _surely_finite(target) or np.isfinite(target).all()):
            row = int(np.argmin(np.isfinite(target)))
            raise InputError(
                f"The response of {self.model.text!r} is {target[row]} in {place.row(row)}: "
                "leave rows out in which it is not defined, or transform it otherwise."
            )
        predictors = {name: columns[name] for name in self.model.predictors}
        return Rows(predictors, target, self._weights(columns, place))

    def _weights(self, columns: Columns, place: Place) -> Vector | None:
        """Return how much each row counts."""
        name = self.sigma or self.weights
        if name is None:
            return None
        column = columns[name]
        wrong = column <= 0 if self.sigma else column < 0
        if wrong.any():
            what = "sigma must be positive" if self.sigma else "weights must not be negative"
            row = int(np.argmax(wrong))
            raise InputError(f"{what}: {name!r} is {column[row]:g} in {place.row(row)}.")
        return np.asarray(column**-2.0) if self.sigma else column

    def _complain(self, columns: Columns, whole: npt.NDArray[np.bool_], place: Place) -> None:
        """Say where a number is missing."""
        row = int(np.argmin(whole))
        gaps = [name for name, column in columns.items() if not finite_rows(column)[row]]
        raise InputError(
            f"{place.row(row)} misses a number or holds an infinity, in column {gaps[0]!r}: "
            "repair it, or leave such rows out with drop_missing=True (--drop-missing)."
        )


def _surely_finite(column: Vector) -> bool:
    """Return whether a sum shows at once that all numbers are finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.sum(column)))

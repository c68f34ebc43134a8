"""The rows of a generated program: plain numbers, made into `Row` only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any, overload

import numpy as np

from steepest.descent.walk import Columns, Row
from steepest.objective import Vector

Numbers = tuple[Any, ...]
"""What a program yields: the variables, the value, the gradient, and a rate that changes."""


class FlatRows(Columns):
    """All rows of a program.

    Parameters
    ----------
    table : list of tuple, or ndarray
        What the program yielded.
    size : int
        Number of variables.
    rate : float
        The constant learning rate; ignored where each row has its own.
    """

    def __init__(self, table: list[Numbers] | Vector, size: int, rate: float) -> None:
        self.table = table
        self.size = size
        self.rate = rate

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        step = range(len(self))[place]
        numbers = self.table[step]
        plain = numbers if isinstance(numbers, tuple) else tuple(numbers.tolist())
        return as_row(plain, step, self.size, self.rate)

    def column(self, position: int) -> Any:
        """Return one column of all rows, see `Row`."""
        n, count = self.size, len(self)
        match position:
            case 0:
                return np.arange(count)
            case 4:
                rates = self.numbers[:, -1] if self.varying else np.full(count, self.rate)
                rates = np.array(rates)
                rates[0] = np.nan
                return rates
            case 5:
                return np.ones(count, dtype=bool)
            case 6:
                return np.arange(1, count + 1)
        if position == 2:
            return self.numbers[:, n].copy()
        begin = 0 if position == 1 else n + 1
        return self.numbers[:, begin : begin + n].copy()

    @property
    def lowest(self) -> Row:
        """The row of the lowest value."""
        if isinstance(self.table, list):
            values = [row[self.size] for row in self.table]
            return self[values.index(min(values))]
        return self[int(np.argmin(self.table[:, self.size]))]

    @property
    def varying(self) -> bool:
        """Whether every row has a rate of its own."""
        return len(self.table[0]) > 2 * self.size + 1

    @cached_property
    def numbers(self) -> Vector:
        """Everything as one array."""
        if not isinstance(self.table, list):
            return self.table
        flat = np.fromiter(chain.from_iterable(self.table), np.float64)
        return flat.reshape(len(self.table), -1)


def as_row(numbers: Sequence[Any], step: int, size: int, rate: float) -> Row:
    """Return one row of a program in the form that every walk yields."""
    own = numbers[-1] if len(numbers) > 2 * size + 1 else rate
    led = own if step else float("nan")
    return (
        step,
        numbers[:size],
        numbers[size],
        numbers[size + 1 : 2 * size + 1],
        led,
        True,
        step + 1,
    )

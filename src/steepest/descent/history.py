"""Every point of a descent, kept as columns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from steepest.descent.bounds import Box
from steepest.descent.files import write_atomically
from steepest.descent.measures import largest
from steepest.descent.walk import Columns, Row
from steepest.errors import InputError, MissingPackageError
from steepest.objective import Objective, Vector

if TYPE_CHECKING:
    from pathlib import Path

    import pandas

Column = npt.NDArray[Any]
"""One value per row: an array of shape (k + 1,)."""


@dataclass(frozen=True)
class Step:
    """One row of the history, as a callback is given it.

    Parameters
    ----------
    step : int
        0 at the start, then 1, 2, 3, ...
    x : scalar, ndarray or dict
        The point, a copy in the structure of the start.
    fun : float
        f(x).
    gradient : ndarray, shape (n,)
        The gradient at x, a copy, flat.
    gradient_norm : float
        ‖g‖∞.
    rate : float
        The learning rate of the step that led here; NaN at the start.
    accepted : bool
        Whether the point was kept.
    seconds : float
        The time since the descent began.
    evaluations : int
        How many values of f were asked for so far.

    Examples
    --------
    >>> import steepest as st
    >>> falls = []
    >>> result = st.minimize(
    ...     "x**2",
    ...     1.0,
    ...     learning_rate=0.25,
    ...     max_steps=2,
    ...     callback=lambda step: falls.append(step.fun),
    ... )
    >>> falls
    [1.0, 0.25, 0.0625]
    """

    step: int
    x: Any
    fun: float
    gradient: Vector
    gradient_norm: float
    rate: float
    accepted: bool
    seconds: float
    evaluations: int = 0

    @classmethod
    def of(cls, row: Row, seconds: float, objective: Objective) -> Step:
        """Return a row in the structure of the start of `objective`."""
        step, x, value, gradient, rate, accepted, evaluations = row
        point = objective.restore(np.array(x))
        slope = np.array(gradient)
        size = largest(slope)
        return cls(step, point, value, slope, size, rate, accepted, seconds, evaluations)


class History:
    """The points of a descent in order, from the start to the last one made.

    Every column is a read-only array of one entry per point: ``x[k]``, ``fun[k]`` and
    ``gradient[k]`` belong together, and ``rate[k]`` is the learning rate of the step that led
    to point k (NaN for the start). Columns are made when they are first asked for.

    Parameters
    ----------
    rows : sequence of Row
        The points.
    seconds : sequence of float
        The time at which each was there, since the descent began.
    names : tuple of str
        One name per variable.
    box : Box, optional
        The bounds of the descent.

    Examples
    --------
    >>> start = (0, (2.0,), 4.0, (4.0,), float("nan"), True, 1)
    >>> history = History([start, (1, (1.0,), 1.0, (2.0,), 0.25, True, 2)], [0.0, 0.1], ("x",))
    >>> len(history), history.x.shape, history.fun
    (2, (2, 1), array([4., 1.]))
    >>> history.rows(every=2)
    [{'step': 0, 'x': {'x': 2.0}, 'fun': 4.0, 'gradient_norm': 4.0, 'rate': nan}]
    """

    def __init__(
        self,
        rows: Sequence[Row],
        seconds: Sequence[float],
        names: tuple[str, ...],
        box: Box | None = None,
    ) -> None:
        self._rows = rows
        self._seconds = seconds
        self.names = names
        self.box = box

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<History of {len(self)} points of ({', '.join(self.names)})>"

    @cached_property
    def step(self) -> Column:
        """The number of each point: 0 at the start."""
        return self._column(0, np.int64)

    @cached_property
    def x(self) -> Vector:
        """The points, shape (k + 1, n), in the precision of the start."""
        return self._column(1)

    @cached_property
    def fun(self) -> Vector:
        """The values f(x)."""
        return self._column(2, np.float64)

    @cached_property
    def gradient(self) -> Vector:
        """The gradients, shape (k + 1, n)."""
        return self._column(3)

    @cached_property
    def gradient_norm(self) -> Vector:
        """The largest absolute component of each gradient, within bounds of the projected one."""
        slopes = self.gradient
        if self.box is not None:
            slopes = self.box.projected_gradient(self.x, slopes)
        return _read_only(np.abs(slopes).max(axis=1))

    @cached_property
    def rate(self) -> Vector:
        """The learning rate of the step that led to each point; NaN at the start."""
        return self._column(4, np.float64)

    @cached_property
    def accepted(self) -> Column:
        """Whether each point was kept."""
        return self._column(5, np.bool_)

    @cached_property
    def evaluations(self) -> Column:
        """How many values of f had been asked for when each point was there."""
        return self._column(6, np.int64)

    @cached_property
    def seconds(self) -> Vector:
        """When each point was there, in seconds since the descent began."""
        return _read_only(np.array(self._seconds, dtype=np.float64))

    def rows(self, every: int = 1) -> list[dict[str, Any]]:
        """Return the points whose step is a multiple of `every`, as plain dictionaries.

        Parameters
        ----------
        every : int, default 1
            Which steps to take: 1 all, 500 those with step 0, 500, 1000, ...

        Returns
        -------
        list of dict
            With ``step``, ``x`` (name -> value), ``fun``, ``gradient_norm`` and ``rate``.

        Raises
        ------
        InputError
            If `every` is less than 1.
        """
        if every < 1:
            raise InputError(f"every={every!r} selects no steps: give a whole number from 1 up.")
        return [
            {
                "step": step,
                "x": {
                    name: float(component) for name, component in zip(self.names, x, strict=True)
                },
                "fun": value,
                "gradient_norm": self._size(x, gradient),
                "rate": rate,
            }
            for step, x, value, gradient, rate, _, _ in self._rows
            if step % every == 0
        ]

    def _size(self, x: Vector | Sequence[float], gradient: Vector | Sequence[float]) -> float:
        """Return the largest component of a gradient, within bounds of the projected one."""
        if self.box is None:
            return largest(gradient)
        return largest(self.box.projected_gradient(np.asarray(x), np.asarray(gradient)))

    def columns(self) -> dict[str, Column]:
        """Return the history as a table: a column per variable under its name, and the rest.

        A variable whose name another column has, such as ``rate``, gets the name ``x: rate``.
        """
        rest = {
            "fun": self.fun,
            "gradient_norm": self.gradient_norm,
            "rate": self.rate,
            "accepted": self.accepted,
            "seconds": self.seconds,
            "evaluations": self.evaluations,
        }
        taken = {"step", *rest}
        variables = {
            f"x: {name}" if name in taken else name: self.x[:, i]
            for i, name in enumerate(self.names)
        }
        return {"step": self.step, **variables, **rest}

    def to_frame(self) -> pandas.DataFrame:
        """Return the history as a pandas DataFrame with the columns of `columns`.

        Raises
        ------
        MissingPackageError
            If pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingPackageError(
                "A history becomes a DataFrame only with pandas, which is not installed: "
                "pip install pandas."
            ) from error
        return pandas.DataFrame({name: np.array(c) for name, c in self.columns().items()})

    def to_csv(self, path: str | Path) -> None:
        """Write the history as CSV, every number with all its digits.

        Parameters
        ----------
        path : str or path
            The file; it is replaced at once when everything is written.
        """
        import csv

        columns = self.columns()
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
        write_atomically(path, text.getvalue())

    def to_parquet(self, path: str | Path) -> None:
        """Write the history as a Parquet file with the columns of `columns`.

        Parameters
        ----------
        path : str or path
            The file; it is replaced at once when everything is written.

        Raises
        ------
        MissingPackageError
            If PyArrow is not installed.
        """
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise MissingPackageError(
                "A history becomes a Parquet file only with PyArrow, which is not installed: "
                "pip install 'steepest[fit]'."
            ) from error
        buffer = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(self.columns()), buffer)
        write_atomically(path, buffer.getvalue())

    def _column(self, position: int, dtype: npt.DTypeLike | None = None) -> Column:
        """Return one entry of every row, as a read-only array; of vectors, in their own dtype."""
        if isinstance(self._rows, Columns):
            return _read_only(self._rows.column(position))
        return _read_only(np.array([row[position] for row in self._rows], dtype=dtype))


def _read_only(array: Column) -> Column:
    """Return the array, closed to writing."""
    array.flags.writeable = False
    return array

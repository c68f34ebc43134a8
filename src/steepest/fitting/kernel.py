"""The loss of any rows: one function of parameters and columns, whatever the rows are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steepest.fitting.criterion import Criterion
from steepest.fitting.rows import Rows
from steepest.functions.binding import bound
from steepest.functions.bound import BoundFunction, NumericalFunction
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import Structure
from steepest.objective import Vector


class RowKernel:
    """What a criterion is for some of its rows, followed once for each number of them.

    Parameters
    ----------
    criterion : Criterion
        What is minimised.
    structure : Structure
        Of the variables of the descent.
    start : ndarray, shape (n,)
        Where it is followed.
    total : int, optional
        A sum over some rows is to stand for that over so many.
    """

    def __init__(
        self, criterion: Criterion, structure: Structure, start: Vector, total: int | None = None
    ) -> None:
        self.criterion, self.structure, self.start = criterion, structure, start
        self.columns = list(criterion.rows.columns)
        self.total = total
        self.followed: dict[int, BoundFunction] = {}

    def of(self, rows: Rows) -> BoundFunction:
        """Return the criterion of these rows as a function of the variables."""
        data = self.data_of(rows)
        known = self.followed.get(len(rows))
        if known is None:
            known = bound(self._call, self.structure, self.start, data=data)
            self.followed[len(rows)] = known
        if isinstance(known, GraphFunction):
            return known.with_data(*data.values())
        given = tuple(data.values())
        return NumericalFunction(
            structure=self.structure,
            start=self.start,
            call=lambda *parts: self._call(*parts, *given),
        )

    def data_of(self, rows: Rows) -> dict[str, Vector]:
        """Return what the loss of some rows depends on beside the variables."""
        data = {f"column {name}": rows.columns[name] for name in self.columns}
        data["response"] = rows.target
        if rows.weights is not None:
            data["weights"] = rows.weights
        return data

    def _call(self, *arguments: Any) -> Any:
        """Return the loss at variables, of columns, response and weights."""
        count = len(self.structure.names)
        variables = dict(zip(self.structure.names, arguments[:count], strict=True))
        data: Sequence[Any] = arguments[count:]
        columns: Mapping[str, Any] = dict(zip(self.columns, data, strict=False))
        target, *others = data[len(self.columns) :]
        weights = others[0] if others else None
        return self.criterion.of_rows(variables, columns, target, weights, self.total)

"""Where the variables of a form with tables are in θ, and the tables themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.objective import Vector
from steepest.program.native.rows import RowForm
from steepest.program.native.shared_rows import read_only


class Layout:
    """The variables of a form as they follow each other in θ.

    Parameters
    ----------
    form : RowForm
        The form.

    Attributes
    ----------
    places : dict of Expression to slice
        Where each variable is.
    size : int
        How many numbers they consist of.
    """

    def __init__(self, form: RowForm) -> None:
        self.variables = form.variables
        self.places: dict[Expression, slice] = {}
        self.size = 0
        for node in self.variables:
            self.places[node] = slice(self.size, self.size + node.size)
            self.size += node.size

    def parts(self, x: Vector) -> list[Any]:
        """Return the variables at θ, numbers and arrays."""
        return [
            x[self.places[node]] if node.shape else float(x[self.places[node]][0])
            for node in self.variables
        ]

    def joined(self, parts: Sequence[Any]) -> Vector:
        """Return derivatives by each variable as one vector."""
        pairs = zip(parts, self.variables, strict=True)
        return np.concatenate([np.broadcast_to(part, node.shape).ravel() for part, node in pairs])


def tables_of(form: RowForm, data: Callable[[Expression], Any]) -> list[Vector]:
    """Return the table of each predictor, `data` giving those that are no constants."""
    tables = [predictor.table for predictor in form.predictors.values()]
    return [read_only(table.value if table.is_constant else data(table)) for table in tables]

"""Residuals and their derivatives, row by row, by one compiled pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from steepest.derivative.reverse import gradient
from steepest.expression.node import Expression
from steepest.objective import Vector
from steepest.program.native.row_source import write_columns
from steepest.program.native.rows import RowForm
from steepest.program.native.shared_rows import SharedRows
from steepest.program.writer import Graph


class RowColumns:
    """A column that a graph computes, or its derivatives.

    Parameters
    ----------
    graph : Graph
        The function, of arrays.
    roots : sequence of Expression
        The column, alone.
    data : callable
        Gives the array of a parameter that is data, by its node.
    order : {0, 1}
        Whether the derivatives are wanted, or the column itself.

    Raises
    ------
    NativeError
        Where it is no column of rows, or uses what the loops do not know.
    """

    def __init__(
        self, graph: Graph, roots: Sequence[Expression], data: Callable[[Any], Any], order: int
    ) -> None:
        form = RowForm(graph)
        column = form.only_column(roots)
        self.source = write_columns(form, gradient(column, form.parameters) if order else [column])
        self.rows = SharedRows(form, data)

    def run(self, loop: Callable[..., Any], x: Vector, threads: int | None = None) -> Vector:
        """Return the columns, shape (k, m).

        Parameters
        ----------
        loop : callable
            `self.source` compiled.
        x : ndarray, shape (n,)
            The variables.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        """
        results = np.empty((self.source.results, self.rows.count))
        self.rows.work(loop, x, results, threads=threads)
        return results

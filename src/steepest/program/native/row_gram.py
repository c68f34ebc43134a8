"""The products that least squares are made of, by one compiled pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression, constant, evaluate, variable
from steepest.objective import Vector
from steepest.program.native.module import NativeError
from steepest.program.native.row_source import write_loop
from steepest.program.native.rows import RowForm
from steepest.program.native.shared_rows import SharedRows
from steepest.program.writer import Graph
from steepest.threads import threads_for


class RowGram:
    """The Gram matrix of residuals r and of their derivatives J, in coordinates of one's own.

    With an upper triangular W the sums over the rows are those of [J W, r]ᵀ [J W, r], of which
    the entries on and above the diagonal are kept. Where J W has nearly orthonormal columns, they
    hold all the digits that the columns themselves have; JᵀJ would square their condition number.

    Parameters
    ----------
    graph : Graph
        The sum of squares, of arrays.
    roots : sequence of Expression
        r, alone.
    data : callable
        Gives the array of a parameter that is data, by its node.

    Raises
    ------
    NativeError
        Where r is no column of rows, or uses what the loops do not know.
    """

    def __init__(
        self, graph: Graph, roots: Sequence[Expression], data: Callable[[Any], Any]
    ) -> None:
        form = RowForm(graph)
        column = form.only_column(roots)
        slopes = gradient(column, form.parameters)
        self.size = len(slopes)
        self.upper = np.triu_indices(self.size)
        turning = [variable(f"turn {k} {j}") for k, j in zip(*self.upper, strict=True)]
        columns = [*turned(slopes, turning, self.upper), column]
        self.places = np.triu_indices(self.size + 1)
        products = [columns[i] * columns[j] for i, j in zip(*self.places, strict=True)]
        self.source = write_loop(form, bare(products), adds=True, numbers=turning)
        self.rows = SharedRows(form, data)
        self.expressions = [*slopes, column]

    def columns(self, x: Vector, rows: SharedRows, part: slice = slice(None)) -> Vector:
        """Return [J, r] of some rows by NumPy, shape (m, n + 1)."""
        with np.errstate(all="ignore"):
            found = evaluate(self.expressions, rows.known(x, part))
        count = len(range(*part.indices(rows.count)))
        return np.stack([np.broadcast_to(one, count) for one in found]).T

    def parts(
        self,
        loop: Callable[..., Any] | None,
        x: Vector,
        turn: Vector,
        rows: SharedRows,
        threads: int | None = None,
    ) -> Vector:
        """Return the sums over each chunk of some rows, shape (chunks, (n + 1) (n + 2) / 2).

        Parameters
        ----------
        loop : callable or None
            `self.source` compiled; without it NumPy adds up.
        x : ndarray, shape (n,)
            The variables.
        turn : ndarray, shape (n, n)
            W.
        rows : SharedRows
            The rows.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        """
        if loop is not None:
            return rows.parts(loop, x, self.source.results, threads, turn[self.upper].tolist())
        with threads_for(rows.chunk * self.size**2), np.errstate(all="ignore"):
            places = [slice(k * rows.chunk, (k + 1) * rows.chunk) for k in range(rows.chunks)]
            return np.array([self.by_numpy(self.columns(x, rows, one), turn) for one in places])

    def by_numpy(self, columns: Vector, turn: Vector) -> Vector:
        """Return the sums over one chunk, of which [J, r] is known."""
        joined = np.vstack([turn.T @ columns[:, :-1].T, columns[:, -1]])
        return np.asarray((joined @ joined.T)[self.places])


class RowSpread:
    """Σ gᵢ gᵢᵀ, gᵢ being the gradient of what row i adds to a sum over rows.

    Of a symmetric matrix the entries on and above the diagonal are kept.

    Parameters
    ----------
    graph : Graph
        The sum, of arrays.
    data : callable
        Gives the array of a parameter that is data, by its node.

    Raises
    ------
    NativeError
        Where it is no plain sum over rows, or uses what the loops do not know.
    """

    def __init__(self, graph: Graph, data: Callable[[Any], Any]) -> None:
        form = RowForm(graph)
        form.require_numbers()
        total = form.outer()
        if total not in form.sums:
            raise NativeError("it is more than one sum over rows.")
        slopes = gradient(form.terms[form.sums.index(total)], form.parameters)
        products = [
            slopes[i] * slopes[j] for i, j in zip(*np.triu_indices(len(slopes)), strict=True)
        ]
        self.source = write_loop(form, bare(products), adds=True)
        self.rows = SharedRows(form, data)

    def parts(self, loop: Callable[..., Any], x: Vector, rows: SharedRows) -> Vector:
        """Return the sums over each chunk of some rows, shape (chunks, n (n + 1) / 2)."""
        return rows.parts(loop, x, self.source.results)


def turned(
    columns: Sequence[Expression], turning: Sequence[Expression], upper: Any
) -> list[Expression]:
    """Return the columns times an upper triangular matrix, whose entries are variables."""
    found = [constant(0.0)] * len(columns)
    for k, j, entry in zip(*upper, turning, strict=True):
        found[j] = found[j] + columns[k] * entry
    return found

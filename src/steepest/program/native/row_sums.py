"""Value and derivatives of a function made of sums over rows, by one compiled pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.objective import Vector
from steepest.program.native.chunks import summed
from steepest.program.native.row_source import write_sums
from steepest.program.native.rows import RowForm
from steepest.program.native.shared_rows import SharedRows
from steepest.program.writer import Graph, Parameter, as_graph, write_function


class RowSums:
    """A followed function as sums over rows, see `RowForm`: f(θ) = F(S(θ), θ).

    With u = (θ, S(θ)) and its derivatives U, the gradient is Uᵀ F', and the Hessian
    Uᵀ F'' U + Σⱼ ∂F/∂Sⱼ ∇²Sⱼ. All sums come from one pass over the rows.

    Parameters
    ----------
    graph : Graph
        The function, of arrays.
    data : callable
        Gives the array of a parameter that is data, by its node.
    order : {1, 2}, default 1
        Which derivatives are made: the first, or both.

    Raises
    ------
    NativeError
        Where it is not of this kind, or uses what the loops do not know.
    """

    def __init__(self, graph: Graph, data: Callable[[Any], Any], order: int = 1) -> None:
        form = RowForm(graph)
        form.require_numbers()
        self.outer = _outer(form, order)
        self.source, self.places = write_sums(form, order)
        self.size, self.terms, self.order = len(form.parameters), len(form.terms), order
        self.rows = SharedRows(form, data)

    def run(
        self, loop: Callable[..., Any], x: Vector, threads: int | None = None
    ) -> tuple[float, Vector, Vector]:
        """Return f, its gradient and, where both orders are made, its Hessian.

        All are NaN where a sum is not finite.

        Parameters
        ----------
        loop : callable
            `self.source` compiled.
        x : ndarray, shape (n,)
            θ.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        """
        return self.completed(x, summed(self.parts(loop, x, self.rows, threads)))

    def parts(
        self, loop: Callable[..., Any], x: Vector, rows: SharedRows, threads: int | None = None
    ) -> Vector:
        """Return the sums over each chunk of some rows, shape (chunks, k)."""
        return rows.parts(loop, x, self.source.results, threads)

    def completed(self, x: Vector, totals: Vector) -> tuple[float, Vector, Vector]:
        """Return f, its gradient and its Hessian from the sums over all rows."""
        n, k = self.size, self.terms
        nowhere = np.nan, np.full(n, np.nan), np.full((n, n), np.nan)
        if not np.isfinite(totals).all():
            return nowhere
        sums, slopes, curvatures = np.zeros(k), np.zeros((k, n)), np.zeros((k, n, n))
        for total, (number, variables) in zip(totals, self.places, strict=True):
            (sums, slopes, curvatures)[len(variables)][(number, *variables)] = total
        try:
            value, found = self.outer.run([*x.tolist(), *sums.tolist(), *self.rows.numbers])
        except (ArithmeticError, ValueError):
            return nowhere
        by_all = np.vstack([np.eye(n), slopes])
        first, second = np.array(found[: n + k]), np.array(found[n + k :])
        if self.order == 1:
            return value, first @ by_all, nowhere[2]
        upper = np.tensordot(first[n:], curvatures, 1)
        inner = by_all.T @ second.reshape(n + k, n + k) @ by_all
        return value, first @ by_all, inner + upper + np.triu(upper, 1).T


def _outer(form: RowForm, order: int) -> Any:
    """Return the program of F with its derivatives by θ and S, on plain numbers."""
    outer = form.outer()
    inputs, fixed = [*form.parameters, *form.sums], list(form.fixed.values())
    parameters = [Parameter(node.name, node) for node in [*inputs, *fixed]]
    graph = as_graph(parameters, outer, (), data=len(fixed))
    slopes = gradient(outer, inputs)
    bends = [one for slope in slopes for one in gradient(slope, inputs)] if order == 2 else []
    return write_function(
        graph,
        [outer, *bare([*slopes, *bends])],
        name="outer",
        summary="Return the value of some sums, and its derivatives.",
        result_names=["value", *[f"slope_{k}" for k in range(len(slopes) + len(bends))]],
        pack="value and tuple",
    )

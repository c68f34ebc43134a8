"""Value and gradient of sums over rows with linear predictors, by one pass over every table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.objective import Vector
from steepest.program.compiled import Program
from steepest.program.native.chunks import summed
from steepest.program.native.layout import Layout, tables_of
from steepest.program.native.module import NativeError
from steepest.program.native.predictor_source import CHUNK, write_predictor_sums
from steepest.program.native.rows import ARRAYS, RowForm
from steepest.program.native.shared_rows import SharedRows
from steepest.program.writer import Parameter, as_graph, write_function


class PredictorSums:
    """A followed function as sums over rows with linear predictors, see `RowForm`.

    With f(θ) = F(S(θ), θ), Sⱼ = Σᵢ hⱼ(α, ηᵢ, row i), η = Xβ and θ = (α, β), the gradient by β is
    ∂F/∂β + Σⱼ ∂F/∂Sⱼ Xᵀ ∂hⱼ/∂η.

    Parameters
    ----------
    form : RowForm
        The function, taken apart.
    data : callable
        Gives the array of a parameter that is data, by its node.

    Raises
    ------
    NativeError
        Where it uses what the loops do not know.
    """

    def __init__(self, form: RowForm, data: Callable[[Any], Any]) -> None:
        self.form = form
        self.outer = outer_program(form)
        self.written = write_predictor_sums(form)
        self.source = self.written.loop
        self.rows = SharedRows(form, data, CHUNK)
        self.rows.columns = [*tables_of(form, data), *self.rows.columns]
        self.layout = Layout(form)
        self.places, self.size = self.layout.places, self.layout.size
        self.by = {one.in_a_row: one.coefficients for one in form.predictors.values()}
        order = [*form.parameters, *[self.by[one] for one in self.by]]
        self.order = np.concatenate([np.arange(self.size)[self.places[node]] for node in order])

    def run(
        self, loop: Callable[..., Any], x: Vector, threads: int | None = None
    ) -> tuple[float, Vector, None]:
        """Return f and its gradient; NaN where a sum is not finite.

        Parameters
        ----------
        loop : callable
            `self.source` compiled.
        x : ndarray, shape (n,)
            θ.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        """
        nowhere = np.nan, np.full(self.size, np.nan), None
        sums, slopes = self.sums(loop, x, threads)
        if not (np.isfinite(sums).all() and np.isfinite(slopes).all()):
            return nowhere
        try:
            value, found = self.outer.run(
                [*self.layout.parts(x), *sums.tolist(), *self.rows.numbers]
            )
        except (ArithmeticError, ValueError):
            return nowhere
        count = len(self.form.variables)
        gradient = self.layout.joined(found[:count])
        return float(value), gradient + np.array(found[count:], dtype=np.float64) @ slopes, None

    def sums(
        self, loop: Callable[..., Any], x: Vector, threads: int | None
    ) -> tuple[Vector, Vector]:
        """Return all S, shape (k,), and their derivatives, shape (k, n)."""
        written, chunks = self.written, self.rows.chunks
        widths = [self.by[slot.by].size for slot in written.slopes]  # type: ignore[index]
        results = np.empty((chunks, len(written.sums)))
        found = np.empty((chunks, sum(widths)))
        self.rows.work(loop, x[self.order], results, found, threads=threads)
        sums = np.zeros(len(self.form.terms))
        slopes = np.zeros((len(sums), self.size))
        for slot, total in zip(written.sums, summed(results), strict=True):
            if slot.by is None:
                sums[slot.term] = total
            else:
                slopes[slot.term, self.places[slot.by]] += total
        totals, begin = summed(found), 0
        for slot, width in zip(written.slopes, widths, strict=True):
            place = self.places[self.by[slot.by]]  # type: ignore[index]
            slopes[slot.term, place] += totals[begin : begin + width]
            begin += width
        return sums, slopes


def outer_program(form: RowForm) -> Program:
    """Return the program of F with its derivatives by θ and S.

    Raises
    ------
    NativeError
        Where the function is no sum over rows with linear predictors.
    """
    outer = form.outer()
    if not form.predictors:
        raise NativeError(ARRAYS)
    inputs, fixed = [*form.variables, *form.sums], list(form.fixed.values())
    graph = as_graph([Parameter(n.name, n) for n in [*inputs, *fixed]], outer, (), len(fixed))
    slopes = bare(gradient(outer, inputs))
    return write_function(
        graph,
        [outer, *slopes],
        name="outer",
        summary="Return the value of some sums, and its derivatives.",
        result_names=["value", *[f"slope_{k}" for k in range(len(slopes))]],
        pack="value and tuple",
    )

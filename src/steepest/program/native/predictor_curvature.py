"""The Hessian of sums over rows with linear predictors: one product Xᵀ diag(h'') X."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np

from steepest.derivative.reverse import bare, gradient, hessian_vector
from steepest.expression.node import Expression, evaluate, topological_order, variable
from steepest.objective import Vector
from steepest.program.native.chunks import over_chunks
from steepest.program.native.layout import Layout, tables_of
from steepest.program.native.module import NativeError
from steepest.program.native.row_source import RowSource, write_columns
from steepest.program.native.rows import RowForm
from steepest.program.native.shared_rows import SharedRows
from steepest.program.native.table_products import threads_of_ours, times, weighted_product
from steepest.program.writer import Graph, Parameter, as_graph, write_function

MANY_ROWS = 1_000
"""Of fewer rows, products with the Hessian are as quick."""


class PredictorCurvature:
    """The Hessian of f(θ) = Σⱼ cⱼ Sⱼ(θ) + G(θ), see `PredictorSums`.

    With z = (α, η) and θ = (α, β) it is that of G and Σⱼ cⱼ Σᵢ Dᵢᵀ ∇²hⱼ Dᵢ, Dᵢ being the
    derivative of z by θ: the identity, and row i of X.

    Parameters
    ----------
    form : RowForm
        The function, taken apart.
    data : callable
        Gives the array of a parameter that is data, by its node.

    Raises
    ------
    NativeError
        Where it is not of this kind.
    """

    def __init__(self, form: RowForm, data: Callable[[Any], Any]) -> None:
        self.form, outer = form, form.outer()
        self.layout = Layout(form)
        self.places = self.layout.places
        self.products = _products(form, outer)
        factors = _factors(form, outer)
        predictors = list(form.predictors.values())
        self.predicted = [one.in_a_row for one in predictors]
        self.within = [*form.parameters, *self.predicted]
        found: dict[tuple[int, int], Expression] = {}
        for term, factor in zip(form.terms, factors, strict=True):
            for i, slope in enumerate(gradient(term, self.within)):
                for j, bend in enumerate(gradient(slope, self.within[: i + 1])):
                    if not bend.equals_constant(0):
                        before = found.get((i, j))
                        found[i, j] = factor * bend if before is None else before + factor * bend
        self.pairs, self.bends = list(found), list(found.values())
        self.rows = SharedRows(form, data)
        self.tables = tables_of(form, data)
        self.coefficients = [self.places[one.coefficients] for one in predictors]

    @cached_property
    def source(self) -> RowSource:
        """The loop that writes the second derivatives of every row.

        Raises
        ------
        NativeError
            Where an operation is not known in loops over rows.
        """
        return write_columns(self.form, self.bends, self.predicted)

    def run(
        self, loop: Callable[..., Any] | None, x: Vector, threads: int | None = None
    ) -> tuple[float, Vector | None, Vector]:
        """Return the Hessian, behind a value and a gradient that are not made.

        Parameters
        ----------
        loop : callable or None
            `self.source` compiled; without it NumPy computes what it would.
        x : ndarray, shape (n,)
            θ.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        """
        with threads_of_ours(self.tables), np.errstate(all="ignore"):
            return np.nan, None, self.hessian(loop, x, threads)

    def hessian(self, loop: Callable[..., Any] | None, x: Vector, threads: int | None) -> Vector:
        """Return the Hessian; see `run`."""
        pairs = zip(self.tables, self.coefficients, strict=True)
        # Other threads may ask at other places.
        wide = self.rows.with_columns([times(table, x[place]) for table, place in pairs])
        scalars = [x[self.places[node]] for node in self.form.parameters]
        own = np.concatenate(scalars) if scalars else np.zeros(0)
        results = np.empty((len(self.bends), self.rows.count))
        if loop is None:
            over_chunks(partial(self.by_numpy, wide, own, results), wide.count)
        else:
            wide.work(loop, own, results, threads=threads)
            self.rows.seconds = wide.seconds
        matrix = self.of_the_rest(x)
        for (i, j), bends in zip(self.pairs, results, strict=True):
            part = self.product(i, j, bends)
            rows, columns = self.place(i), self.place(j)
            matrix[rows, columns] += part
            if i != j:
                matrix[columns, rows] += part.T
        # Products of matrices round the two halves in different orders.
        return np.asarray((matrix + matrix.T) / 2)

    def by_numpy(self, rows: SharedRows, own: Vector, results: Vector, part: slice) -> None:
        """Write the second derivatives of some rows."""
        known = rows.known(own, part, self.predicted)
        for result, bends in zip(results, evaluate(self.bends, known), strict=True):
            result[part] = bends

    def place(self, i: int) -> slice:
        """Return where in θ a component of z comes from."""
        scalars = len(self.form.parameters)
        return self.coefficients[i - scalars] if i >= scalars else self.places[self.within[i]]

    def product(self, i: int, j: int, bends: Vector) -> Vector:
        """Return Σᵢ Dᵢᵀ bends Dᵢ for two components of z."""
        left, right = self.table(i), self.table(j)
        if left is None and right is None:
            return np.full((1, 1), bends.sum())
        if left is None:
            return np.atleast_2d(bends @ right)
        if right is None:
            return np.atleast_2d(bends @ left).T
        return weighted_product(left, bends, right)

    def table(self, i: int) -> Any:
        """Return the table of a component of z; None where that is a variable itself."""
        scalars = len(self.form.parameters)
        return self.tables[i - scalars] if i >= scalars else None

    def of_the_rest(self, x: Vector) -> Vector:
        """Return the Hessian of G."""
        layout, fixed = self.layout, self.rows.numbers
        units = np.eye(layout.size)
        columns = [
            layout.joined(self.products.run([*layout.parts(x), *layout.parts(unit), *fixed]))
            for unit in units
        ]
        return np.array(columns, dtype=np.float64)


def curvature_of_many(graph: Graph, data: Mapping[Any, Any]) -> PredictorCurvature | None:
    """Return the curvature of a sum over many rows of Xβ; None of any other function.

    Parameters
    ----------
    graph : Graph
        The function, of arrays.
    data : mapping
        The arrays of its parameters that are data, by their nodes.
    """
    try:
        form = RowForm(graph)
        # Taken apart before anything is differentiated: most functions are of another kind.
        form.outer()
        if not form.predictors or form.count < MANY_ROWS:
            return None
        return PredictorCurvature(form, data.__getitem__)
    except NativeError:
        return None


def _factors(form: RowForm, outer: Expression) -> list[Expression]:
    """Return ∂F/∂S; raise `NativeError` where these depend on anything."""
    factors = bare(gradient(outer, form.sums))
    inputs = {*form.variables, *form.sums}
    if any(node in inputs for node in topological_order(factors)):
        raise NativeError("it is no weighted sum of sums over rows.")
    return factors


def _products(form: RowForm, outer: Expression) -> Any:
    """Return the program of the Hessian of G times a vector."""
    vectors = [variable(f"vector {k}", node.shape) for k, node in enumerate(form.variables)]
    results = bare(hessian_vector(outer, form.variables, vectors))
    fixed = list(form.fixed.values())
    inputs = [*form.variables, *vectors, *fixed]
    graph = as_graph([Parameter(n.name, n) for n in inputs], outer, (), len(vectors) + len(fixed))
    return write_function(
        graph,
        results,
        name="product",
        summary="Return the Hessian times a vector.",
        result_names=[f"product_{k}" for k in range(len(results))],
        pack="list",
    )

"""Squared errors of a model linear in its parameters, from one compiled pass over many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.expression.squares import squares_of
from steepest.fitting.criterion import Criterion
from steepest.fitting.kernel import RowKernel
from steepest.fitting.linearised import Around, Linearised, symmetric, triangle_of, unlikeness
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import read_start
from steepest.objective import Vector
from steepest.program.native.chunks import summed
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.row_gram import RowGram
from steepest.program.native.shared_rows import SharedRows
from steepest.threads import in_one_thread

SAMPLE = 4096
"""Rows, evenly spaced, that tell which coordinates are good ones."""

DEPENDENT = 1e-8
"""A smaller share of a column's length beside the others is left to Householder's method."""

ALIKE = 10.0
"""Condition number of the columns up to which their products keep all but two of their digits."""

CLOSE = 1e-9
"""How well compiled code must agree with Python on the sample."""


class LinearPass:
    """One pass over the rows that finds what Householder's triangle finds, as accurately.

    A sample gives coordinates in which the columns are nearly orthonormal, and a point near the
    best one. Products of such columns, and of residuals there, hold all digits: no condition number
    is squared, and no small sum of squares is the difference of large ones.

    Parameters
    ----------
    criterion : Criterion
        A plain sum of squared errors.
    values : mapping
        The free parameters, all of them numbers.

    References
    ----------
    Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa, T. Fukaya, "Roundoff error analysis of the
    CholeskyQR2 algorithm", Electronic Transactions on Numerical Analysis 44, 2015.
    """

    def __init__(self, criterion: Criterion, values: Mapping[str, Any]) -> None:
        self.engine, self.rows = criterion.engine, criterion.rows
        self.kernel = RowKernel(criterion, *read_start(values))
        sample = self.rows.take(slice(None, None, -(-len(self.rows) // SAMPLE)))
        self.sample: BoundFunction = self.kernel.of(sample)

    def found(self) -> Around | None:
        """Return the squared errors around some point; None where Python should find them."""
        if self.engine == "python":
            return None
        try:
            if self.engine == "auto" and not ROW_LOOPS.pays(self.work.source, 0.0):
                return None
            return self.passed(ROW_LOOPS.compiled(self.work.source))
        except NativeError:
            return None

    def took(self, seconds: float) -> None:
        """Take note of what Python took in its place, and compile where that pays."""
        if self.engine != "auto":
            return
        with suppress(NativeError):
            if ROW_LOOPS.pays(self.work.source, seconds):
                ROW_LOOPS.compiled(self.work.source)

    @cached_property
    def work(self) -> RowGram:
        """The pass over the sample; raises `NativeError` where there is none."""
        if not isinstance(self.sample, GraphFunction):
            raise NativeError("its code cannot be followed.")
        graph = self.sample.branches.at(self.sample.parts(self.sample.start)).arrays
        roots = squares_of(graph.output)
        if roots is None:
            raise NativeError("it is no sum of the squares of a column.")
        return RowGram(graph, roots, self.data_of(self.sample.data))

    def data_of(self, arrays: Iterable[Any]) -> Callable[[Expression], Any]:
        """Return what gives the array of a column, by its node."""
        assert isinstance(self.sample, GraphFunction)
        nodes = self.sample.branches.parameters[self.sample.size :]
        known = {one.node: array for one, array in zip(nodes, arrays, strict=True)}
        return known.__getitem__

    def passed(self, loop: Callable[..., Any]) -> Around | None:
        """Return the squared errors by the compiled pass; None where it would lose digits."""
        start = np.asarray(self.sample.start)
        columns = self.work.by_numpy(start)
        seen = Linearised.of(columns[:, :-1], columns[:, -1])
        if not seen.finite or seen.depend_on_each_other(DEPENDENT):
            return None
        coordinates = triangle_of(seen.slopes)
        if not self.agrees(loop, seen, coordinates):
            return None
        point = start - seen.least()[0]
        rows = self.work.rows.replaced(self.data_of(self.kernel.data_of(self.rows).values()))
        # What few rows have a sample misses: the first pass then tells what the second one needs.
        for _ in range(2):
            products = self.products(loop, point, coordinates, rows)
            squares = Linearised.of_products(products, coordinates, len(self.rows))
            if not squares.finite:
                return None
            if unlikeness(products, squares.size) <= ALIKE:
                return Around(point, squares)
            coordinates = triangle_of(squares.slopes)
        return None

    def products(
        self, loop: Callable[..., Any], point: Vector, coordinates: Vector, rows: SharedRows
    ) -> Vector:
        """Return the entries of [J R⁻¹, r]ᵀ [J R⁻¹, r] on and above the diagonal."""
        turn = np.asarray(in_one_thread(np.linalg.inv, coordinates))
        return summed(self.work.parts(loop, point, turn, rows))

    def agrees(self, loop: Callable[..., Any], seen: Linearised, coordinates: Vector) -> bool:
        """Return whether compiled code finds in the sample what Python has seen in it."""
        found = self.products(loop, np.asarray(self.sample.start), coordinates, self.work.rows)
        columns = in_one_thread(np.linalg.solve, coordinates.T, seen.slopes.T).T
        joined = np.column_stack([columns, seen.residuals])
        lengths = np.linalg.norm(joined, axis=0)
        apart = symmetric(found, seen.size + 1) - joined.T @ joined
        return bool((np.abs(apart) <= CLOSE * np.outer(lengths, lengths)).all())

"""Squared errors of a model linear in its parameters, from one pass over many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.expression.squares import squares_of
from steepest.fitting.criterion import Criterion
from steepest.fitting.kernel import RowKernel
from steepest.fitting.linearised import Around
from steepest.fitting.row_squares import SAMPLE, RowSquares
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import read_start
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.row_gram import RowGram


class LinearPass:
    """One pass over the rows that finds what Householder's triangle finds, as accurately.

    It is made around a point near the best one, which a sample tells: so no small sum of squares is
    the difference of large ones.

    Parameters
    ----------
    criterion : Criterion
        A plain sum of squared errors.
    values : mapping
        The free parameters, all of them numbers.
    """

    def __init__(self, criterion: Criterion, values: Mapping[str, Any]) -> None:
        self.engine, self.rows = criterion.engine, criterion.rows
        self.kernel = RowKernel(criterion, *read_start(values))
        sample = self.rows.take(slice(None, None, -(-len(self.rows) // SAMPLE)))
        self.sample: BoundFunction = self.kernel.of(sample)

    def found(self) -> Around | None:
        """Return the squared errors around some point; None where others should find them."""
        try:
            loop, began = self.loop(), perf_counter()
            found = self.passed(loop)
        except NativeError:
            return None
        if loop is None and self.engine == "auto":
            self.took(perf_counter() - began)
        return found

    def passed(self, loop: Callable[..., Any] | None) -> Around | None:
        """Return the squared errors, by a compiled pass or, without one, by NumPy's."""
        start = np.asarray(self.sample.start)
        seen = self.squares.seen(start)
        if not seen.finite:
            return None
        if loop is not None and not self.squares.agrees(loop, start):
            return None
        point = start - seen.least()[0]
        squares = self.squares.run(loop, point)
        return None if squares is None else Around(point, squares)

    def loop(self) -> Callable[..., Any] | None:
        """Return the pass compiled; None where NumPy is to make it."""
        if self.engine == "python":
            return None
        if self.engine == "auto" and not ROW_LOOPS.pays(self.squares.source, 0.0):
            return None
        loop: Callable[..., Any] = ROW_LOOPS.compiled(self.squares.source)
        return loop

    def took(self, seconds: float) -> None:
        """Take note of what NumPy took, and compile where that pays."""
        with suppress(NativeError):
            if ROW_LOOPS.pays(self.squares.source, seconds):
                ROW_LOOPS.compiled(self.squares.source)

    @cached_property
    def squares(self) -> RowSquares:
        """The pass over all rows; raises `NativeError` where there is none."""
        if not isinstance(self.sample, GraphFunction):
            raise NativeError("its code cannot be followed.")
        graph = self.sample.branches.at(self.sample.parts(self.sample.start)).arrays
        roots = squares_of(graph.output)
        if roots is None:
            raise NativeError("it is no sum of the squares of a column.")
        gram = RowGram(graph, roots, self.data_of(self.sample.data))
        rows = gram.rows.replaced(self.data_of(self.kernel.data_of(self.rows).values()))
        return RowSquares(gram, gram.rows, rows)

    def data_of(self, arrays: Iterable[Any]) -> Callable[[Expression], Any]:
        """Return what gives the array of a column, by its node."""
        assert isinstance(self.sample, GraphFunction)
        nodes = self.sample.branches.parameters[self.sample.size :]
        known = {one.node: array for one, array in zip(nodes, arrays, strict=True)}
        return known.__getitem__

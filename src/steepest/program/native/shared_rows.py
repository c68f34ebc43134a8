"""The columns that a loop over rows reads, in chunks that threads share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from time import perf_counter
from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.objective import Vector
from steepest.program.native.chunks import CHUNK, processors, shared
from steepest.program.native.module import NativeError
from steepest.program.native.rows import RowForm

ALONE = 5e-4
"""Seconds of work that one thread does by itself. To share as much takes a quarter less time on a
free machine, and as long where another program keeps one of two processors busy."""


SHARES = 4
"""How often each thread gets chunks, at least."""

SHARE = 2e-4
"""Seconds that such a share takes, where there are enough chunks: the others wait for the last."""


class SharedRows:
    """Columns in the order in which a loop takes them.

    Parameters
    ----------
    form : RowForm
        Which columns.
    data : callable
        Gives the array of a column that is no constant, by its node.
    chunk : int, default 32768
        How many rows are looked at together.
    """

    def __init__(self, form: RowForm, data: Callable[[Any], Any], chunk: int = CHUNK) -> None:
        self.form, self.count, self.numbers, self.chunk = form, form.count, form.numbers, chunk
        self.columns = [read_only(one) for one in form.arrays(data)]
        self.seconds = 0.0

    def replaced(self, data: Callable[[Any], Any]) -> SharedRows:
        """Return the same columns of other rows, which may be more or fewer.

        Raises
        ------
        NativeError
            Where some of the columns belong to the function itself.
        """
        if any(node.is_constant for node in self.form.columns):
            raise NativeError("the function has columns of its own, which other rows do not have.")
        other = SharedRows(self.form, data, self.chunk)
        if other.columns:
            other.count = len(other.columns[0])
        # As these rows took so long, others are expected to take as long in proportion.
        other.seconds = self.seconds * other.count / max(self.count, 1)
        return other

    def every(self, step: int) -> SharedRows:
        """Return every so many of the rows."""
        some = copy(self)
        some.columns = [read_only(column[::step]) for column in self.columns]
        some.count = len(range(0, self.count, step))
        some.seconds = 0.0
        return some

    def with_columns(self, further: Sequence[Vector]) -> SharedRows:
        """Return the same rows with further columns behind the others."""
        wider = copy(self)
        wider.columns = [*self.columns, *further]
        return wider

    def known(
        self, x: Vector, part: slice = slice(None), further: Sequence[Expression] = ()
    ) -> dict[Expression, Any]:
        """Return the values that the form has in some rows, by what they are called in one.

        Parameters
        ----------
        x : ndarray, shape (n,)
            The variables.
        part : slice, optional
            Which rows.
        further : sequence of Expression, default ()
            What the columns behind those of the form are called.
        """
        form = self.form
        columns = [column[part] for column in self.columns]
        known: dict[Expression, Any] = dict(zip(form.parameters, x, strict=True))
        known |= dict(zip(form.fixed.values(), self.numbers, strict=True))
        known |= dict(zip([*form.columns.values(), *further], columns, strict=True))
        return known

    @property
    def chunks(self) -> int:
        """How many chunks there are, whose boundaries are always the same."""
        return -(-self.count // self.chunk)

    def work(
        self,
        loop: Callable[..., Any],
        x: Vector,
        *results: Vector,
        threads: int | None = None,
        further: Sequence[float] = (),
    ) -> None:
        """Run a loop over all chunks.

        Parameters
        ----------
        loop : callable
            The loop, compiled.
        x : ndarray, shape (n,)
            The variables.
        *results : ndarray
            What it writes into.
        threads : int, optional
            As many as there are processors, where the work is worth sharing.
        further : sequence of float, default ()
            Numbers that the loop takes after those of the form.
        """
        numbers = read_only([*x.tolist(), *self.numbers, *further])
        if threads is None:
            threads = 1 if self.seconds < ALONE else processors()
        threads = min(threads, self.chunks)
        # A thread that asks Python for its next chunks may have to wait for the others: it is
        # given several at once, but not so many that one is done long before another.
        shares = max(SHARES * threads, int(self.seconds / SHARE)) if threads > 1 else 1
        together = -(-self.chunks // shares)

        def some(k: int) -> None:
            last = min((k + 1) * together, self.chunks)
            loop(numbers, *self.columns, self.count, k * together, last, *results)

        began = perf_counter()
        shared(some, -(-self.chunks // together), threads)
        self.seconds = (perf_counter() - began) * threads

    def parts(
        self,
        loop: Callable[..., Any],
        x: Vector,
        results: int,
        threads: int | None = None,
        further: Sequence[float] = (),
    ) -> Vector:
        """Return what a loop adds up in each chunk, shape (chunks, results); see `work`."""
        found = np.empty((self.chunks, results))
        self.work(loop, x, found, threads=threads, further=further)
        return found


def read_only(array: Any) -> Vector:
    """Return an array as the loops take it."""
    view = np.ascontiguousarray(array, dtype=np.float64).view()
    view.setflags(write=False)
    return view

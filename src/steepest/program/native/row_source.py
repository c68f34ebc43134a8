"""The source of loops over rows: one function of a row, and a loop that calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression
from steepest.program.native.chunks import CHUNK
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import write_numbers
from steepest.program.native.rows import RowForm

MOST_RESULTS = 128
"""Sums or columns of one loop; with more the registers of a processor do not hold them by far."""


class RowSource(NamedTuple):
    """The source of a loop over rows, which is the same for other data.

    Attributes
    ----------
    text : str
        A module with the functions `row` and `over_rows`.
    columns, results : int
        How many columns the loop reads, and how many sums or columns it writes.
    adds : bool
        Whether it adds up what `row` returns; else it writes that, row by row.
    tables : int, default 0
        How many tables it reads besides, see `predictor_source`.
    """

    text: str
    columns: int
    results: int
    adds: bool
    tables: int = 0


class Place(NamedTuple):
    """Of which term a result is the sum, or the sum of a derivative by which variables."""

    term: int
    variables: tuple[int, ...]


def write_sums(form: RowForm, order: int) -> tuple[RowSource, list[Place]]:
    """Return a loop that adds up all terms and their derivatives, and which each result is.

    Parameters
    ----------
    form : RowForm
        The terms.
    order : {1, 2}
        The highest derivatives; of the second ones those by variables i ≤ j.

    Raises
    ------
    NativeError
        Where an operation is not known in loops over rows.
    """
    found: dict[Place, Expression] = {}
    for number, term in enumerate(form.terms):
        found[Place(number, ())] = term
        slopes = gradient(term, form.parameters)
        for i, slope in enumerate(slopes):
            found[Place(number, (i,))] = slope
            if order == 2:
                seconds = gradient(slope, form.parameters)
                found |= {Place(number, (i, j)): one for j, one in enumerate(seconds) if i <= j}
    # Without guards at vertical tangents: what is not finite there is left to Python.
    bared = zip(found, bare(list(found.values())), strict=True)
    wanted = {place: one for place, one in bared if not one.equals_constant(0)}
    return write_loop(form, list(wanted.values()), adds=True), list(wanted)


def write_columns(
    form: RowForm, results: Sequence[Expression], further: Sequence[Expression] = ()
) -> RowSource:
    """Return a loop that writes expressions for every row, each of them as a column.

    Parameters
    ----------
    form : RowForm
        What they are made of.
    results : sequence of Expression
        What to write.
    further : sequence of Expression, default ()
        Columns besides those of the form, as they are called in a row.

    Raises
    ------
    NativeError
        Where an operation is not known in loops over rows.
    """
    return write_loop(form, bare(results), adds=False, further=further)


def write_loop(
    form: RowForm,
    results: Sequence[Expression],
    adds: bool,
    further: Sequence[Expression] = (),
    numbers: Sequence[Expression] = (),
) -> RowSource:
    """Return a loop over rows, which takes `numbers` after the variables and constants."""
    if len(results) > MOST_RESULTS:
        raise NativeError(f"{len(results)} results are too many for one loop.")
    handed = [*form.parameters, *form.fixed.values(), *numbers]
    elements = [*form.columns.values(), *further]
    row = write_numbers("row", "Return the results of one row.", [*handed, *elements], results)
    columns = [f"column_{k}" for k in range(len(elements))]
    terms = [f"term_{k}" for k in range(len(results))]
    assigned = f"{', '.join(terms)}{',' * (len(terms) == 1)}"
    places = range(len(results))
    opening, inside, closing = [], [], []
    if adds:
        opening = [f"{' = '.join([f'sum_{k}' for k in places])} = 0.0"]
        inside = [f"sum_{k} += term_{k}" for k in places]
        closing = [f"results[chunk, {k}] = sum_{k}" for k in places]
    else:
        opening = [f"result_{k} = results[{k}, begin:end]" for k in places]
        inside = [f"result_{k}[i] = term_{k}" for k in places]
    # Of a part that begins at 0 no index is negative, which would keep the loop from SIMD.
    opening += [f"part_{k} = {name}[begin:end]" for k, name in enumerate(columns)]
    given = [f"numbers[{k}]" for k in range(len(handed))]
    parts = [f"part_{k}[i]" for k in range(len(columns))]
    lines = [
        f"def over_rows({', '.join(['numbers', *columns, 'count', 'first', 'last', 'results'])}):",
        '    """Go through some chunks of rows."""',
        "    for chunk in range(first, last):",
        f"        begin = chunk * {CHUNK}",
        f"        end = min(begin + {CHUNK}, count)",
        *[f"        {line}" for line in opening],
        "        for i in range(end - begin):",
        f"            {assigned} = row({', '.join([*given, *parts])})",
        *[f"            {line}" for line in inside],
        *[f"        {line}" for line in closing],
    ]
    return RowSource("\n".join([row, "", "", *lines, ""]), len(columns), len(results), adds)

"""The source of loops over rows: one function of a row, and a loop that calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression
from steepest.program.native.chunks import CHUNK
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import listed, write_numbers
from steepest.program.native.row_factors import without_factors
from steepest.program.native.rows import RowForm
from steepest.program.native.width import IMPORT, WIDEST

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
    body = (adding if adds else writing)(results, handed, elements)
    columns = [f"column_{k}" for k in range(len(elements))]
    given = [f"numbers[{k}]" for k in range(len(handed))]
    row = f"row({', '.join([*given, *[f'part_{k}[i]' for k in range(len(columns))]])})"
    terms = [f"term_{k}" for k in range(len(body.inside))]
    lines = [
        f"def over_rows({', '.join(['numbers', *columns, 'count', 'first', 'last', 'results'])}):",
        '    """Go through some chunks of rows."""',
        f"    {WIDEST}",
        "    for chunk in range(first, last):",
        f"        begin = chunk * {CHUNK}",
        f"        end = min(begin + {CHUNK}, count)",
        *[f"        {line}" for line in body.opening],
        # Of a part that begins at 0 no index is negative, which would keep the loop from SIMD.
        *[f"        part_{k} = {name}[begin:end]" for k, name in enumerate(columns)],
        "        for i in range(end - begin):",
        f"            {listed(terms)} = {row}",
        *[f"            {line}" for line in body.inside],
        *[f"        {line}" for line in body.closing],
    ]
    text = "\n".join([IMPORT, *body.functions, *lines, ""])
    return RowSource(text, len(columns), len(results), adds)


class Body(NamedTuple):
    """The functions that a loop calls, and its lines: before a chunk, for each row, and after."""

    functions: list[str]
    opening: list[str]
    inside: list[str]
    closing: list[str]


def adding(
    results: Sequence[Expression], handed: Sequence[Expression], elements: Sequence[Expression]
) -> Body:
    """Return what adds up expressions, each sum once and without what all rows have in common."""
    sums = without_factors(results, elements)
    places = {one: k for k, one in enumerate(dict.fromkeys(one.in_a_row for one in sums))}
    common = [one.factor for one in sums]
    given = ", ".join([f"numbers[{k}]" for k in range(len(handed))])
    return Body(
        [
            write_numbers("row", "Return what one row adds.", [*handed, *elements], list(places)),
            *["", ""],
            write_numbers("factors", "Return the factors of the sums.", handed, common),
            *["", ""],
        ],
        [f"{' = '.join([f'sum_{k}' for k in places.values()])} = 0.0"],
        [f"sum_{k} += term_{k}" for k in places.values()],
        [
            f"{listed([f'factor_{k}' for k in range(len(sums))])} = factors({given})",
            *[
                f"results[chunk, {k}] = factor_{k} * sum_{places[one.in_a_row]}"
                for k, one in enumerate(sums)
            ],
        ],
    )


def writing(
    results: Sequence[Expression], handed: Sequence[Expression], elements: Sequence[Expression]
) -> Body:
    """Return what writes expressions row by row."""
    places = range(len(results))
    row = write_numbers("row", "Return the results of one row.", [*handed, *elements], results)
    return Body(
        [row, "", ""],
        [f"result_{k} = results[{k}, begin:end]" for k in places],
        [f"result_{k}[i] = term_{k}" for k in places],
        [],
    )

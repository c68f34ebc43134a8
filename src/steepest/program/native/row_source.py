"""The source of loops over rows: one function of a row, and a loop that calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression, topological_order
from steepest.program.emission import Emitter
from steepest.program.naming import Names
from steepest.program.native.chunks import CHUNK
from steepest.program.native.elementary import ELEMENTARY
from steepest.program.native.module import NativeError
from steepest.program.native.rows import RowForm
from steepest.program.spelling import PlainNumbers, joined

OURS = {
    **{name: f"{name}({{0}})" for name in ELEMENTARY},
    **{name: f"{name}({{0}}, {{1}})" for name in ("logaddexp", "maximum", "minimum")},
}
"""How functions of our own are called, which become SIMD."""

ARITHMETIC = "add subtract multiply divide negative power square sqrt absolute sign where".split()
COMPARISONS = "less less_equal greater greater_equal equal not_equal".split()
LIBRARY = (
    "tan arcsin arccos arctan arctan2 hypot sinh cosh arcsinh arccosh arctanh erf erfc".split()
)
"""Functions of the C library, which are called number by number."""

KNOWN = {"variable", "constant", *ARITHMETIC, *COMPARISONS, *LIBRARY, *OURS}


LOOP_NAMES = {"row", "i", "chunk", "count", "first", "last", "numbers", "begin", "end", "results"}

MOST_RESULTS = 128
"""Sums or columns of one loop; with more the registers of a processor do not hold them by far."""


class RowNumbers(PlainNumbers):
    """Operators and `math` on numbers, and our own elementary functions in place of those."""

    def template(self, node: Expression) -> str | None:
        """Return the spelling of an operation."""
        return OURS.get(node.operation.name) or super().template(node)

    def header(self, body: str) -> list[str]:
        """Import the functions that are called."""
        called = {name for name in OURS if re.search(rf"\b{name}\(", body)}
        theirs = [line for line in super().header(body) if line.startswith("from math")]
        names = set(re.findall(r"\w+", theirs[0].split("import")[1])) if theirs else set()
        lines = [f"from math import {', '.join(sorted(names - called))}"] if names - called else []
        return [*lines, *[f"from {ELEMENTARY[n].__module__} import {n}" for n in sorted(called)]]


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
    """

    text: str
    columns: int
    results: int
    adds: bool


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


def write_columns(form: RowForm, results: Sequence[Expression]) -> RowSource:
    """Return a loop that writes expressions for every row, each of them as a column.

    Raises
    ------
    NativeError
        Where an operation is not known in loops over rows.
    """
    return write_loop(form, bare(results), adds=False)


def write_loop(form: RowForm, results: Sequence[Expression], adds: bool) -> RowSource:
    """Return a loop over rows."""
    if len(results) > MOST_RESULTS:
        raise NativeError(f"{len(results)} results are too many for one loop.")
    row, columns = written_row(form, results)
    numbers = [f"numbers[{k}]" for k in range(len(form.parameters) + len(form.fixed))]
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
    elements = [f"part_{k}[i]" for k in range(len(columns))]
    lines = [
        f"def over_rows({', '.join(['numbers', *columns, 'count', 'first', 'last', 'results'])}):",
        '    """Go through some chunks of rows."""',
        "    for chunk in range(first, last):",
        f"        begin = chunk * {CHUNK}",
        f"        end = min(begin + {CHUNK}, count)",
        *[f"        {line}" for line in opening],
        "        for i in range(end - begin):",
        f"            {assigned} = row({', '.join([*numbers, *elements])})",
        *[f"            {line}" for line in inside],
        *[f"        {line}" for line in closing],
    ]
    return RowSource("\n".join([row, "", "", *lines, ""]), len(columns), len(results), adds)


def written_row(form: RowForm, results: Sequence[Expression]) -> tuple[str, list[str]]:
    """Return the source of the function of a row, and how it calls the columns."""
    nodes = topological_order(results)
    unknown = sorted({node.operation.name for node in nodes} - KNOWN)
    if unknown:
        raise NativeError(f"its loops over rows do not know {unknown[0]!r}.")
    dialect = RowNumbers()
    names = Names(dialect.names_used(nodes) | set(OURS) | LOOP_NAMES)
    inputs = {node: names.own(node.name) for node in form.parameters}
    inputs |= {node: names.fresh("number") for node in form.fixed.values()}
    columns = {node: names.fresh("column") for node in form.columns.values()}
    emitter = Emitter(dialect, inputs | columns, results, names)
    returned = [emitter.source(result) for result in results]
    signature = ", ".join([*inputs.values(), *columns.values()])
    values = ", ".join(returned)
    body = joined(
        [
            '"""Return the results of one row."""',
            *emitter.lines,
            f"return {values}{',' * (len(returned) == 1)}",
        ]
    )
    text = "\n".join([*dialect.header(body), "", "", f"def row({signature}):", body])
    return text, list(columns.values())

"""The source of loops over rows with linear predictors, which read every table once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import listed, write_numbers
from steepest.program.native.row_source import MOST_RESULTS, RowSource
from steepest.program.native.rows import RowForm
from steepest.program.native.width import IMPORT, WIDEST

CHUNK = 8_192
"""Rows whose sums are added up together: threads share some dozens of these."""

BLOCK = 64
"""Rows that are gone through three times while they are in the first cache."""

TOGETHER = 4
"""Rows that share what is read of β, and of the slopes by it; fewer are gone through one by one.
Half of the time of single rows, and as much as eight of them take (50 columns)."""

GROUPS = {
    f"0, whole, {TOGETHER}": ["i", *[f"i + {k}" for k in range(1, TOGETHER)]],
    "whole, size": ["i"],
}
"""Where groups of rows begin in a block, and the places of their rows."""


class Slot(NamedTuple):
    """Of which term a result is the derivative by which variable or predictor, if by any."""

    term: int
    by: Expression | None


class PredictorSource(NamedTuple):
    """A loop that adds up terms and their derivatives, and where each of these is.

    Attributes
    ----------
    loop : RowSource
        `over_rows(numbers, *tables, *columns, count, first, last, results, slopes)`; the numbers
        are the variables, those that are numbers first, and then the constants.
    sums : list of Slot
        What each column of `results` is.
    slopes : list of Slot
        By the coefficients of which predictor each part of a row of `slopes` is, in order.
    """

    loop: RowSource
    sums: list[Slot]
    slopes: list[Slot]


def write_predictor_sums(form: RowForm) -> PredictorSource:
    """Return the loop of a form with linear predictors.

    A block of rows is gone through three times: η = Xβ; what each row adds, and ∂h/∂η; Xᵀ ∂h/∂η.

    Raises
    ------
    NativeError
        Where an operation is not known in loops over rows.
    """
    predictors = [predictor.in_a_row for predictor in form.predictors.values()]
    found: dict[Slot, Expression] = {}
    for number, term in enumerate(form.terms):
        found[Slot(number, None)] = term
        by = [*form.parameters, *predictors]
        found |= {
            Slot(number, one): slope for one, slope in zip(by, gradient(term, by), strict=True)
        }
    bared = zip(found, bare(list(found.values())), strict=True)
    wanted = {slot: one for slot, one in bared if not one.equals_constant(0)}
    slopes = [slot for slot in wanted if slot.by in predictors]
    sums = [slot for slot in wanted if slot.by not in predictors]
    if len(wanted) > MOST_RESULTS:
        raise NativeError(f"{len(wanted)} results are too many for one loop.")
    text = _loop(form, [wanted[slot] for slot in [*sums, *slopes]], len(sums), slopes)
    loop = RowSource(text, len(form.columns), len(sums), True, tables=len(form.predictors))
    return PredictorSource(loop, sums, slopes)


def _loop(form: RowForm, results: Sequence[Expression], sums: int, slopes: Sequence[Slot]) -> str:
    """Return the module; the first results are added up, the others are slopes of predictors."""
    predictors = list(form.predictors.values())
    scalars, fixed = form.parameters, list(form.fixed.values())
    variables = [*scalars, *fixed, *[one.in_a_row for one in predictors], *form.columns.values()]
    row = write_numbers("row", "Return the results of one row.", variables, results)
    sizes = [one.coefficients.size for one in predictors]
    ends = [len(scalars) + sum(sizes[: k + 1]) for k in range(len(sizes))]
    numbers = [f"numbers[{k}]" for k in range(len(scalars))]
    numbers += [f"numbers[{ends[-1] + k}]" for k in range(len(fixed))]
    each, columns = range(len(predictors)), range(len(form.columns))
    which = [p for slot in slopes for p in each if predictors[p].in_a_row is slot.by]
    starts = [sum(sizes[p] for p in which[:k]) for k in range(len(slopes))]
    names = [*[f"table_{p}" for p in each], *[f"column_{k}" for k in columns]]
    terms = [f"term_{k}" for k in range(len(results))]
    parts = [*[f"predicted_{p}[i]" for p in each], *[f"part_{k}[i]" for k in columns]]
    lines = [
        f"def over_rows(numbers, {', '.join(names)}, count, first, last, results, slopes):",
        '    """Go through some chunks of rows."""',
        f"    {WIDEST}",
        *[f"    coefficients_{p} = numbers[{ends[p] - sizes[p]}:{ends[p]}]" for p in each],
        *[f"    predicted_{p} = np.empty({BLOCK})" for p in each],
        *[f"    slope_{k} = np.empty({BLOCK})" for k in range(len(slopes))],
        "    for chunk in range(first, last):",
        *[f"        sum_{k} = 0.0" for k in range(sums)],
        *[
            f"        total_{k} = slopes[chunk, {start}:{start + sizes[p]}]"
            for k, (p, start) in enumerate(zip(which, starts, strict=True))
        ],
        "        slopes[chunk] = 0.0",
        f"        end = min((chunk + 1) * {CHUNK}, count)",
        f"        for begin in range(chunk * {CHUNK}, end, {BLOCK}):",
        f"            size = min({BLOCK}, end - begin)",
        *[f"            rows_{p} = table_{p}[begin:begin + size]" for p in each],
        *[f"            part_{k} = column_{k}[begin:begin + size]" for k in columns],
        f"            whole = size // {TOGETHER} * {TOGETHER}",
        *[line for p in each for line in predict_lines(p, sizes[p])],
        "            for i in range(size):",
        f"                {listed(terms)} = row({', '.join([*numbers, *parts])})",
        *[f"                sum_{k} += term_{k}" for k in range(sums)],
        *[f"                slope_{k}[i] = term_{sums + k}" for k in range(len(slopes))],
        *[line for k, p in enumerate(which) for line in gather_lines(k, p, sizes[p])],
        *[f"        results[chunk, {k}] = sum_{k}" for k in range(sums)],
    ]
    return "\n".join(["import numpy as np", IMPORT, row, "", "", *lines, ""])


def predict_lines(predictor: int, size: int) -> list[str]:
    """Return the lines that multiply the rows of a block by β."""
    lines = []
    for begins, places in GROUPS.items():
        each, table = list(enumerate(places)), f"rows_{predictor}"
        lines += [
            f"            for i in range({begins}):",
            *[f"                product_{k} = 0.0" for k, _ in each],
            f"                for j in range({size}):",
            f"                    coefficient = coefficients_{predictor}[j]",
            *[
                f"                    product_{k} += {table}[{at}, j] * coefficient"
                for k, at in each
            ],
            *[f"                predicted_{predictor}[{at}] = product_{k}" for k, at in each],
        ]
    return lines


def gather_lines(slope: int, predictor: int, size: int) -> list[str]:
    """Return the lines that add up the rows of a block, each times its slope."""
    lines = []
    for begins, places in GROUPS.items():
        each = list(enumerate(places))
        products = [f"factor_{k} * rows_{predictor}[{at}, j]" for k, at in each]
        lines += [
            f"            for i in range({begins}):",
            *[f"                factor_{k} = slope_{slope}[{at}]" for k, at in each],
            f"                for j in range({size}):",
            f"                    total_{slope}[j] += {' + '.join(products)}",
        ]
    return lines

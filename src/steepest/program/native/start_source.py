"""The source of descents from many starts: one step of a lane, and the way down of a tile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from steepest.expression.node import Expression, apply, substitute, topological_order, variable
from steepest.expression.operation import OPERATIONS
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import is_plain, listed, write_numbers
from steepest.program.native.tiles import TOGETHER
from steepest.program.native.width import IMPORT, WIDEST

NUMBERS = 2048
"""Numbers of a tile, about: 16 kB, which the first cache of a processor holds beside other work."""

NARROWEST = 64
"""Lanes of a tile at least."""

MOST_ROWS = 128
"""Numbers of a lane; with more the registers of a processor do not hold them by far."""

THINNED = 0.75
"""Lanes that have arrived are put aside when no more than this share still moves."""


class StartForm(NamedTuple):
    """A descent, as expressions of numbers.

    Attributes
    ----------
    variables, slopes, moved : sequence of Expression
        The point, the gradient there, and the point after a step.
    memory, initial, following : sequence of Expression
        What is remembered besides: variables, their values before the first step, and after one.
    rate, step : Expression
        Variables: the learning rate, and the number of the step.
    """

    variables: Sequence[Expression]
    slopes: Sequence[Expression]
    moved: Sequence[Expression]
    memory: Sequence[Expression]
    initial: Sequence[Expression]
    following: Sequence[Expression]
    rate: Expression
    step: Expression


class StartSource(NamedTuple):
    """The source of the way down, which is the same for other starts, rates and limits.

    Attributes
    ----------
    text : str
        A module with the functions `begun`, `advanced`, `begin`, `advance` and `over_tiles`.
    variables : int
        n; a table has 2 n + 1 rows.
    width : int
        Lanes of a tile.
    """

    text: str
    variables: int
    width: int


def write_starts(form: StartForm) -> tuple[StartSource, list[float]]:
    """Return the way down, and the constants that are handed to it.

    Raises
    ------
    NativeError
        Where an operation is not known in compiled loops.
    """
    n, rows = len(form.variables), 2 * len(form.variables) + 1 + len(form.memory)
    if rows > MOST_ROWS:
        raise NativeError(f"{rows} numbers are too many for one descent among many.")
    sizes = [apply(OPERATIONS["absolute"], slope) for slope in form.slopes]
    size = reduce(lambda a, b: apply(OPERATIONS["maximum"], a, b), sizes)
    results = [*form.slopes, size, *form.moved, *form.following]
    results, fixed = hidden([*results, *form.initial])
    arguments = [*form.variables, *form.memory, *fixed.values()]
    step = write_numbers(
        "advanced",
        "Return the gradient, its size, and where a step leads.",
        [*arguments, form.rate, form.step],
        results[: len(results) - len(form.initial)],
    )
    start = write_numbers(
        "begun",
        "Return what is remembered before the first step.",
        [*form.variables, *fixed.values()],
        results[len(results) - len(form.initial) :],
    )
    width = max(NARROWEST, NUMBERS // rows // NARROWEST * NARROWEST)
    assert width % TOGETHER == 0
    numbers = [f"number_{k}" for k in range(len(fixed))]
    loops = [*begin_lines(n, rows, width, numbers), *advance_lines(n, rows, width, numbers)]
    text = "\n".join([step, "", "", start, *loops, *tile_lines(n, rows, width), ""])
    return StartSource(text, n, width), [float(node.value) for node in fixed]


def hidden(
    results: Sequence[Expression],
) -> tuple[list[Expression], dict[Expression, Expression]]:
    """Return expressions with variables for their constants, where these are no plain numbers."""
    constants = [node for node in topological_order(results) if node.is_constant]
    unlike = [node for node in constants if not is_plain(node.value)]
    fixed = {node: variable(f"number {place}") for place, node in enumerate(unlike)}
    return substitute(results, fixed), fixed


def begin_lines(n: int, rows: int, width: int, numbers: Sequence[str]) -> list[str]:
    """Return the function that fills in what lanes remember."""
    memory = [f"row_{k}[i]" for k in range(2 * n + 1, rows)]
    if not memory:
        return ["", "", "def begin(lanes, numbers):", '    """Nothing is remembered."""']
    point = [f"row_{k}[i]" for k in range(n)]
    return [
        *["", "", "def begin(lanes, numbers):"],
        '    """Fill in what all lanes remember before the first step."""',
        *taken_apart([*range(n), *range(2 * n + 1, rows)], width, numbers),
        f"    for i in range({width}):",
        f"        {listed(memory)} = begun({', '.join([*point, *numbers])})",
    ]


def advance_lines(n: int, rows: int, width: int, numbers: Sequence[str]) -> list[str]:
    """Return the function that makes one step in all lanes, and counts those that made it."""
    point, memory = (
        [f"row_{k}[i]" for k in range(n)],
        [f"row_{k}[i]" for k in range(2 * n + 1, rows)],
    )
    slopes, ends = [f"row_{n + k}[i]" for k in range(n)], [f"end_{k}" for k in range(n)]
    results = [*slopes, "size", *ends, *memory]
    arguments = ", ".join([*point, *memory, *numbers, "rate", "step"])
    return [
        *["", "", "def advance(lanes, count, numbers, rate, step, tolerance):"],
        '    """Make a step in some lanes; return how many have not arrived."""',
        f"    {WIDEST}",
        *taken_apart(range(rows), width, numbers),
        "    moving = 0",
        "    for i in range(count):",
        f"        {listed(results)} = advanced({arguments})",
        "        moves = size > tolerance",
        "        moving += 1 if moves else 0",
        f"        row_{2 * n}[i] = row_{2 * n}[i] + 1.0 if moves else row_{2 * n}[i]",
        *[f"        row_{k}[i] = {end} if moves else row_{k}[i]" for k, end in enumerate(ends)],
        "    return moving",
    ]


def taken_apart(rows: Sequence[int], width: int, numbers: Sequence[str]) -> list[str]:
    """Return the lines that name rows and constants.

    Places in one array that are known when it is compiled: so it is seen without a question that
    the rows do not overlap.
    """
    parts = [f"    row_{k} = lanes[{k * width}:{(k + 1) * width}]" for k in rows]
    return [*parts, *[f"    {name} = numbers[{k}]" for k, name in enumerate(numbers)]]


def tile_lines(n: int, rows: int, width: int) -> list[str]:
    """Return the function that goes all the way down."""
    return f'''

import numpy as np
from steepest.program.native.tiles import filled, parted, written
{IMPORT}


def over_tiles(table, numbers, rates, tolerance, max_steps, first, last):
    """Go all the way down from some tiles of starts, one after the other."""
    flat = np.empty({rows * width})
    lanes, order = flat.reshape(({rows}, {width})), np.empty({width}, np.int64)
    for tile in range(first, last):
        taken = count = filled(lanes, order, table, tile * {width}, {n})
        begin(flat, numbers)
        for step in range(max_steps + 1):
            # A last look at all: which have arrived is seen, but no step is made.
            rate = rates[min(step, rates.size - 1)] if step < max_steps else 0.0
            moving = advance(flat, count, numbers, rate, step + 1.0, tolerance)
            if moving == 0:
                break
            if moving <= {THINNED} * count:
                count = parted(lanes, order, count, step + 1.0, {n})
        written(lanes, order, table, taken)'''.splitlines()

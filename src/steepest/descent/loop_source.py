"""A generated descent as compiled code takes it: a loop that fills a table and comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from steepest.descent.stopping import Reason
from steepest.expression.node import Expression
from steepest.program.spelling import PlainNumbers, Text, joined

REASONS = tuple(Reason)
"""What the number that a loop returns says."""

GOES_ON = -1
"""The number of a loop that has filled its table and can go on."""

FROM_START = ("start", "scale", "lowest", "highest", "goal")
"""What the first steps find out and all others need."""

ENDS = re.compile(r'return "(\w+)"')


class CompiledNumbers(PlainNumbers):
    """Plain numbers as compiled code must write them to compute what Python does, to the bit.

    Python takes every power of a float, and every number of a step, in floating point; Numba
    multiplies where an exponent is a whole number.
    """

    def template(self, node: Expression) -> str | None:
        """Return the spelling of an operation."""
        return "pow({0}, {1})" if node.operation.name == "power" else super().template(node)

    def number(self, value: Any, whole: bool) -> Text:
        """Return a literal of a floating-point number."""
        return super().number(value, whole=False)


class LoopSource(NamedTuple):
    """The loop of a descent.

    Attributes
    ----------
    text : str
        A module with the functions `first_state`, which takes the start, and
        `descend(state, table, max_steps) -> (rows filled, number of the reason)`.
    width : int
        How many numbers a row of the table has.
    """

    text: str
    width: int


def write_loop(
    header: Sequence[str],
    variables: Sequence[str],
    prelude: Sequence[str],
    row: Sequence[str],
    loop: Sequence[str],
) -> LoopSource:
    """Return the loop of a generated program.

    Parameters
    ----------
    header : sequence of str
        The lines that import what it needs.
    variables : sequence of str
        What it calls the variables.
    prelude : sequence of str
        The lines before the loop.
    row : sequence of str
        What a row consists of.
    loop : sequence of str
        The lines of a step, with an empty one where the row is to be kept.
    """
    begun = [name for line in prelude for name in line.split(" = ")[:-1]]
    found = [name for name in FROM_START if any(f"{name} = " in line for line in loop)]
    names = [*variables, *begun, *found]
    kept = [f"_table_[_row_, {place}] = {part}" for place, part in enumerate(row)]
    steps: list[str] = []
    for line in loop:
        steps += [ENDS.sub(_with_number, line)] if line else kept
    values = ", ".join([*variables, *begun, *["0.0"] * len(found)])
    lines = [
        *header,
        "",
        "",
        f"def first_state({', '.join(variables)}):",
        joined(['"""Return what a loop knows before its first step."""', *prelude]),
        f"    return {values}",
        "",
        "",
        "def descend(_state_, _table_, max_steps):",
        '    """Fill the rows of a table; return how many, and why not more."""',
        *[f"    {name} = _state_[{place}]" for place, name in enumerate(names)],
        "    for _row_ in range(len(_table_)):",
        joined(steps, indent=8),
        *[f"    _state_[{place}] = {name}" for place, name in enumerate(names)],
        f"    return len(_table_), {GOES_ON}",
        "",
    ]
    return LoopSource("\n".join(lines), len(row))


def _with_number(match: re.Match[str]) -> str:
    """Return the statement that ends a loop for a reason."""
    return f"return _row_ + 1, {REASONS.index(Reason[match[1]])}"

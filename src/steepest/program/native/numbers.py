"""Functions of plain numbers as compiled loops call them, with elementary functions of our own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from steepest.expression.node import Expression, topological_order
from steepest.program.emission import Emitter
from steepest.program.naming import Names
from steepest.program.native.elementary import ELEMENTARY, OF_TWO
from steepest.program.native.module import NativeError
from steepest.program.spelling import PlainNumbers, is_whole, joined

OURS = {
    name: f"{name}({{0}}, {{1}})" if name in OF_TWO else f"{name}({{0}})" for name in ELEMENTARY
}
"""How functions of our own are called, which become SIMD."""

ARITHMETIC = "add subtract multiply divide negative square sqrt absolute sign where".split()
COMPARISONS = "less less_equal greater greater_equal equal not_equal".split()
LIBRARY = "arcsinh arccosh arctanh".split()
"""Functions of the C library, which are called number by number."""

KNOWN = {"variable", "constant", *ARITHMETIC, *COMPARISONS, *LIBRARY, *OURS}

LARGEST_PLAIN = 16.0


class NativeNumbers(PlainNumbers):
    """Operators and `math` on numbers, and our own elementary functions in place of those."""

    def template(self, node: Expression) -> str | None:
        """Return the spelling of an operation."""
        if node.operation.name == "power" and is_whole(node.inputs[1]):
            return super().template(node)
        return OURS.get(node.operation.name) or super().template(node)

    def header(self, body: str) -> list[str]:
        """Import the functions that are called."""
        called = {name for name in OURS if re.search(rf"\b{name}\(", body)}
        theirs = [line for line in super().header(body) if line.startswith("from math")]
        names = set(re.findall(r"\w+", theirs[0].split("import")[1])) if theirs else set()
        lines = [f"from math import {', '.join(sorted(names - called))}"] if names - called else []
        return [*lines, *[f"from {ELEMENTARY[n].__module__} import {n}" for n in sorted(called)]]


def write_numbers(
    name: str, summary: str, arguments: Sequence[Expression], results: Sequence[Expression]
) -> str:
    """Return the source of a function of numbers that returns a tuple, with its imports.

    Parameters
    ----------
    name, summary : str
        Name and docstring of the function.
    arguments : sequence of Expression
        Variables, in the order in which they are handed over.
    results : sequence of Expression
        What it returns.

    Raises
    ------
    NativeError
        Where an operation is not known in compiled loops.
    """
    nodes = topological_order(results)
    unknown = sorted({node.operation.name for node in nodes} - KNOWN)
    if unknown:
        raise NativeError(f"compiled loops do not know {unknown[0]!r}.")
    dialect = NativeNumbers()
    names = Names(dialect.names_used(nodes) | set(OURS))
    inputs = {node: names.own(node.name) for node in arguments}
    emitter = Emitter(dialect, inputs, results, names)
    returned = [emitter.source(result) for result in results]
    closing = f"return {listed(returned)}"
    body = joined([f'"""{summary}"""', *emitter.lines, closing])
    signature = ", ".join(inputs.values())
    return "\n".join([*dialect.header(body), "", "", f"def {name}({signature}):", body])


def listed(parts: Sequence[str]) -> str:
    """Return a tuple, or the targets of an assignment from one.

    >>> listed(["a", "b"]), listed(["a"])
    ('a, b', 'a,')
    """
    return f"{', '.join(parts)}{',' * (len(parts) == 1)}"


def is_plain(value: object) -> bool:
    """Return whether a number belongs to the form of a function, as those of derivatives do.

    Others are handed to a loop with the variables, so that it serves functions of the same form.

    >>> is_plain(2), is_plain(-0.5), is_plain(1.345)
    (True, True, False)
    """
    return not isinstance(value, float) or (abs(value) <= LARGEST_PLAIN and (2 * value) % 1 == 0)

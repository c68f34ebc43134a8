"""The last lines of a generated descent: they run it as a script and print where it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steepest.expression.node import Expression
from steepest.program.spelling import joined
from steepest.program.writer import Parameter


def ending(names: Mapping[Expression, str], parameters: Sequence[Parameter], plain: bool) -> str:
    """Return the lines that run the program and print where it ends.

    Parameters
    ----------
    names : mapping of Expression to str
        What the program calls its variables, in the order in which it yields them.
    parameters : sequence of Parameter
        The variables as the user gave them.
    plain : bool
        Whether the program computes with plain numbers.

    Returns
    -------
    str
        Source in which {start} stands for the start.
    """
    row = ", ".join([*names.values(), "value", "*_"])
    lines = [
        f"for steps, ({row}) in enumerate(descend({{start}})):",
        "    pass",
        *[
            f"print({quoted(f'{parameter.name} =')}, {printed(parameter, names, plain)})"
            for parameter in parameters
        ],
        'print("value =", value)',
        'print("steps =", steps)',
    ]
    return '\n\nif __name__ == "__main__":\n' + joined(lines) + "\n"


def quoted(text: str, quotes: str = '"') -> str:
    """Return any text as a literal, in such quotes where it needs no escapes."""
    simple = text.isprintable() and not set(text) & {'"', "\\"}
    return f"{quotes}{text}{quotes}" if simple else repr(text)


def printed(parameter: Parameter, names: Mapping[Expression, str], plain: bool) -> str:
    """Return the source of a parameter's end point: a number, or lists of numbers."""
    if not parameter.node.shape:
        return names[parameter.node]
    if not plain:
        return f"{names[parameter.node]}.tolist()"

    def nested(elements: Any) -> str:
        if isinstance(elements, Expression):
            return names[elements]
        return f"[{', '.join([nested(element) for element in elements])}]"

    return nested(parameter.elements().tolist())

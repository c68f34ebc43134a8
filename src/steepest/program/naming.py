"""Names for the steps of a generated program: sin_x and x_squared rather than t17."""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from collections.abc import Callable, Iterable

from steepest.expression.node import Expression

RESERVED = {*keyword.kwlist, *dir(builtins), *dir(math), "np", "special"}
"""What a name that is made up here never hides, used or not."""

SHORT = {
    "absolute": "abs",
    "gammaln": "log_gamma",
    "logaddexp": "log_sum",
    "getitem": "part",
    "take_along_axis": "picked",
    "matmul": "product",
}


class Names:
    """Hands out names that are not in use.

    Parameters
    ----------
    taken : iterable of str
        Names that the program needs for something else: what it calls.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)

    def own(self, wanted: str) -> str:
        """Return the name that a user gave, numbered only where the program needs it itself."""
        return self._free(identifier(wanted), keyword.iskeyword)

    def fresh(self, wanted: str) -> str:
        """Return ``wanted``, or the next free numbered name after it."""
        return self._free(identifier(wanted), RESERVED.__contains__)

    def _free(self, wanted: str, refused: Callable[[str], bool]) -> str:
        name, number = wanted, 2
        while name in self.taken or refused(name):
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def describing(self, node: Expression, inputs: list[str]) -> str:
        """Return a fresh name that says what a node is."""
        operation = node.operation.name
        first = inputs[0] if inputs and re.fullmatch(r"\w{1,12}", inputs[0]) else ""
        if not first.isidentifier():
            first = ""
        if operation == "power" and first and node.inputs[1].equals_constant(2):
            return self.fresh(f"{first}_squared")
        if operation == "power" and first and node.inputs[1].equals_constant(3):
            return self.fresh(f"{first}_cubed")
        if len(node.inputs) == 1 and node.operation.elementwise and operation != "negative":
            short = SHORT.get(operation, operation)
            return self.fresh(f"{short}_{first}" if first else short)
        kinds = {"add": "total", "subtract": "difference", "multiply": "product"}
        kinds |= {"divide": "ratio", "power": "power", "sum": "total", "where": "choice"}
        return self.fresh(kinds.get(operation, SHORT.get(operation, "term")))


def identifier(name: str) -> str:
    """Return any text as a Python identifier: the keys of a mapping may be called anything."""
    # Python itself reads identifiers in this normal form.
    normal = unicodedata.normalize("NFKC", name)
    text = "".join([c if f"_{c}".isidentifier() else "_" for c in normal])
    return text if text.isidentifier() else f"_{text}"

"""How operations are spelled in generated source: with plain numbers, or with NumPy."""

from __future__ import annotations

import inspect
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, NamedTuple

from steepest.expression.node import Expression
from steepest.expression.operations.polygamma import polygamma
from steepest.expression.precedence import ATOM, PRODUCT, SIGN, parenthesised
from steepest.program.naming import RESERVED

WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
"""A name in source, but for attributes."""

MATH_NAMES = {name for name in dir(math) if not name.startswith("_")}


class Text(NamedTuple):
    """A piece of source and how tightly it binds."""

    source: str
    precedence: int = ATOM

    @property
    def is_atom(self) -> bool:
        """Whether it is a name or a number, free to repeat."""
        return bool(re.fullmatch(r"\w+|\d+\.\d*", self.source))


class Dialect(ABC):
    """One way to write programs: what spells each operation, and what must be imported."""

    @abstractmethod
    def template(self, node: Expression) -> str | None:
        """Return the template of an operation, None where this dialect has none."""

    @abstractmethod
    def outline(self, node: Expression) -> str:
        """Return what is written for an operation or a number besides its operands."""

    @abstractmethod
    def helpers(self, body: str) -> list[str]:
        """Return the source of our own functions that a body calls."""

    @abstractmethod
    def header(self, body: str) -> list[str]:
        """Return the import lines that a body needs."""

    def names_used(self, nodes: Iterable[Expression]) -> set[str]:
        """Return the names of built-ins, modules and functions in the spelling of some nodes."""
        text = " ".join({self.outline(node) for node in nodes if not node.is_variable})
        helpers = self.helpers(text)
        known = RESERVED | {name for source in helpers for name in re.findall(r"def (\w+)", source)}
        return known & set(WORD.findall(" ".join([text, *helpers])))

    def number(self, value: Any, whole: bool) -> Text:
        """Return a literal; ``whole`` keeps integers (exponents), others become floats."""
        if isinstance(value, bool):
            return Text(str(value))
        if isinstance(value, int) and not whole:
            value = float(value)
        if isinstance(value, float) and not math.isfinite(value):
            return Text(f'float("{value}")')
        return Text(repr(value), SIGN if str(value).startswith("-") else ATOM)

    def spell(self, node: Expression, inputs: list[Text]) -> Text:
        """Return the source of a node, given the source of its inputs."""
        if node.operation.name == "power" and (short := self.short_power(node, inputs)):
            return short
        template = self.template(node)
        if template is None:
            raise LookupError(f"{node.operation.name} cannot be written in this dialect.")
        if not template.startswith(("{0}", "-{0}")):
            return Text(template.format(*[text.source for text in inputs], **node.options))
        precedence = node.operation.precedence
        operands = [(text.source, text.precedence) for text in inputs]
        written = parenthesised(node.operation.name, precedence, operands, exactly=True)
        return Text(template.format(*written), precedence)

    def short_power(self, node: Expression, inputs: list[Text]) -> Text | None:
        """Write small whole powers of a name as products: faster, and overflow is infinity."""
        if inputs[0].is_atom and is_product(node):
            return Text("*".join([inputs[0].source] * int(node.inputs[1].value)), PRODUCT)
        return None


class PlainNumbers(Dialect):
    """Operators, built-ins and `math` on Python's floats."""

    def template(self, node: Expression) -> str | None:
        """Return the scalar spelling."""
        if node.operation.name == "power" and not is_whole(node.inputs[1]):
            # Python's ** leaves the real numbers for negative bases; math.pow does not.
            return "pow({0}, {1})"
        return node.operation.scalar_spelling

    def outline(self, node: Expression) -> str:
        """Return the template, or the number."""
        if node.is_constant:
            return self.number(node.value, whole=True).source
        return self.template(node) or ""

    def helpers(self, body: str) -> list[str]:
        """Return the source of `polygamma` where it is called."""
        return [inspect.getsource(polygamma)] if "polygamma(" in body else []

    def header(self, body: str) -> list[str]:
        """Import the functions of `math` that are called."""
        helpers = self.helpers(body)
        written = "".join([body, *helpers])
        called = set(re.findall(r"\b([a-z]\w*)\(", written)) & MATH_NAMES
        lines = [f"from math import {', '.join(sorted(called))}"] if called else []
        return [*lines, *after_two_lines(helpers)]


class Arrays(Dialect):
    """NumPy on arrays."""

    def template(self, node: Expression) -> str | None:
        """Return the NumPy spelling."""
        spelling = node.operation.spelling
        return spelling if isinstance(spelling, str) and spelling else None

    def spell(self, node: Expression, inputs: list[Text]) -> Text:
        """Return the source of a node; options are part of the spelling of some."""
        spelling = node.operation.spelling
        if isinstance(spelling, str):
            return super().spell(node, inputs)
        options = node.options
        if "keepdims" in options and len(options["axis"]) == node.inputs[0].ndim:
            options["axis"] = None
        return Text(spelling(*[text.source for text in inputs], **options))

    def names_used(self, nodes: Iterable[Expression]) -> set[str]:
        """Return the names in the spelling of some nodes, and NumPy's own."""
        return {"np"} | super().names_used(nodes)

    def outline(self, node: Expression) -> str:
        """Return the template, filled in where only filled in it is text."""
        if node.is_constant:
            return "np.array" if node.shape else self.number(node.value, whole=True).source
        return self.template(node) or self.spell(node, [Text("_")] * len(node.inputs)).source

    def helpers(self, body: str) -> list[str]:
        """Return the source of the functions below that are called."""
        return [source for name, source in HELPERS.items() if f"{name}(" in body]

    def header(self, body: str) -> list[str]:
        """Import NumPy, and SciPy's special functions where they are called."""
        lines = ["import numpy as np"]
        if "special." in body:
            lines.append("from scipy import special")
        return [*lines, *after_two_lines(self.helpers(body))]

    def placed(self, target: str, sign: str, piece: Expression, source: str) -> str:
        """Return the statement that writes a piece into an array, or adds it there."""
        return f"{target} {sign} {source}"

    def array(self, value: Any) -> str | None:
        """Return the literal of a small array; None where it is too long to write out."""
        if value.size > 2 and (value == value.flat[0]).all() and value.dtype.kind == "f":
            first = self.number(float(value.flat[0]), whole=False).source
            shape = value.shape[0] if value.ndim == 1 else value.shape
            return f"np.zeros({shape})" if first == "0.0" else f"np.full({shape}, {first})"
        return None if value.size > 12 else self.literal(value)

    def literal(self, value: Any) -> str:
        """Return an array, however long, as source."""
        numbers = re.sub("nan|inf", r"np.\g<0>", repr(value.tolist()))
        return f"np.array({numbers})"


HELPERS = {
    "placed": '''def placed(values, shape, index):
    """Return zeros of that shape with the values at the index."""
    result = np.zeros(shape)
    result[index] = values
    return result''',
    "scattered": '''def scattered(values, shape, index):
    """Return zeros of that shape with the values added at the index."""
    result = np.zeros(shape)
    np.add.at(result, index, values)
    return result''',
    "written": '''def written(array, index, values):
    """Return a copy of the array with the values at the index."""
    result = np.array(array, dtype=np.result_type(array, values))
    result[index] = values
    return result''',
    "put_along": '''def put_along(values, places, axis, shape):
    """Return zeros of that shape with the values added at the places along an axis."""
    result = np.zeros(shape)
    index = list(np.ogrid[tuple([slice(n) for n in places.shape])])
    index[axis] = places
    np.add.at(result, tuple(index), values)
    return result''',
}


def is_whole(node: Expression) -> bool:
    """Whether a node is a known whole number."""
    return node.is_constant and not node.shape and isinstance(node.value, int)


def is_product(node: Expression) -> bool:
    """Whether a node is a power that is written as a product; NumPy's own squares are as quick."""
    if node.operation.name != "power":
        return False
    exponent = node.inputs[1]
    if not exponent.is_constant or exponent.shape:
        return False
    return bool(exponent.value == 3 or (exponent.value == 2 and not node.shape))


def counted(template: str, place: int) -> int:
    """Return how often a template repeats an operand."""
    return template.count(f"{{{place}}}")


def after_two_lines(functions: Iterable[str]) -> list[str]:
    """Return the lines of function definitions, each after two empty lines."""
    return [line for source in functions for line in ["", "", *source.splitlines()]]


def joined(lines: Iterable[str], indent: int = 4) -> str:
    """Return lines, indented."""
    return "\n".join([" " * indent + line if line else "" for line in lines])

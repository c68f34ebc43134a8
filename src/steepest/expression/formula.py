"""Expressions as text that reads like mathematics and parses back."""

from __future__ import annotations

import math

from steepest.expression.node import Expression, topological_order
from steepest.expression.precedence import ATOM, PRODUCT, SIGN, parenthesised

SPELLED: dict[str, str] = {
    "absolute": "abs({0})",
    "where": "where({0}, {1}, {2})",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
}
"""Operations whose formula is not simply name(arguments) or an operator."""

UNWRITTEN = {"finite_or_zero", "where_finite"}
"""Guards at vertical tangents, which formulas leave out."""

REPEATED = {"reshape", "broadcast_to"}
"""Changes of shape, which formulas leave out as well."""

SYMBOLS = {"add", "subtract", "multiply", "divide", "negative", "power", "remainder"}
SYMBOLS |= {"floor_divide", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}


LONGEST = 50_000
"""Characters of an expression that are written out."""

NAMED_NUMBERS = {math.e: "e", math.log(2): "log(2)", math.log(10): "log(10)"}
"""Numbers that one does not write in digits."""

HALVES = {1: "", 2: "/2", 3: "/3", 4: "/4", 6: "/6"}
"""Divisors with which parts of pi are written."""


def number_text(value: object) -> str:
    """Return a number the way one writes it: 2 rather than 2.0, 2*pi, full digits otherwise."""
    if isinstance(value, float) and abs(value) in NAMED_NUMBERS:
        return f"{'-' if value < 0 else ''}{NAMED_NUMBERS[abs(value)]}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return part_of_pi(value) or repr(value) if isinstance(value, float) else repr(value)


def part_of_pi(value: float) -> str:
    """Return 2*pi, -pi/2 and the like, where it is that number to the last digit."""
    if not 0.1 < abs(value) < 400:
        return ""
    for below, divisor in HALVES.items():
        above = round(value * below / math.pi)
        if above and above * math.pi / below == value:
            times = {1: "", -1: "-"}.get(above, f"{above}*")
            return f"{times}pi{divisor}"
    return ""


def number_precedence(written: str) -> int:
    """Return how tightly the text of a number binds."""
    if "pi" in written and written != "pi":
        return PRODUCT
    return SIGN if written.startswith("-") else ATOM


def to_formula(output: Expression) -> str:
    """Return ``output`` as a formula.

    Parameters
    ----------
    output : Expression
        A scalar expression.

    Returns
    -------
    str
        Text that the formula parser reads back to an equal expression, where all
        operations are elementwise.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> to_formula(variable("x") ** 2 / 3)
    'x**2/3'
    """
    text: dict[Expression, tuple[str, int]] = {}
    for node in topological_order([output]):
        text[node] = readable(_node_text(node, [text[child] for child in node.inputs]))
    return text[output][0]


def readable(part: tuple[str, int]) -> tuple[str, int]:
    """Return what is written of an expression, or dots for what is too long for any reader.

    Derivatives share their parts; written out, each is there as often as it is used, and a formula
    of a few hundred characters can have one of more than fits in memory.
    """
    return part if len(part[0]) <= LONGEST else ("...", ATOM)


def _node_text(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    if node.is_variable:
        return node.name, ATOM
    if node.is_constant:
        if node.shape:
            return f"array{node.shape}", ATOM
        written = number_text(node.value)
        return written, number_precedence(written)
    name = node.operation.name
    if name in SYMBOLS:
        return _infix(node, inputs)
    if name in UNWRITTEN or name in REPEATED:
        return inputs[0]
    plain = [written for written, _ in inputs]
    if name == "polygamma":
        order = node.options["order"]
        return (f"polygamma({order}, {plain[0]})" if order else f"digamma({plain[0]})"), ATOM
    template = SPELLED.get(name)
    if template:
        return template.format(*plain), ATOM
    if name == "getitem":
        inner = plain[0] if inputs[0][1] == ATOM else f"({plain[0]})"
        return f"{inner}[{node.options['index'].source}]", ATOM
    details = [f"{key}={value}" for key, value in node.attributes if not is_usual(node, key)]
    return f"{name}({', '.join(plain + details)})", ATOM


def is_usual(node: Expression, key: str) -> bool:
    """Whether an attribute is what NumPy takes by itself: all axes, and none of them kept."""
    value, whole = node.options[key], tuple(range(node.inputs[0].ndim))
    return (key == "keepdims" and not value) or (key == "axis" and value == whole)


def _infix(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    """Put an operator between its operands, with the parentheses that Python needs."""
    spelling = node.operation.spelling
    assert isinstance(spelling, str)
    precedence = node.operation.precedence
    operands = parenthesised(node.operation.name, precedence, inputs, exactly=False)
    # a*(b/c) may lose its parentheses, a*(b // c) may not.
    whole = node.operation.name in ("floor_divide", "remainder")
    return spelling.format(*operands), precedence - whole

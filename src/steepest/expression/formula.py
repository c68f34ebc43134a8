"""Expressions as text that reads like mathematics and parses back."""

from __future__ import annotations

import math

from steepest.expression.node import Expression, topological_order
from steepest.expression.precedence import ATOM, SIGN, parenthesised

SPELLED: dict[str, str] = {
    "absolute": "abs({0})",
    "where": "where({0}, {1}, {2})",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
}
"""Operations whose formula is not simply name(arguments) or an operator."""

UNWRITTEN = {"finite_or_zero", "where_finite"}
"""Guards at vertical tangents, which formulas leave out."""

SYMBOLS = {"add", "subtract", "multiply", "divide", "negative", "power", "remainder"}
SYMBOLS |= {"floor_divide", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}


def number_text(value: object) -> str:
    """Return a number the way one writes it: 2 rather than 2.0, full digits otherwise."""
    if value == math.pi:
        return "pi"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


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
        text[node] = _node_text(node, [text[child] for child in node.inputs])
    return text[output][0]


def _node_text(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    if node.is_variable:
        return node.name, ATOM
    if node.is_constant:
        if node.shape:
            return f"array{node.shape}", ATOM
        written = number_text(node.value)
        return written, SIGN if written.startswith("-") else ATOM
    name = node.operation.name
    if name in SYMBOLS:
        return _infix(node, inputs)
    if name in UNWRITTEN:
        return inputs[0]
    plain = [written for written, _ in inputs]
    if name == "polygamma":
        order = node.options["order"]
        return (f"polygamma({order}, {plain[0]})" if order else f"digamma({plain[0]})"), ATOM
    template = SPELLED.get(name)
    if template:
        return template.format(*plain), ATOM
    details = [f"{key}={value}" for key, value in node.attributes]
    return f"{name}({', '.join(plain + details)})", ATOM


def _infix(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    """Put an operator between its operands, with the parentheses that Python needs."""
    spelling = node.operation.spelling
    assert isinstance(spelling, str)
    precedence = node.operation.precedence
    operands = parenthesised(node.operation.name, precedence, inputs, exactly=False)
    return spelling.format(*operands), precedence

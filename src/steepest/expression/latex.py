"""Expressions in LaTeX."""

from __future__ import annotations

import re

from steepest.expression.formula import (
    REPEATED,
    UNWRITTEN,
    number_precedence,
    number_text,
    readable,
)
from steepest.expression.node import Expression, topological_order
from steepest.expression.precedence import ATOM, POWER, PRODUCT

GREEK = set(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau "
    "upsilon phi chi psi omega".split()
)


def name_latex(name: str) -> str:
    """Return a variable's name: x_1 for x1, a Greek letter for its name."""
    match = re.fullmatch(r"([A-Za-z]+?)_?(\d+)", name)
    stem, index = (match.group(1), match.group(2)) if match else (name, "")
    if stem in GREEK:
        stem = f"\\{stem}"
    elif len(stem) > 1:
        stem = f"\\mathrm{{{stem}}}".replace("_", r"\_")
    return f"{stem}_{{{index}}}" if index else stem


def to_latex(output: Expression) -> str:
    r"""Return ``output`` in LaTeX.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> to_latex(variable("x") ** 2 / 3)
    '\\frac{x^{2}}{3}'
    """
    text: dict[Expression, tuple[str, int]] = {}
    for node in topological_order([output]):
        text[node] = readable(_node(node, [text[child] for child in node.inputs]))
    return text[output][0]


def _bracketed(part: tuple[str, int], least: int) -> str:
    return part[0] if part[1] >= least else rf"\left({part[0]}\right)"


def _unsigned(part: tuple[str, int], least: int) -> str:
    """Return an operand behind an operator: its sign would read as another operator."""
    return _bracketed(part, ATOM + 1 if part[0].startswith("-") else least)


def _node(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    name, precedence = node.operation.name, node.operation.precedence
    if node.is_variable:
        return name_latex(node.name), ATOM
    if node.is_constant:
        return _number(node)
    if name == "divide":
        above, sign = inputs[0][0], ""
        if above.startswith("-") and inputs[0][1] >= PRODUCT:
            above, sign = above[1:], "-"
        return rf"{sign}\frac{{{above}}}{{{inputs[1][0]}}}", PRODUCT if sign else PRODUCT + 5
    if name == "power":
        return f"{_bracketed(inputs[0], POWER + 1)}^{{{inputs[1][0]}}}", POWER
    if name == "multiply":
        left, right = _bracketed(inputs[0], precedence), _unsigned(inputs[1], precedence)
        between = r" \cdot " if right[0].isdigit() else r" "
        return f"{left}{between}{right}", precedence
    if name in ("add", "subtract"):
        sign = "+" if name == "add" else "-"
        right = _unsigned(inputs[1], precedence + (name == "subtract"))
        return f"{inputs[0][0]} {sign} {right}", precedence
    if name == "negative":
        return f"-{_bracketed(inputs[0], precedence)}", precedence
    if name in UNWRITTEN or name in REPEATED:
        return inputs[0]
    if name == "getitem":
        return rf"{_bracketed(inputs[0], ATOM)}_{{{node.options['index'].source}}}", ATOM
    template = node.operation.latex
    plain = [part for part, _ in inputs]
    if template:
        own = precedence if precedence < ATOM else ATOM
        return template.format(*plain, **{k: str(v) for k, v in node.attributes}), own
    title = name.replace("_", r"\_")
    return rf"\operatorname{{{title}}}\left({', '.join(plain)}\right)", ATOM


def _number(node: Expression) -> tuple[str, int]:
    if node.shape:
        return rf"\mathrm{{array}}{node.shape}", ATOM
    written = number_text(node.value)
    if "pi" in written:
        above, _, below = written.replace("*", " ").replace("pi", r"\pi").partition("/")
        return (rf"\frac{{{above}}}{{{below}}}" if below else above), number_precedence(written)
    sign, log, argument = written.partition("log(")
    if log:
        return rf"{sign}\log\left({argument[:-1]}\right)", number_precedence(written)
    mantissa, e, exponent = written.partition("e")
    if e and mantissa:
        written = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return written, number_precedence(written)

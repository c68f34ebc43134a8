"""Expressions in LaTeX."""

from __future__ import annotations

import re

from steepest.expression.formula import UNWRITTEN, number_text
from steepest.expression.node import Expression, topological_order
from steepest.expression.precedence import ATOM, POWER, PRODUCT, SIGN

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
        text[node] = _node(node, [text[child] for child in node.inputs])
    return text[output][0]


def _bracketed(part: tuple[str, int], least: int) -> str:
    return part[0] if part[1] >= least else rf"\left({part[0]}\right)"


def _node(node: Expression, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    name, precedence = node.operation.name, node.operation.precedence
    if node.is_variable:
        return name_latex(node.name), ATOM
    if node.is_constant:
        return _number(node)
    if name == "divide":
        return rf"\frac{{{inputs[0][0]}}}{{{inputs[1][0]}}}", PRODUCT + 5
    if name == "power":
        return f"{_bracketed(inputs[0], POWER + 1)}^{{{inputs[1][0]}}}", POWER
    if name == "multiply":
        left, right = _bracketed(inputs[0], precedence), _bracketed(inputs[1], precedence)
        between = r" \cdot " if right[0].isdigit() else r" "
        return f"{left}{between}{right}", precedence
    if name in ("add", "subtract"):
        sign = "+" if name == "add" else "-"
        right = _bracketed(inputs[1], precedence + (name == "subtract"))
        return f"{inputs[0][0]} {sign} {right}", precedence
    if name == "negative":
        return f"-{_bracketed(inputs[0], precedence)}", precedence
    if name in UNWRITTEN:
        return inputs[0]
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
    if written == "pi":
        return r"\pi", ATOM
    mantissa, e, exponent = written.partition("e")
    if e:
        written = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return written, SIGN if written.startswith("-") else ATOM

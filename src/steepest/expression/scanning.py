"""A first look at a formula's text: brackets, missing operators, characters that mean nothing."""

from __future__ import annotations

import keyword
import re

from steepest.errors import FormulaError

MOST_BRACKETS = 100
"""A limit that keeps a hostile formula from holding the machine; no real one comes near."""

PARTNERS = {")": "(", "]": "[", "}": "{"}
TOKEN = re.compile(
    r"(?P<number>(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<equals>(?<![=<>!:])=(?!=))|(?P<close>[)\]])|(?P<open>[(\[])|(?P<other>\S)"
)
BETWEEN = {"if", "else", "and", "or", "not", "in", "is"}
"""Words of Python that may stand between two operands."""

TAKEN = {*keyword.kwlist} - BETWEEN - {"True", "False", "None"}
"""Words that Python keeps for something no formula has."""

WRITTEN = {"²": "**2", "³": "**3", "·": "*", "×": "*", "÷": "/", "−": "-", "√": "sqrt(...)"}
"""Signs of printed mathematics, and how they are typed."""


def pointed(text: str, message: str, place: int) -> FormulaError:
    """Return an error that shows the formula with a caret under ``place``."""
    start = max(0, place - 50)
    line = text[start : place + 30].replace("\n", " ").replace("\t", " ")
    line = "".join([c if c.isprintable() else "?" for c in line])
    lead, tail = "..." if start else "", "..." if place + 30 < len(text) else ""
    caret = " " * (len(lead) + place - start)
    return FormulaError(f"{message}\n  {lead}{line}{tail}\n  {caret}^")


def check(text: str) -> None:
    """Find what a parser of Python would report less helpfully, or not at all.

    Raises
    ------
    FormulaError
        With a caret under the place.
    """
    check_characters(text)
    check_brackets(text)
    check_tokens(text)


def check_characters(text: str) -> None:
    """Find a character that no formula contains."""
    for place, character in enumerate(text):
        if character in WRITTEN:
            typed = WRITTEN[character]
            raise pointed(text, f"{character!r} cannot be read; write {typed} instead.", place)
        if not (character.isprintable() or character in "\n\r\t\f"):
            raise pointed(text, f"The character {character!r} cannot be read; remove it.", place)


def check_brackets(text: str) -> None:
    """Find a bracket that has no partner, and nesting too deep to be meant."""
    open_places: list[int] = []
    for place, character in enumerate(text):
        if character in "([{":
            open_places.append(place)
            if len(open_places) > MOST_BRACKETS:
                message = f"The formula nests more than {MOST_BRACKETS} brackets; simplify it."
                raise pointed(text, message, place)
        elif character in PARTNERS:
            if not open_places or text[open_places[-1]] != PARTNERS[character]:
                message = f"This {character!r} closes nothing; remove it or open it first."
                raise pointed(text, message, place)
            open_places.pop()
    if open_places:
        raise pointed(text, "This bracket is never closed; close it.", open_places[-1])


def check_tokens(text: str) -> None:
    """Find operands with no operator between them, an equals sign, and Python's own words."""
    operand = False
    for token in TOKEN.finditer(text.partition("#")[0]):
        kind, word, place = token.lastgroup, token.group(), token.start()
        starts = kind == "number" or (kind == "name" and word not in BETWEEN)
        if kind == "equals":
            message = "'=' is not part of a formula; give the right-hand side alone (== compares)."
            raise pointed(text, message, place)
        if operand and starts:
            message = "An operator is missing here (write 2*x, not 2x or 2 x)."
            raise pointed(text, message, place)
        if kind == "name" and word in TAKEN:
            message = f"{word!r} is a word of Python and names no variable; write {word[:3]}_."
            raise pointed(text, message, place)
        operand = starts or kind == "close"

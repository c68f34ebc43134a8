"""A first look at a formula's text: brackets, missing operators, signs that mean nothing."""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

from steepest.errors import FormulaError
from steepest.expression.signs import (
    LATEX,
    PROGRAM_WORDS,
    RAISED,
    REFUSED,
    as_typed,
    plain_form,
)
from steepest.expression.vocabulary import WORDS

MOST_BRACKETS = 100
"""A limit that keeps a hostile formula from holding the machine; no real one comes near."""

PARTNERS = {")": "(", "]": "[", "}": "{"}
SIGNS = "|".join(map(re.escape, sorted(REFUSED, key=len, reverse=True)))
TOKEN = re.compile(
    r"(?P<number>(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<latex>\\[A-Za-z]+)|(?P<compare>[=!<>]=(?!=)|[<>](?![<>=]))"
    rf"|(?P<refused>{SIGNS})|(?P<equals>=)|(?P<close>[)\]])|(?P<open>[(\[])"
    r"|(?P<operator>\*\*|//|[-+*/%])|(?P<point>[.,])|(?P<other>\S)"
)
BETWEEN = {"if", "else", "and", "or", "not", "in", "is"}
"""Words of Python that may stand between two operands."""

TAKEN = {*keyword.kwlist} - BETWEEN - {"True", "False", "None"}
"""Words that Python keeps for something no formula has."""


def pointed(text: str, message: str, place: int) -> FormulaError:
    """Return an error that shows the formula with a caret under ``place``."""
    start = max(0, place - 50)
    line = "".join([" " if c.isspace() else c for c in text[start : place + 30]])
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
    """Find a character that no text contains, and exponents that can be read in two ways."""
    for place, character in enumerate(text):
        if not (character.isprintable() or character.isspace()):
            raise pointed(text, f"The character {character!r} cannot be read; remove it.", place)
    twice = re.search(rf"[{re.escape(''.join(RAISED))}]\s*(\^|\*\*)", text)
    if twice:
        message = "A power of a power can be read in two ways; put the first in brackets."
        raise pointed(text, message, twice.start())


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
    """Find operands with no operator between them, and what means nothing in a formula."""
    typed, places = as_typed(text)
    before, depth = Piece("", "", "", ""), 0
    for token in TOKEN.finditer(typed.partition("#")[0]):
        written = text[places[token.start()] : places[token.end() - 1] + 1]
        after = typed[token.end() :].lstrip()
        piece = Piece(token.lastgroup or "", token.group(), written, after)
        message = complaint(piece) or misplaced(before, piece, depth)
        if message:
            raise pointed(text, message, places[token.start()])
        depth += (piece.kind == "open") - (piece.kind == "close")
        before = piece


class Piece(NamedTuple):
    """One word or sign of a formula: its kind, itself, how it was written, what follows."""

    kind: str
    word: str
    written: str
    after: str

    @property
    def starts_operand(self) -> bool:
        """Whether it is a number or a name."""
        return self.kind == "number" or (self.kind == "name" and self.word not in BETWEEN)

    @property
    def ends_operand(self) -> bool:
        """Whether an operator is due behind it."""
        return self.starts_operand or self.kind == "close"


def misplaced(before: Piece, piece: Piece, depth: int) -> str:
    """Say why a piece cannot stand behind the one before it; nothing if it can."""
    opens = piece.word == "(" and before.kind != "name"
    if before.ends_operand and (piece.starts_operand or opens):
        between = f"{before.written!r} and {piece.written!r}"
        return f"An operator is missing between {between}; to multiply, write a *."
    if before.kind == piece.kind == "operator" and piece.word not in "+-":
        return "Two operators stand side by side; remove one of them."
    if piece.word == "if" and not before.kind:
        return "Write a choice as 'x if x > 0 else -x'."
    if piece.word == "," and not depth:
        decimals = re.match(r"\d+", piece.after)
        if before.word.isdecimal() and decimals:
            return f"Decimals have a point; write {before.word}.{decimals[0]}."
        return "A formula is one number, not a list of them; remove the comma."
    return ""


def complaint(piece: Piece) -> str:
    """Say what is wrong with one piece, whatever stands before it; nothing if it is right."""
    word = piece.word
    match piece.kind:
        case "refused" | "other":
            return f"{piece.written!r} is not part of a formula; {REFUSED.get(word, 'remove it')}."
        case "latex":
            return latex_complaint(word.removeprefix("\\"))
        case "equals":
            return "'=' is not part of a formula; give the right-hand side alone (== compares)."
        case "number" if not word.isascii():
            return f"{word!r} cannot be read; write {plain_form(word)}."
        case "operator" if word == "%" and not piece.after:
            return "% is the remainder of a division, as in x % 2; write 0.1 for 10 per cent."
        case "name" if word.isidentifier():
            return name_complaint(word, piece.after)
        case "name":
            return f"{word!r} cannot be read; {REFUSED.get(word) or f'write {plain_form(word)}'}."
    return ""


def latex_complaint(command: str) -> str:
    """Say how a command of LaTeX is written."""
    written = LATEX.get(command) or (f"{command}(x)" if command in WORDS else command)
    return f"LaTeX cannot be read; write {written} instead of \\{command}."


def name_complaint(word: str, after: str) -> str:
    """Say what is wrong with a name that can stand nowhere, or not here."""
    if word in PROGRAM_WORDS:
        return PROGRAM_WORDS[word]
    if word == "lambda" and re.match(r"[\w\s,*]*:", after):
        return PROGRAM_WORDS["def"]
    if word in TAKEN:
        return f"{word!r} is a word of Python and names no variable; write {word[:3]}_."
    if word.lower() in WORDS and after.startswith("["):
        return f"Functions take round brackets; write {word.lower()}(x)."
    power = re.match(r"\*\*\s*(-?\d+)\s*\(", after)
    if word in WORDS and power:
        return f"A power of a function stands behind its brackets; write {word}(x)**{power[1]}."
    if word in WORDS and not after.startswith("("):
        return f"{word!r} is a function; give it arguments, as in {word}(x)."
    return ""

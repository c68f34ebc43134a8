"""Signs and words of mathematics that formulas are not written in: read, or advised upon.

Where a printed sign can mean one thing only, it is read as what one types for it. All
others are refused, with what to write instead.
"""

from __future__ import annotations

import unicodedata

READ_AS = {
    "^": "**",
    "·": " * ",
    "⋅": " * ",
    "∙": " * ",
    "×": " * ",
    "÷": " / ",
    "−": "-",
    "–": "-",
    "≤": " <= ",
    "≥": " >= ",
    "≠": " != ",
    "√": " sqrt ",
}
"""Signs, and what they are read as. Blanks keep two signs from making a third (×× is no **)."""

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
"""Digits of printed exponents."""

COMPARED = "compare with <, <=, >, >=, == or !="

REFUSED: dict[str, str] = {
    "&&": "write 'and'",
    "||": "write 'or', or abs(x) for |x|",
    "&": "write 'and'",
    "|": "write abs(x) for |x|, and 'or' between conditions",
    "***": "write ** for powers",
    "<>": COMPARED,
    "=>": COMPARED,
    "=<": COMPARED,
    "===": COMPARED,
    ":=": "give the right-hand side alone",
    ":": "write a choice as 'x if x > 0 else -x'",
    "?": "write a choice as 'x if x > 0 else -x'",
    "!": "write 'not' for not, exp(gammaln(x + 1)) for a factorial",
    "~": "give the right-hand side alone, and 'not' for not",
    "@": "write sums of products out, such as x1*y1 + x2*y2",
    "<<": "write x*2**y",
    ">>": "write x//2**y",
    ";": "separate arguments by commas, and give one formula at a time",
    "$": "write the formula alone",
    "`": "write the formula alone",
    "'": "write it without quotes or primes",
    '"': "write it without quotes",
    "“": "write it without quotes",
    "”": "write it without quotes",
    "‘": "write it without quotes or primes",
    "’": "write it without quotes or primes",
    "{": "group with round brackets ( )",
    "}": "group with round brackets ( )",
    "∞": "a formula has finite numbers only",
    "∑": "write the terms out, or give a Python function",
    "∏": "write the factors out, or give a Python function",
    "∫": "give the function without the integral",
    "∂": "give the function itself, and 'derive' differentiates it",
    "∇": "give the function itself, and 'derive' differentiates it",
    "→": "a formula has no limits; give the function itself",
    "±": "choose + or -",
    "°": "write radians(x) for an angle in degrees",
    "½": "write 0.5",
    "¼": "write 0.25",
    "¾": "write 0.75",
}
"""Signs that a formula does not have, and what to do instead."""

LATEX = {
    "frac": "(x)/(y)",
    "dfrac": "(x)/(y)",
    "cdot": "*",
    "times": "*",
    "div": "/",
    "left": "(",
    "right": ")",
    "le": "<=",
    "leq": "<=",
    "ge": ">=",
    "geq": ">=",
    "ne": "!=",
    "neq": "!=",
    "lambda": "lam",
}
"""Commands of LaTeX that are written differently here."""

ELSEWHERE = {
    "tg": "tan(x)",
    "arctg": "arctan(x)",
    "ctg": "1/tan(x)",
    "cot": "1/tan(x)",
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "cosec": "1/sin(x)",
    "sh": "sinh(x)",
    "ch": "cosh(x)",
    "th": "tanh(x)",
    "sen": "sin(x)",
    "sgn": "sign(x)",
    "lg": "log10(x)",
    "lb": "log2(x)",
    "factorial": "exp(gammaln(x + 1))",
    "gamma": "exp(gammaln(x))",
    "norm": "sqrt(x**2 + y**2)",
    "sum": "x1 + x2, every term of it",
    "prod": "x1*x2, every factor of it",
}
"""Functions under names that are not known here, and how to write them."""

NO_FUNCTIONS = "A formula cannot define functions; write what it returns alone."
NO_LOOPS = "Comprehensions and loops are not part of a formula; write the terms out, as in x1 + x2."
PROGRAM_WORDS = {
    "def": NO_FUNCTIONS,
    "for": NO_LOOPS,
    "while": NO_LOOPS,
    "return": "A formula has no 'return'; write what is returned alone.",
    "import": "A formula imports nothing; functions such as sin are known.",
    "from": "A formula imports nothing; functions such as sin are known.",
}
"""Words of Python for what no formula does."""


def as_typed(text: str) -> tuple[str, list[int]]:
    """Return a formula in the signs one types, and where each character of it comes from.

    Examples
    --------
    >>> as_typed("x²")
    ('x**2 ', [0, 1, 1, 1, 1])
    """
    typed: list[str] = []
    places: list[int] = []
    before = ""
    for place, character in enumerate(text):
        if character in RAISED:
            piece = ("" if before in RAISED else "**") + RAISED[character]
            if text[place + 1 : place + 2] not in RAISED:
                piece += " "  # x²3 is not x**23
        else:
            piece = " " if character.isspace() else READ_AS.get(character, character)
        typed.append(piece)
        places.extend([place] * len(piece))
        before = character
    return "".join(typed), places


def plain_form(word: str) -> str:
    """Return a word in plain letters and digits: x₁ as x1, the wide ５ as 5."""
    return unicodedata.normalize("NFKC", word)

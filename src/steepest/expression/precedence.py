"""How tightly Python's operators bind, and which operands need parentheses."""

from __future__ import annotations

from collections.abc import Sequence

COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = 40, 60, 70, 80, 90, 100


def parenthesised(
    name: str, precedence: int, operands: Sequence[tuple[str, int]], *, exactly: bool
) -> list[str]:
    """Return the operands of an operator, in parentheses where Python needs them.

    Parameters
    ----------
    name : str
        The operation.
    precedence : int
        How tightly its operator binds.
    operands : sequence of (str, int)
        The source of each operand and how tightly that binds.
    exactly : bool
        Whether x + (y + z) keeps its parentheses, which decide about the last digit.
    """
    if precedence == COMPARISON:  # Python would chain them
        apart: tuple[int, ...] = (0, 1)
    elif name == "power":
        apart = (0,)
    else:
        apart = () if name in ("add", "multiply") and not exactly else (1,)
    return [
        f"({source})" if own < precedence or (own == precedence and place in apart) else source
        for place, (source, own) in enumerate(operands)
    ]

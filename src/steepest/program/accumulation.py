"""Sums of pieces of an array, written as one array into which each piece is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from steepest.expression.node import Expression


class Accumulation(NamedTuple):
    """A sum of pieces that lie at places of an array, and perhaps of one whole array.

    Attributes
    ----------
    whole : Expression or None
        The array that the pieces are added to; zeros where it is None.
    pieces : tuple of Expression
        The scattered pieces, in the order of their addition.
    """

    whole: Expression | None
    pieces: tuple[Expression, ...]


def accumulations(
    order: Sequence[Expression], uses: Mapping[Expression, int]
) -> tuple[dict[Expression, Accumulation], set[Expression]]:
    """Return the sums of pieces among some nodes, and the nodes that are written with them.

    Parameters
    ----------
    order : sequence of Expression
        Every node after its inputs.
    uses : mapping
        How often each node is used; only what is used once can be written into.
    """
    sums: dict[Expression, Accumulation] = {}
    absorbed: set[Expression] = set()
    for node in order:
        if node.operation.name != "add":
            continue
        for base, piece in (node.inputs, node.inputs[::-1]):
            if not (_is_piece(piece) and uses[piece] == 1 and base.shape == node.shape):
                continue
            if base in sums and uses[base] == 1:
                before = sums.pop(base)
                absorbed |= {base, piece}
                sums[node] = Accumulation(before.whole, (*before.pieces, piece))
            elif _is_piece(base) and uses[base] == 1:
                absorbed |= {base, piece}
                sums[node] = Accumulation(None, (base, piece))
            elif base.operation.elementwise and not base.is_variable and uses[base] == 1:
                # The result of elementwise arithmetic is an array that nobody else holds.
                absorbed.add(piece)
                sums[node] = Accumulation(base, (piece,))
            else:
                continue
            break
    return sums, absorbed


def _is_piece(node: Expression) -> bool:
    """Return whether a node is zeros but for the values at a plain slice or place."""
    return node.operation.name == "scatter" and node.options["index"].is_basic

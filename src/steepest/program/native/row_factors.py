"""Sums over rows without what all rows have in common: Σ 2a eᵢ xᵢ = 2a Σ eᵢ xᵢ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from steepest.expression.node import Expression, constant, topological_order


class Sum(NamedTuple):
    """A sum over rows, taken apart.

    Attributes
    ----------
    factor : Expression
        What is the same in all rows.
    in_a_row : Expression
        What each row adds, but for that factor.
    """

    factor: Expression
    in_a_row: Expression


def without_factors(terms: Sequence[Expression], elements: Collection[Expression]) -> list[Sum]:
    """Return what rows add to some sums, with their common factors apart.

    What differs between rows is multiplied in one order, what was computed last coming first, so
    that products of the same factors are the same: in derivatives these are the error and what it
    is multiplied by.

    Parameters
    ----------
    terms : sequence of Expression
        What a row adds to each sum.
    elements : collection of Expression
        The variables that differ between rows.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> a, x, y = map(variable, "axy")
    >>> without_factors([-2.0 * (y * a * x)], {x, y})
    [Sum(factor=Expression(-2*a), in_a_row=Expression(x*y))]
    """
    place: dict[Expression, int] = {}
    differing = set(elements)
    for node in topological_order(terms):
        place[node] = len(place)
        if not differing.isdisjoint(node.inputs):
            differing.add(node)
    sums = []
    for term in terms:
        sign, parts = factors(term)
        inside = sorted([one for one in parts if one in differing], key=place.__getitem__)
        common = [one for one in parts if one not in differing]
        sums.append(Sum(product([constant(sign), *common]), product(inside[::-1])))
    return sums


def factors(term: Expression) -> tuple[float, list[Expression]]:
    """Return a sign, and the expressions whose product with it is a term."""
    sign, found, left = 1.0, [], [term]
    while left:
        node = left.pop()
        if node.operation.name == "multiply":
            left.extend(reversed(node.inputs))
        elif node.operation.name == "negative":
            sign = -sign
            left.append(node.inputs[0])
        else:
            found.append(node)
    return sign, found


def product(parts: Sequence[Expression]) -> Expression:
    """Return a product, 1 of nothing."""
    found = constant(1.0)
    for part in parts:
        found = found * part
    return found

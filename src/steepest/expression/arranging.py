"""Derivatives arranged the way a person writes them, for reading only.

Backpropagation multiplies slopes in the order in which it meets them. Here each
product becomes one number, one numerator and one denominator, and like terms and
factors are gathered; an outermost polynomial falls in degree. That may change a
result in its last digits, so programs are never made from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from steepest.expression.formula import UNWRITTEN
from steepest.expression.node import Expression, apply, constant, topological_order
from steepest.expression.operation import OPERATIONS
from steepest.expression.parser import natural_order

MOST_NODES = 500
"""A larger formula is read by nobody, and stays as it is."""

LONG = 10
"""Characters from which on a fraction reads better than decimals."""

SUMS = {"add", "subtract"}
RANKS = {"variable": 0, "power": 1, "add": 3, "subtract": 3}
"""Order of factors: variables, powers, functions, sums in brackets."""


@dataclass(frozen=True)
class Product:
    """A number times powers of factors: 3*x**2/y is 3, {x: 2, y: -1}."""

    number: Any
    factors: dict[Expression, int]

    def times(self, other: Product, sign: int = 1) -> Product:
        """Return the product with ``other``, or with one over it."""
        factors = dict(self.factors)
        for factor, exponent in other.factors.items():
            factors[factor] = factors.get(factor, 0) + sign * exponent
        number = self.number * other.number if sign > 0 else self.number / other.number
        return Product(number, {factor: n for factor, n in factors.items() if n})

    def scaled(self, number: Any) -> Product:
        """Return the product with another number before it."""
        return Product(self.number * number, self.factors)


def arranged(output: Expression) -> Expression:
    """Return a scalar expression in the order in which one writes it.

    Parameters
    ----------
    output : Expression
        A derivative.

    Returns
    -------
    Expression
        The same function, but for the last digits and for factors that cancel.

    Examples
    --------
    >>> from steepest.expression.node import variable
    >>> x = variable("x")
    >>> arranged(2 * x - 1 - 6 * x**2 + 4 * x**3)
    Expression(4*x**3 - 6*x**2 + 2*x - 1)
    """
    order = topological_order([output])
    if len(order) > MOST_NODES or any(node.shape for node in order):
        return output
    reading = _Reading()
    for node in order:
        reading.read(node)
    return reading.written(output, outermost=True)


class _Reading:
    """The nodes of one expression, as products and as sums of them."""

    def __init__(self) -> None:
        self.products: dict[Expression, Product] = {}
        self.sums: dict[Expression, list[Product]] = {}
        self.names: dict[Expression, list[tuple[Any, ...]]] = {}

    def read(self, node: Expression) -> None:
        """Take in a node whose inputs are known."""
        if node.operation.name in SUMS:
            left, right = [self.terms(child) for child in node.inputs]
            if node.operation.name == "subtract":
                right = [term.scaled(-1) for term in right]
            self.sums[node] = gathered([*left, *right])
        else:
            self.products[node] = self.product(node)

    def terms(self, node: Expression) -> list[Product]:
        """Return the terms of a node; a product is one."""
        return self.sums[node] if node in self.sums else [self.products[node]]

    def factor(self, node: Expression) -> Product:
        """Return a node as a product; a sum of several terms is one factor of it."""
        terms = self.terms(node)
        if not terms:
            return Product(0, {})
        return terms[0] if len(terms) == 1 else Product(1, {self.known(self.written(node)): 1})

    def product(self, node: Expression) -> Product:
        """Return a node that is no sum as a product."""
        name, inputs = node.operation.name, node.inputs
        if node.is_constant:
            return Product(node.value, {})
        if node.is_variable:
            return Product(1, {self.known(node): 1})
        if name in UNWRITTEN:
            return self.factor(inputs[0])
        if name == "negative":
            return self.factor(inputs[0]).scaled(-1)
        if name == "multiply":
            return self.factor(inputs[0]).times(self.factor(inputs[1]))
        if name == "divide":
            below = self.factor(inputs[1])
            if below.number:
                return self.factor(inputs[0]).times(below, -1)
        if name == "power" and inputs[1].is_constant and inputs[1].kind == "i":
            base, exponent = self.factor(inputs[0]), int(inputs[1].value)
            if base.number == 1 and exponent:
                return Product(1, {factor: n * exponent for factor, n in base.factors.items()})
        parts = [self.written(child) for child in inputs]
        return Product(1, {self.known(apply(node.operation, *parts, **node.options)): 1})

    def known(self, factor: Expression) -> Expression:
        """Note which variables a factor has, which is what factors are ordered by."""
        if factor not in self.names:
            nodes = topological_order([factor])
            keys = [tuple(natural_order(node.name)) for node in nodes if node.is_variable]
            self.names[factor] = sorted(keys)
        return factor

    def written(self, node: Expression, outermost: bool = False) -> Expression:
        """Return a node, arranged."""
        terms = self.terms(node)
        if not terms:
            return constant(0.0)
        if len(terms) > 1:
            terms = self.ordered(terms, outermost)
        total = self.spelled(terms[0])
        for term in terms[1:]:
            name = "subtract" if term.number < 0 else "add"
            positive = term.scaled(-1) if term.number < 0 else term
            total = apply(OPERATIONS[name], total, self.spelled(positive))
        return total

    def ordered(self, terms: list[Product], outermost: bool) -> list[Product]:
        """Return the terms of a polynomial in falling degree, others with a positive one first."""
        if not (outermost and all(map(is_monomial, terms))):
            first = next((k for k, term in enumerate(terms) if not term.number < 0), 0)
            return [terms[first], *terms[:first], *terms[first + 1 :]]
        variables = sorted({x for term in terms for x in term.factors}, key=self.names.__getitem__)

        def falling(term: Product) -> tuple[int, ...]:
            exponents = [-term.factors.get(x, 0) for x in variables]
            return sum(exponents), *exponents

        return sorted(terms, key=falling)

    def spelled(self, product: Product) -> Expression:
        """Return number * numerator / denominator."""
        place = {factor: k for k, factor in enumerate(product.factors)}

        def key(factor: Expression) -> tuple[Any, ...]:
            return RANKS.get(factor.operation.name, 2), self.names[factor], place[factor]

        ordered = [(factor, product.factors[factor]) for factor in sorted(place, key=key)]
        above = [powered(factor, n) for factor, n in ordered if n > 0]
        below = [powered(factor, -n) for factor, n in ordered if n < 0]
        number, divisor = fraction(product.number)
        if divisor != 1:
            below.insert(0, constant(divisor))
        if above and number == -1:
            above[0] = apply(OPERATIONS["negative"], above[0])
        elif number != 1 or not above:
            above.insert(0, constant(float(number)))
        top = multiplied(above)
        return apply(OPERATIONS["divide"], top, multiplied(below)) if below else top


def gathered(terms: Iterable[Product]) -> list[Product]:
    """Return terms with like ones added, and those that cancel left out."""
    known: dict[frozenset[tuple[Expression, int]], Product] = {}
    for term in terms:
        like = frozenset(term.factors.items())
        before = known.get(like)
        number = term.number if before is None else before.number + term.number
        known[like] = Product(number, (before or term).factors)
    return [term for term in known.values() if term.number != 0]


def is_monomial(term: Product) -> bool:
    """Whether a term is a number times whole powers of variables."""
    return all(factor.is_variable and n > 0 for factor, n in term.factors.items())


def fraction(number: Any) -> tuple[Any, int]:
    """Return a number as n/d where its decimals would not end soon: 0.333... is 1/3."""
    if len(repr(number)) < LONG or not math.isfinite(number):
        return number, 1
    exact = Fraction(number).limit_denominator(1000)
    above, below = exact.numerator, exact.denominator
    return (above, below) if above / below == number else (number, 1)


def powered(factor: Expression, exponent: int) -> Expression:
    """Return factor**exponent."""
    if factor.operation.name == "sqrt" and exponent % 2 == 0:
        return powered(factor.inputs[0], exponent // 2)
    return factor if exponent == 1 else apply(OPERATIONS["power"], factor, exponent)


def multiplied(factors: list[Expression]) -> Expression:
    """Return the product of expressions, from left to right."""
    product = factors[0]
    for factor in factors[1:]:
        product = apply(OPERATIONS["multiply"], product, factor)
    return product

"""Arithmetic: the operations with signs of their own, and the algebra that tidies them.

Each rule is written (gradient g, result y, inputs...) -> gradients of the inputs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant, tidy
from steepest.expression.operation import (
    KINDS,
    OPERATIONS,
    Operation,
    broadcast_shape,
    define,
    widest_kind,
)
from steepest.expression.operations.kinks import finite_or_zero, where
from steepest.expression.precedence import POWER, PRODUCT, SIGN, SUM


def unless_broadcast(kept: Expression, other: Expression) -> Expression | None:
    """Return ``kept`` if dropping ``other`` changes neither shape nor kind."""
    same_shape = broadcast_shape(kept.shape, other.shape) == kept.shape
    same_kind = KINDS.index(kept.kind) >= max(KINDS.index(other.kind), KINDS.index("i"))
    return kept if same_shape and same_kind else None


def coefficient(node: Expression) -> tuple[Any, Expression]:
    """Split a term into its constant factor and the rest: 3*x is (3, x)."""
    if node.operation is multiply and node.inputs[0].is_constant and not node.inputs[0].shape:
        return node.inputs[0].value, node.inputs[1]
    if node.operation is negative:
        inner, rest = coefficient(node.inputs[0])
        return -inner, rest
    return 1, node


def is_negative_number(node: Expression) -> bool:
    """Whether this is a scalar constant below zero."""
    return node.is_constant and not node.shape and node.value < 0


def plus_zero(a: Expression, b: Expression) -> Expression | None:
    """Simplify x + 0 and 0 + x."""
    if b.equals_constant(0):
        return unless_broadcast(a, b)
    return unless_broadcast(b, a) if a.equals_constant(0) else None


def like_terms(a: Expression, b: Expression) -> Expression | None:
    """Gather 2*x + 3*x into 5*x, and x**2 + 2*x**2 likewise."""
    first, rest = coefficient(a)
    second, other = coefficient(b)
    if rest is other and not rest.is_constant:
        return tidy("multiply", first + second, rest)
    return None


def tidy_add(a: Expression, b: Expression) -> Expression | None:
    """Move signs and constants of a sum to where one writes them."""
    if a.is_constant and not b.is_constant:
        a, b = b, a
    if b.operation is negative:
        return tidy("subtract", a, b.inputs[0])
    if a.operation is negative:
        return tidy("subtract", b, a.inputs[0])
    if is_negative_number(b):
        return tidy("subtract", a, -b.value)
    if (gathered := like_terms(a, b)) is not None:
        return gathered
    factor, rest = coefficient(b)
    if rest is not b and factor < 0:
        return apply(subtract, a, scaled(-factor, rest))
    if b.is_constant and a.operation is add and a.inputs[1].is_constant:
        return tidy("add", a.inputs[0], tidy("add", a.inputs[1], b))
    return apply(add, a, b)


def tidy_subtract(a: Expression, b: Expression) -> Expression | None:
    """Move signs and constants of a difference likewise."""
    if b.operation is negative:
        return tidy("add", a, b.inputs[0])
    if is_negative_number(b):
        return tidy("add", a, -b.value)
    if (gathered := like_terms(a, apply(negative, b))) is not None:
        return gathered
    factor, rest = coefficient(b)
    if rest is not b and factor < 0:
        return apply(add, a, scaled(-factor, rest))
    return None


def power_of(node: Expression) -> tuple[Expression, int]:
    """Split x**3 into (x, 3)."""
    if node.operation is power:
        exponent = node.inputs[1]
        if exponent.is_constant and exponent.kind == "i" and not exponent.shape:
            return node.inputs[0], int(exponent.value)
    return node, 1


def split_number(node: Expression) -> tuple[Any, Expression | None]:
    """Split a factor into its number and the rest: 3*x is (3, x), and 3 is (3, None)."""
    return (node.value, None) if node.is_constant and not node.shape else coefficient(node)


def product(a: Expression, b: Expression) -> Expression:
    """Return the product of two factors without numbers, x**m * x**n as x**(m + n)."""
    base, m = power_of(a)
    other, n = power_of(b)
    if base is other and not base.is_constant and m > 0 and n > 0:
        return apply(power, base, m + n)
    return apply(multiply, a, b)


def tidy_multiply(a: Expression, b: Expression) -> Expression | None:
    """Let zero absorb, gather signs, numbers and powers to where one writes them."""
    if a.equals_constant(0) or b.equals_constant(0):
        return constant(np.zeros(broadcast_shape(a.shape, b.shape)))
    first, left = split_number(a)
    second, right = split_number(b)
    number = first * second
    if left is None or right is None:
        rest = right if left is None else left
        return None if rest is None else scaled(number, rest)
    return scaled(number, product(left, right))


def scaled(number: Any, rest: Expression) -> Expression:
    """Return number * rest, where -1 is a sign."""
    if number == 1:
        return rest
    return apply(negative, rest) if number == -1 else apply(multiply, number, rest)


def tidy_divide(a: Expression, b: Expression) -> Expression | None:
    """Gather signs and numbers of a quotient likewise."""
    if a.equals_constant(0):
        return constant(np.zeros(broadcast_shape(a.shape, b.shape)))
    if a.operation is negative:
        return tidy("negative", tidy("divide", a.inputs[0], b))
    factor, rest = coefficient(a)
    if b.is_constant and not b.shape and rest is not a and b.value != 0:
        return scaled(factor / b.value, rest)
    return None


def tidy_negative(a: Expression) -> Expression | None:
    """Move the sign into a constant factor: -(3*x) is (-3)*x, -(a - b) is b - a."""
    factor, rest = coefficient(a)
    if rest is not a and not rest.is_constant:
        return apply(multiply, -factor, rest)
    if a.operation is subtract:
        return apply(subtract, a.inputs[1], a.inputs[0])
    return None


def times_one(a: Expression, b: Expression) -> Expression | None:
    """Simplify x * 1 and 1 * x, x * (-1) and (-1) * x."""
    for kept, other in ((a, b), (b, a)):
        if other.equals_constant(1):
            return unless_broadcast(kept, other)
        if other.equals_constant(-1) and unless_broadcast(kept, other) is not None:
            return apply(negative, kept)
    return None


def minus_zero(a: Expression, b: Expression) -> Expression | None:
    """Simplify x - 0 and 0 - x."""
    if b.equals_constant(0):
        return unless_broadcast(a, b)
    if a.equals_constant(0) and unless_broadcast(b, a) is not None:
        return apply(negative, b)
    return None


def over_one(a: Expression, b: Expression) -> Expression | None:
    """Simplify x / 1."""
    return unless_broadcast(a, b) if b.equals_constant(1) and a.kind == "f" else None


def plain_power(x: Expression, p: Expression) -> Expression | None:
    """Simplify x**1 and x**0.5; write whole exponents as integers."""
    if not p.is_constant or p.shape or x.kind != "f":
        return None
    if p.value == 1:
        return x
    if p.value == 0.5:
        return apply(OPERATIONS["sqrt"], x)
    if p.kind == "f" and p.value == round(p.value) and abs(p.value) < 1e6:
        return apply(power, x, int(p.value))
    return None


def counting(function: Any) -> Any:
    """Return a function of numbers for which truth values are 0 and 1, unlike NumPy's."""

    def number(x: Any) -> Any:
        return x + 0 if np.asarray(x).dtype == bool else x

    return lambda a, b: function(number(a), number(b))


def numpy_power(x: Any, p: Any) -> Any:
    """Return x**p by IEEE rules, whole numbers included (2**-1 is 0.5, 9**9**9 is inf)."""
    base, exponent = np.asarray(x), np.asarray(p)
    if base.ndim and base.dtype.kind == "f" and not exponent.ndim and exponent == 3:
        # Two products take a twentieth of the time of a general power.
        return x * x * x
    if base.dtype.kind == "f" or exponent.dtype.kind == "f":
        return np.power(x, p)
    exact = np.power(base.astype(np.float64), exponent)
    whole = np.all(exponent >= 0) and np.all(np.abs(exact) < 2**53)
    return (exact.astype(np.int64) if whole else exact)[()]


def power_gradient(g: Expression, y: Expression, x: Expression, p: Expression) -> Any:
    """d(x^p) = p x^(p-1) dx + x^p log(x) dp; 0 at x = 0 where the slope is infinite."""
    slope = p * apply(power, x, p - 1)
    if not (p.is_constant and np.all(np.asarray(p.value) >= 1)):
        slope = finite_or_zero(slope)
    if p.is_constant:
        return g * slope, None
    log = apply(OPERATIONS["log"], x)
    return g * slope, g * where(apply(OPERATIONS["greater"], x, 0), y * log, 0.0)


add: Operation = define(
    Operation(
        "add",
        counting(np.add),
        # d(a + b) = da + db
        lambda g, y, a, b: (g, g),
        kind=widest_kind,
        simplify=plus_zero,
        tidy=tidy_add,
        spelling="{0} + {1}",
        scalar_spelling="{0} + {1}",
        precedence=SUM,
    )
)
subtract: Operation = define(
    Operation(
        "subtract",
        counting(np.subtract),
        # d(a - b) = da - db
        lambda g, y, a, b: (g, -g),
        kind=widest_kind,
        simplify=minus_zero,
        tidy=tidy_subtract,
        spelling="{0} - {1}",
        scalar_spelling="{0} - {1}",
        precedence=SUM,
    )
)
multiply: Operation = define(
    Operation(
        "multiply",
        counting(np.multiply),
        # d(a b) = b da + a db
        lambda g, y, a, b: (g * b, g * a),
        kind=widest_kind,
        simplify=times_one,
        tidy=tidy_multiply,
        spelling="{0}*{1}",
        scalar_spelling="{0}*{1}",
        precedence=PRODUCT,
    )
)
divide: Operation = define(
    Operation(
        "divide",
        np.true_divide,
        # d(a / b) = da / b - (a / b) / b db
        lambda g, y, a, b: (g / b, -(g * y / b)),
        simplify=over_one,
        tidy=tidy_divide,
        spelling="{0}/{1}",
        scalar_spelling="{0}/{1}",
        precedence=PRODUCT,
    )
)
negative: Operation = define(
    Operation(
        "negative",
        np.negative,
        # d(-a) = -da
        lambda g, y, a: (-g,),
        kind=widest_kind,
        simplify=lambda a: a.inputs[0] if a.operation is negative else None,
        tidy=tidy_negative,
        spelling="-{0}",
        scalar_spelling="-{0}",
        precedence=SIGN,
    )
)
power: Operation = define(
    Operation(
        "power",
        numpy_power,
        power_gradient,
        kind=widest_kind,
        simplify=plain_power,
        spelling="{0}**{1}",
        scalar_spelling="{0}**{1}",
        precedence=POWER,
    )
)
remainder: Operation = define(
    Operation(
        "remainder",
        np.remainder,
        # a mod b = a - b floor(a / b), and floor has slope 0
        lambda g, y, a, b: (g, -(g * apply(OPERATIONS["floor"], apply(divide, a, b)))),
        kind=widest_kind,
        spelling="{0} % {1}",
        scalar_spelling="{0} % {1}",
        precedence=PRODUCT,
    )
)
fmod: Operation = define(
    Operation(
        "fmod",
        np.fmod,
        # fmod(a, b) = a - b trunc(a / b), and trunc has slope 0
        lambda g, y, a, b: (g, -(g * apply(OPERATIONS["trunc"], apply(divide, a, b)))),
        kind=widest_kind,
        spelling="np.fmod({0}, {1})",
        scalar_spelling="fmod({0}, {1})",
    )
)
floor_divide: Operation = define(
    Operation(
        "floor_divide",
        np.floor_divide,
        kind=widest_kind,
        spelling="{0} // {1}",
        scalar_spelling="{0} // {1}",
        precedence=PRODUCT,
        latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor",
    )
)

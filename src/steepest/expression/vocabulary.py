"""The words of a formula: which names stand for which functions and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from steepest.expression.node import Expression, apply
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.elementary import LOG_2, sinc

CONSTANTS: dict[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e, "tau": math.tau}


class Word(NamedTuple):
    """A function that a formula may call, and how many arguments it takes."""

    build: Callable[..., Expression]
    least: int
    most: int

    @property
    def arity(self) -> str:
        """The number of arguments, in words."""
        if self.least == self.most:
            return f"{self.least} argument{'s' if self.least != 1 else ''}"
        if self.most > 100:
            return f"{self.least} or more arguments"
        return f"{self.least} to {self.most} arguments"


def named(name: str) -> Callable[..., Expression]:
    """Return the builder of one operation."""
    operation = OPERATIONS[name]
    return lambda *inputs: apply(operation, *inputs)


def folded(name: str) -> Callable[..., Expression]:
    """Return a builder that chains a two-argument operation over all arguments."""
    operation = OPERATIONS[name]

    def build(first: Expression, *others: Expression) -> Expression:
        for other in others:
            first = apply(operation, first, other)
        return first

    return build


def logarithm(x: Expression, base: Expression | None = None) -> Expression:
    """Return log(x), or log(x)/log(base)."""
    log = OPERATIONS["log"]
    if base is None:
        return apply(log, x)
    return apply(OPERATIONS["divide"], apply(log, x), apply(log, base))


def clip(x: Expression, low: Expression, high: Expression) -> Expression:
    """Return x kept between two bounds."""
    return apply(OPERATIONS["minimum"], apply(OPERATIONS["maximum"], x, low), high)


def logaddexp2(a: Expression, b: Expression) -> Expression:
    """Return log2(2**a + 2**b)."""
    times, over = OPERATIONS["multiply"], OPERATIONS["divide"]
    natural = apply(OPERATIONS["logaddexp"], apply(times, a, LOG_2), apply(times, b, LOG_2))
    return apply(over, natural, LOG_2)


def scaled_by(factor: float) -> Callable[[Expression], Expression]:
    """Return a builder that multiplies by a number."""
    return lambda x: apply(OPERATIONS["multiply"], x, factor)


def polygamma(order: Expression, x: Expression) -> Expression:
    """Return the derivative of that order of the digamma function."""
    if not (order.is_constant and order.value in range(100)):
        raise ValueError("The order of polygamma is a whole number such as 1; write it first.")
    return apply(OPERATIONS["polygamma"], x, order=int(order.value))


ONE = (
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 "
    "log2 log10 log1p sqrt cbrt absolute sign floor ceil trunc erf erfc gammaln expit"
).split()
TWO = (
    "arctan2 hypot logaddexp heaviside copysign fmod power remainder floor_divide fmax fmin "
    "less less_equal greater greater_equal equal not_equal logical_and logical_or"
).split()

WORDS: dict[str, Word] = {
    **{name: Word(named(name), 1, 1) for name in ONE},
    **{name: Word(named(name), 2, 2) for name in TWO},
    "maximum": Word(folded("maximum"), 2, 1000),
    "minimum": Word(folded("minimum"), 2, 1000),
    "log": Word(logarithm, 1, 2),
    "where": Word(named("where"), 3, 3),
    "clip": Word(clip, 3, 3),
    "round": Word(named("rint"), 1, 1),
    "square": Word(lambda x: apply(OPERATIONS["power"], x, 2), 1, 1),
    "reciprocal": Word(lambda x: apply(OPERATIONS["divide"], 1.0, x), 1, 1),
    "sinc": Word(sinc, 1, 1),
    "logaddexp2": Word(logaddexp2, 2, 2),
    "degrees": Word(scaled_by(180 / math.pi), 1, 1),
    "digamma": Word(lambda x: apply(OPERATIONS["polygamma"], x, order=0), 1, 1),
    "polygamma": Word(polygamma, 2, 2),
    "radians": Word(scaled_by(math.pi / 180), 1, 1),
}
ALIASES = {
    "abs": "absolute",
    "fabs": "absolute",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "atan2": "arctan2",
    "ln": "log",
    "pow": "power",
    "mod": "remainder",
    "max": "maximum",
    "min": "minimum",
    "rint": "round",
    "lgamma": "gammaln",
    "sigmoid": "expit",
    "rad2deg": "degrees",
    "deg2rad": "radians",
}
WORDS.update({alias: WORDS[name] for alias, name in ALIASES.items()})

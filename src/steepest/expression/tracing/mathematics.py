"""Stand-ins for the functions of `math`, and for some of SciPy's, that keep derivatives."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from steepest.expression.node import Expression
from steepest.expression.tracing.session import current_session, may_catch
from steepest.expression.tracing.traced import contains_traced, is_traced, lift, wrap
from steepest.expression.tracing.ufuncs import SPECIAL, UFUNCS, do

Replacement = Callable[..., Any]


def _log(x: Expression, base: Expression | None = None) -> Expression:
    natural = do("log", x)
    return natural if base is None else do("divide", natural, do("log", base))


def _hypot(first: Expression, *others: Expression) -> Expression:
    for other in others:
        first = do("hypot", first, other)
    return first


def _close(
    a: Expression, b: Expression, *, rel_tol: float = 1e-9, abs_tol: float = 0.0
) -> Expression:
    """Return |a - b| <= max(rel_tol max(|a|, |b|), abs_tol), unlike NumPy's isclose symmetric."""
    largest = do("maximum", do("absolute", a), do("absolute", b))
    allowed = do("maximum", do("multiply", rel_tol, largest), abs_tol)
    return do("less_equal", do("absolute", do("subtract", a, b)), allowed)


NUMBERS: dict[str, Callable[..., Any]] = {
    **{
        name: UFUNCS[getattr(np, name)]
        for name in "sin cos tan sinh cosh tanh exp exp2 expm1 log1p log2 log10 sqrt cbrt "
        "copysign fmod fabs isnan isfinite isinf degrees radians modf".split()
    },
    "asin": UFUNCS[np.arcsin],
    "acos": UFUNCS[np.arccos],
    "atan": UFUNCS[np.arctan],
    "asinh": UFUNCS[np.arcsinh],
    "acosh": UFUNCS[np.arccosh],
    "atanh": UFUNCS[np.arctanh],
    "atan2": UFUNCS[np.arctan2],
    "pow": UFUNCS[np.power],
    "hypot": _hypot,
    "log": _log,
    "isclose": _close,
    "erf": SPECIAL["erf"],
    "erfc": SPECIAL["erfc"],
    "lgamma": SPECIAL["gammaln"],
    "gamma": SPECIAL["gamma"],
}
"""Functions of numbers in `math`, by name."""


def calculating(original: Any, build: Callable[..., Any]) -> Replacement:
    """Replace a function of numbers by the same on traced values."""

    def calculate(*args: Any, **kwargs: Any) -> Any:
        session = next((value.session for value in args if is_traced(value)), None)
        if session is None:
            return original(*args, **kwargs)
        nodes = [lift(value) for value in args]
        built = build(*nodes, **kwargs)
        if isinstance(built, tuple):
            return tuple([wrap(session, part) for part in built])
        if may_catch():
            # Where `math` raises, the user's code may turn another way: a decision.
            session.decide(do("isfinite", built))
            original(*[session.value(node) for node in nodes], **kwargs)
        return wrap(session, built)

    return calculate


def _sum(values: Sequence[Any]) -> Any:
    return sum(values)


def _product(values: Sequence[Any], *, start: Any = 1) -> Any:
    for value in values:
        start = start * value
    return start


def _distance(p: Sequence[Any], q: Sequence[Any]) -> Any:
    return np.sqrt(sum((a - b) ** 2 for a, b in zip(p, q, strict=True)))


def _sum_of_products(p: Sequence[Any], q: Sequence[Any]) -> Any:
    return sum(a * b for a, b in zip(p, q, strict=True))


SEQUENCES: dict[str, Callable[..., Any]] = {
    "fsum": _sum,
    "prod": _product,
    "dist": _distance,
    "sumprod": _sum_of_products,
}
"""Functions of sequences in `math`, by name."""


def gathering(original: Any, gather: Callable[..., Any]) -> Replacement:
    """Replace a function of sequences by the same on traced values."""

    def calculate(*sequences: Any, **kwargs: Any) -> Any:
        if current_session() is None:
            return original(*sequences, **kwargs)
        lists = [list(values) for values in sequences]
        return (gather if contains_traced(lists) else original)(*lists, **kwargs)

    return calculate


def log_sum_exp(original: Any) -> Replacement:
    """Replace scipy.special.logsumexp: log sum exp(a) = m + log sum exp(a - m), m the largest."""

    def logsumexp(
        a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
    ) -> Any:
        session = current_session()
        if session is None or return_sign or not contains_traced([a, b]):
            return original(a, axis, b, keepdims, return_sign)
        x = wrap(session, lift(a))
        largest = np.max(x, axis=axis, keepdims=True)
        weights = np.exp(x - largest) if b is None else b * np.exp(x - largest)
        total = np.log(np.sum(weights, axis=axis, keepdims=True)) + largest
        return total if keepdims else np.squeeze(total, axis=axis)

    return logsumexp


def soft_max(original: Any) -> Replacement:
    """Replace scipy.special.softmax."""

    def softmax(x: Any, axis: Any = None) -> Any:
        session = current_session()
        if session is None or not contains_traced(x):
            return original(x, axis=axis)
        x = wrap(session, lift(x))
        powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return powers / np.sum(powers, axis=axis, keepdims=True)

    return softmax


def log_soft_max(original: Any) -> Replacement:
    """Replace scipy.special.log_softmax."""

    def log_softmax(x: Any, axis: Any = None) -> Any:
        session = current_session()
        if session is None or not contains_traced(x):
            return original(x, axis=axis)
        x = wrap(session, lift(x))
        shifted = x - np.max(x, axis=axis, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))

    return log_softmax


def replaced_mathematics() -> dict[Any, Replacement]:
    """Return what stands in for what, by the original."""
    table: dict[Any, Replacement] = {}
    for name, build in NUMBERS.items():
        table[getattr(math, name)] = calculating(getattr(math, name), build)
    for name, gather in SEQUENCES.items():
        if name in vars(math):  # sumprod came with Python 3.12
            table[getattr(math, name)] = gathering(getattr(math, name), gather)
    special = sys.modules.get("scipy.special")
    if special is not None:
        table[special.logsumexp] = log_sum_exp(special.logsumexp)
        table[special.softmax] = soft_max(special.softmax)
        table[special.log_softmax] = log_soft_max(special.log_softmax)
    return table

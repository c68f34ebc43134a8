"""Random formulas against NumPy's own arithmetic, against differences, and read back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from scipy import special

import steepest as st
from numerics import slope
from steepest.expression.formula import to_formula
from steepest.expression.node import evaluate, topological_order, variable
from steepest.expression.parser import parse
from steepest.expression.vocabulary import ALIASES, WORDS

# What every word means, by NumPy and SciPy.

OWN: dict[str, Callable[..., Any]] = {
    "gammaln": special.gammaln,
    "erf": special.erf,
    "erfc": special.erfc,
    "expit": special.expit,
    "digamma": special.digamma,
    "polygamma": lambda order, x: special.polygamma(int(order), x),
    "round": np.rint,
    "maximum": lambda *parts: reduce(np.maximum, parts),
    "minimum": lambda *parts: reduce(np.minimum, parts),
    "log": lambda x, *base: np.log(x) / np.log(base[0]) if base else np.log(x),
    "where": np.where,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
}
FUNCTIONS = {
    word: OWN.get(name) or getattr(np, name)
    for word, name in {**{word: word for word in WORDS}, **ALIASES}.items()
}
INEXACT = "expit sigmoid erf gamma sinc logaddexp degrees radians deg rad **".split()
"""What SciPy, or Python's operator, rounds in the last digit otherwise than we and np.power."""

ROUGH = (
    "floor ceil trunc round rint sign fmod mod remainder floor_divide heaviside copysign % //"
).split()
"""Words of functions that jump, where differences look across."""
TRUTH = "less less_equal greater greater_equal equal not_equal logical_and logical_or where".split()
SPECIAL_SHAPE = {"polygamma", *TRUTH}
CALLS = sorted(set(WORDS) - SPECIAL_SHAPE)
NUMBERS = ["1", "2", "3", "0.5", "1.25", "10", "2.75", "pi", "e"]


def calls(inner: Any) -> Any:
    """Return a strategy of calls of all words."""

    def call(name: str) -> Any:
        word = WORDS[name]
        count = some.integers(word.least, min(word.most, 3))
        several = count.flatmap(lambda n: some.tuples(*[inner] * n))
        return several.map(lambda parts: f"{name}({', '.join(parts)})")

    compared = some.tuples(inner, some.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner)
    conditions = compared.map(" ".join)
    return some.one_of(
        some.sampled_from(CALLS).flatmap(call),
        some.tuples(some.integers(0, 3), inner).map(lambda p: f"polygamma({p[0]}, {p[1]})"),
        some.tuples(conditions, inner, inner).map(lambda p: f"where({', '.join(p)})"),
    )


def joined(inner: Any) -> Any:
    """Return a strategy of operators between formulas, with and without parentheses."""
    symbols = some.sampled_from(["+", "-", "*", "/", "+", "-", "*", "%", "//"])
    bracketed = inner.map(lambda text: f"({text})")
    return some.one_of(
        some.tuples(inner, symbols, inner).map(" ".join),
        some.tuples(bracketed, symbols, bracketed).map(" ".join),
        some.tuples(bracketed, some.sampled_from(["2", "3", "-1", "0.5", "x"])).map("**".join),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"-{text}"),
    )


leaves = some.sampled_from(["x", "y", "x", "y", *NUMBERS])


def defined(text: str) -> bool:
    """Whether a formula is read; one with an undefined constant, such as log(-1), is refused."""
    try:
        parse(text)
    except st.FormulaError as error:
        if "constant is" in str(error):
            return False
        raise
    return True


formulas = some.recursive(leaves, lambda inner: calls(inner) | joined(inner), max_leaves=8).filter(
    defined
)
# Odd places, where nothing is 0 and nothing equals anything else by accident.
steps = some.integers(-1000, 1000)
places = some.tuples(
    steps.map(lambda k: k * 0.0025 + 0.000731), steps.map(lambda k: k * 0.0025 - 0.000417)
)
fuzzed = settings(max_examples=300, derandomize=True, deadline=None, database=None)


def by_numpy(text: str, x: float, y: float) -> float:
    """Return what Python and NumPy make of a formula, in which every number is a float64."""
    written = re.sub(r"(?<![\w.])\d+(\.\d+)?", r"number(\g<0>)", text)
    names = {**FUNCTIONS, "number": np.float64, "pi": np.float64(math.pi), "e": np.float64(math.e)}
    with np.errstate(all="ignore"):
        point = {"x": np.float64(x), "y": np.float64(y)}
        return float(eval(written, {"__builtins__": {}}, names | point))  # noqa: S307


def by_graph(text: str, x: float, y: float) -> list[Any]:
    """Return the value of every node of a formula's graph, the result last."""
    nodes = topological_order([parse(text).expression])
    numbers = {variable("x"): np.float64(x), variable("y"): np.float64(y)}
    return evaluate(nodes, numbers)


def well_conditioned(text: str, x: float, y: float) -> bool:
    """Whether no step is so large, or not finite, that its rounding decides the result."""
    values = np.array([float(value) for value in by_graph(text, x, y)])
    return bool(np.isfinite(values).all() and (np.abs(values) < 1e4).all())


@fuzzed
@given(text=formulas, place=places)
def test_values_are_those_of_numpy(text: str, place: tuple[float, float]) -> None:
    found, expected = float(by_graph(text, *place)[-1]), by_numpy(text, *place)
    if any(word in text for word in INEXACT) and well_conditioned(text, *place):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), text
    elif not any(word in text for word in INEXACT):
        assert np.array_equal(found, expected, equal_nan=True), text


@fuzzed
@given(text=formulas, place=places)
def test_programs_compute_the_values(text: str, place: tuple[float, float]) -> None:
    whole = f"{text} + 0*x + 0*y"
    assume(well_conditioned(whole, *place))
    value, expected = st.function(whole)(*place), by_numpy(whole, *place)
    rough = any(word in text for word in ROUGH)
    assert rough or abs(value - expected) <= 1e-8 * max(1.0, abs(expected)), text
    assert np.isfinite(value)


@fuzzed
@given(text=formulas, place=places)
def test_gradients_are_those_of_differences(text: str, place: tuple[float, float]) -> None:
    whole = f"{text} + 0*x + 0*y"
    assume(well_conditioned(whole, *place) and not any(word in text for word in ROUGH))
    gradient = st.function(whole).gradient(*place)
    for k in range(2):

        def along(t: float, k: int = k) -> float:
            return by_numpy(whole, *(t if i == k else place[i] for i in range(2)))

        difference, error = slope(along, place[k])
        if np.isfinite(difference) and error <= 1e-7 * max(1.0, abs(difference)):
            assert abs(gradient[k] - difference) <= 1e-5 * max(1.0, abs(difference)), (text, k)


@fuzzed
@given(text=formulas)
def test_a_printed_formula_reads_back_as_the_same_node(text: str) -> None:
    # Printing leaves out the parentheses of x*(y*z), so it is what was printed that stays.
    again = parse(to_formula(parse(text).expression)).expression
    assert parse(to_formula(again)).expression is again


@fuzzed
@given(text=formulas, place=places)
def test_a_printed_derivative_reads_back_with_the_same_values(
    text: str, place: tuple[float, float]
) -> None:
    f = st.function(f"{text} + 0*x + 0*y")
    for name in ("x", "y"):
        slope_by = f.partial(name)
        assume("inf" not in (slope_by.formula or "") and "nan" not in (slope_by.formula or ""))
        again = st.function(f"{slope_by.formula} + 0*x + 0*y")
        with np.errstate(all="ignore"):
            found, expected = again(*place), slope_by(*place)
        assert found == expected or np.isclose(found, expected, rtol=1e-9) or np.isnan(found)

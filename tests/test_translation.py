"""Functions of numbers as instructions of LLVM's: they do what Python does, without branches."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import copysign, nan, sqrt
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

from steepest.program.native.elementary.bits import bits_of, number_of
from steepest.program.native.module import NativeError
from steepest.program.native.translation import NUMBER, WHOLE, teach_translated, translate

TENTH = 0.1
NOT_KNOWN = "text"


def arithmetic(x: float, y: float) -> float:
    total = x + y * TENTH - (-x) / (1.0 + y * y)
    return sqrt(abs(total)) + copysign(2.0, x)


def choices(x: float, y: float) -> float:
    low, high = (x, y) if x <= y else (y, x)
    far = high == 2.0
    inside = -1.0 < low <= 0.5 and not far
    return (low if inside or high > 9.0 else high) if x == x else 7.0


def unlike_itself(x: float) -> float:
    return 1.0 if x != x else 2.0


def reassigned(x: float) -> float:
    """Name a value twice."""
    x = x + 1.0
    x, y = 2.0 * x, x
    return x - y


def pair(x: float) -> tuple[float, float]:
    return x + 1.0, x * x


def of_functions(x: float) -> float:
    below, above = pair(x)
    return below * above + pair(below)[1]


def of_bits(x: float) -> float:
    """Return x doubled or halved, as its exponent is odd or even."""
    bits = bits_of(x)
    odd = ((bits >> 52) & 1) != 0
    sign = bits ^ (bits & 9223372036854775807)
    grown = (bits ^ sign) + ((1 if odd else -1) << 52)
    return number_of(sign ^ grown)


NUMBERS = [-3.25, -1.0, -0.5, 0.1, 0.5, 1.0, 2.0, 7.5, 10.0]
OF_TWO = [arithmetic, choices]
OF_ONE = [unlike_itself, reassigned, of_functions, of_bits]


def compiled(function: Callable[..., float]) -> Any:
    from numba import njit

    teach_translated(function)
    if function in OF_TWO:
        return njit("f8(f8, f8)")(lambda x, y: function(x, y))
    return njit("f8(f8)")(lambda x: function(x))


@pytest.mark.parametrize("function", [*OF_ONE, *OF_TWO])
def test_a_translated_function_does_what_python_does(function: Callable[..., float]) -> None:
    run = compiled(function)
    places = product(NUMBERS, repeat=2 if function in OF_TWO else 1)
    expected = {place: function(*place) for place in places}
    found = [run(*place) for place in expected]
    np.testing.assert_allclose(found, list(expected.values()), rtol=4e-16)


def test_what_is_not_a_number_compares_as_in_python() -> None:
    assert [compiled(unlike_itself)(x) for x in (nan, 1.0)] == [1.0, 2.0]
    run = compiled(choices)
    assert [run(nan, 1.0), run(1.0, nan)] == [choices(nan, 1.0), choices(1.0, nan)] == [7.0, 1.0]


def written(function: Callable[..., Any], *kinds: Any) -> str:
    """Return the instructions of a function."""
    module = ir.Module()
    outer = ir.Function(module, ir.FunctionType(NUMBER, kinds), "outer")
    builder = ir.IRBuilder(outer.append_basic_block())
    builder.ret(translate(function, outer.args, builder))
    return str(module)


def test_choices_are_selections_and_products_may_be_fused() -> None:
    text = written(choices, NUMBER, NUMBER)
    assert text.count("select") == 4
    assert "br " not in text
    assert "fmul contract" in written(arithmetic, NUMBER, NUMBER)
    assert "fast" not in written(arithmetic, NUMBER, NUMBER)


def with_a_loop(x: float) -> float:
    for _ in range(3):
        x = x + 1.0
    return x


def without_a_result(x: float) -> None:
    x = x + 1.0


def of_two_kinds(x: float) -> float:
    return x + 1


def of_text(x: float) -> float:
    return x + NOT_KNOWN


def of_a_class(x: float) -> float:
    return float(x)


def of_nothing_known(x: float) -> float:
    return unheard_of(x)  # type: ignore[name-defined,no-any-return]  # noqa: F821


def with_a_remainder(x: float) -> float:
    return x % 2.0


def with_a_list(x: float) -> float:
    return [x][0]


REFUSED = {
    with_a_loop: "no plain statement",
    without_a_result: "returns nothing",
    of_two_kinds: "Add is not for such values",
    of_text: "'text' is no number",
    of_a_class: "<class 'float'> is no plain function",
    of_nothing_known: "None is no plain function",
    with_a_remainder: "Mod is not for such values",
    with_a_list: "'[x]' is no plain arithmetic",
}


@pytest.mark.parametrize("function", REFUSED)
def test_what_cannot_be_translated_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(NativeError) as caught:
        written(function, NUMBER)
    assert REFUSED[function] in str(caught.value)


def test_whole_numbers_are_not_divided() -> None:
    with pytest.raises(NativeError, match="Mult is not for such values"):
        written(tripled, WHOLE)


def tripled(x: int) -> int:
    return x * 3

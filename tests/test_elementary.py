"""The elementary functions of compiled loops: right to the last digits, everywhere they claim."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from tools.polynomials import module

from steepest.objective import Vector
from steepest.program.native.compiling import teach_elementary
from steepest.program.native.elementary import ELEMENTARY, OF_TWO
from steepest.program.native.elementary.trigonometric import FARTHEST

RANDOM = np.random.default_rng(7)
EXACT: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "expit": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "arctan": mpmath.atan,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "floor": mpmath.floor,
}
EXACT_OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "power": lambda x, y: x**y,
    "arctan2": mpmath.atan2,
    "hypot": mpmath.hypot,
}

NAMES = list(EXACT)


def test_every_function_of_one_number_is_tested_here() -> None:
    assert {*EXACT, *OF_TWO} == set(ELEMENTARY)


@cache
def compiled(name: str) -> Any:
    """Return a loop that computes a function of the elements of one array, or of two."""
    from numba import njit

    teach_elementary()
    space: dict[str, Any] = {name: ELEMENTARY[name]}
    arguments = "x[i], y[i]" if name in OF_TWO else "x[i]"
    source = f"def loop(x, y, out):\n    for i in range(x.size): out[i] = {name}({arguments})"
    exec(source, space)  # noqa: S102 - the lines above
    signature = "void(f8[::1], f8[::1], f8[::1])"
    return njit(signature, error_model="numpy", fastmath={"contract"})(space["loop"])


def by_compiled(name: str, x: Vector, y: Vector | None = None) -> Vector:
    out = np.empty_like(x)
    compiled(name)(np.ascontiguousarray(x), np.ascontiguousarray(x if y is None else y), out)
    return out


def sizes(low: float, high: float, count: int = 2000) -> Vector:
    """Return numbers of both signs and of all sizes between two powers of ten."""
    return np.asarray(10.0 ** RANDOM.uniform(low, high, count) * RANDOM.choice([-1, 1], count))


def between(low: float, high: float, count: int = 4000) -> Vector:
    return RANDOM.uniform(low, high, count)


# Next to multiples of π/2 the sine or the cosine is as small as the argument's last digits.
QUARTERS = np.arange(-(2**20) + 1, 2**20, 1009) * (np.pi / 2)
PLACES: dict[str, Vector] = {
    "exp": np.concatenate([between(-745.2, 709.8), between(-1, 1), sizes(-320, 2.8), [709.78]]),
    "expm1": np.concatenate([between(-40, 709.8), between(-2, 2), sizes(-320, 2.8), [709.78]]),
    "expit": np.concatenate([between(-745.2, 40), between(-2, 2), sizes(-320, 2)]),
    "tanh": np.concatenate([between(-22, 22), between(-2, 2), sizes(-320, 2)]),
    "log": np.concatenate([abs(sizes(-323, 308)), between(0.5, 2), 1 + sizes(-16, -1)]),
    "log1p": np.concatenate([abs(sizes(-323, 308)), between(-0.999, 2), abs(sizes(-15, 0)) - 1]),
    "sin": np.concatenate([between(-FARTHEST, FARTHEST), between(-9, 9), sizes(-320, 6), QUARTERS]),
}
PLACES |= {
    "cos": PLACES["sin"],
    "tan": PLACES["sin"],
    "erf": np.concatenate([between(-6.5, 6.5), between(-1.1, 1.1), sizes(-320, 2)]),
    "sinh": np.concatenate([between(-711, 711), between(-2, 2), sizes(-320, 2.8)]),
    "cosh": np.concatenate([between(-711, 711), between(-2, 2), sizes(-320, 2.8)]),
    "exp2": np.concatenate([between(-1075, 1024), between(-2, 2), sizes(-320, 3)]),
    "log2": PLACES["log"],
    "log10": PLACES["log"],
    "cbrt": np.concatenate([sizes(-323, 308), between(-9, 9)]),
    "arctan": np.concatenate([between(-9, 9), sizes(-320, 308)]),
    "arcsin": np.concatenate([between(-1, 1), sizes(-320, 0), 1 - abs(sizes(-16, -1))]),
    "arccos": np.concatenate([between(-1, 1), sizes(-320, 0), 1 - abs(sizes(-16, -1))]),
    "floor": np.concatenate([between(-9, 9), sizes(-320, 300), 2.0**51 + np.arange(-9, 9) / 2]),
    "erfc": np.concatenate([between(-6.5, 27.5), between(-1, 2), sizes(-320, 1.5), [27.2]]),
}


CLOSER = {
    **dict.fromkeys(["exp", "log", "erf", "exp2", "log2", "log10", "cbrt"], 1.0),
    **dict.fromkeys(["sin", "cos"], 1.2),
}
"""Units in the last place that are promised, where these are fewer than two."""


def farthest(found: Vector, exact: list[Any]) -> float:
    """Return how far results are from exact ones at most, in units of their last place."""
    worst = 0.0
    for value, one in zip(found.tolist(), exact, strict=True):
        nearest = float(one)
        if not np.isfinite(nearest):
            assert value == nearest, one
            continue
        unit = mpmath.mpf(float(np.spacing(abs(nearest))))
        worst = max(worst, float(abs(mpmath.mpf(value) - one) / unit))
    return worst


def error_in_last_places(name: str, x: Vector, found: Vector) -> float:
    """Return how far a function of one number is from the exact one at most."""
    with mpmath.workdps(60):
        return farthest(found, [EXACT[name](mpmath.mpf(place)) for place in x.tolist()])


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_right_to_two_units_in_the_last_place(name: str) -> None:
    x = PLACES[name]
    assert error_in_last_places(name, x, by_compiled(name, x)) <= CLOSER.get(name, 2.0)


def test_multiples_of_a_quarter_turn_keep_all_their_digits() -> None:
    with mpmath.workdps(60):
        near = [float(k * mpmath.pi / 2) for k in range(1, 2**20, 997)]
    x = np.array([*near, *np.nextafter(near, np.inf), *np.nextafter(near, 0.0)])
    for name in ("sin", "cos"):
        assert error_in_last_places(name, x, by_compiled(name, x)) <= 1.0
    assert error_in_last_places("tan", x, by_compiled("tan", x)) <= 2.0


LIMITED = ("sin", "cos", "tan")
SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e308, -1e308, -1.0])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LIMITED])
def test_what_is_no_ordinary_number_has_the_values_of_numpy(name: str) -> None:
    numpy_s: dict[str, Any] = {
        "expit": lambda x: 1 / (1 + np.exp(-x)),
        "erf": np.vectorize(math.erf),
        "erfc": np.vectorize(math.erfc),
    }
    with np.errstate(all="ignore"):
        expected = numpy_s.get(name, getattr(np, name, None))(SPECIAL)
    found = by_compiled(name, SPECIAL)
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    if expected[0] == 0:
        np.testing.assert_array_equal(np.signbit(found[:2]), np.signbit(expected[:2]))


def test_sines_say_where_they_know_nothing() -> None:
    far = np.array([np.inf, -np.inf, np.nan, 1e7, -1e300, np.nextafter(FARTHEST, np.inf)])
    for name in LIMITED:
        assert np.isnan(by_compiled(name, far)).all()
    near = np.array([FARTHEST, -FARTHEST, 0.0, -0.0])
    for name, function in (("sin", np.sin), ("tan", np.tan)):
        found = by_compiled(name, near)
        np.testing.assert_allclose(found, function(near), rtol=1e-15)
        assert np.signbit(found).tolist() == np.signbit(function(near)).tolist()


def test_python_runs_the_same_functions() -> None:
    for name in NAMES:
        x = PLACES[name][::97]
        found = np.array([ELEMENTARY[name](float(one)) for one in x])
        np.testing.assert_allclose(found, by_compiled(name, x), rtol=1e-15, atol=5e-324)


SPREAD = abs(sizes(-300, 300))
BESIDE_1 = 1 + sizes(-15, -2)
PAIRS: dict[str, dict[str, tuple[Vector, Vector]]] = {
    "power": {
        "large exponents": (between(0.5, 2.0), between(-1020, 1020)),
        "all results": (SPREAD, between(-1, 1, 2000) * 709 / abs(np.log(SPREAD))),
        "beside 1": (BESIDE_1, between(-1, 1, 2000) * 700 / abs(np.log(BESIDE_1))),
        "subnormal bases": (abs(sizes(-323, -307)), between(-1, 1, 2000)),
        "subnormal results": (between(2, 900), -between(708.5, 745) / np.log(between(2, 900))),
        "roots": (abs(sizes(-3, 3)), RANDOM.choice([0.5, 1.5, 0.3, -0.7, 2.2, 1 / 3], 2000)),
        "negative bases": (-between(0.1, 10), RANDOM.integers(-20, 20, 4000).astype(float)),
    },
    "arctan2": {
        "alike": (between(-2, 2), between(-2, 2)),
        "unlike": (sizes(-150, 150), sizes(-150, 150)),
        "flat": (sizes(-320, -300), sizes(-5, 5)),
    },
    "hypot": {
        "alike": (between(-2, 2), between(-2, 2)),
        "large": (sizes(300, 307), sizes(300, 307)),
        "small": (sizes(-320, -300), sizes(-320, -300)),
    },
}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in PAIRS for case in PAIRS[name]])
def test_a_function_of_two_numbers_is_right_to_two_units(name: str, case: str) -> None:
    x, y = PAIRS[name][case]
    with mpmath.workdps(60):
        pairs = zip(map(mpmath.mpf, x.tolist()), map(mpmath.mpf, y.tolist()), strict=True)
        exact = [EXACT_OF_TWO[name](*pair) for pair in pairs]
        assert farthest(by_compiled(name, x, y), exact) <= (1.0 if name == "power" else 2.0)


@pytest.mark.parametrize("name", PAIRS)
def test_two_numbers_that_are_no_ordinary_ones_give_what_they_give_in_numpy(name: str) -> None:
    odd = 2.0**52 + 1
    numbers = [0.0, 1.0, np.inf, 0.5, 2.0, 3.0, 1.5, 1e300, 5e-324, odd, 2.0**53, 1e17]
    both = np.array([np.nan, *numbers, *[-number for number in numbers]])
    x, y = [part.ravel().copy() for part in np.meshgrid(both, both)]
    found = by_compiled(name, x, y)
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(x, y)
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    known = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found[known]), np.signbit(expected[known]))


def test_the_logarithm_of_a_sum_of_exponentials_never_overflows() -> None:
    a = np.array([0.0, 1000.0, -1000.0, 3.0, np.inf, -np.inf, -np.inf, np.inf])
    b = np.array([0.0, 999.0, 5.0, 3.0 + 1e-9, np.inf, -np.inf, 2.0, 0.0])
    found = [ELEMENTARY["logaddexp"](*pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    np.testing.assert_allclose(found, np.logaddexp(a, b), rtol=1e-15)


@pytest.mark.parametrize("name", ELEMENTARY)
def test_the_loop_computes_many_elements_at_a_time(name: str) -> None:
    (program,) = compiled(name).inspect_llvm().values()
    assert "load <" in program
    assert "store <" in program
    # Nothing is called for a single element; roots and sizes are instructions of the processor.
    called = {line.split("call double @")[1].split("(")[0] for line in calls(program)}
    assert called <= {"PyFloat_AsDouble", "llvm.fabs.f64", "llvm.sqrt.f64"}


def calls(program: str) -> list[str]:
    return [line for line in program.splitlines() if "call double @" in line]


def test_the_polynomials_are_those_of_the_script() -> None:
    from steepest.program.native.elementary import polynomials

    assert Path(str(polynomials.__file__)).read_text("utf-8") == module()

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
}

NAMES = list(EXACT)


def test_every_function_of_one_number_is_tested_here() -> None:
    assert {*EXACT, *OF_TWO} == set(ELEMENTARY)


@cache
def compiled(*names: str) -> Any:
    """Return a loop that computes some functions of every element of an array."""
    from numba import njit

    teach_elementary()
    functions = {name: ELEMENTARY[name] for name in names}
    lines = [f"        out[{k}, i] = {name}(x[i])" for k, name in enumerate(names)]
    source = "\n".join(["def loop(x, out):", "    for i in range(x.size):", *lines])
    space: dict[str, Any] = dict(functions)
    exec(source, space)  # noqa: S102 - the lines above
    return njit("void(f8[::1], f8[:, ::1])", error_model="numpy", fastmath={"contract"})(
        space["loop"]
    )


def by_compiled(name: str, x: Vector) -> Vector:
    out = np.empty((len(NAMES), x.size))
    compiled(*NAMES)(np.ascontiguousarray(x), out)
    return out[NAMES.index(name)]


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
    "erfc": np.concatenate([between(-6.5, 27.5), between(-1, 2), sizes(-320, 1.5), [27.2]]),
}


def error_in_last_places(name: str, x: Vector, found: Vector) -> float:
    """Return how far a result is from the exact one at most, in units of its last place."""
    worst = 0.0
    with mpmath.workdps(60):
        for place, value in zip(x.tolist(), found.tolist(), strict=True):
            exact = EXACT[name](mpmath.mpf(place))
            nearest = float(exact)
            if not np.isfinite(nearest):
                assert value == nearest, place
                continue
            unit = mpmath.mpf(float(np.spacing(abs(nearest))))
            worst = max(worst, float(abs(mpmath.mpf(value) - exact) / unit))
    return worst


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_right_to_two_units_in_the_last_place(name: str) -> None:
    x = PLACES[name]
    assert error_in_last_places(name, x, by_compiled(name, x)) <= 2.0


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


def powers_at(x: Vector, y: Vector) -> Vector:
    """Return xʸ by the compiled function."""
    out = np.empty_like(x)
    compiled_power()(x, y, out)
    return out


@cache
def compiled_power() -> Any:
    from numba import njit

    teach_elementary()
    power = ELEMENTARY["power"]

    def loop(x: Any, y: Any, out: Any) -> None:
        for i in range(x.size):
            out[i] = power(x[i], y[i])

    signature = "void(f8[::1], f8[::1], f8[::1])"
    return njit(signature, error_model="numpy", fastmath={"contract"})(loop)


SPREAD = abs(sizes(-300, 300))
BESIDE_1 = 1 + sizes(-15, -2)
POWERS: dict[str, tuple[Vector, Vector]] = {
    "large exponents": (between(0.5, 2.0), between(-1020, 1020)),
    "all results": (SPREAD, between(-1, 1, 2000) * 709 / abs(np.log(SPREAD))),
    "beside 1": (BESIDE_1, between(-1, 1, 2000) * 700 / abs(np.log(BESIDE_1))),
    "subnormal bases": (abs(sizes(-323, -307)), between(-1, 1, 2000)),
    "subnormal results": (between(2, 900), -between(708.5, 745) / np.log(between(2, 900))),
    "roots": (abs(sizes(-3, 3)), RANDOM.choice([0.5, 1.5, 0.3, -0.7, 2.2, 1 / 3], 2000)),
    "negative bases": (-between(0.1, 10), RANDOM.integers(-20, 20, 4000).astype(float)),
}


@pytest.mark.parametrize("case", POWERS)
def test_powers_are_right_to_one_unit_in_the_last_place(case: str) -> None:
    x, y = POWERS[case]
    found = powers_at(x, y)
    with mpmath.workdps(60):
        for base, exponent, value in zip(x.tolist(), y.tolist(), found.tolist(), strict=True):
            exact = mpmath.mpf(base) ** mpmath.mpf(exponent)
            nearest = float(exact)
            if not np.isfinite(nearest):
                assert value == nearest
                continue
            unit = mpmath.mpf(float(np.spacing(abs(nearest))))
            assert abs(mpmath.mpf(value) - exact) <= unit, (base, exponent)


def test_powers_of_what_is_no_ordinary_number_are_those_of_numpy() -> None:
    odd = 2.0**52 + 1
    numbers = [0.0, 1.0, np.inf, 0.5, 2.0, 3.0, 1.5, 1e300, 5e-324, odd, 2.0**53, 1e17]
    both = np.array([np.nan, *numbers, *[-number for number in numbers]])
    x, y = [part.ravel().copy() for part in np.meshgrid(both, both)]
    found = powers_at(x, y)
    with np.errstate(all="ignore"):
        expected = x**y
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    known = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found[known]), np.signbit(expected[known]))


def test_the_logarithm_of_a_sum_of_exponentials_never_overflows() -> None:
    a = np.array([0.0, 1000.0, -1000.0, 3.0, np.inf, -np.inf, -np.inf, np.inf])
    b = np.array([0.0, 999.0, 5.0, 3.0 + 1e-9, np.inf, -np.inf, 2.0, 0.0])
    found = [ELEMENTARY["logaddexp"](*pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    np.testing.assert_allclose(found, np.logaddexp(a, b), rtol=1e-15)


def test_the_loop_computes_many_elements_at_a_time() -> None:
    (program,) = compiled(*NAMES).inspect_llvm().values()
    assert "fmul contract <" in program
    # Nothing is called for a single element, and no product is one of two numbers.
    assert "call double" not in program
    assert program.count("fmul contract <") >= program.count("fmul contract double")


def test_the_polynomials_are_those_of_the_script() -> None:
    from steepest.program.native.elementary import polynomials

    assert Path(str(polynomials.__file__)).read_text("utf-8") == module()

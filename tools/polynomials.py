"""Write `src/steepest/program/native/elementary/polynomials.py`: run `python -m tools.polynomials`.

Each function is the polynomial through Chebyshev's nodes, computed with 60 digits, whose
greatest error is within a small factor of the least that its degree allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mpmath

with mpmath.workdps(60):
    ONE_THIRD = mpmath.mpf(1) / 3
    SLOPE_OF_ERF = 2 / mpmath.sqrt(mpmath.pi)

TARGET = Path("src/steepest/program/native/elementary/polynomials.py")

HEADER = '''"""Polynomials that stand for parts of functions; written by `tools/polynomials.py`."""
'''


class Part(NamedTuple):
    """A smooth function on an interval, and the degree of the polynomial that stands for it."""

    name: str
    meaning: str
    function: Callable[[Any], Any]
    low: float
    high: float
    degree: int


def away_from_zero(function: Callable[[Any], Any], limit: Any) -> Callable[[Any], Any]:
    """Return a quotient that is defined at 0 by its limit there."""
    return lambda z: function(z) if z else mpmath.mpf(limit)


def rest_of(function: Callable[[Any], Any], limit: Any) -> Callable[[Any], Any]:
    """Return (f(r) - r) / r³ as a function of z = r²."""
    return away_from_zero(
        lambda z: (function(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z, mpmath.mpf(limit)
    )


def scaled_error(t: Any) -> Any:
    """Return (1 + 2 x) exp(x²) erfc(x) - 6/5 for t = (x - 15/4) / (x + 15/4)."""
    x = mpmath.mpf(15) / 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * mpmath.exp(x * x) * mpmath.erfc(x) - mpmath.mpf(6) / 5


PARTS = [
    Part(
        "exponential_rest",
        "(eʳ - 1 - r) / r²",
        away_from_zero(lambda r: (mpmath.expm1(r) - r) / r**2, 0.5),
        -0.5001 * math.log(2),
        0.5001 * math.log(2),
        10,
    ),
    Part(
        "logarithm_rest",
        "(2 artanh(s) - 2 s) / s³, z = s²",
        away_from_zero(
            lambda z: (2 * mpmath.atanh(mpmath.sqrt(z)) / mpmath.sqrt(z) - 2) / z,
            mpmath.mpf(2) / 3,
        ),
        0.0,
        1.0001 * (3 - 2 * math.sqrt(2)) ** 2,
        6,
    ),
    Part(
        "sine_rest",
        "(sin(r) - r) / r³, z = r²",
        rest_of(mpmath.sin, -ONE_THIRD / 2),
        0.0,
        1.0001 * (math.pi / 4) ** 2,
        5,
    ),
    Part(
        "cosine_rest",
        "(cos(r) - 1 + r²/2) / r⁴, z = r²",
        away_from_zero(
            lambda z: (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2, mpmath.mpf(1) / 24
        ),
        0.0,
        1.0001 * (math.pi / 4) ** 2,
        5,
    ),
    Part(
        "artanh_rest",
        "3 (artanh(s) - s - s³/3) / s⁵, z = s²",
        away_from_zero(
            lambda z: 3 * ((mpmath.atanh(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z - ONE_THIRD) / z,
            mpmath.mpf(3) / 5,
        ),
        0.0,
        1.0001 * (3 - 2 * math.sqrt(2)) ** 2,
        7,
    ),
    Part(
        "error_rest",
        "erf(x) / x - 2 / √π, z = x², over z",
        away_from_zero(
            lambda z: (mpmath.erf(mpmath.sqrt(z)) / mpmath.sqrt(z) - SLOPE_OF_ERF) / z,
            -SLOPE_OF_ERF / 3,
        ),
        0.0,
        1.0,
        11,
    ),
    Part(
        "scaled_error",
        "(1 + 2 x) exp(x²) erfc(x) - 6/5, t = (x - 15/4) / (x + 15/4)",
        scaled_error,
        -1.0,
        (28 - 3.75) / (28 + 3.75),
        22,
    ),
    Part(
        "sinh_rest",
        "(sinh(r) - r) / r³, z = r²",
        rest_of(mpmath.sinh, ONE_THIRD / 2),
        0.0,
        1.0,
        7,
    ),
    Part(
        "arctangent_rest",
        "(arctan(r) - r) / r³, z = r²",
        rest_of(mpmath.atan, -ONE_THIRD),
        0.0,
        1.0,
        19,
    ),
    Part(
        "arcsine_rest",
        "(arcsin(r) - r) / r³, z = r²",
        rest_of(mpmath.asin, ONE_THIRD / 2),
        0.0,
        0.25,
        12,
    ),
]


def coefficients(part: Part) -> list[float]:
    """Return the coefficients, that of the constant first."""
    with mpmath.workdps(60):
        count = part.degree + 1
        found = mpmath.chebyfit(part.function, [part.low, part.high], count, asc=True)
        return [float(one) for one in found]


def written(part: Part) -> str:
    """Return the source of one polynomial, evaluated by Horner's rule."""
    variable = next((one for one in "zt" if f"{one} =" in part.meaning), "r")
    first, *others = coefficients(part)
    lines = [f"    result = {others[-1]!r}"]
    lines += [f"    result = {one!r} + {variable} * result" for one in reversed(others[:-1])]
    lines += [f"    return {first!r} + {variable} * result"]
    opening = f"def {part.name}({variable}: float) -> float:"
    return "\n".join(["", "", opening, f'    """Return {part.meaning}."""', *lines, ""])


def module() -> str:
    """Return the whole file."""
    return HEADER + "".join(map(written, PARTS))


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8")

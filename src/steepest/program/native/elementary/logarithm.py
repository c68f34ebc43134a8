"""log x without branches and tables.

x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) = 2 artanh(s) with s = f / (2 + f). Written as
f - (½ f² - s (½ f² + R)), R = 2 artanh(s) / s - 2, it is f with something small taken off.
(P. T. P. Tang, "Table-driven implementation of the logarithm function", ACM Transactions on
Mathematical Software 16, 1990, discusses this and other ways.)
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import (
    EXPONENT_OF_1,
    ROUNDING,
    ROUNDING_BITS,
    bits_of,
    number_of,
)
from steepest.program.native.elementary.polynomials import logarithm_rest

LOG_2_HIGH = 0.6931471803691238
"""The first 32 bits of log 2: a multiple of it by up to 2²¹ is exact."""

LOG_2_LOW = 1.9082149292705877e-10
"""log 2 - LOG_2_HIGH."""

ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
LEAST_NORMAL = 2.2250738585072014e-308
INFINITY = float("inf")
NOT_A_NUMBER = float("nan")


def log(x: float) -> float:
    """Return log x, within 1 unit in the last place.

    >>> log(1.0), log(0.0), log(float("inf"))
    (0.0, -inf, inf)
    """
    return log_with_rest(x, 0.0)


def log1p(x: float) -> float:
    """Return log(1 + x), within 2 units in the last place also where x is small.

    >>> log1p(1e-20), log1p(-1.0)
    (1e-20, -inf)
    """
    u = 1.0 + x
    lost = (x - (u - 1.0)) if abs(x) < 1.0 else (1.0 - (u - x))
    inside = -1.0 < x < INFINITY
    found = log_with_rest(u, lost / u if inside else 0.0)
    return x if x == 0.0 else found


def fraction_and_exponent(x: float) -> tuple[float, float]:
    """Return f and k of a positive number x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2.

    >>> fraction_and_exponent(6.0)
    (-0.25, 3.0)
    """
    tiny = x < LEAST_NORMAL
    bits = bits_of(x * 18014398509481984.0 if tiny else x)  # 2⁵⁴
    shifted = bits + (EXPONENT_OF_1 - ROOT_HALF_BITS)
    exponent = (shifted >> 52) - 1023
    f = number_of(bits - (exponent << 52)) - 1.0
    k = number_of(exponent + ROUNDING_BITS) - ROUNDING - (54.0 if tiny else 0.0)
    return f, k


def log_with_rest(x: float, rest: float) -> float:
    """Return log x + rest, the rest being smaller than what rounding leaves of log x."""
    f, k = fraction_and_exponent(x)
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    correction = s * (half_square + z * logarithm_rest(z)) + (k * LOG_2_LOW + rest)
    found = k * LOG_2_HIGH - ((half_square - correction) - f)
    special = -INFINITY if x == 0.0 else (NOT_A_NUMBER if x < 0.0 else x)
    return found if 0.0 < x < INFINITY else special

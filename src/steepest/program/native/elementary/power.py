"""Powers: xʸ is 2 to the power y log₂ |x|, whose logarithm has some 12 more bits than a number.

Two numbers hold such a value: the first has 26 bits, so that products of first numbers are exact,
and the second one the rest. (The way is that of K. C. Ng's `pow` in fdlibm, 1993.)
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import (
    ROUNDING,
    ROUNDING_BITS,
    bits_of,
    upper,
)
from steepest.program.native.elementary.exponential import scaled
from steepest.program.native.elementary.logarithm import fraction_and_exponent
from steepest.program.native.elementary.polynomials import artanh_rest, exponential_rest

INFINITY = float("inf")
NOT_A_NUMBER = float("nan")

WHOLE = 4503599627370496.0
"""2⁵²: above it all numbers are whole, and above twice of it they are even."""

LOG_2, LOG_2_UPPER, LOG_2_REST = (
    0.6931471805599453,
    0.6931471675634384,
    1.2996506893889889e-08,
)
"""log 2, and it as the sum of two numbers."""

FACTOR, FACTOR_UPPER, FACTOR_REST = (0.9617966939259756, 0.9617966860532761, 7.872699542894897e-09)
"""2 / (3 log 2), the same."""

HIGHEST, LOWEST = 1100.0, -1100.0
"""2ⁿ is infinite, or 0, beyond."""


def binary_logarithm(x: float) -> tuple[float, float]:
    """Return log₂ x as the sum of two numbers, the first of 26 bits, for finite x > 0.

    x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2, and with s = f / (2 + f) log(1 + f) = 2/3 s (3 + s² + ...).

    >>> binary_logarithm(8.0)
    (3.0, 0.0)
    """
    f, k = fraction_and_exponent(x)
    below = 2.0 + f
    inverse = 1.0 / below
    s = f * inverse
    s_upper, below_upper = upper(s), upper(below)
    below_rest = f - (below_upper - 2.0)
    s_rest = ((f - s_upper * below_upper) - s_upper * below_rest) * inverse
    square, z = s_upper * s_upper, s * s
    more = s_rest * (s_upper + s) + z * z * artanh_rest(z)
    series = upper(3.0 + square + more)
    series_rest = more - ((series - 3.0) - square)
    main, rest = s_upper * series, s_rest * series + series_rest * s
    high = upper(main + rest)
    low = rest - (high - main)
    scaled_high = high * FACTOR_UPPER
    scaled_low = high * FACTOR_REST + low * FACTOR
    found = upper((scaled_high + scaled_low) + k)
    return found, scaled_low - ((found - k) - scaled_high)


def power(x: float, y: float) -> float:
    """Return xʸ, within 2 units in the last place; NaN for x < 0 unless y is whole.

    >>> power(2.0, 0.5), power(-2.0, 3.0), power(0.0, -1.0), power(-8.0, 0.5)
    (1.4142135623730951, -8.0, inf, nan)
    """
    size, reach = abs(x), abs(y)
    usual = 0.0 < size < INFINITY
    high, low = binary_logarithm(size if usual else 1.0)
    # Beyond 2⁷⁰, the result is 0, 1 or infinite, as it is there.
    exponent = y if reach < 1.2e21 else (1.2e21 if y > 0.0 else -1.2e21)
    y_upper = upper(exponent)
    product = y_upper * high
    rest = (exponent - y_upper) * high + exponent * low
    total = product + rest
    found = (
        two_to(product, rest) if LOWEST < total < HIGHEST else (INFINITY if total > 0.0 else 0.0)
    )
    grows = (size > 1.0) == (y > 0.0)
    found = found if usual else (INFINITY if grows else 0.0)
    whole = reach >= WHOLE or (reach + WHOLE) - WHOLE == reach
    half = 0.5 * reach
    odd = whole and reach < 2.0 * WHOLE and (half + WHOLE) - WHOLE != half
    negative = bits_of(x) < 0
    found = -found if negative and odd else found
    found = NOT_A_NUMBER if x < 0.0 and size < INFINITY and not whole else found
    found = x + y if x != x or y != y else found
    return 1.0 if y == 0.0 or x == 1.0 or (x == -1.0 and reach == INFINITY) else found


def two_to(high: float, low: float) -> float:
    """Return 2 to the power high + low, between `LOWEST` and `HIGHEST`.

    >>> two_to(0.5, 0.0), two_to(-1074.0, 0.0)
    (1.4142135623730951, 5e-324)
    """
    near = high + low
    near = HIGHEST if near > HIGHEST else (LOWEST if near < LOWEST else near)
    shifted = near + ROUNDING
    n = shifted - ROUNDING
    first = high - n
    fraction = first + low
    fraction_upper = upper(fraction)
    fraction_rest = (first - fraction_upper) + low
    main = fraction_upper * LOG_2_UPPER
    rest = fraction_upper * LOG_2_REST + fraction_rest * LOG_2
    r = main + rest
    lost = (main - r) + rest
    grown = 1.0 + r
    behind = ((1.0 - grown) + r) + (r * r * exponential_rest(r) + lost)
    return scaled(grown + behind, bits_of(shifted) - ROUNDING_BITS)


def exp2(x: float) -> float:
    """Return 2ˣ, within 1 unit in the last place.

    >>> exp2(0.5), exp2(-2000.0), exp2(float("inf"))
    (1.4142135623730951, 0.0, inf)
    """
    return two_to(HIGHEST if x > HIGHEST else (LOWEST if x < LOWEST else x), 0.0)


def log2(x: float) -> float:
    """Return log₂ x, within 1 unit in the last place.

    >>> log2(8.0), log2(0.0), log2(float("inf"))
    (3.0, -inf, inf)
    """
    usual = 0.0 < x < INFINITY
    high, low = binary_logarithm(x if usual else 1.0)
    return high + low if usual else logarithm_at_the_ends(x)


def log10(x: float) -> float:
    """Return log₁₀ x, within 1 unit in the last place.

    >>> log10(1000.0), log10(0.0)
    (3.0, -inf)
    """
    usual = 0.0 < x < INFINITY
    high, low = binary_logarithm(x if usual else 1.0)
    found = high * LOG_10_UPPER + (high * LOG_10_REST + low * LOG_10_OF_2)
    return found if usual else logarithm_at_the_ends(x)


def logarithm_at_the_ends(x: float) -> float:
    """Return the logarithm of what is no positive finite number.

    >>> logarithm_at_the_ends(0.0), logarithm_at_the_ends(-1.0)
    (-inf, nan)
    """
    return -INFINITY if x == 0.0 else (NOT_A_NUMBER if x < 0.0 else x)


LOG_10_OF_2, LOG_10_UPPER, LOG_10_REST = (
    0.3010299956639812,
    0.3010299950838089,
    5.801722962879576e-10,
)
"""log₁₀ 2, and it as the sum of two numbers."""


def cbrt(x: float) -> float:
    """Return the real cube root of x, within 1 unit in the last place.

    >>> cbrt(-27.0), cbrt(0.0)
    (-3.0, 0.0)
    """
    size = abs(x)
    usual = 0.0 < size < INFINITY
    high, low = binary_logarithm(size if usual else 1.0)
    found = two_to(high * THIRD_UPPER, high * THIRD_REST + low * THIRD)
    return (found if x > 0.0 else -found) if usual else x


THIRD, THIRD_UPPER, THIRD_REST = (0.3333333333333333, 0.3333333283662796, 4.967053731282552e-09)
"""1/3, the same."""

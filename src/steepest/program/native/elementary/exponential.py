"""eˣ and what is made of it, without branches and tables: loops over them become SIMD.

x = n log 2 + r with |r| ≤ ½ log 2, and eˣ = 2ⁿ eʳ. (W. J. Cody, W. Waite, "Software Manual for the
Elementary Functions", 1980.)
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import (
    EXPONENT_OF_1,
    ROUNDING,
    ROUNDING_BITS,
    bits_of,
    number_of,
    power_of_two,
)
from steepest.program.native.elementary.logarithm import LOG_2_HIGH, LOG_2_LOW, log1p
from steepest.program.native.elementary.polynomials import exponential_rest, sinh_rest

PER_LOG_2 = 1.4426950408889634
"""1 / log 2."""

HIGHEST, LOWEST = 709.8, -745.2
"""Beyond these, eˣ is infinite, or nearer to 0 than to any other number."""

DEEP = -690.0
"""Below this, eˣ is computed 2¹²⁸ times as large: the least normal number is e⁻⁷⁰⁸."""

DOWN_1 = EXPONENT_OF_1 - (1 << 52)
UP_127 = EXPONENT_OF_1 + (127 << 52)
"""The bits of ½ and of 2¹²⁷."""

BACK_128 = 2.0**-128

FARTHEST = 800.0
"""Beyond ± this, eˣ is infinite or 0, and 2ⁿ still the product of two numbers."""


def exp(x: float) -> float:
    """Return eˣ, within 1 unit in the last place.

    As 2eʳ · 2ⁿ⁻¹, where n - 1 may be as large as an exponent can be. Far below 1 the power is 2¹²⁸
    times as large, and what a result has too many digits for is rounded once, at the end.

    >>> exp(0.0), exp(float("inf")), exp(-1000.0)
    (1.0, inf, 0.0)
    """
    below = HIGHEST if x > HIGHEST else x
    near = LOWEST if below < LOWEST else below
    shifted = near * PER_LOG_2 + ROUNDING
    n = shifted - ROUNDING
    r = (near - n * LOG_2_HIGH) - n * LOG_2_LOW
    twice = 2.0 + 2.0 * (r + r * r * exponential_rest(r))
    is_deep = near < DEEP
    # The bits of ROUNDING are shifted out.
    power = (bits_of(shifted) << 52) + (UP_127 if is_deep else DOWN_1)
    return twice * number_of(power) * (BACK_128 if is_deep else 1.0)


def scaled(number: float, power: int) -> float:
    """Return number · 2ⁿ, where that is a number beside 1 for n = 0.

    In two steps, so that a result below the least normal number is rounded once.

    >>> scaled(1.5, -1074)
    1e-323
    """
    half = power >> 1
    return number * power_of_two(half) * power_of_two(power - half)


def exponential_parts(x: float, rest: float) -> tuple[float, float, int]:
    """Return e to the power x + rest as (high + low) 2ⁿ, for |x| ≤ `FARTHEST` and a small rest.

    >>> exponential_parts(0.0, 0.0)
    (1.0, 0.0, 0)
    """
    shifted = x * PER_LOG_2 + ROUNDING
    n = shifted - ROUNDING
    high, low = x - n * LOG_2_HIGH, n * LOG_2_LOW - rest
    r = high - low
    lost = (high - r) - low
    grown = 1.0 + r
    behind = ((1.0 - grown) + r) + (r * r * exponential_rest(r) + lost)
    return grown, behind, bits_of(shifted) - ROUNDING_BITS


def expm1(x: float) -> float:
    """Return eˣ - 1, within 2 units in the last place also where x is small.

    2ⁿ eʳ - 1 = (2ⁿ - 1) + 2ⁿ r + 2ⁿ (eʳ - 1 - r), of which the first two are added without loss.

    >>> expm1(1e-20), expm1(-1000.0)
    (1e-20, -1.0)
    """
    near = FARTHEST if x > FARTHEST else (-FARTHEST if x < -FARTHEST else x)
    shifted = near * PER_LOG_2 + ROUNDING
    n = shifted - ROUNDING
    high, low = near - n * LOG_2_HIGH, n * LOG_2_LOW
    r = high - low
    lost = (high - r) - low
    rest = r * r * exponential_rest(r) + lost
    power = bits_of(shifted) - ROUNDING_BITS
    half = power >> 1
    scale, again = power_of_two(half), power_of_two(power - half)
    whole, first = scale * again - 1.0, r * scale * again
    total = whole + first
    near_zero = total + ((whole - total) + first + rest * scale * again)
    # Beyond 2⁶⁰ the 1 is nothing, and 2ⁿ alone may be infinite where the result is not.
    found = (1.0 + (r + rest)) * scale * again if n > 60.0 else near_zero
    return x if x == 0.0 else found


def near_expm1(x: float) -> float:
    """Return eˣ - 1 for |x| ≤ 40, as `expm1` does, where 2ⁿ is a number and 1 no rounding of it.

    >>> near_expm1(0.5) == expm1(0.5)
    True
    """
    shifted = x * PER_LOG_2 + ROUNDING
    n = shifted - ROUNDING
    high, low = x - n * LOG_2_HIGH, n * LOG_2_LOW
    r = high - low
    rest = r * r * exponential_rest(r) + ((high - r) - low)
    scale = power_of_two(bits_of(shifted) - ROUNDING_BITS)
    whole, first = scale - 1.0, r * scale
    total = whole + first
    return total + ((whole - total) + first + rest * scale)


def expit(x: float) -> float:
    """Return 1 / (1 + e⁻ˣ), within 2 units in the last place.

    >>> expit(0.0), expit(-1000.0)
    (0.5, 0.0)
    """
    small = exp(-abs(x))
    return (1.0 if x >= 0.0 else small) / (1.0 + small)


def tanh(x: float) -> float:
    """Return (e²ˣ - 1) / (e²ˣ + 1), within 2 units in the last place.

    >>> tanh(0.0), tanh(100.0), tanh(-1e-300)
    (0.0, 1.0, -1e-300)
    """
    size = abs(x)
    grown = near_expm1(2.0 * (20.0 if size > 20.0 else size))
    found = grown / (grown + 2.0)
    return -found if x < 0.0 else (x if x == 0.0 else found)


def sinh(x: float) -> float:
    """Return (eˣ - e⁻ˣ) / 2, within 2 units in the last place.

    >>> sinh(0.0), sinh(-1e-300), sinh(1000.0)
    (0.0, -1e-300, inf)
    """
    size, z = abs(x), x * x
    grown, shrunk = halves(size)
    far = grown - shrunk
    return x + x * z * sinh_rest(z) if size < 1.0 else (far if x > 0.0 else -far)


def cosh(x: float) -> float:
    """Return (eˣ + e⁻ˣ) / 2, within 2 units in the last place.

    >>> cosh(0.0), cosh(-1000.0)
    (1.0, inf)
    """
    grown, shrunk = halves(abs(x))
    return grown + shrunk


def halves(size: float) -> tuple[float, float]:
    """Return eˣ / 2 and e⁻ˣ / 2 for x ≥ 0.

    >>> halves(0.0)
    (0.5, 0.5)
    """
    near = FARTHEST if size > FARTHEST else size
    high, low, power = exponential_parts(near, 0.0)
    grown = high + low
    return scaled(grown, power - 1), scaled(0.5 / grown, -power)


def logaddexp(a: float, b: float) -> float:
    """Return log(eᵃ + eᵇ) without overflow.

    >>> round(logaddexp(1000.0, 1000.0), 6)
    1000.693147
    """
    high, low = (a, b) if a >= b else (b, a)
    # Equal infinities have no difference.
    return high + (log1p(1.0) if high == low else log1p(exp(low - high)))

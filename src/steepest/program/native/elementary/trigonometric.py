"""Sine, cosine and tangent without branches and tables.

x = n π/2 + r + l with |r| ≤ π/4. π/2 is the sum of two parts of 33 bits, whose products with n are
exact, and a third: what it takes from r, and rounding, are in the small number l, so that r + l has
all digits however close x lies to a multiple of π/2. (W. J. Cody, W. Waite, 1980.) Of l the first
power is enough: sin(r + l) = sin r + l (1 - r²/2) and cos(r + l) = cos r - l sin r.

Beyond `FARTHEST` the results are NaN: whoever calls computes those rows another way.
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import ROUNDING, bits_of, less_product, number_of
from steepest.program.native.elementary.polynomials import cosine_rest, sine_rest

PER_QUARTER = 0.6366197723675814
"""2 / π."""

QUARTER_1, QUARTER_2, QUARTER_3 = 1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21
"""π/2."""

FARTHEST = 1647099.0
"""2²⁰ π/2: up to here n has 20 bits."""

NOT_A_NUMBER = float("nan")
SIGN = -0x8000000000000000


def reduced(x: float) -> tuple[int, float, float]:
    """Return n, in the last bits of a whole number, and x - n π/2 as the sum r + l."""
    near = x if abs(x) <= FARTHEST else NOT_A_NUMBER
    shifted = near * PER_QUARTER + ROUNDING
    n = shifted - ROUNDING
    first = near - n * QUARTER_1
    r = less_product(first, n, QUARTER_2)
    # Nothing is lost of first - r: either r is the smaller one, or both are multiples of the same
    # small number, and their difference is exact.
    low = less_product(less_product(first - r, n, QUARTER_2), n, QUARTER_3)
    return bits_of(shifted), r, low


def sincos(x: float) -> tuple[float, float]:
    """Return sin x and cos x, each within 1.1 units in the last place.

    >>> sincos(0.0)
    (0.0, 1.0)
    """
    quadrant, r, low = reduced(x)
    z = r * r
    half = 0.5 * z
    sine = r + (r * z * sine_rest(z) + (low - half * low))
    cosine = 1.0 - (half - (z * z * cosine_rest(z) - sine * low))
    odd = (quadrant & 1) != 0
    sine_sign = (quadrant << 62) & SIGN
    cosine_sign = ((quadrant + 1) << 62) & SIGN
    of_sine = number_of(bits_of(cosine if odd else sine) ^ sine_sign)
    of_cosine = number_of(bits_of(sine if odd else cosine) ^ cosine_sign)
    return x if x == 0.0 else of_sine, of_cosine


def tan(x: float) -> float:
    """Return tan x, within 2 units in the last place.

    Sine and cosine of r are sums of two numbers, of which the quotient takes account: tan x is one
    over the other, or, where n is odd, minus the other over the one.

    >>> tan(0.0), tan(-1e-300)
    (0.0, -1e-300)
    """
    quadrant, r, low = reduced(x)
    z = r * r
    half = 0.5 * z
    above = r * z * sine_rest(z) + (low - half * low)
    sine = r + above
    below = half - (z * z * cosine_rest(z) - sine * low)
    cosine = 1.0 - below
    sine_low, cosine_low = (r - sine) + above, (1.0 - cosine) - below
    odd = (quadrant & 1) != 0
    over, over_low = (-cosine, -cosine_low) if odd else (sine, sine_low)
    under, under_low = (sine, sine_low) if odd else (cosine, cosine_low)
    quotient = over / under
    found = quotient + (over_low - quotient * under_low) / under
    return x if x == 0.0 else found


def sin(x: float) -> float:
    """Return sin x.

    >>> sin(0.0), sin(-1e-300)
    (0.0, -1e-300)
    """
    return sincos(x)[0]


def cos(x: float) -> float:
    """Return cos x.

    >>> cos(0.0)
    1.0
    """
    return sincos(x)[1]

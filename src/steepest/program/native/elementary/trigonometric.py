"""Sine, cosine and tangent without branches and tables.

x = n π/2 + r - e with |r| ≤ π/4. Three parts of π/2 have so few bits that their products with n
are exact (W. J. Cody, W. Waite, 1980); of the first two nothing is lost. What rounding takes from
r, and the fourth part, are the excess e, so that r - e has all digits however close x lies to a
multiple of π/2. As e is at most half a unit in the last place of r, sin(r - e) is sin r - e, but
for a sixth of a unit, and cos(r - e) is cos r, but for a third.

Beyond `FARTHEST` the results are NaN: whoever calls computes those rows another way.
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import ROUNDING, bits_of, less_product, number_of
from steepest.program.native.elementary.polynomials import cosine_rest, sine_rest

PER_QUARTER = 0.6366197723675814
"""2 / π."""

QUARTER_1, QUARTER_2 = 1.5707963267341256, 6.077094383272197e-11
QUARTER_3, QUARTER_4 = 6.12323399538461e-17, 3.5215598651832e-27
"""π/2, in parts of 33, 20, 33 and 53 bits; the first two are multiples of 2⁻⁵³."""

FARTHEST = 1647099.0
"""2²⁰ π/2: up to here n has 20 bits."""

NOT_A_NUMBER = float("nan")
SIGN = -0x8000000000000000


def reduced(x: float) -> tuple[int, float, float]:
    """Return n, in the last bits of a whole number, and r and e: x - n π/2 is r - e."""
    near = x if abs(x) <= FARTHEST else NOT_A_NUMBER
    shifted = near * PER_QUARTER + ROUNDING
    n = shifted - ROUNDING
    # Exact: a multiple of 2⁻⁵³, as x is where n is not 0, and below 1.
    first = near - n * QUARTER_1 - n * QUARTER_2
    r = less_product(first, n, QUARTER_3)
    # Nothing is lost of r - first either: one is at most twice the other, or both are below 2⁻³²,
    # and multiples of 2⁻⁸⁶.
    excess = less_product(less_product(r - first, n, -QUARTER_3), n, -QUARTER_4)
    return bits_of(shifted), r, excess


def sincos(x: float) -> tuple[float, float]:
    """Return sin x and cos x, each within 1.2 units in the last place.

    >>> sincos(0.0)
    (0.0, 1.0)
    """
    quadrant, r, excess = reduced(x)
    z = r * r
    # Zero is added so that the correction of -0.0 is -0.0, and the sine as well.
    sine = r + (r * (z * sine_rest(z) + 0.0) - excess)
    cosine = 1.0 + z * (z * cosine_rest(z) - 0.5)
    odd = (quadrant & 1) != 0
    sine_sign = (quadrant << 62) & SIGN
    cosine_sign = ((quadrant + 1) << 62) & SIGN
    of_sine = number_of(bits_of(cosine if odd else sine) ^ sine_sign)
    of_cosine = number_of(bits_of(sine if odd else cosine) ^ cosine_sign)
    return of_sine, of_cosine


def tan(x: float) -> float:
    """Return tan x, within 2 units in the last place.

    Sine and cosine of r are sums of two numbers, of which the quotient takes account: tan x is one
    over the other, or, where n is odd, minus the other over the one.

    >>> tan(0.0), tan(-1e-300)
    (0.0, -1e-300)
    """
    quadrant, r, excess = reduced(x)
    z = r * r
    half = 0.5 * z
    above = r * (z * sine_rest(z) + 0.0) - (excess - half * excess)
    sine = r + above
    below = half - (z * z * cosine_rest(z) + sine * excess)
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

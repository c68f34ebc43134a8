"""erf x and erfc x without branches.

For x ≥ 0, (1 + 2 x) exp(x²) erfc(x) lies between 1 and 1.29, and is a polynomial in
(x - 15/4) / (x + 15/4), which maps all of 0 ≤ x < ∞ to one interval. (M. M. Shepherd,
J. G. Laframboise, "Chebyshev approximation of (1 + 2 x) exp(x²) erfc x", Mathematics of Computation
36, 1981.)
"""

from __future__ import annotations

from steepest.program.native.elementary.bits import upper
from steepest.program.native.elementary.exponential import exponential_parts, scaled
from steepest.program.native.elementary.polynomials import error_rest, scaled_error

SLOPE, SLOPE_LOW = 1.1283791670955126, 1.533545961316588e-17
"""2 / √π, and what it is more than that number."""

SIX_FIFTHS, SIX_FIFTHS_LOW = 1.2, 4.440892098500626e-17
"""6 / 5, the same."""

MIDDLE = 3.75
FARTHEST = 28.0
"""Beyond, erfc x is 0."""


def erf(x: float) -> float:
    """Return erf x, within 1 unit in the last place.

    >>> erf(0.0), erf(-100.0), erf(-1e-300)
    (0.0, -1.0, -1.1283791670955126e-300)
    """
    size = abs(x)
    far = 1.0 - complement(size)
    return beside_zero(x) if size < 1.0 else (far if x > 0.0 else -far)


def erfc(x: float) -> float:
    """Return erfc x = 1 - erf x, within 2 units in the last place also where it is small.

    >>> erfc(0.0), erfc(-100.0), erfc(30.0)
    (1.0, 2.0, 0.0)
    """
    size = abs(x)
    far = complement(size)
    return 1.0 - beside_zero(x) if size < 0.5 else (2.0 - far if x < 0.0 else far)


def beside_zero(x: float) -> float:
    """Return erf x for |x| ≤ 1.

    >>> beside_zero(0.0)
    0.0
    """
    z = x * x
    return SLOPE * x + x * (SLOPE_LOW + z * error_rest(z))


def complement(x: float) -> float:
    """Return erfc x for x ≥ 0, to all its digits for x ≥ 1/2.

    What rounding loses of x², of 1 + 2 x and of exp is made up for in one correction.

    >>> complement(0.0)
    1.0
    """
    near = FARTHEST if x > FARTHEST else x
    main = upper(near)
    # x² exactly enough: a product of 26 bits each, and what it leaves.
    grown, grown_low, power = exponential_parts(-(main * main), -((near - main) * (near + main)))
    rest = scaled_error((near - MIDDLE) / (near + MIDDLE))
    above = SIX_FIFTHS + rest
    above_low = ((SIX_FIFTHS - above) + rest) + SIX_FIFTHS_LOW
    double = 2.0 * near
    below = 1.0 + double
    added = below - 1.0
    below_low = (1.0 - (below - added)) + (double - added)
    quotient = grown * above / below
    lost = grown_low * above + grown * above_low - quotient * below_low
    return scaled(quotient + lost / below, power)

"""Inverse trigonometric functions, and lengths, without branches and tables.

arctan is a polynomial on |x| ≤ 1, and π/2 - arctan(1/x) beyond. arcsin is one on |x| ≤ ½, and
π/2 - 2 arcsin √((1 - x)/2) beyond. (W. J. Cody, W. Waite, "Software Manual for the Elementary
Functions", 1980.)
"""

from __future__ import annotations

from math import copysign, sqrt

from steepest.program.native.elementary.bits import bits_of, upper
from steepest.program.native.elementary.polynomials import arcsine_rest, arctangent_rest

HALF_TURN, HALF_TURN_LOW = 3.141592653589793, 1.2246467991473532e-16
QUARTER_TURN, QUARTER_TURN_LOW = 1.5707963267948966, 6.123233995736766e-17
"""π and π/2, and what each is more than its first number."""

UP_600, DOWN_600 = 2.0**600, 2.0**-600
"""By which nothing is rounded."""

INFINITY = float("inf")
NOT_A_NUMBER = float("nan")


def arctan(x: float) -> float:
    """Return arctan x, within 2 units in the last place.

    >>> arctan(0.0), arctan(float("inf"))
    (0.0, 1.5707963267948966)
    """
    size = abs(x)
    far = size > 1.0
    inside = inner_arctangent(1.0 / size if far else size)
    return copysign(QUARTER_TURN - (inside - QUARTER_TURN_LOW) if far else inside, x)


def inner_arctangent(r: float) -> float:
    """Return arctan r for 0 ≤ r ≤ 1.

    >>> inner_arctangent(0.0)
    0.0
    """
    z = r * r
    return r + r * z * arctangent_rest(z)


def arctan2(y: float, x: float) -> float:
    """Return the angle of the point (x, y), within 2 units in the last place.

    >>> arctan2(0.0, -1.0), arctan2(-1.0, 0.0)
    (3.141592653589793, -1.5707963267948966)
    """
    up, along = abs(y), abs(x)
    steep, left = up > along, bits_of(x) < 0
    over, under = (along, up) if steep else (up, along)
    quotient = over / under if over < under else (1.0 if under > 0.0 else 0.0)
    inside = inner_arctangent(quotient)
    begin, low = (QUARTER_TURN, QUARTER_TURN_LOW) if steep else (0.0, 0.0)
    begin, low = (HALF_TURN, HALF_TURN_LOW) if left and not steep else (begin, low)
    found = copysign(begin + (low + (-inside if steep != left else inside)), y)
    return x + y if x != x or y != y else found


def arcsin(x: float) -> float:
    """Return arcsin x, within 2 units in the last place; NaN where |x| > 1.

    >>> arcsin(0.0), arcsin(1.0)
    (0.0, 1.5707963267948966)
    """
    size = abs(x)
    main, behind = inner_arcsine(size)
    far = (QUARTER_TURN - 2.0 * main) - (2.0 * behind - QUARTER_TURN_LOW)
    return copysign(main + behind if size < 0.5 else far, x) if size <= 1.0 else NOT_A_NUMBER


def arccos(x: float) -> float:
    """Return arccos x, within 2 units in the last place; NaN where |x| > 1.

    >>> arccos(1.0), arccos(-1.0)
    (0.0, 3.141592653589793)
    """
    size = abs(x)
    main, behind = inner_arcsine(size)
    inside = main + behind
    near = QUARTER_TURN - (copysign(inside, x) - QUARTER_TURN_LOW)
    far = 2.0 * inside if x > 0.0 else HALF_TURN - (2.0 * inside - HALF_TURN_LOW)
    return (near if size < 0.5 else far) if size <= 1.0 else NOT_A_NUMBER


def inner_arcsine(size: float) -> tuple[float, float]:
    """Return arcsin of a number below ½, and else of √((1 - size)/2), as the sum of two numbers.

    >>> inner_arcsine(1.0)
    (0.0, 0.0)
    """
    near = size < 0.5
    z = size * size if near else (0.5 * (1.0 - size) if size <= 1.0 else 0.0)
    root = size if near else sqrt(z)
    main = size if near else upper(root)
    # What a root of 26 bits lacks: the product of two such is exact.
    lacking = (z - main * main) / (root + main) if z > 0.0 and not near else 0.0
    return main, root * z * arcsine_rest(z) + lacking


def hypot(a: float, b: float) -> float:
    """Return √(a² + b²) without overflow, within 2 units in the last place.

    >>> hypot(3.0, -4.0), hypot(3e300, 4e300)
    (5.0, 5e+300)
    """
    a, b = abs(a), abs(b)
    largest = a if a >= b else b
    scale, back = (DOWN_600, UP_600) if largest > 1e150 else (1.0, 1.0)
    scale, back = (UP_600, DOWN_600) if largest < 1e-150 else (scale, back)
    found = sqrt(a * scale * (a * scale) + b * scale * (b * scale)) * back
    return INFINITY if a == INFINITY or b == INFINITY else found

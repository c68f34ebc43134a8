"""Floating-point numbers as the whole numbers that their bits are."""

from __future__ import annotations

import struct

ROUNDING = 6755399441055744.0
"""1.5 · 2⁵²: added to a number below 2⁵¹, it leaves no bits behind the point, and the whole
number, counted from `ROUNDING_BITS`, in the bits of the sum."""

ROUNDING_BITS = 0x4338000000000000

EXPONENT_OF_1 = 0x3FF0000000000000

UPPER = -0x8000000


def bits_of(x: float) -> int:
    """Return the bits of a number as a signed whole number.

    >>> hex(bits_of(1.0))
    '0x3ff0000000000000'
    """
    bits: int = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits


def number_of(bits: int) -> float:
    """Return the number that has these bits.

    >>> number_of(bits_of(1.5))
    1.5
    """
    number: float = struct.unpack("<d", struct.pack("<Q", bits % 2**64))[0]
    return number


def power_of_two(exponent: int) -> float:
    """Return 2ⁿ for -1022 ≤ n ≤ 1023.

    >>> power_of_two(-1)
    0.5
    """
    return number_of(EXPONENT_OF_1 + (exponent << 52))


def upper(x: float) -> float:
    """Return a number without its last 27 bits: the product of two such numbers is exact.

    >>> upper(1.0 + 2.0**-25), upper(1.0 + 2.0**-26)
    (1.0000000298023224, 1.0)
    """
    return number_of(bits_of(x) & UPPER)


def less_product(number: float, a: float, b: float) -> float:
    """Return number - a b, where a b is exact: in one operation where a processor has it.

    Written as two, they would stay two where a product is used twice.

    >>> less_product(1.0, 2.0, 3.0)
    -5.0
    """
    return number - a * b

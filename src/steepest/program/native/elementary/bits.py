"""Floating-point numbers as the whole numbers that their bits are."""

from __future__ import annotations

import struct
from typing import Any

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

    LLVM would make two of them where a product is used twice.

    >>> less_product(1.0, 2.0, 3.0)
    -5.0
    """
    return number - a * b


def teach_bits() -> None:
    """Let Numba compile `bits_of` and `number_of`, which cost nothing there, and `less_product`."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic, overload

    def cast(argument: Any, result: Any, llvm_type: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return builder.bitcast(values[0], llvm_type)

        return intrinsic(lambda typing_context, value: (result(argument), generate))

    def fuse(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number, a, b = values
        of_three = ir.FunctionType(ir.DoubleType(), [ir.DoubleType()] * 3)
        fused = builder.module.declare_intrinsic("llvm.fmuladd", [ir.DoubleType()], of_three)
        return builder.call(fused, [builder.fneg(a), b, number])

    three = types.float64(types.float64, types.float64, types.float64)
    fused = intrinsic(lambda typing_context, number, a, b: (three, fuse))
    from_number = cast(types.float64, types.int64, ir.IntType(64))
    from_bits = cast(types.int64, types.float64, ir.DoubleType())
    inside = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    overload(bits_of, jit_options=inside)(lambda x: lambda x: from_number(x))
    overload(number_of, jit_options=inside)(lambda bits: lambda bits: from_bits(bits))
    overload(less_product, jit_options=inside)(
        lambda number, a, b: lambda number, a, b: fused(number, a, b)
    )

"""How wide the vectors are that a compiled loop is made of."""

from __future__ import annotations

from typing import Any

IMPORT = "from steepest.program.native.width import in_widest_vectors"
WIDEST = "in_widest_vectors()"
"""The lines that a module and its loop begin with."""

ATTRIBUTE = '"prefer-vector-width"="512"'
"""Of LLVM's functions. It uses half of the width that Intel's processors have unless it is told
so, for the first ones lowered their clock for the whole; newer ones do not."""


def in_widest_vectors() -> None:
    """Have the function that calls this compiled for the widest vectors there are.

    Compiled loops begin with it; otherwise it does nothing.

    >>> in_widest_vectors()
    """


def teach_width() -> None:
    """Let Numba compile `in_widest_vectors`, of which nothing is left."""
    from llvmlite.ir.values import FunctionAttributes
    from numba import types
    from numba.extending import lower_builtin, type_callable

    class WithWidth(FunctionAttributes):  # type: ignore[misc]
        _known = FunctionAttributes._known | {ATTRIBUTE}

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.function.attributes = WithWidth([*builder.function.attributes, ATTRIBUTE])
        return context.get_dummy_value()

    type_callable(in_widest_vectors)(lambda context: lambda: types.none)
    lower_builtin(in_widest_vectors)(generate)

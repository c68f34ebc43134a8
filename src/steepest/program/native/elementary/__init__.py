"""Functions that compiled loops over rows compute many at a time, without calls and branches.

They are plain Python on single numbers, and run there as well, if slowly. Their statements are of
the kind that `steepest.program.native.translation` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from steepest.program.native.elementary import (
    bits,
    choices,
    error_function,
    exponential,
    inverse,
    logarithm,
    polynomials,
    power,
    trigonometric,
)

ELEMENTARY: dict[str, Callable[..., Any]] = {
    "exp": exponential.exp,
    "expm1": exponential.expm1,
    "expit": exponential.expit,
    "tanh": exponential.tanh,
    "logaddexp": exponential.logaddexp,
    "log": logarithm.log,
    "log1p": logarithm.log1p,
    "sin": trigonometric.sin,
    "cos": trigonometric.cos,
    "tan": trigonometric.tan,
    "power": power.power,
    "erf": error_function.erf,
    "erfc": error_function.erfc,
    "sinh": exponential.sinh,
    "cosh": exponential.cosh,
    "exp2": power.exp2,
    "log2": power.log2,
    "log10": power.log10,
    "cbrt": power.cbrt,
    "arctan": inverse.arctan,
    "arctan2": inverse.arctan2,
    "arcsin": inverse.arcsin,
    "arccos": inverse.arccos,
    "hypot": inverse.hypot,
    "maximum": choices.maximum,
    "minimum": choices.minimum,
    "floor": choices.floor,
}
"""The functions by the names of the operations that they compute."""

OF_TWO = ("logaddexp", "maximum", "minimum", "power", "arctan2", "hypot")
"""Those that take two numbers."""

MODULES: tuple[ModuleType, ...] = (
    bits,
    polynomials,
    choices,
    logarithm,
    exponential,
    power,
    error_function,
    trigonometric,
    inverse,
)
"""Where they are, with everything that they call."""

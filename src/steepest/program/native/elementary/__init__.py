"""Functions that compiled loops over rows compute many at a time, without calls and branches.

They are plain Python on single numbers, and run there as well, if slowly.
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
    "maximum": choices.maximum,
    "minimum": choices.minimum,
}
"""The functions by the names of the operations that they compute."""

OF_TWO = ("logaddexp", "maximum", "minimum", "power")
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
)
"""Where they are, with everything that they call."""

"""Functions that know their derivatives."""

from steepest.functions.function import Function, function
from steepest.functions.objectives import objective

__all__ = ["Function", "function", "objective"]

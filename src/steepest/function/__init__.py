"""Functions that know their derivatives."""

from steepest.function.function import Function, function, objective

__all__ = ["Function", "function", "objective"]

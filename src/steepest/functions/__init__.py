"""Functions that know their derivatives."""

from steepest.functions.function import Function, function, objective

__all__ = ["Function", "function", "objective"]

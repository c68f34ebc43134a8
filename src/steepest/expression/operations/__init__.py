"""The table of operations, one row each; importing this package fills it."""

from steepest.expression.operation import OPERATIONS
from steepest.expression.operations import (
    arithmetic,
    elementary,
    kinks,
    linear_algebra,
    reductions,
    special,
    structure,
)

__all__ = [
    "OPERATIONS",
    "arithmetic",
    "elementary",
    "kinks",
    "linear_algebra",
    "reductions",
    "special",
    "structure",
]

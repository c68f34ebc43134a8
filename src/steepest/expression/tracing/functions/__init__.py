"""What NumPy's functions do to expressions; importing this package fills the registry."""

from steepest.expression.tracing.dispatch import FUNCTIONS
from steepest.expression.tracing.functions import (
    choices,
    linear_algebra,
    reductions,
    shapes,
    sorting,
)

__all__ = ["FUNCTIONS", "choices", "linear_algebra", "reductions", "shapes", "sorting"]

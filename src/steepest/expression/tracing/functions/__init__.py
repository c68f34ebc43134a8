"""What NumPy's functions do to expressions; importing this package fills the registry."""

from steepest.expression.tracing.dispatch import FUNCTIONS
from steepest.expression.tracing.functions import (
    choices,
    facts,
    joins,
    linear_algebra,
    making,
    polynomials,
    reductions,
    running,
    shapes,
    sorting,
    writing,
)

__all__ = [
    "FUNCTIONS",
    "choices",
    "facts",
    "joins",
    "linear_algebra",
    "making",
    "polynomials",
    "reductions",
    "running",
    "shapes",
    "sorting",
    "writing",
]

"""What the tracer covers, read from its registries, as rows of the table in docs/tracing.md."""

from __future__ import annotations

from collections.abc import Iterable

from steepest.expression.tracing.creation import CONVERTED, NEW
from steepest.expression.tracing.functions import FUNCTIONS
from steepest.expression.tracing.mathematics import NUMBERS, SEQUENCES
from steepest.expression.tracing.protocol import METHODS, Traced
from steepest.expression.tracing.traced import TracedArray
from steepest.expression.tracing.ufuncs import SPECIAL, UFUNCS

OUR_OWN = {"expression", "method", "rebind", "session", "view"}
"""Attributes of a traced array that NumPy's arrays have not, or not to the same end."""

SPECIAL_FUNCTIONS = {"logsumexp", "softmax", "log_softmax"}
"""Those of SciPy that are no universal functions."""


def functions_of(module: str) -> set[str]:
    """Return the names of NumPy's functions of one module that have a handler."""
    return {function.__name__ for function in FUNCTIONS if function.__module__ == module}


def covered() -> dict[str, set[str]]:
    """Return the covered names, by kind."""
    ufuncs = {ufunc.__name__ for ufunc in UFUNCS}
    made = {*NEW, *CONVERTED, "fromiter"}
    attributes = {name for kind in (Traced, TracedArray) for name in dir(kind) if name[0] != "_"}
    return {
        "`np.`, elementwise": ufuncs,
        "their methods": {"reduce", "accumulate", "outer", "at"},
        "`np.`, arrays": functions_of("numpy") - ufuncs,
        "`np.`, making arrays": made - functions_of("numpy") - ufuncs,
        "`np.linalg.`": functions_of("numpy.linalg"),
        "of an array": attributes - OUR_OWN | set(METHODS),
        "`scipy.special.`": {*SPECIAL, *SPECIAL_FUNCTIONS},
        "`math.`": {*NUMBERS, *SEQUENCES},
    }


def rows(table: dict[str, Iterable[str]]) -> str:
    """Return the rows of the table."""
    lines = [
        f"| {kind} | {' '.join(f'`{name}`' for name in sorted(names))} |"
        for kind, names in table.items()
    ]
    return "\n".join(lines)

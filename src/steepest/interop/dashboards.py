"""What callbacks for dashboards share: which numbers of a step are shown, and under which names."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from steepest.descent.history import Step
from steepest.descent.options import STEPS, require
from steepest.descent.result import Result

MOST_VARIABLES = 20
"""Of a function of more variables the points are not shown."""


def measures(step: Step) -> dict[str, float]:
    """Return the numbers of a step by name; those that are not finite are left out.

    Examples
    --------
    >>> import numpy as np
    >>> point = Step(2, {"a": 1.5}, 4.0, np.array([3.0]), 3.0, 0.1, True, 0.25)
    >>> measures(point)
    {'value': 4.0, 'gradient_norm': 3.0, 'learning_rate': 0.1, 'seconds': 0.25, 'x/a': 1.5}
    """
    found = {
        "value": step.fun,
        "gradient_norm": step.gradient_norm,
        "learning_rate": step.rate,
        "seconds": step.seconds,
        **_variables(step.x),
    }
    return {name: float(value) for name, value in found.items() if math.isfinite(value)}


def _variables(x: Any) -> dict[str, float]:
    """Return the variables by name, where they are few."""
    named = x if isinstance(x, dict) else {"": x}
    if sum(int(np.size(part)) for part in named.values()) > MOST_VARIABLES:
        return {}
    found = {}
    for name, part in named.items():
        for place, number in enumerate(np.ravel(np.asarray(part)).tolist()):
            index = "" if np.ndim(part) == 0 else str(place)
            # MLflow takes no brackets in names.
            found["/".join(filter(None, ["x", name, index]))] = number
    return found


def outcome(result: Result) -> dict[str, float]:
    """Return the numbers of a result by name."""
    found = {
        "steps": result.nit,
        "evaluations": result.nfev,
        "final_value": result.fun,
        "success": result.success,
    }
    return {name: float(value) for name, value in found.items() if math.isfinite(value)}


def settings(result: Result) -> dict[str, str]:
    """Return what a run was asked for, as text by name."""
    return {
        "method": result.method,
        "reason": result.reason.name,
        **{name: str(value) for name, value in result.options.items() if value is not None},
    }


def require_every(every: int, owner: str) -> None:
    """Raise `InputError` unless every so many steps can be shown."""
    require("every", every, STEPS, owner)

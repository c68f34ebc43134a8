"""Gradient descent from first principles.

>>> import steepest as st
>>> r = st.minimize("(x - 1)**2 + 10*(y + 2)**2", [0, 0])
>>> r.success, [round(float(v), 4) for v in r.x]
(True, [1.0, -2.0])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from steepest.version import __version__

if TYPE_CHECKING:
    from steepest import figures, interop
    from steepest.derivative.numerical import numerical_gradient
    from steepest.descent import methods, schedules, stopping
    from steepest.descent import step_length as step_lengths
    from steepest.descent.checkpoints.checkpoint import Checkpoint
    from steepest.descent.compare import Comparison, compare
    from steepest.descent.history import History, Step
    from steepest.descent.minimize import minimize
    from steepest.descent.prepared import Path, PreparedDescent, prepare
    from steepest.descent.rate_advice import RateAdvice, suggest_rate
    from steepest.descent.result import Result
    from steepest.descent.saving import load
    from steepest.descent.search import Minimum, Search
    from steepest.descent.stopping import Reason
    from steepest.errors import (
        FormulaError,
        InputError,
        MissingPackageError,
        NonFiniteError,
        SteepestError,
        TracingError,
    )
    from steepest.fitting import losses
    from steepest.fitting.curve_fit import curve_fit
    from steepest.fitting.fit import fit
    from steepest.fitting.fitted import Fit
    from steepest.fitting.keeping import resume
    from steepest.functions.check import GradientCheck, check_gradient
    from steepest.functions.function import Function, function
    from steepest.functions.transforms import grad, hessian, hvp, jacobian, value_and_grad
    from steepest.interop.for_scipy import scipy_method
    from steepest.landscapes.landscape import Landscape, landscape

HOMES = {
    "steepest.derivative.numerical": ["numerical_gradient"],
    "steepest.descent.checkpoints.checkpoint": ["Checkpoint"],
    "steepest.descent.compare": ["Comparison", "compare"],
    "steepest.descent.history": ["History", "Step"],
    "steepest.descent.minimize": ["minimize"],
    "steepest.descent.prepared": ["Path", "PreparedDescent", "prepare"],
    "steepest.descent.rate_advice": ["RateAdvice", "suggest_rate"],
    "steepest.descent.result": ["Result"],
    "steepest.descent.search": ["Minimum", "Search"],
    "steepest.descent.saving": ["load"],
    "steepest.descent.stopping": ["Reason"],
    "steepest.fitting.curve_fit": ["curve_fit"],
    "steepest.fitting.fit": ["fit"],
    "steepest.fitting.fitted": ["Fit"],
    "steepest.fitting.keeping": ["resume"],
    "steepest.errors": [
        "FormulaError",
        "InputError",
        "MissingPackageError",
        "NonFiniteError",
        "SteepestError",
        "TracingError",
    ],
    "steepest.interop.for_scipy": ["scipy_method"],
    "steepest.landscapes.landscape": ["Landscape", "landscape"],
    "steepest.functions.check": ["GradientCheck", "check_gradient"],
    "steepest.functions.function": ["Function", "function"],
    "steepest.functions.transforms": ["grad", "hessian", "hvp", "jacobian", "value_and_grad"],
}
"""Where each public name lives. A module is loaded when one of its names is first used, so
that a short command does not wait for what it does not need."""

ROOMS = {
    "figures": "steepest.figures",
    "interop": "steepest.interop",
    "losses": "steepest.fitting.losses",
    "methods": "steepest.descent.methods",
    "schedules": "steepest.descent.schedules",
    "step_lengths": "steepest.descent.step_length",
    "stopping": "steepest.descent.stopping",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in ROOMS:
        found: Any = import_module(ROOMS[name])
    else:
        home = next((module for module, names in HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'steepest' has no attribute {name!r}")
        found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "Checkpoint",
    "Comparison",
    "Fit",
    "FormulaError",
    "Function",
    "GradientCheck",
    "History",
    "InputError",
    "Landscape",
    "Minimum",
    "MissingPackageError",
    "NonFiniteError",
    "Path",
    "PreparedDescent",
    "RateAdvice",
    "Reason",
    "Result",
    "Search",
    "SteepestError",
    "Step",
    "TracingError",
    "__version__",
    "check_gradient",
    "compare",
    "curve_fit",
    "figures",
    "fit",
    "function",
    "grad",
    "hessian",
    "hvp",
    "interop",
    "jacobian",
    "landscape",
    "load",
    "losses",
    "methods",
    "minimize",
    "numerical_gradient",
    "prepare",
    "resume",
    "schedules",
    "scipy_method",
    "step_lengths",
    "stopping",
    "suggest_rate",
    "value_and_grad",
]

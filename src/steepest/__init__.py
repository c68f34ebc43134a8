"""Gradient descent from first principles.

>>> import steepest as st
>>> r = st.minimize("(x - 1)**2 + 10*(y + 2)**2", [0, 0])
>>> r.success, [round(float(v), 4) for v in r.x]
(True, [1.0, -2.0])
"""

from steepest.derivative.numerical import numerical_gradient
from steepest.descent import methods, schedules, stopping
from steepest.descent.compare import Comparison, compare
from steepest.descent.history import History, Step
from steepest.descent.minimize import minimize
from steepest.descent.result import Result
from steepest.descent.saving import load
from steepest.descent.stopping import Reason
from steepest.errors import (
    FormulaError,
    InputError,
    MissingPackageError,
    NonFiniteError,
    SteepestError,
    TracingError,
)
from steepest.function import Function, function
from steepest.function.check import GradientCheck, check_gradient
from steepest.function.transforms import grad, hessian, hvp, jacobian, value_and_grad
from steepest.version import __version__

__all__ = [
    "Comparison",
    "FormulaError",
    "Function",
    "GradientCheck",
    "History",
    "InputError",
    "MissingPackageError",
    "NonFiniteError",
    "Reason",
    "Result",
    "SteepestError",
    "Step",
    "TracingError",
    "check_gradient",
    "compare",
    "function",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "load",
    "methods",
    "minimize",
    "numerical_gradient",
    "schedules",
    "stopping",
    "value_and_grad",
    "__version__",
]

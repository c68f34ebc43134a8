"""The methods, one file each, and the table of their names.

Examples
--------
>>> named("momentum", momentum=0.8)
Momentum(learning_rate=None, step_length=None, weight_decay=0.0, momentum=0.8, dampening=0.0)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from steepest.descent.methods.method import (
    Capabilities,
    DirectionMethod,
    FirstOrderMethod,
    Method,
)
from steepest.descent.methods.state import State
from steepest.descent.options import with_options
from steepest.descent.registry import Registry
from steepest.descent.step_length import named as named_length
from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from steepest.descent.methods.accelerated_gradient import AcceleratedGradient
    from steepest.descent.methods.adadelta import Adadelta
    from steepest.descent.methods.adagrad import AdaGrad
    from steepest.descent.methods.adam import Adam
    from steepest.descent.methods.adamax import Adamax
    from steepest.descent.methods.adamw import AdamW
    from steepest.descent.methods.adaptive_accelerated_gradient import AdaptiveAcceleratedGradient
    from steepest.descent.methods.amsgrad import AMSGrad
    from steepest.descent.methods.bfgs import BFGS
    from steepest.descent.methods.conjugate_gradient import ConjugateGradient
    from steepest.descent.methods.cubic_newton import CubicNewton
    from steepest.descent.methods.dog import DoG
    from steepest.descent.methods.gradient_descent import GradientDescent
    from steepest.descent.methods.l_bfgs import LBFGS
    from steepest.descent.methods.levenberg_marquardt import LevenbergMarquardt
    from steepest.descent.methods.lion import Lion
    from steepest.descent.methods.momentum import Momentum
    from steepest.descent.methods.nadam import NAdam
    from steepest.descent.methods.nesterov import Nesterov
    from steepest.descent.methods.newton import Newton
    from steepest.descent.methods.optimized_gradient import OptimizedGradient
    from steepest.descent.methods.prodigy import Prodigy
    from steepest.descent.methods.radam import RAdam
    from steepest.descent.methods.rmsprop import RMSProp
    from steepest.descent.methods.rprop import Rprop
    from steepest.descent.methods.schedule_free import ScheduleFree
    from steepest.descent.methods.schedule_free_adamw import ScheduleFreeAdamW

__all__ = [
    "BFGS",
    "LBFGS",
    "METHODS",
    "NAMES",
    "AMSGrad",
    "AcceleratedGradient",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "Adamax",
    "AdaptiveAcceleratedGradient",
    "Capabilities",
    "ConjugateGradient",
    "CubicNewton",
    "DirectionMethod",
    "DoG",
    "FirstOrderMethod",
    "GradientDescent",
    "LevenbergMarquardt",
    "Lion",
    "Method",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Newton",
    "OptimizedGradient",
    "Prodigy",
    "RAdam",
    "RMSProp",
    "Rprop",
    "ScheduleFree",
    "ScheduleFreeAdamW",
    "State",
    "named",
    "title",
]

# A new method is one file beside these, one line here and its name in __all__.
CLASSES = {
    "gradient-descent": "GradientDescent",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adadelta": "Adadelta",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "amsgrad": "AMSGrad",
    "lion": "Lion",
    "adamax": "Adamax",
    "radam": "RAdam",
    "rprop": "Rprop",
    "schedule-free": "ScheduleFree",
    "schedule-free-adamw": "ScheduleFreeAdamW",
    "prodigy": "Prodigy",
    "dog": "DoG",
    "accelerated-gradient": "AcceleratedGradient",
    "optimized-gradient": "OptimizedGradient",
    "adaptive-accelerated-gradient": "AdaptiveAcceleratedGradient",
    "conjugate-gradient": "ConjugateGradient",
    "l-bfgs": "LBFGS",
    "bfgs": "BFGS",
    "newton": "Newton",
    "levenberg-marquardt": "LevenbergMarquardt",
    "cubic-newton": "CubicNewton",
}
"""The class of each name; its file is the name with underscores."""

TITLES = {
    "l-bfgs": "L-BFGS",
    "levenberg-marquardt": "Levenberg-Marquardt",
    "schedule-free-adamw": "Schedule-free AdamW",
}
"""How names are written in text that neither their class nor their words show."""

BY_STEP_LENGTH = {
    "barzilai-borwein": "barzilai-borwein",
    "adaptive-gradient-descent": "adaptive",
    "silver": "silver",
}
"""What are methods by name, and really gradient descent with this step length."""

NAMES = (*CLASSES, *BY_STEP_LENGTH)
"""Every name of a method."""

OF_SCIPY = {
    "bfgs": "bfgs",
    "l-bfgs-b": "l-bfgs",
    "cg": "conjugate-gradient",
    "newton-cg": "newton",
    "trust-ncg": "newton",
    "trust-krylov": "newton",
    "trust-exact": "newton",
}
"""What SciPy calls methods that are here too; however capitals are written."""


_registry: Registry[Method] = Registry(__name__, CLASSES)
METHODS: Mapping[str, type[Method]] = _registry


def __getattr__(name: str) -> Any:
    """Load the class of a method on first use."""
    return _registry.attribute(name)


def __dir__() -> list[str]:
    return sorted(__all__)


def title(name: str) -> str:
    """Return a method's name as it begins a sentence.

    Parameters
    ----------
    name : str
        The name of a method, here or elsewhere.

    Returns
    -------
    str

    Examples
    --------
    >>> title("adamw"), title("l-bfgs"), title("gradient-descent")
    ('AdamW', 'L-BFGS', 'Gradient descent')
    """
    own = CLASSES.get(name, "")
    if own.lower() == name:
        return own
    words = name.replace("-", " ")
    return TITLES.get(name, words[:1].upper() + words[1:])


def named(name: str, **options: Any) -> Method:
    """Return the method of a name, with its options.

    Parameters
    ----------
    name : str
        One of `NAMES`, such as ``"adam"``, or what SciPy calls it, such as ``"L-BFGS-B"``.
    **options
        Fields of the method: ``learning_rate`` and what its class documents. Those of
        ``"barzilai-borwein"``, ``"adaptive-gradient-descent"`` and ``"silver"`` are the fields of
        the step length.

    Returns
    -------
    Method

    Raises
    ------
    InputError
        For an unknown name or option, and for a value that an option cannot have.

    Examples
    --------
    >>> named("adam", beta1=0.8).beta1
    0.8
    >>> named("barzilai-borwein", variant="long").step_length.variant
    'long'
    """
    known = OF_SCIPY.get(name.lower(), name)
    if known in BY_STEP_LENGTH:
        length = named_length(BY_STEP_LENGTH[known], **options)
        return with_options(
            METHODS["gradient-descent"], f"method {name!r}", {"step_length": length}
        )
    if known not in METHODS:
        raise InputError(
            f"There is no method {name!r}.{did_you_mean(name, NAMES)} "
            f"The methods are {', '.join(NAMES)}."
        )
    return with_options(METHODS[known], f"method {name!r}", options)

"""The methods, one file each, and the table of their names.

Examples
--------
>>> named("momentum", momentum=0.8)
Momentum(learning_rate=None, step_length=None, weight_decay=0.0, momentum=0.8, dampening=0.0)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from steepest.descent.methods.method import (
    Capabilities,
    DirectionMethod,
    FirstOrderMethod,
    Method,
)
from steepest.descent.methods.state import State
from steepest.descent.options import with_options
from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from steepest.descent.methods.adadelta import Adadelta
    from steepest.descent.methods.adagrad import AdaGrad
    from steepest.descent.methods.adam import Adam
    from steepest.descent.methods.adamw import AdamW
    from steepest.descent.methods.amsgrad import AMSGrad
    from steepest.descent.methods.bfgs import BFGS
    from steepest.descent.methods.conjugate_gradient import ConjugateGradient
    from steepest.descent.methods.gradient_descent import GradientDescent
    from steepest.descent.methods.l_bfgs import LBFGS
    from steepest.descent.methods.lion import Lion
    from steepest.descent.methods.momentum import Momentum
    from steepest.descent.methods.nadam import NAdam
    from steepest.descent.methods.nesterov import Nesterov
    from steepest.descent.methods.rmsprop import RMSProp

__all__ = [
    "BFGS",
    "LBFGS",
    "METHODS",
    "AMSGrad",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "Capabilities",
    "ConjugateGradient",
    "DirectionMethod",
    "FirstOrderMethod",
    "GradientDescent",
    "Lion",
    "Method",
    "Momentum",
    "NAdam",
    "Nesterov",
    "RMSProp",
    "State",
    "named",
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
    "conjugate-gradient": "ConjugateGradient",
    "l-bfgs": "LBFGS",
    "bfgs": "BFGS",
}
"""The class of each name; its file is the name with underscores."""


class _Methods(Mapping[str, type[Method]]):
    """The methods by name, each loaded when it is asked for: one descent uses one of them."""

    def __getitem__(self, name: str) -> type[Method]:
        module = import_module(f"{__name__}.{name.replace('-', '_')}")
        method: type[Method] = vars(module)[CLASSES[name]]
        return method

    def __contains__(self, name: object) -> bool:
        return name in CLASSES

    def __iter__(self) -> Iterator[str]:
        return iter(CLASSES)

    def __len__(self) -> int:
        return len(CLASSES)


METHODS: Mapping[str, type[Method]] = _Methods()


def __getattr__(name: str) -> Any:
    """Load the class of a method on first use."""
    for method, class_name in CLASSES.items():
        if class_name == name:
            return METHODS[method]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def named(name: str, **options: Any) -> Method:
    """Return the method of a name, with its options.

    Parameters
    ----------
    name : str
        A key of `METHODS`, such as ``"adam"``.
    **options
        Fields of the method: ``learning_rate`` and what its class documents.

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
    """
    if name not in METHODS:
        raise InputError(
            f"There is no method {name!r}.{did_you_mean(name, METHODS)} "
            f"The methods are {', '.join(METHODS)}."
        )
    return with_options(METHODS[name], f"method {name!r}", options)

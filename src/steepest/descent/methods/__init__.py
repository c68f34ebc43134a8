"""The methods, one file each, and the table of their names.

Examples
--------
>>> named("momentum", momentum=0.8)
Momentum(learning_rate=None, weight_decay=0.0, momentum=0.8, dampening=0.0)
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from steepest.descent.methods.adadelta import Adadelta
from steepest.descent.methods.adagrad import AdaGrad
from steepest.descent.methods.adam import Adam
from steepest.descent.methods.adamw import AdamW
from steepest.descent.methods.amsgrad import AMSGrad
from steepest.descent.methods.gradient_descent import GradientDescent
from steepest.descent.methods.lion import Lion
from steepest.descent.methods.method import Capabilities, Method, State
from steepest.descent.methods.momentum import Momentum
from steepest.descent.methods.nadam import NAdam
from steepest.descent.methods.nesterov import Nesterov
from steepest.descent.methods.rmsprop import RMSProp
from steepest.errors import InputError, did_you_mean

__all__ = [
    "METHODS",
    "AMSGrad",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "Capabilities",
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

# A new method is one file beside these and one entry here.
METHODS: dict[str, type[Method]] = {
    method.name: method
    for method in (
        GradientDescent,
        Momentum,
        Nesterov,
        AdaGrad,
        RMSProp,
        Adadelta,
        Adam,
        AdamW,
        NAdam,
        AMSGrad,
        Lion,
    )
}


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
    method = METHODS[name]
    known = [option.name for option in fields(method)]
    for option in options:
        if option not in known:
            raise InputError(
                f"The method {name!r} has no option {option!r}.{did_you_mean(option, known)} "
                f"Its options are {', '.join(known)}."
            )
    return method(**options)

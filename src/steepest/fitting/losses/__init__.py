"""The losses: how far predictions lie from their targets, as one number.

>>> import numpy as np
>>> import steepest as st
>>> x = np.array([0.0, 1.0, 2.0])
>>> fit = st.minimize(lambda a, b: mse(a + b * x, [1.0, 3.0, 5.0]), [0.0, 0.0])
>>> [round(float(v), 3) for v in fit.x]
[1.0, 2.0]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steepest.errors import InputError, did_you_mean
from steepest.fitting.losses.loss import KinkedLoss, Loss
from steepest.fitting.losses.outcomes import CrossEntropy, Hinge, LogLoss, Poisson
from steepest.fitting.losses.own import OwnLoss
from steepest.fitting.losses.robust import Cauchy, Huber, LogCosh, MeanAbsoluteError, Quantile
from steepest.fitting.losses.squared import (
    MeanSquaredError,
    RootMeanSquaredError,
    SumOfSquaredErrors,
)

__all__ = [
    "LOSSES",
    "Cauchy",
    "CrossEntropy",
    "Hinge",
    "Huber",
    "KinkedLoss",
    "LogCosh",
    "LogLoss",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "OwnLoss",
    "Poisson",
    "Quantile",
    "RootMeanSquaredError",
    "SumOfSquaredErrors",
    "chosen_loss",
    "mae",
    "mse",
    "rmse",
    "sse",
]


def __dir__() -> list[str]:
    return sorted(__all__)


sse, mse, rmse = SumOfSquaredErrors(), MeanSquaredError(), RootMeanSquaredError()
mae = MeanAbsoluteError()

LOSSES: Mapping[str, Loss] = {
    loss.name: loss
    for loss in [
        sse,
        mse,
        rmse,
        mae,
        Huber(),
        Cauchy(),
        LogCosh(),
        Quantile(),
        LogLoss(),
        Poisson(),
        Hinge(),
        CrossEntropy(),
    ]
}
"""The losses by name, with their default options."""


def chosen_loss(loss: str | Loss | Callable[..., Any]) -> Loss:
    """Return the loss that is meant: by name, as it is, or around a function.

    Parameters
    ----------
    loss : str, Loss or callable
        A key of `LOSSES`, a loss, or a function of prediction and response.

    Returns
    -------
    Loss

    Raises
    ------
    InputError
        For an unknown name, and for what is none of these.

    Examples
    --------
    >>> chosen_loss("huber")
    Huber(delta=1.0)
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str):
        if loss in LOSSES:
            return LOSSES[loss]
        raise InputError(
            f"There is no loss {loss!r}.{did_you_mean(loss, LOSSES)} The losses are "
            f"{', '.join(LOSSES)}, or a function of prediction and response."
        )
    if callable(loss):
        return OwnLoss(loss)
    raise InputError(
        f"A loss is a name such as 'sse', or a function of prediction and response, not {loss!r}."
    )

r"""How far predictions lie from their targets, as one number.

All three have the same minimiser; they differ in scale, and so in which learning rate suits.
They are plain NumPy, so that a descent differentiates through them.

>>> import steepest as st
>>> x = np.array([0.0, 1.0, 2.0])
>>> fit = st.minimize(lambda a, b: mse(a + b * x, [1.0, 3.0, 5.0]), [0.0, 0.0])
>>> [round(float(v), 3) for v in fit.x]
[1.0, 2.0]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError

__all__ = ["LOSSES", "mse", "rmse", "sse"]


def sse(prediction: npt.ArrayLike, target: npt.ArrayLike) -> Any:
    r"""Return the sum of squared errors.

    .. math:: \sum_i (\hat y_i - y_i)^2

    Parameters
    ----------
    prediction, target : array_like, of one shape
        ŷ and y.

    Returns
    -------
    float

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> float(sse([1.0, 2.0], [1.0, 4.0]))
    4.0
    """
    return np.sum(np.square(_errors(prediction, target)))


def mse(prediction: npt.ArrayLike, target: npt.ArrayLike) -> Any:
    r"""Return the mean squared error.

    .. math:: \frac{1}{m} \sum_{i=1}^{m} (\hat y_i - y_i)^2

    Parameters
    ----------
    prediction, target : array_like, of one shape
        ŷ and y.

    Returns
    -------
    float

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> float(mse([1.0, 2.0], [1.0, 4.0]))
    2.0
    """
    return np.mean(np.square(_errors(prediction, target)))


def rmse(prediction: npt.ArrayLike, target: npt.ArrayLike) -> Any:
    r"""Return the root mean squared error, in the unit of the target.

    .. math:: \sqrt{\frac{1}{m} \sum_{i=1}^{m} (\hat y_i - y_i)^2}

    Its gradient is the direction of the errors, which has no limit where all errors are 0;
    there the convention for the square root's kink holds and it is 0.

    Parameters
    ----------
    prediction, target : array_like, of one shape
        ŷ and y.

    Returns
    -------
    float

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> float(rmse([1.0, 2.0], [1.0, 4.0])) == 2.0**0.5
    True
    """
    return np.sqrt(mse(prediction, target))


def _errors(prediction: npt.ArrayLike, target: npt.ArrayLike) -> Any:
    """Return ŷ - y; broadcasting (m, 1) against (m,) would silently pair each with all."""
    if np.shape(prediction) != np.shape(target):
        raise InputError(
            f"A loss pairs each prediction with its target, and was given the shapes"
            f" {np.shape(prediction)} and {np.shape(target)}: reshape one of them, for example"
            " with np.ravel."
        )
    return np.subtract(prediction, target)


LOSSES: Mapping[str, Callable[..., Any]] = {"sse": sse, "mse": mse, "rmse": rmse}
"""The losses by name. All three have the same minimum."""

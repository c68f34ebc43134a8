"""SciPy's `curve_fit`, with SciPy's meaning."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.fit import fit
from steepest.objective import Vector


def curve_fit(
    f: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any = None,
    sigma: Any = None,
    absolute_sigma: bool = False,
    bounds: Any = None,
) -> tuple[Vector, Vector]:
    """Fit a function f(x, ...) to data, as SciPy's `curve_fit` is called.

    Parameters
    ----------
    f : callable
        ``f(x, a, b, ...)``.
    xdata, ydata : array_like, shape (m,)
        The data.
    p0 : sequence of float, optional
        The start; None looks for a good one.
    sigma : array_like, shape (m,), optional
        Standard deviations of `ydata`.
    absolute_sigma : bool, default False
        Whether `sigma` is known in absolute terms.
    bounds : 2-tuple of array_like, optional
        Lower and upper bounds of the parameters.

    Returns
    -------
    popt : ndarray, shape (n,)
        The parameters.
    pcov : ndarray, shape (n, n)
        Their covariance; infinite where there is none, as in SciPy.

    Examples
    --------
    >>> x = np.linspace(0, 4, 50)
    >>> popt, pcov = curve_fit(lambda x, a, b: a * np.exp(-b * x), x, 2.5 * np.exp(-1.3 * x))
    >>> popt.round(6)
    array([2.5, 1.3])
    """
    x, y = np.asarray(xdata, dtype=np.float64), np.asarray(ydata, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(
            f"xdata of shape {x.shape} and ydata of shape {y.shape} do not fit: give one number "
            "for each row in both."
        )
    independent, *names = inspect.signature(f).parameters
    response = "y" if "y" not in (independent, *names) else "the response"
    start = None if p0 is None else dict(zip(names, np.atleast_1d(p0), strict=True))
    box = None
    if bounds is not None:
        low, high = (np.broadcast_to(side, (len(names),)) for side in bounds)
        box = {name: (low[k], high[k]) for k, name in enumerate(names)}
    found = fit(
        f,
        {independent: x, response: y},
        start=start,
        sigma=sigma,
        absolute_sigma=absolute_sigma,
        bounds=box,
        response=response,
    )
    popt = np.array([found.parameters[name] for name in names])
    if found.covariance is None:
        return popt, np.full((len(names), len(names)), np.inf)
    return popt, found.covariance

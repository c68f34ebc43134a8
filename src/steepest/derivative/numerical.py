"""Derivatives from values alone: central differences, one-sided ones at bounds, Richardson."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.objective import Vector

CENTRAL_STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""Step of a central difference relative to max(1, |x|), 6.06e-6: it balances the truncation
error, of order h^2, against rounding, of order eps / h (Nocedal and Wright, 2006, section 8.1)."""

NOISE_SPACING = 1e-6
"""Distance of the places that `rounding_error` compares: wider than float32's spacing."""

WIDER = (1e2, 1e4)
"""Factors by which the step grows where the function does not change at all: its values
are rounded more coarsely than the numbers it is given."""


def floating(x: Any) -> Vector:
    """Return an array of floating-point numbers: single precision stays, the rest is double."""
    array = np.asarray(x)
    return array if array.dtype == np.float32 else array.astype(np.float64)


def spacing_of(x: Vector) -> float:
    """Return the spacing of the floating-point numbers of ``x`` at 1."""
    return float(np.finfo(x.dtype).eps)


def steps_for(x: Vector, h: float | None, relative: float) -> Vector:
    """Return the step for each variable, such that x + h is exact in floating point."""
    if h is not None:
        return np.full(x.shape, float(h))
    step = np.asarray(relative * np.maximum(1.0, np.abs(x)), dtype=x.dtype)
    return np.asarray((x + step) - x, dtype=np.float64)


def rounding_error(
    value: Callable[[Vector], Any],
    x: Vector,
    lower: Vector | None = None,
    upper: Vector | None = None,
) -> float:
    """Return the relative rounding error of a function's values, by a table of differences.

    The values at seven places close together differ by a smooth part, whose fifth
    differences vanish, and by rounding, whose fifth differences are random with a
    variance of 10! / 5!^2 = 252 times its own (Hamming, 1973, section 10.4; More and
    Wild, 2011, Estimating computational noise).

    Parameters
    ----------
    value : callable
        Takes shape (n,), returns a number.
    x : ndarray of shape (n,)
        Where.
    lower, upper : ndarray of shape (n,), optional
        Bounds that no evaluation leaves: near the upper one the places lie below x, not above,
        and closer together where there is no room on either side.

    Returns
    -------
    float
        At least the spacing of the numbers in ``x``; that also where the values are
        not finite.
    """
    least = spacing_of(x)
    low = np.full_like(x, -np.inf) if lower is None else lower
    high = np.full_like(x, np.inf) if upper is None else upper
    reach = 6 * NOISE_SPACING * np.maximum(1.0, np.abs(x))
    downwards = (high - x < reach) & (x - low > high - x)
    spacing = np.where(downwards, -np.minimum(reach, x - low), np.minimum(reach, high - x)) / 6
    # Clipped, since rounding may put the last place outside.
    places = [np.clip(x + k * spacing, low, high) for k in range(7)]
    values = np.array([float(value(place)) for place in places])
    size = float(np.max(np.abs(values)))
    if not np.isfinite(values).all() or size == 0:
        return least
    differences = np.diff(values, n=5)
    return max(least, float(np.sqrt(np.mean(differences**2) / 252)) / size)


def numerical_gradient_of(
    value: Callable[[Vector], Any],
    x: Vector,
    h: float | None = None,
    value_here: float | None = None,
    lower: Vector | None = None,
    upper: Vector | None = None,
    error: float | None = None,
) -> Vector:
    """Return the numerical gradient of a function of one vector.

    Parameters
    ----------
    value : callable
        Takes shape (n,), returns a number.
    x : ndarray of shape (n,)
        Where.
    h : float, optional
        The step; chosen for each variable from its size by default.
    value_here : float, optional
        f(x), where it is known; only needed at bounds and where f does not change.
    lower, upper : ndarray of shape (n,), optional
        Bounds that no evaluation leaves: near one the difference is one-sided, and 0 for a
        variable that they hold at one place.
    error : float, optional
        Relative rounding error of the function's values, see `rounding_error`; the
        step grows with its cube root. By default the spacing of the numbers in ``x``.

    Returns
    -------
    ndarray of shape (n,)
        In the precision of ``x``.
    """
    x = floating(x)
    steps = steps_for(x, h, float(np.cbrt(spacing_of(x) if error is None else error)))
    gradient = np.empty(x.size, dtype=x.dtype)
    for i in range(x.size):
        low = -np.inf if lower is None else lower[i]
        high = np.inf if upper is None else upper[i]
        step = float(steps[i])
        gradient[i] = _slope(value, x, i, step, low, high, value_here)
        if gradient[i] == 0 and h is None:
            gradient[i] = _slope_through_rounding(value, x, i, step, low, high, value_here)
    return gradient


def _slope(
    value: Callable[[Vector], Any],
    x: Vector,
    i: int,
    step: float,
    low: float,
    high: float,
    value_here: float | None,
) -> float:
    """Return one partial derivative, inside [low, high]."""

    def at(shift: float) -> float:
        moved = x.copy()
        moved[i] = min(max(x[i] + shift, low), high)
        return float(value(moved))

    above, below = float(high - x[i]), float(x[i] - low)
    if min(above, below) >= step:
        return (at(step) - at(-step)) / (2 * step)
    # Through f(x), f(x + h), f(x + 2h): error of order h^2 as in the middle.
    step = min(step, max(above, below) / 2)
    if step <= 0:
        return 0.0  # nothing can move between equal bounds
    here = float(value(x)) if value_here is None else value_here
    forward = step if above >= 2 * step else -step
    return (-3 * here + 4 * at(forward) - at(2 * forward)) / (2 * forward)


def _slope_through_rounding(
    value: Callable[[Vector], Any],
    x: Vector,
    i: int,
    step: float,
    low: float,
    high: float,
    value_here: float | None,
) -> float:
    """Look further out where nothing changed, as for values rounded to float32."""
    for factor in WIDER:
        slope = _slope(value, x, i, step * factor, low, high, value_here)
        if slope != 0:
            return slope
    return 0.0


def numerical_hessian_of(
    gradient: Callable[[Vector], Vector],
    x: Vector,
    lower: Vector | None = None,
    upper: Vector | None = None,
) -> Vector:
    """Return the Hessian by central differences of gradients, made symmetric.

    Near a bound the difference is one-sided, of an error of order h; 0 where there is no room.
    """
    x = floating(x)
    steps = steps_for(x, None, float(np.cbrt(spacing_of(x))))
    above = x + steps if upper is None else np.minimum(x + steps, upper)
    below = x - steps if lower is None else np.maximum(x - steps, lower)
    rows = []
    for i in range(x.size):
        ahead, behind = x.copy(), x.copy()
        ahead[i], behind[i] = above[i], below[i]
        width = above[i] - below[i]
        change = gradient(ahead) - gradient(behind) if width > 0 else np.zeros_like(x)
        rows.append(change / (width or 1.0))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2, dtype=x.dtype)


def derivative_at(
    f: Callable[[float], float], x: float, h: float | None = None, richardson: int = 0
) -> float:
    """Return the derivative of a function of one number by central differences.

    f'(x) = (f(x + h) - f(x - h)) / (2 h) + O(h^2)

    Parameters
    ----------
    f : callable
        Takes and returns a number.
    x : float
        Where.
    h : float, optional
        The step; chosen from the size of x by default.
    richardson : int, default 0
        How often to halve the step and extrapolate: each time the error's leading
        power of h, which is even, is eliminated.

    Examples
    --------
    >>> round(derivative_at(lambda x: x**3, 2.0, h=1e-4), 6)
    12.0

    References
    ----------
    Richardson, L. F. (1911). The approximate arithmetical solution by finite differences.
    """
    relative = spacing_of(floating(x)) ** (1 / (3 + 2 * richardson))
    step = float(h) if h is not None else float(steps_for(floating([x]), None, relative)[0])
    table = [
        (f(x + step / 2**k) - f(x - step / 2**k)) / (2 * step / 2**k) for k in range(richardson + 1)
    ]
    for order in range(1, richardson + 1):
        factor = 4.0**order
        table = [(factor * fine - coarse) / (factor - 1) for coarse, fine in pairwise(table)]
    return float(table[0])


def numerical_gradient(
    f: Callable[..., Any], x: Any, h: float | None = None, *, richardson: int = 0
) -> Any:
    """Return the gradient of a function by central differences.

    df/dx_i = (f(x + h e_i) - f(x - h e_i)) / (2 h) + O(h^2)

    Parameters
    ----------
    f : callable or Function
        Called with separate numbers when it takes as many as ``x`` has (two or
        more), with one number when ``x`` is one, and with an array otherwise.
    x : number, sequence or array
        Where.
    h : float, optional
        The step. By default eps^(1/3) max(1, |x_i|) for each variable, where eps
        is the spacing of floating-point numbers at 1, of single precision where
        ``x`` is an array of float32.
    richardson : int, default 0
        How often to halve the step and extrapolate.

    Returns
    -------
    float or ndarray
        The partial derivatives, in the shape of ``x``.

    Raises
    ------
    InputError
        When ``h`` is not a positive number.

    Examples
    --------
    >>> import numpy as np
    >>> slopes = numerical_gradient(lambda x, y: x**3 - 4*x - y**2, [1.8, -1], h=0.05)
    >>> bool(np.allclose(slopes, [5.7225, 2.0], rtol=0, atol=1e-12))
    True

    References
    ----------
    Nocedal, J. and Wright, S. J. (2006). Numerical Optimization, section 8.1.
    """
    if h is not None and not (np.isfinite(h) and h > 0):
        raise InputError(f"The step h = {h!r} must be a positive number, such as 1e-5.")
    if not callable(f):
        raise InputError(
            f"{f!r} cannot be called; make a formula a function first, with steepest.function(...)."
        )
    point = floating(x)
    call = calling(f, point)
    if richardson or not point.ndim:
        slopes = []
        for place in np.ndindex(point.shape):

            def along(t: Any, place: tuple[int, ...] = place) -> float:
                moved = point.copy()
                moved[place] = t
                return float(call(moved))

            here: Any = point[place]
            slopes.append(derivative_at(along, here, h, richardson))
        gradient = np.array(slopes, dtype=point.dtype).reshape(point.shape)
    else:
        flat = numerical_gradient_of(lambda v: call(v.reshape(point.shape)), point.ravel(), h)
        gradient = flat.reshape(point.shape)
    return gradient if point.ndim else float(gradient)


def calling(f: Callable[..., Any], point: Vector) -> Callable[[Vector], Any]:
    """Return how to call ``f`` with a point: separate numbers, one number, or an array."""
    from steepest.expression.signature import takes_separate_numbers

    if not point.ndim:
        return lambda v: f(float(v))
    if point.ndim == 1 and takes_separate_numbers(f, point.size):
        return lambda v: f(*v.tolist())
    return f

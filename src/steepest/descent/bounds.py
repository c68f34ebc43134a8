"""Bounds: a box that x must not leave."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError, did_you_mean
from steepest.objective import Vector

SHOWN = 6
"""How many variables an error names."""


@dataclass(frozen=True, eq=False)
class Box:
    """All x with lower ≤ x ≤ upper, component by component.

    Parameters
    ----------
    lower, upper : ndarray, shape (n,)
        The bounds; -inf and inf where there is none.

    Examples
    --------
    >>> box = Box(np.array([0.0, -np.inf]), np.array([1.0, np.inf]))
    >>> box.project(np.array([3.0, 3.0]))
    array([1., 3.])
    """

    lower: Vector
    upper: Vector

    def is_open(self, place: int) -> bool:
        """Return whether a variable has no bounds."""
        return bool(np.isinf(self.lower[place]) and np.isinf(self.upper[place]))

    def project(self, x: Vector) -> Vector:
        """Return the point of the box nearest to x."""
        inside: Vector = np.minimum(np.maximum(x, self.lower), self.upper)
        return inside

    def projected_gradient(self, x: Vector, gradient: Vector) -> Vector:
        """Return x - P(x - g): the gradient, cut where it would lead out of the box.

        It is 0 exactly at the points that satisfy the first-order conditions.
        """
        # Written so that far from the bounds it is g itself, without the rounding of x - (x - g).
        cut: Vector = np.minimum(np.maximum(gradient, x - self.upper), x - self.lower)
        return cut

    def binding(self, x: Vector, gradient: Vector) -> npt.NDArray[np.bool_]:
        """Return which variables cannot move, or are at a bound that the slope presses against."""
        at_lower = (x <= self.lower) & (gradient > 0)
        at_upper = (x >= self.upper) & (gradient < 0)
        # Differences that keep inside the bounds give no slope where there is no room.
        fixed = self.lower == self.upper
        held: npt.NDArray[np.bool_] = at_lower | at_upper | fixed
        return held

    def reach(self, x: Vector, direction: Vector) -> float:
        """Return how far x may go along a direction before it leaves the box."""
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(direction > 0, self.upper - x, self.lower - x) / direction
        limits = room[direction != 0]
        return float(limits.min()) if limits.size else math.inf

    def at_bound(self, x: Vector, names: Sequence[str]) -> dict[str, str]:
        """Return which variables are at which bound: name -> "lower" or "upper"."""
        sides = {}
        for name, component, lower, upper in zip(names, x, self.lower, self.upper, strict=True):
            if component == lower:
                sides[name] = "lower"
            elif component == upper:
                sides[name] = "upper"
        return sides


def box_of(bounds: Any, names: Sequence[str], start: Vector) -> Box | None:
    """Return the box that a user's bounds describe; None where they hold nothing.

    Parameters
    ----------
    bounds : sequence of (low, high), mapping of names to (low, high), or an object of lb and ub
        One pair for every variable, in order; None or an infinity where a side is open. A
        mapping may leave variables out; under the name of an array, low and high are numbers for
        all of its elements, or arrays. `scipy.optimize.Bounds` is understood.
    names : sequence of str
        One name per variable.
    start : ndarray, shape (n,)
        The start, which must be inside.

    Raises
    ------
    InputError
        For bounds that fit no variables, a low above its high, and a start outside.
    """
    box = box_around(bounds, names, start.dtype)
    if box is None:
        return None
    sides = zip(names, start.tolist(), box.lower.tolist(), box.upper.tolist(), strict=True)
    for name, component, low, high in sides:
        if not low <= component <= high:
            raise InputError(
                f"The start {name}={component:.6g} is outside its bounds [{low:.6g}, {high:.6g}]: "
                "start inside, or widen them."
            )
    return box


def box_around(bounds: Any, names: Sequence[str], dtype: Any = np.float64) -> Box | None:
    """Return the box of bounds, wherever the start is; see `box_of`."""
    if bounds is None:
        return None
    pairs = [_pair(pair, name) for pair, name in zip(_listed(bounds, names), names, strict=True)]
    lower, upper = np.array(pairs, dtype=dtype).T
    return None if not np.isfinite([lower, upper]).any() else Box(lower, upper)


def _listed(bounds: Any, names: Sequence[str]) -> list[Any]:
    """Return one pair for every variable."""
    if isinstance(bounds, Mapping):
        return _by_name(bounds, names)
    try:
        lower, upper = bounds.lb, bounds.ub
    except AttributeError:
        pass
    else:
        shape = (len(names),)
        return list(zip(np.broadcast_to(lower, shape), np.broadcast_to(upper, shape), strict=True))
    try:
        pairs = list(bounds)
    except TypeError:
        pairs = []
    if len(pairs) != len(names):
        raise InputError(
            f"bounds={bounds!r} does not fit {len(names)} "
            f"variable{'s' * (len(names) != 1)} ({', '.join(names[:SHOWN])}): give one pair "
            "(low, high) for each, with None for an open side."
        )
    return pairs


def _by_name(bounds: Mapping[Any, Any], names: Sequence[str]) -> list[Any]:
    """Return one pair for every variable; an array's name gives those of all its elements."""
    pairs: dict[str, Any] = {}
    arrays = {name.partition("[")[0] for name in names}
    for name, pair in bounds.items():
        if name in names:
            pairs[name] = pair
        elif name in arrays:
            elements = [element for element in names if element.startswith(f"{name}[")]
            lower, upper = (_spread(side, name, len(elements)) for side in _sides(pair, name))
            pairs |= zip(elements, zip(lower, upper, strict=True), strict=True)
        else:
            raise InputError(
                f"bounds names {name!r}, which is no variable.{did_you_mean(str(name), names)} "
                f"The variables are {', '.join(names[:SHOWN])}{', ...' * (len(names) > SHOWN)}."
            )
    return [pairs.get(name) for name in names]


def _sides(pair: Any, name: str) -> tuple[Any, Any]:
    """Return the lower and the upper bound of an array."""
    try:
        low, high = (None, None) if pair is None else pair
    except (TypeError, ValueError):
        raise _no_pair(pair, name) from None
    return low, high


def _spread(side: Any, name: str, count: int) -> list[Any]:
    """Return the bounds of an array on one side: one for all of its elements, or one for each."""
    if side is None or np.ndim(side) == 0:
        return [side] * count
    each = np.ravel(np.asarray(side, dtype=object)).tolist()
    if len(each) != count:
        raise InputError(
            f"The bounds of {name} hold {len(each)} numbers on one side, and it has {count} "
            "elements: give one number for all, or one for each."
        )
    return each


def _no_pair(pair: Any, name: str) -> InputError:
    """Return the error for what is no pair of bounds."""
    return InputError(
        f"The bounds of {name}, {pair!r}, are no pair of numbers: give (low, high), with None "
        "for an open side."
    )


def _pair(pair: Any, name: str) -> tuple[float, float]:
    """Return the two bounds of one variable as numbers."""
    try:
        if pair is None:
            return -math.inf, math.inf
        low, high = pair
        low = -math.inf if low is None else float(low)
        high = math.inf if high is None else float(high)
    except (TypeError, ValueError):
        raise _no_pair(pair, name) from None
    if not low <= high or low == math.inf or high == -math.inf:
        raise InputError(
            f"The bounds of {name}, ({low:.6g}, {high:.6g}), leave no room: give a low that is "
            "not above its high."
        )
    return low, high

"""The box that a landscape is looked at in, and the function bound to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError, did_you_mean
from steepest.functions import Function, function
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

Flags = npt.NDArray[np.bool_]
"""Whether something holds, for each of many points."""


@dataclass(frozen=True, eq=False)
class Domain:
    """A box: an interval for every variable.

    Parameters
    ----------
    names : tuple of str
        One per variable.
    lower, upper : ndarray, shape (n,)
    """

    names: tuple[str, ...]
    lower: Vector
    upper: Vector

    @property
    def size(self) -> int:
        """Number of variables n."""
        return len(self.names)

    @property
    def width(self) -> Vector:
        """The length of each side, shape (n,)."""
        return self.upper - self.lower

    @property
    def middle(self) -> Vector:
        """The centre of the box, shape (n,)."""
        return self.lower + self.width / 2

    def holds(self, points: Vector, margin: float = 0.0) -> Any:
        """Return which points lie in the box, or at most a share `margin` of a side outside."""
        room = margin * self.width
        return ((points >= self.lower - room) & (points <= self.upper + room)).all(axis=-1)

    def grid(self, count: int) -> list[Vector]:
        """Return `count` evenly spaced coordinates along every side, ends included."""
        return [np.linspace(a, b, count) for a, b in zip(self.lower, self.upper, strict=True)]

    def told(self, x: Vector) -> str:
        """Return a point in words: "x = 1, y = 2"."""
        pairs = zip(self.names, (x + 0.0).tolist(), strict=True)
        return ", ".join(f"{name} = {value:.6g}" for name, value in pairs)

    def vector(self, point: Any) -> Vector:
        """Return a point that a user gave as a vector, shape (n,).

        Parameters
        ----------
        point : number, sequence, mapping, or what has one in its field ``x``

        Raises
        ------
        InputError
            For other variables than those of the box, and for what is no finite number.
        """
        given = self._in_order(point) if isinstance(point, Mapping) else point
        try:
            vector = np.atleast_1d(np.asarray(given, dtype=np.float64)).ravel()
        except (TypeError, ValueError):
            vector = np.zeros(0)
        if vector.size != self.size or not np.isfinite(vector).all():
            raise InputError(
                f"The point {point!r} is not a finite number for each of the variables "
                f"{', '.join(self.names)}: give {self.size} of them, in this order or by name."
            )
        return vector

    def require_inside(self, x: Vector) -> None:
        """Raise `InputError` for a point outside the box."""
        if not self.holds(x):
            sides = zip(self.names, self.lower, self.upper, strict=True)
            box = ", ".join(f"{name} from {low:g} to {high:g}" for name, low, high in sides)
            raise InputError(
                f"The point {self.told(x)} is outside the box, {box}: give one inside, or a larger "
                "box."
            )

    def _in_order(self, point: Mapping[Any, Any]) -> list[Any]:
        unknown = [name for name in point if name not in self.names]
        missing = [name for name in self.names if name not in point]
        if unknown or missing:
            hint = did_you_mean(str(unknown[0]), self.names) if unknown else ""
            raise InputError(
                f"The point names {', '.join(map(str, point)) or 'nothing'}, and the variables "
                f"are {', '.join(self.names)}: give a number for each of them.{hint}"
            )
        return [point[name] for name in self.names]


def read_domain(fun: Any, ends: Mapping[str, Any]) -> tuple[BoundFunction, Domain]:
    """Return a function bound to a box, and the box.

    Parameters
    ----------
    fun : str, callable or Function
    ends : mapping of str to pair, or to array of shape (n, 2)
        The lower and upper end of each variable; of each element, for one that is an array.

    Raises
    ------
    InputError
        Where the box does not name the variables of the function, or has no extent.
    """
    known = function(fun)
    if not ends:
        example = ", ".join(f"{name}=(-1, 1)" for name in known.variables)
        raise InputError(f"Say where to look: give each variable its two ends, such as {example}.")
    sides = {name: _side(str(name), pair) for name, pair in ends.items()}
    _check_names(known, sides)
    shared = known.bind({name: side.mean(axis=-1) for name, side in sides.items()})
    stacked = np.vstack([sides[name].reshape(-1, 2) for name in shared.structure.names])
    domain = Domain(shared.names, stacked[:, 0].copy(), stacked[:, 1].copy())
    # A copy: what is noted here is not told to others who ask for the same formula.
    return shared.started_at(domain.middle), domain


def _side(name: str, pair: Any) -> Vector:
    """Return the ends of one variable as an array of shape (2,) or (n, 2)."""
    try:
        side = np.asarray(pair, dtype=np.float64)
    except (TypeError, ValueError):
        side = np.zeros(0)
    if side.ndim not in (1, 2) or side.shape[-1:] != (2,) or not side.size:
        raise InputError(
            f"{name}={pair!r} are no two ends: give a lower and a higher number, such as "
            f"{name}=(-1, 1), or one such pair for each element of an array."
        )
    for low, high in side.reshape(-1, 2).tolist():
        if not (isfinite(low) and isfinite(high) and low < high and isfinite(high - low)):
            raise InputError(
                f"{name}=({low:g}, {high:g}) is no interval: give a lower and a higher finite "
                "number."
            )
    return side


def _check_names(known: Function, sides: Mapping[str, Any]) -> None:
    """Refuse a box of other variables than the function's, where these are known."""
    wanted = known.variables
    if len(wanted) == 1 and known.formula is None:
        # Code of one argument may take a number, an array, or a mapping of any names.
        return
    strangers = [name for name in sides if name not in wanted]
    missing = [name for name in wanted if name not in sides]
    if strangers:
        raise InputError(
            f"The box names {strangers[0]!r}, which is no variable of the function."
            f"{did_you_mean(str(strangers[0]), wanted)} Its variables are {', '.join(wanted)}."
        )
    if missing:
        raise InputError(
            f"The box has no ends for {missing[0]!r}: give a lower and a higher number for each "
            f"of {', '.join(wanted)}."
        )

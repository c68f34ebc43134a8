"""Slopes as one reads them off a contour map: the step between two lines over their distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from steepest.landscapes.field import Field
from steepest.objective import Vector

STEPS = 2000
"""The line through the box is walked in so many steps, so that no contour is stepped over."""

HALVINGS = 60


@dataclass(frozen=True)
class Reading:
    """The slope along one variable, read off two contour lines.

    Parameters
    ----------
    name : str
        The variable.
    slope : float
        What was read; NaN where the map has no two lines along this variable.
    true : float
        The partial derivative.
    levels : tuple of float
        The values of the two lines, the one at the lower coordinate first.
    places : tuple of float
        The coordinates at which the variable's axis through the point crosses them.
    """

    name: str
    slope: float
    true: float
    levels: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def step(self) -> float:
        """The difference of the levels, Δz."""
        return self.levels[1] - self.levels[0] if self.levels else math.nan

    @property
    def distance(self) -> float:
        """The distance of the lines, such as Δx."""
        return self.places[1] - self.places[0] if self.places else math.nan


@dataclass(frozen=True, eq=False)
class ContourSlope(Sequence[float]):
    """The slopes along all variables, as read: a sequence (Δz/Δx, Δz/Δy, ...).

    Parameters
    ----------
    readings : tuple of Reading
        One per variable.
    spacing : float
        The step between neighbouring contour lines.
    """

    readings: tuple[Reading, ...]
    spacing: float

    def __len__(self) -> int:
        return len(self.readings)

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[float, ...]: ...
    def __getitem__(self, place: int | slice) -> float | tuple[float, ...]:
        return tuple(reading.slope for reading in self.readings)[place]

    @property
    def comparison(self) -> list[tuple[str, float, float, float]]:
        """Name, slope read, partial derivative and their difference, for every variable."""
        return [(r.name, r.slope, r.true, r.slope - r.true) for r in self.readings]

    def __str__(self) -> str:
        lines = [f"{'along':>8}  {'read':>10}  {'true':>10}  {'lines':>18}  {'distance':>10}"]
        lines += [
            f"{r.name:>8}  {r.slope:>10.4g}  {r.true:>10.4g}  "
            f"{' and '.join(f'{level:.4g}' for level in r.levels) or 'none':>18}  "
            f"{r.distance:>10.4g}"
            for r in self.readings
        ]
        return "\n".join(lines)


def contour_slope(field: Field, point: Vector, spacing: float) -> ContourSlope:
    """Read the slope at a point off the two contour lines nearest to it along every variable.

    The lines are at multiples of the spacing. Of the two, one lies on each side of the point
    where there is one within the box; else both lie on the same side.
    """
    field.domain.require_inside(point)
    slopes = field.objective.gradient(point)
    readings = [
        _read(field, point, place, spacing, float(slopes[place]))
        for place in range(field.domain.size)
    ]
    return ContourSlope(tuple(readings), spacing)


def _read(field: Field, point: Vector, axis: int, spacing: float, true: float) -> Reading:
    below = _crossings(field, point, axis, spacing, float(field.domain.lower[axis]))
    above = _crossings(field, point, axis, spacing, float(field.domain.upper[axis]))
    one_each = [*below[:1], *above[:1]]
    lines = one_each if len(one_each) == 2 else sorted([*below[:2], *above[:2]])
    name = field.domain.names[axis]
    if len(lines) < 2:
        return Reading(name, math.nan, true, (), ())
    (first, low), (second, high) = lines[:2]
    return Reading(name, (high - low) / (second - first), true, (low, high), (first, second))


def _crossings(
    field: Field, point: Vector, axis: int, spacing: float, end: float
) -> list[tuple[float, float]]:
    """Return coordinate and level of the nearest two contour lines on the way to an end."""
    here = float(point[axis])
    walk = np.linspace(here, end, STEPS + 1)
    heights = _along(field, point, axis, walk) / spacing
    found: list[tuple[float, float]] = []
    for start, stop, a, b in zip(walk, walk[1:], heights, heights[1:], strict=False):
        if len(found) >= 2 or not (math.isfinite(a) and math.isfinite(b)):
            break
        # The levels from a (excluded: it was met before, or is the point itself) to b.
        levels = np.arange(math.floor(a) + 1, math.floor(b) + 1)
        if b < a:
            levels = np.arange(math.ceil(a) - 1, math.ceil(b) - 1, -1.0)
        for level in levels[:2]:
            place = _place(field, point, axis, (float(start), float(stop)), level * spacing, b > a)
            found.append((place, float(level * spacing)))
    return found


def _place(
    field: Field, point: Vector, axis: int, ends: tuple[float, float], level: float, rising: bool
) -> float:
    """Return where f crosses a level between two places, by bisection."""
    start, stop = ends
    for _ in range(HALVINGS):
        middle = (start + stop) / 2
        beyond = (_along(field, point, axis, np.array([middle]))[0] >= level) == rising
        start, stop = (start, middle) if beyond else (middle, stop)
    return (start + stop) / 2


def _along(field: Field, point: Vector, axis: int, walk: Vector) -> Vector:
    places = np.tile(point, (len(walk), 1))
    places[:, axis] = walk
    return field.values(places)

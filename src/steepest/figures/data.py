"""What a figure shows, as plain data: extracted once, drawn by either library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np

from steepest.figures.scale import Scale
from steepest.figures.thinning import shown_along
from steepest.objective import Vector

LIFT = 0.005
"""How far a path floats above its surface, in parts of the height of the picture."""


@dataclass(frozen=True)
class Caption:
    """The words above a figure."""

    title: str
    subtitle: str


@dataclass(frozen=True, eq=False)
class Path:
    """The points a descent went through.

    Attributes
    ----------
    name : str
        The method's name.
    steps : ndarray, shape (k,)
        The step number of each point; thinned paths skip some.
    points : ndarray, shape (k, n)
    values : ndarray, shape (k,)
    complete : bool
        False when the end lies outside the picture and is not among the points.
    """

    name: str
    steps: Vector
    points: Vector
    values: Vector
    complete: bool


@dataclass(frozen=True, eq=False)
class Grid:
    """A function of two variables over a rectangle.

    Attributes
    ----------
    names : tuple of str
        The two variables.
    first, second : ndarray, shape (m,) and (k,)
        The coordinates along the two axes.
    values : ndarray, shape (k, m)
        ``values[j, i]`` is f(first[i], second[j]); NaN where f is not finite.
    scale : Scale
        The range of values worth showing, and how levels are spread over it.
    """

    names: tuple[str, str]
    first: Vector
    second: Vector
    values: Vector
    scale: Scale

    def thinned(self) -> Grid:
        """Return the grid with no more points than can be shown: pages stay small."""
        across, along = shown_along(len(self.first)), shown_along(len(self.second))
        values = self.values[np.ix_(along, across)]
        return replace(self, first=self.first[across], second=self.second[along], values=values)


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a panel: ``y`` against ``x``, both of shape (k,)."""

    name: str
    x: Vector
    y: Vector


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes with lines against the step number."""

    label: str
    lines: tuple[Line, ...]
    logarithmic: bool


@dataclass(frozen=True)
class Mark:
    """A named place in a pair of axes."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Minimum:
    """A minimum that a search found: the place in the picture, and what is told of it."""

    rank: int
    place: tuple[float, ...]
    value: float
    starts: int


@dataclass(frozen=True, eq=False)
class Curve:
    """A figure of a function of one variable, with the iterates on it where there are any.

    Attributes
    ----------
    caption : Caption
    name : str
    line : Line
        The function, no further than its bounds.
    paths : tuple of Path
    limits : tuple of float
        Of the values.
    view : ndarray, shape (1, 2), optional
        What the picture shows, where that is more than the line.
    minima : tuple of Minimum
    """

    caption: Caption
    name: str
    line: Line
    paths: tuple[Path, ...]
    limits: tuple[float, float]
    view: Vector | None = None
    minima: tuple[Minimum, ...] = ()

    def span(self) -> tuple[float, float]:
        """Return the ends of the axis."""
        low, high = self.line.x[[0, -1]] if self.view is None else self.view[0]
        return float(low), float(high)

    def walls(self) -> list[float]:
        """Return the bounds in view."""
        return _walls(self.line.x, self.span())


@dataclass(frozen=True, eq=False)
class Surface:
    """A figure of a function of two variables in space, with one path on it or none.

    Attributes
    ----------
    caption : Caption
    grid : Grid
    paths : tuple of Path
    eye : tuple of float, optional
        Where to look from, in heights of the picture; None chooses.
    view : ndarray, shape (2, 2), optional
        What the picture shows, where bounds end the grid within it.
    minima : tuple of Minimum
    levels : ndarray, optional
        Where a level plane can be moved to, descending.
    """

    caption: Caption
    grid: Grid
    paths: tuple[Path, ...]
    eye: tuple[float, float, float] | None = None
    view: Vector | None = None
    minima: tuple[Minimum, ...] = ()
    levels: Vector | None = None

    def spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes."""
        return _spans(self.grid, self.view)

    def walls(self) -> list[tuple[Vector, Vector, Vector]]:
        """Return the bounds in view as lines on the surface: their x, y and heights."""
        grid, (across, along) = self.grid, self.spans()
        ends = {grid.first[0]: 0, grid.first[-1]: -1}, {grid.second[0]: 0, grid.second[-1]: -1}
        heights = self.heights()
        heights = np.where(heights <= grid.scale.shown_ends()[1], heights, np.nan)
        return [
            (np.full_like(grid.second, wall), grid.second, heights[:, ends[0][wall]])
            for wall in _walls(grid.first, across)
        ] + [
            (grid.first, np.full_like(grid.first, wall), heights[ends[1][wall]])
            for wall in _walls(grid.second, along)
        ]

    def minimum_heights(self) -> Vector:
        """Return the minima as drawn, lifted as a path is."""
        low, high = self.grid.scale.shown_ends()
        values = np.array([minimum.value for minimum in self.minima])
        return self.grid.scale.shown(values) + LIFT * (high - low)

    def heights(self) -> Vector:
        """Return the surface as drawn, shape ``(k, m)``: logarithmic where the levels are."""
        return self.grid.scale.shown(self.grid.values)

    def path_heights(self, path: Path) -> Vector:
        """Return a path as drawn, lifted a little so that it does not sink in the surface."""
        low, high = self.grid.scale.shown_ends()
        return self.grid.scale.shown(path.values) + LIFT * (high - low)

    def height_limits(self) -> tuple[float, float]:
        """Return the box: as high as the scale, and never below the top of a path."""
        low, high = self.grid.scale.shown_ends()
        margin = 2 * LIFT * (high - low)
        tops = [float(self.path_heights(path).max()) for path in self.paths]
        return low - margin, max([high, *tops]) + margin

    def viewpoint(self) -> tuple[int, int]:
        """Return the side to look from, as signs along the two axes.

        The customary one, unless the surface rises there and hides what lies behind: then
        the one over the lowest quarter.
        """
        low, high = self.grid.scale.shown_ends()
        heights = np.clip(np.nan_to_num(self.heights(), nan=high), low, high)
        k, m = heights.shape
        quarters = {
            (1, -1): heights[: k // 2, m // 2 :].mean(),
            (-1, -1): heights[: k // 2, : m // 2].mean(),
            (1, 1): heights[k // 2 :, m // 2 :].mean(),
            (-1, 1): heights[k // 2 :, : m // 2].mean(),
        }
        lowest = min(quarters, key=lambda side: float(quarters[side]))
        blocked = quarters[1, -1] - quarters[lowest] > 0.1 * (high - low)
        return lowest if blocked else (1, -1)


@dataclass(frozen=True, eq=False)
class Contours:
    """A figure of a function of two variables from above, with any number of paths.

    Attributes
    ----------
    caption : Caption
    grid : Grid
        The function, no further than its bounds.
    paths : tuple of Path
    view : ndarray, shape (2, 2), optional
        What the picture shows, where bounds end the grid within it.
    minima : tuple of Minimum
    """

    caption: Caption
    grid: Grid
    paths: tuple[Path, ...]
    view: Vector | None = None
    minima: tuple[Minimum, ...] = ()

    def spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes."""
        return _spans(self.grid, self.view)

    def walls(self) -> list[tuple[Vector, Vector]]:
        """Return the bounds in view as lines: their x and y."""
        grid, (across, along) = self.grid, self.spans()
        first, second = grid.first[[0, -1]], grid.second[[0, -1]]
        return [(np.full(2, wall), second) for wall in _walls(grid.first, across)] + [
            (first, np.full(2, wall)) for wall in _walls(grid.second, along)
        ]


@dataclass(frozen=True, eq=False)
class Panels:
    """A figure of panels stacked over a common step axis."""

    caption: Caption
    panels: tuple[Panel, ...]


@dataclass(frozen=True, eq=False)
class Race:
    """A figure of several descents: their paths from above, beside their progress."""

    caption: Caption
    contours: Contours
    progress: Panel


@dataclass(frozen=True, eq=False)
class Animation:
    """A race that is shown step by step.

    Attributes
    ----------
    race : Race or Panels
        The finished race.
    steps : tuple of int
        The steps that are shown, from 0 to the last one made.
    """

    race: Race | Panels
    steps: tuple[int, ...]


WIDE = 0.22
"""A band of this share of the axis has room for its name across it, on a phone too."""


@dataclass(frozen=True)
class Band:
    """A range of learning rates that did alike."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Rates:
    """A figure of the value that each learning rate came to, over the bands of rates.

    Attributes
    ----------
    caption : Caption
    line : Line
        Value against rate; NaN where it diverged.
    bands : tuple of Band
        Side by side, ascending.
    start_value : float
    suggestion : Mark
    threshold : Mark or None
        The rate above which the curvature at the start makes the method unstable.
    limits : tuple of float
        Of the values.
    logarithmic : bool
        Whether the values are; the rates always are.
    """

    caption: Caption
    line: Line
    bands: tuple[Band, ...]
    start_value: float
    suggestion: Mark
    threshold: Mark | None
    limits: tuple[float, float]
    logarithmic: bool

    def is_wide(self, band: Band) -> bool:
        """Return whether the name of a band fits across it."""
        whole = log(self.line.x[-1] / self.line.x[0])
        return log(band.high / band.low) > WIDE * whole


def _spans(grid: Grid, view: Vector | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes: of the view, or else of the grid."""
    if view is None:
        view = np.array([grid.first[[0, -1]], grid.second[[0, -1]]])
    (left, right), (bottom, top) = view.tolist()
    return (left, right), (bottom, top)


def _walls(coordinates: Vector, span: tuple[float, float]) -> list[float]:
    """Return the ends of what is drawn that lie within an axis: there a bound is."""
    low, high = span
    return [float(end) for end in coordinates[[0, -1]] if low < end < high]


def finite_or_nan(values: Vector) -> Vector:
    """Return the values with NaN, which is never drawn, in place of infinities."""
    return np.where(np.isfinite(values), values, np.nan)

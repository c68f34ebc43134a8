"""Functions with their critical points marked, and maps of basins, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from steepest.figures.data import Caption, Contours, Curve, Surface
from steepest.figures.style import Theme
from steepest.objective import Vector

CRITICAL_COLOURS = {
    "minimum": "#0072b2",
    "maximum": "#d55e00",
    "saddle": "#1f2328",
    "degenerate": "#cc79a7",
}
"""Of Okabe and Ito's; shapes tell the kinds apart for those who see no colours."""

AREA_COLOURS = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00")
"""Neighbours in the list are as different as the palette allows."""

DARKEST = 0.45
"""How much of its light the area of the slowest starts loses."""


def area_colours(count: int, theme: Theme) -> list[str]:
    """Return the colours of areas; the first, of starts that come nowhere, is the page's grid."""
    return [theme.grid, *(AREA_COLOURS[k % len(AREA_COLOURS)] for k in range(count - 1))]


@dataclass(frozen=True, eq=False)
class Marks:
    """Critical points of one kind.

    Attributes
    ----------
    kind : str
        "minimum", "maximum", "saddle" or "degenerate".
    boundary : bool
        Whether they lie on the boundary of the box; they are then drawn hollow.
    places : ndarray, shape (k, 2)
        Where they are drawn: the two variables; of a curve x and f(x).
    heights : ndarray, shape (k,)
        Their height on a surface.
    values : ndarray, shape (k,)
        f.
    """

    kind: str
    boundary: bool
    places: Vector
    heights: Vector
    values: Vector

    @property
    def name(self) -> str:
        """What the legend says."""
        return f"{self.kind}, on the boundary" if self.boundary else self.kind

    @property
    def fill_and_edge(self) -> tuple[str, str]:
        """The colours of a mark."""
        colour = CRITICAL_COLOURS[self.kind]
        return ("white", colour) if self.boundary else (colour, "white")


@dataclass(frozen=True, eq=False)
class Marked:
    """A figure of a function with its critical points on it."""

    base: Curve | Surface | Contours
    marks: tuple[Marks, ...]

    @property
    def caption(self) -> Caption:
        """The words above it."""
        return self.base.caption


@dataclass(frozen=True, eq=False)
class BasinPanel:
    """Which critical point each start came to by one method.

    Attributes
    ----------
    title : str
        The method.
    first, second : ndarray, shape (m,)
    areas : ndarray of int, shape (m, m)
        ``areas[j, i]`` is 0 for starts that came to no point, and else the number of the point's
        colour, from 1 up.
    steps : ndarray, shape (m, m)
        How many steps each start took.
    shade : ndarray, shape (m, m)
        How dark each start is drawn for them, from 0 to 1; 0 where a start came to no point.
    """

    title: str
    first: Vector
    second: Vector
    areas: Vector
    steps: Vector
    shade: Vector


@dataclass(frozen=True, eq=False)
class BasinMap:
    """Maps of which critical point each start came to, one for each method.

    Attributes
    ----------
    caption : Caption
    names : tuple of str
    panels : tuple of BasinPanel
        In which the same point has the same colour.
    labels : tuple of str
        What each area is called, that of 0 first.
    marks : tuple of Marks
    """

    caption: Caption
    names: tuple[str, str]
    panels: tuple[BasinPanel, ...]
    labels: tuple[str, ...]
    marks: tuple[Marks, ...]

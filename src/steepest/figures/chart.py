"""Charts as plain data: axes with points, lines and bands, and square tables of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from steepest.figures.data import Caption
from steepest.objective import Vector

Role = Literal["data", "main", "before", "reference", "trail", "other"]
"""What a line or point is for, which decides how it looks."""


@dataclass(frozen=True, eq=False)
class Dots:
    """Points, both coordinates of shape (k,)."""

    name: str
    x: Vector
    y: Vector
    role: Role = "data"


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line through points, both coordinates of shape (k,)."""

    name: str
    x: Vector
    y: Vector
    role: Role = "main"


@dataclass(frozen=True, eq=False)
class Ribbon:
    """What lies between two curves over the same x, all of shape (k,)."""

    name: str
    x: Vector
    lower: Vector
    upper: Vector


@dataclass(frozen=True, eq=False)
class Arrow:
    """An arrow from one place to another."""

    name: str
    tail: tuple[float, float]
    head: tuple[float, float]
    role: Role = "other"


@dataclass(frozen=True, eq=False)
class Field:
    """Numbers over a rectangle, shown as colours and as lines of equal value.

    Attributes
    ----------
    name : str
        What the colours mean, above their bar.
    x, y : ndarray, shape (m,) and (k,)
    values : ndarray, shape (k, m)
        As they are coloured; NaN where there is nothing.
    levels : ndarray
        Where lines are drawn, ascending and evenly spaced, or a single one.
    limits : tuple of float
        The values of the first and the last colour.
    ticks : tuple of (float, str)
        Places along the bar, and what is written there.
    """

    name: str
    x: Vector
    y: Vector
    values: Vector
    levels: Vector
    limits: tuple[float, float]
    ticks: tuple[tuple[float, str], ...]


Item = Dots | Stroke | Ribbon | Arrow | Field


@dataclass(frozen=True, eq=False)
class Axes:
    """One pair of axes.

    Attributes
    ----------
    labels : tuple of str
        Of x and y.
    items : tuple of Item
        In the order in which they are drawn.
    limits : tuple of float, optional
        Of y.
    logarithmic : bool
        Whether y is.
    title : str
        Above the axes, where there are several.
    span : tuple of float, optional
        The limits of x.
    even : bool
        Whether a unit of x is drawn as long as one of y, so that right angles look right.
    """

    labels: tuple[str, str]
    items: tuple[Item, ...]
    limits: tuple[float, float] | None = None
    logarithmic: bool = False
    title: str = ""
    span: tuple[float, float] | None = None
    even: bool = False


@dataclass(frozen=True, eq=False)
class Frame:
    """What the main line of the first axes is at one step."""

    step: int
    y: Vector


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure of one or several pairs of axes.

    Attributes
    ----------
    caption : Caption
    axes : tuple of Axes
    frames : tuple of Frame
        Where it moves: the first item of role "main" goes through these.
    """

    caption: Caption
    axes: tuple[Axes, ...]
    frames: tuple[Frame, ...] = ()

    @property
    def columns(self) -> int:
        """How many pairs of axes stand side by side."""
        return 1 if len(self.axes) == 1 else 2

    @property
    def rows(self) -> int:
        """How many rows of axes there are."""
        return -(-len(self.axes) // self.columns)


@dataclass(frozen=True, eq=False)
class Matrix:
    """A square table of numbers from -1 to 1, such as correlations.

    Attributes
    ----------
    caption : Caption
    names : tuple of str
        Of rows and columns.
    values : ndarray, shape (n, n)
    """

    caption: Caption
    names: tuple[str, ...]
    values: Vector

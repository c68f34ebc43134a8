"""Bounds, and the minima of a search, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures.data import Minimum
from steepest.figures.style import FONT_SIZE, PATH_COLOUR, Theme

WALL = {"linestyle": (0, (4, 3)), "linewidth": 1.4}
"""The dashes of a bound."""


def add_walls(axes: Any, walls: list[Any], theme: Theme) -> None:
    """Draw the bounds in view as dashed lines, one name for all; shade what lies beyond."""
    for index, coordinates in enumerate(walls):
        name = "bounds" if index == 0 else "_bounds"
        axes.plot(*coordinates, color=theme.ink, label=name, **WALL)
    if walls:
        axes.set_facecolor(theme.grid)


def add_minimum(axes: Any, minimum: Minimum, place: tuple[float, ...]) -> None:
    """Mark a minimum with its rank, the lowest one larger and in red."""
    best = minimum.rank == 1
    colour = PATH_COLOUR if best else "#1f2328"
    axes.plot(
        *([coordinate] for coordinate in place),
        linestyle="none",
        marker="o",
        markersize=15 if best else 11,
        markerfacecolor="white",
        markeredgecolor=colour,
        markeredgewidth=1.6,
        zorder=12,
        label="minima by rank" if best else "_minimum",
    )
    axes.text(
        *place,
        str(minimum.rank),
        ha="center",
        va="center_baseline",
        color="#1f2328",
        fontsize=FONT_SIZE - 5,
        fontweight="bold",
        zorder=13,
    )

"""A function of two variables as colours and contour lines, drawn with Matplotlib."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np

from steepest.figures import style
from steepest.figures.data import Grid

INCHES, DPI = 6.0, 110
"""Of the map alone, which is stretched to the place that it fills."""


def add_map(axes: Any, grid: Grid) -> Any:
    """Draw the colours and the contour lines; return what a colour bar is made for."""
    shown = np.ma.masked_invalid(grid.scale.shown(grid.values))
    low, high = grid.scale.shown_ends()
    colours = axes.pcolormesh(
        grid.first,
        grid.second,
        shown,
        cmap=style.SURFACE_COLOURS,
        vmin=low,
        vmax=high,
        shading="gouraud",
        rasterized=True,
    )
    axes.contour(
        grid.first,
        grid.second,
        shown,
        levels=grid.scale.shown_levels(),
        colors="white",
        alpha=0.55,
        linewidths=0.7,
        linestyles="solid",
    )
    return colours


def map_picture(grid: Grid) -> bytes:
    """Return the map alone, from edge to edge, as the content of a ``.png`` file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(INCHES, INCHES), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    add_map(axes, grid)
    axes.set_xlim(grid.first[0], grid.first[-1])
    axes.set_ylim(grid.second[0], grid.second[-1])
    buffer = BytesIO()
    figure.savefig(buffer, format="png", transparent=True)
    return buffer.getvalue()

"""Surfaces in space, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.figures import style
from steepest.figures.data import Path, Surface
from steepest.figures.still.layout import dress, ends, line_style, new_figure, shared_legend
from steepest.figures.still.marks import WALL, add_minimum
from steepest.figures.style import PATH_COLOUR, Theme
from steepest.objective import Vector

COARSER = 2
"""A facet spans this many cells of the grid: Matplotlib takes its time for each facet."""


def surface(scene: Surface, theme: Theme) -> Any:
    """Draw a function of two variables in space, with the path just above the surface."""
    grid = scene.grid
    figure = new_figure(scene.caption, theme)
    # Left to itself, Matplotlib sorts by mean depth and hides the path inside the surface.
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    heights = scene.heights()[::COARSER, ::COARSER]
    axes.plot_surface(
        *np.meshgrid(grid.first[::COARSER], grid.second[::COARSER]),
        np.minimum(heights, grid.scale.shown_ends()[1]),
        facecolors=_facet_colours(heights, *grid.scale.shown_ends()),
        rstride=1,
        cstride=1,
        linewidth=0,
        antialiased=False,
        shade=False,
        rasterized=True,
        zorder=1,
    )
    for path in scene.paths:
        _add_path(axes, path, scene.path_heights(path))
    for index, wall in enumerate(scene.walls()):
        name = "bounds" if index == 0 else "_bounds"
        axes.plot(*wall, color=theme.ink, label=name, zorder=4, **WALL)
    for minimum, height in zip(scene.minima, scene.minimum_heights(), strict=True):
        add_minimum(axes, minimum, (*minimum.place, height))
    across, along = scene.spans()
    axes.set_xlim(*across)
    axes.set_ylim(*along)
    axes.set_zlim(*scene.height_limits())
    toward_first, toward_second = scene.viewpoint()
    axes.view_init(
        elev=55 if grid.scale.logarithmic else 38,
        azim=np.degrees(np.arctan2(1.3 * toward_second, toward_first)),
    )
    axes.set_box_aspect((1, 1, 0.7), zoom=0.92)
    dress(axes, theme, grid.names)
    axes.set_zlabel(grid.scale.label, color=theme.ink)
    positions, labels = grid.scale.ticks()
    axes.set_zticks(positions, labels=labels)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color(theme.paper)
    shared_legend(figure, axes, theme)
    return figure


def _add_path(axes: Any, path: Path, heights: Vector) -> None:
    axes.plot(
        path.points[:, 0],
        path.points[:, 1],
        heights,
        color=PATH_COLOUR,
        linewidth=2,
        label=path.name,
        zorder=5,
        **line_style(path),
    )
    for name, index, marker in ends(path, PATH_COLOUR):
        axes.plot(
            path.points[[index], 0],
            path.points[[index], 1],
            heights[[index]],
            label=name,
            **marker,
        )


def _facet_colours(heights: Vector, low: float, high: float) -> Any:
    """Return the colour of each facet, shape ``(k, m, 4)``."""
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    colours = colormaps[style.SURFACE_COLOURS](Normalize(low, high)(heights))
    # A facet has four corners. Where all of them are above the box it is left out; at the
    # edge the facets are bent down to the top of the box, so that the cut is clean.
    above = heights > high
    outside = above[:-1, :-1] & above[1:, :-1] & above[:-1, 1:] & above[1:, 1:]
    colours[:-1, :-1, 3] = np.where(outside, 0.0, 1.0)
    return colours

"""Critical points and basins, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.figures import style
from steepest.figures.data import Contours, Curve, Surface
from steepest.figures.marked import (
    DARKEST,
    BasinMap,
    BasinPanel,
    Marked,
    Marks,
    area_colours,
)
from steepest.figures.still import plane, space
from steepest.figures.still.layout import dress, new_figure, shared_legend
from steepest.figures.style import Theme
from steepest.objective import Vector

HIGH = 0.7
"""The height of a picture of a surface, in widths."""

SYMBOLS = {"minimum": "v", "maximum": "^", "saddle": "X", "degenerate": "*"}


def marked(scene: Marked, theme: Theme) -> Any:
    """Draw a function with its critical points on it."""
    match scene.base:
        case Curve():
            figure = plane.curve(scene.base, theme)
        case Contours():
            figure = plane.contours(scene.base, theme)
        case Surface():
            figure = space.surface(scene.base, theme)
    axes = figure.axes[0]
    for marks in scene.marks:
        if isinstance(scene.base, Surface):
            _add_in_space(axes, marks, scene.base)
        else:
            _add_marks(axes, marks, [marks.places[:, 0], marks.places[:, 1]])
    for old in list(figure.legends):
        old.remove()
    shared_legend(figure, axes, theme)
    for handle in figure.legends[0].legend_handles:
        handle.set_alpha(1.0)
    return figure


def basins(scene: BasinMap, theme: Theme) -> Any:
    """Draw the areas from which descents come to the same point, for methods beside each other."""
    count = len(scene.panels)
    figure = new_figure(scene.caption, theme, (max(1.0, 0.6 * count), 1))
    all_axes = figure.subplots(1, count, sharey=True, squeeze=False)[0]
    for axes, panel in zip(all_axes, scene.panels, strict=True):
        _areas(axes, scene, panel, theme)
        for marks in scene.marks:
            _add_marks(axes, marks, [marks.places[:, 0], marks.places[:, 1]])
        axes.set_xlim(*panel.first[[0, -1]])
        axes.set_ylim(*panel.second[[0, -1]])
        dress(axes, theme, scene.names if axes is all_axes[0] else (scene.names[0], ""))
        if count > 1:
            axes.set_title(panel.title, color=theme.ink, fontsize=style.FONT_SIZE - 2)
    shared_legend(figure, all_axes[0], theme)
    return figure


def _areas(axes: Any, scene: BasinMap, panel: BasinPanel, theme: Theme) -> None:
    """Draw the coloured areas, and the shade over them."""
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    count = len(scene.labels)
    colours = area_colours(count, theme)
    darker = LinearSegmentedColormap.from_list("darker", [(0, 0, 0, 0), (0, 0, 0, DARKEST)])
    look = {"shading": "nearest", "rasterized": True}
    where = (panel.first, panel.second)
    axes.pcolormesh(
        *where, panel.areas, cmap=ListedColormap(colours), vmin=-0.5, vmax=count - 0.5, **look
    )
    axes.pcolormesh(*where, panel.shade, cmap=darker, vmin=0, vmax=1, **look)


def _add_in_space(axes: Any, marks: Marks, surface: Surface) -> None:
    """Draw marks on a surface, those behind it faintly."""
    places = np.column_stack([marks.places, marks.heights])
    behind = np.array([_is_behind(place, surface, axes.azim, axes.elev) for place in places])
    if not behind.all():
        _add_marks(axes, marks, list(places[~behind].T))
    if behind.any():
        name = f"_{marks.name}" if not behind.all() else marks.name
        _add_marks(axes, marks, list(places[behind].T), alpha=0.3, name=name)


def _is_behind(place: Vector, surface: Surface, azimuth: float, elevation: float) -> bool:
    """Return whether the surface hides a place, seen from far away under these angles."""
    grid = surface.grid
    (left, right), (bottom, top), (low, high) = *surface.spans(), surface.height_limits()
    # The box of the picture is 1 by 1 by HIGH; towards the eye in its own units:
    turn, rise = np.radians([azimuth, elevation])
    eye = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise) / HIGH])
    sides = np.array([right - left, top - bottom, high - low])
    line = place + np.linspace(0.02, 1.5, 300)[:, None] * eye * sides
    across = np.rint((line[:, 0] - left) / sides[0] * (grid.first.size - 1)).astype(int)
    along = np.rint((line[:, 1] - bottom) / sides[1] * (grid.second.size - 1)).astype(int)
    over = (across >= 0) & (across < grid.first.size) & (along >= 0) & (along < grid.second.size)
    heights = surface.heights()[along[over], across[over]]
    return bool((np.minimum(heights, high) > line[over, 2]).any())


def _add_marks(
    axes: Any, marks: Marks, places: list[Any], alpha: float = 1.0, name: str | None = None
) -> None:
    fill, edge = marks.fill_and_edge
    # A corner of the picture must not cut a point on the boundary in half.
    axes.plot(
        *places,
        linestyle="none",
        marker=SYMBOLS[marks.kind],
        markersize=style.FONT_SIZE - 3 + 3 * (marks.kind == "degenerate"),
        markerfacecolor=fill,
        markeredgecolor=edge,
        markeredgewidth=1.2,
        label=marks.name if name is None else name,
        alpha=alpha,
        zorder=12,
        clip_on=len(places) > 2,
    )

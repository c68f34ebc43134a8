"""Critical points and basins, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures import style
from steepest.figures.data import Contours, Curve, Surface
from steepest.figures.marked import (
    AREA_COLOURS,
    CRITICAL_COLOURS,
    BasinMap,
    Marked,
    Marks,
)
from steepest.figures.still import plane, space
from steepest.figures.still.layout import dress, new_figure, shared_legend
from steepest.figures.style import Theme

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
        heights = [marks.heights] if isinstance(scene.base, Surface) else []
        _add_marks(axes, marks, [marks.places[:, 0], marks.places[:, 1], *heights])
    for old in list(figure.legends):
        old.remove()
    shared_legend(figure, axes, theme)
    return figure


def basins(scene: BasinMap, theme: Theme) -> Any:
    """Draw the areas from which descents come to the same point."""
    from matplotlib.colors import ListedColormap

    count = len(scene.labels)
    figure = new_figure(scene.caption, theme)
    axes = figure.add_subplot()
    colours = [theme.grid, *(AREA_COLOURS[k % len(AREA_COLOURS)] for k in range(count - 1))]
    axes.pcolormesh(
        scene.first,
        scene.second,
        scene.areas,
        cmap=ListedColormap(colours),
        vmin=-0.5,
        vmax=count - 0.5,
        shading="nearest",
        rasterized=True,
    )
    for marks in scene.marks:
        _add_marks(axes, marks, [marks.places[:, 0], marks.places[:, 1]])
    axes.set_xlim(*scene.first[[0, -1]])
    axes.set_ylim(*scene.second[[0, -1]])
    dress(axes, theme, scene.names)
    shared_legend(figure, axes, theme)
    return figure


def _add_marks(axes: Any, marks: Marks, places: list[Any]) -> None:
    colour = CRITICAL_COLOURS[marks.kind]
    fill, edge = ("white", colour) if marks.boundary else (colour, "white")
    # A corner of the picture must not cut a point on the boundary in half.
    axes.plot(
        *places,
        linestyle="none",
        marker=SYMBOLS[marks.kind],
        markersize=style.FONT_SIZE - 3 + 3 * (marks.kind == "degenerate"),
        markerfacecolor=fill,
        markeredgecolor=edge,
        markeredgewidth=1.2,
        label=marks.name,
        zorder=12,
        clip_on=len(places) > 2,
    )

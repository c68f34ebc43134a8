"""Flat pictures: curve, contours, panels and race, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures import style
from steepest.figures.data import Contours, Curve, Panel, Panels, Path, Race
from steepest.figures.still.backdrop import add_map
from steepest.figures.still.layout import (
    DASHES,
    dress,
    ends,
    legend,
    line_style,
    new_figure,
    shared_legend,
)
from steepest.figures.still.marks import add_minimum, add_walls
from steepest.figures.style import PATH_COLOUR, Theme, path_style

MOST_NAMES_WITHIN = 6
"""So many lines can be named within their axes; more of them leave no room there."""


def curve(scene: Curve, theme: Theme) -> Any:
    """Draw a function of one variable with the iterates on it."""
    figure = new_figure(scene.caption, theme)
    axes = figure.add_subplot()
    axes.plot(scene.line.x, scene.line.y, color=theme.faint_ink, linewidth=1.8, label="f")
    for path in scene.paths:
        axes.plot(
            path.points[:, 0],
            path.values,
            color=PATH_COLOUR,
            linewidth=0.8,
            marker="o",
            markersize=4,
            label=path.name,
        )
        for name, index, marker in ends(path, PATH_COLOUR):
            axes.plot(path.points[index, 0], path.values[index], label=name, **marker)
    for minimum in scene.minima:
        add_minimum(axes, minimum, (*minimum.place, minimum.value))
    axes.set_xlim(*scene.span())
    axes.set_ylim(*scene.limits)
    axes.grid(color=theme.grid, linewidth=0.6)
    dress(axes, theme, (scene.name, "f"))
    if walls := scene.walls():
        add_walls(axes, [([wall, wall], scene.limits) for wall in walls], theme)
        axes.axvspan(*scene.line.x[[0, -1]], color=theme.paper, zorder=0)
    shared_legend(figure, axes, theme)
    return figure


def contours(scene: Contours, theme: Theme) -> Any:
    """Draw contour lines with the paths on them."""
    figure = new_figure(scene.caption, theme)
    axes = figure.add_subplot()
    _add_contours(axes, scene, theme)
    shared_legend(figure, axes, theme)
    return figure


def panels(scene: Panels, theme: Theme) -> Any:
    """Draw panels stacked over a common step axis."""
    count = len(scene.panels)
    figure = new_figure(scene.caption, theme, stretch=(1, max(1.0, 0.45 * count)))
    rows = figure.subplots(count, 1, sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, scene.panels, strict=True):
        _add_panel(axes, panel, theme)
        if len(panel.lines) > MOST_NAMES_WITHIN:
            shared_legend(figure, axes, theme)
        elif len(panel.lines) > 1:
            legend(axes, theme)
    rows[-1].set_xlabel("step", color=theme.ink)
    return figure


def race(scene: Race, theme: Theme) -> Any:
    """Draw several paths from above, beside their progress."""
    figure = new_figure(scene.caption, theme, stretch=(1.7, 0.95))
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    _add_contours(left, scene.contours, theme)
    _add_panel(right, scene.progress, theme)
    right.set_xlabel("step", color=theme.ink)
    shared_legend(figure, right, theme)
    return figure


def _add_contours(axes: Any, scene: Contours, theme: Theme) -> None:
    grid, scale = scene.grid, scene.grid.scale
    colours = add_map(axes, grid)
    bar = axes.figure.colorbar(colours, ax=axes, pad=0.02)
    positions, labels = scale.ticks()
    bar.set_ticks(positions, labels=labels)
    bar.ax.tick_params(colors=theme.faint_ink, labelsize=style.FONT_SIZE - 4)
    bar.ax.set_title("f", color=theme.ink, fontsize=style.FONT_SIZE - 3)
    bar.outline.set_visible(False)
    for index, path in enumerate(scene.paths):
        _add_path(axes, path, *path_style(index, len(scene.paths), theme))
    for minimum in scene.minima:
        add_minimum(axes, minimum, minimum.place)
    across, along = scene.spans()
    axes.set_xlim(*across)
    axes.set_ylim(*along)
    dress(axes, theme, grid.names)
    add_walls(axes, scene.walls(), theme)


def _add_path(axes: Any, path: Path, colour: str, dash: str) -> None:
    from matplotlib.patheffects import Normal, Stroke

    axes.plot(
        path.points[:, 0],
        path.points[:, 1],
        color=colour,
        linestyle=DASHES[dash],
        linewidth=1.8,
        label=path.name,
        path_effects=[Stroke(linewidth=3.6, foreground="white", alpha=0.8), Normal()],
        **line_style(path),
    )
    for name, index, marker in ends(path, colour):
        axes.plot(path.points[index, 0], path.points[index, 1], label=name, **marker)


def _add_panel(axes: Any, panel: Panel, theme: Theme) -> None:
    count = len(panel.lines)
    for index, line in enumerate(panel.lines):
        colour, dash = path_style(index, count, theme)
        axes.plot(
            line.x, line.y, color=colour, linestyle=DASHES[dash], linewidth=1.6, label=line.name
        )
    if panel.logarithmic:
        axes.set_yscale("log")
    axes.grid(color=theme.grid, linewidth=0.6)
    dress(axes, theme, ("", panel.label))

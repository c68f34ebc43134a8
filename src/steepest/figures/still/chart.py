"""Charts and tables of numbers, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures import style
from steepest.figures.chart import Axes, Chart, Dots, Matrix, Ribbon, Stroke
from steepest.figures.still.layout import DASHES, dress, new_figure, shared_legend
from steepest.figures.style import Theme, item_style, ribbon_tint


def chart(scene: Chart, theme: Theme) -> Any:
    """Draw axes with points, lines and bands."""
    rows, columns = scene.rows, scene.columns
    figure = new_figure(scene.caption, theme, (1.25 if columns > 1 else 1.0, max(1.0, 0.55 * rows)))
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    for place in places[len(scene.axes) :]:
        place.set_visible(False)
    for place, axes in zip(places, scene.axes, strict=False):
        _add_axes(place, axes, theme)
    shared_legend(figure, places[0], theme)
    return figure


def matrix(scene: Matrix, theme: Theme) -> Any:
    """Draw a square table of numbers from -1 to 1."""
    figure = new_figure(scene.caption, theme)
    axes = figure.add_subplot()
    image = axes.imshow(scene.values, vmin=-1, vmax=1, cmap=style.DIVERGING_COLOURS)
    places = range(len(scene.names))
    axes.set_xticks(places, scene.names, parse_math=False)
    axes.set_yticks(places, scene.names, parse_math=False)
    if len(scene.names) <= 12:
        for i, row in enumerate(scene.values):
            for j, value in enumerate(row):
                ink = "white" if abs(value) > 0.6 else "#1f2328"
                axes.text(j, i, f"{value:.2f}", ha="center", va="center", color=ink)
    bar = figure.colorbar(image, ax=axes, pad=0.02)
    bar.ax.tick_params(colors=theme.faint_ink, labelsize=style.FONT_SIZE - 4)
    bar.outline.set_visible(False)
    dress(axes, theme, ("", ""))
    return figure


def _add_axes(place: Any, axes: Axes, theme: Theme) -> None:
    others = 0
    for order, item in enumerate(axes.items):
        if isinstance(item, Ribbon):
            place.fill_between(
                item.x,
                item.lower,
                item.upper,
                color=ribbon_tint(theme),
                linewidth=0,
                label=item.name,
                zorder=order,
            )
            continue
        colour, dash = item_style(item.role, others, theme)
        others += item.role == "other"
        if isinstance(item, Dots):
            _add_dots(place, item, colour, theme, order)
        else:
            _add_stroke(place, item, colour, dash, order)
    if axes.logarithmic:
        place.set_yscale("log")
    if axes.limits is not None:
        place.set_ylim(*axes.limits)
    if axes.title:
        place.set_title(axes.title, color=theme.ink, fontsize=style.FONT_SIZE - 2, parse_math=False)
    place.grid(color=theme.grid, linewidth=0.6)
    place.set_axisbelow(True)
    dress(place, theme, axes.labels)


def _add_dots(place: Any, item: Dots, colour: str, theme: Theme, order: int) -> None:
    large = item.role != "data"
    many = len(item.x) > 10 * style.MOST_MARKERS
    place.plot(
        item.x,
        item.y,
        linestyle="none",
        marker="o",
        markersize=8 if large else 2.2 if many else 4,
        markerfacecolor=colour,
        markeredgecolor=theme.paper,
        markeredgewidth=1.2 if large else 0.0 if many else 0.5,
        alpha=1.0 if large else 0.45 if many else 0.75,
        label=item.name,
        zorder=order + 10 * large,
    )


def _add_stroke(place: Any, item: Stroke, colour: str, dash: str, order: int) -> None:
    trail = item.role == "trail"
    place.plot(
        item.x,
        item.y,
        color=colour,
        linestyle=DASHES[dash],
        linewidth=0.9 if trail else 1.8,
        marker="o" if trail and len(item.x) <= style.MOST_MARKERS else "",
        markersize=2.5,
        label=item.name,
        zorder=order,
    )

"""Charts and tables of numbers, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures import style
from steepest.figures.chart import Arrow, Axes, Chart, Dots, Field, Matrix, Ribbon, Stroke
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
    on_map = any(isinstance(item, Field) for item in axes.items)
    named: set[str] = set()
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
        if isinstance(item, Field):
            _add_field(place, item, theme)
            continue
        colour, dash = item_style(item.role, others, theme, on_map)
        others += item.role == "other"
        name = item.name if item.name not in named else f"_{item.name}"
        named.add(item.name)
        if isinstance(item, Dots):
            _add_dots(place, item, name, colour, theme, order)
        elif isinstance(item, Arrow):
            _add_arrow(place, item, name, colour, order)
        else:
            _add_stroke(place, item, name, colour, dash, order)
    _dress(place, axes, theme, on_map)


def _dress(place: Any, axes: Axes, theme: Theme, on_map: bool) -> None:
    """Give axes their limits, names and grid; a map has lines of its own."""
    if axes.logarithmic:
        place.set_yscale("log")
    if axes.limits is not None:
        place.set_ylim(*axes.limits)
    if axes.span is not None:
        place.set_xlim(*axes.span)
    if axes.even:
        place.set_aspect("equal")
    if not axes.logarithmic:
        place.locator_params(axis="x", nbins=8)
    if axes.title:
        place.set_title(axes.title, color=theme.ink, fontsize=style.FONT_SIZE - 2, parse_math=False)
    if not on_map:
        place.grid(color=theme.grid, linewidth=0.6)
    place.set_axisbelow(True)
    dress(place, theme, axes.labels)


def _add_field(place: Any, item: Field, theme: Theme) -> None:
    low, high = item.limits
    mesh = place.pcolormesh(
        item.x,
        item.y,
        item.values,
        vmin=low,
        vmax=high,
        cmap=style.SURFACE_COLOURS,
        shading="gouraud",
        rasterized=True,
        zorder=-2,
    )
    place.contour(
        *(item.x, item.y, item.values),
        levels=item.levels,
        colors="white",
        alpha=0.55,
        linewidths=0.8,
        linestyles="solid",
        zorder=-1,
    )
    bar = place.figure.colorbar(mesh, ax=place, pad=0.02)
    bar.set_ticks([one for one, _ in item.ticks], labels=[words for _, words in item.ticks])
    bar.ax.tick_params(colors=theme.faint_ink, labelsize=style.FONT_SIZE - 4)
    bar.ax.set_title(item.name, color=theme.ink, fontsize=style.FONT_SIZE - 3)
    bar.outline.set_visible(False)


def _add_arrow(place: Any, item: Arrow, name: str, colour: str, order: int) -> None:
    place.annotate(
        "",
        xy=item.head,
        xytext=item.tail,
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "linewidth": 2.0,
            "mutation_scale": 14,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=order + 5,
    )
    # An annotation has no name of its own.
    place.plot([], [], color=colour, linewidth=2.0, label=name)


def _add_dots(place: Any, item: Dots, name: str, colour: str, theme: Theme, order: int) -> None:
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
        label=name,
        zorder=order + 10 * large,
    )


def _add_stroke(place: Any, item: Stroke, name: str, colour: str, dash: str, order: int) -> None:
    trail = item.role == "trail"
    place.plot(
        item.x,
        item.y,
        color=colour,
        linestyle=DASHES[dash],
        linewidth=0.9 if trail else 1.8,
        marker="o" if trail and 2 < len(item.x) <= style.MOST_MARKERS else "",
        markersize=2.5,
        label=name,
        zorder=order,
    )

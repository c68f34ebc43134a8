"""The picture of learning rates, drawn with Matplotlib."""

from __future__ import annotations

from typing import Any

from steepest.figures.data import Band, Rates
from steepest.figures.still.layout import dress, new_figure, shared_legend
from steepest.figures.style import BANDS, FONT_SIZE, PATH_COLOUR, Theme


def rates(scene: Rates, theme: Theme) -> Any:
    """Draw what every rate came to, over the bands that the rates fall into."""
    figure = new_figure(scene.caption, theme)
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log" if scene.logarithmic else "linear")
    for band in scene.bands:
        _add_band(axes, band, scene, theme)
    axes.axhline(
        scene.start_value, color=theme.faint_ink, linewidth=1, linestyle=":", label="f at the start"
    )
    if scene.threshold is not None:
        name = scene.threshold.name
        axes.axvline(scene.threshold.x, color=theme.ink, linewidth=1.6, linestyle="--", label=name)
        axes.text(
            *(scene.threshold.x, 1.01, name),
            transform=axes.get_xaxis_transform(),
            ha="center",
            color=theme.ink,
            fontsize=FONT_SIZE - 4,
            parse_math=False,
        )
    axes.plot(
        *(scene.line.x, scene.line.y),
        color=theme.ink,
        linewidth=1.6,
        marker="o",
        markersize=3,
        label=scene.line.name,
    )
    axes.plot(
        *(scene.suggestion.x, scene.suggestion.y),
        color=PATH_COLOUR,
        linestyle="none",
        marker="*",
        markersize=16,
        markeredgecolor="white",
        zorder=10,
        label=scene.suggestion.name,
    )
    axes.set_xlim(scene.line.x[0], scene.line.x[-1])
    axes.set_ylim(*scene.limits)
    dress(axes, theme, ("learning rate", scene.line.name))
    shared_legend(figure, axes, theme)
    return figure


def _add_band(axes: Any, band: Band, scene: Rates, theme: Theme) -> None:
    look = BANDS[band.name]
    axes.axvspan(
        *(band.low, band.high),
        facecolor=look.tint(theme),
        edgecolor=theme.paper,
        linewidth=0.8,
        label=band.name,
        zorder=0,
    )
    if look.hatch:
        # A hatch has the colour of the edge: drawn apart, it leaves the edge pale.
        axes.axvspan(
            *(band.low, band.high),
            facecolor="none",
            edgecolor=look.colour,
            alpha=0.45,
            linewidth=0,
            hatch=look.hatch,
            zorder=0,
        )
    axes.text(
        *((band.low * band.high) ** 0.5, 0.985, band.name),
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="top",
        rotation=0 if scene.is_wide(band) else 90,
        color=theme.ink,
        fontsize=FONT_SIZE - 4,
        fontweight="bold",
    )

"""The figure of learning rates, drawn with Plotly."""

from __future__ import annotations

from math import log10
from typing import Any

from steepest.figures.data import Band, Rates
from steepest.figures.interactive.layout import escape, finished
from steepest.figures.style import BANDS, FONT_SIZE, PATH_COLOUR, Theme


def rates(scene: Rates, theme: Theme) -> Any:
    """Draw what every rate came to, over the bands that the rates fall into."""
    from plotly.graph_objects import Figure

    figure = Figure()
    for band in scene.bands:
        _add_band(figure, band, scene, theme)
    _add_level(figure, scene, theme)
    _add_threshold(figure, scene, theme)
    _add_values(figure, scene, theme)
    low, high = scene.limits
    ends = [log10(low), log10(high)] if scene.logarithmic else [low, high]
    kind = "log" if scene.logarithmic else "linear"
    figure.update_yaxes(title=scene.line.name, type=kind, range=ends, exponentformat="power")
    span = [log10(scene.line.x[0]), log10(scene.line.x[-1])]
    figure.update_xaxes(title="learning rate", type="log", range=span, exponentformat="power")
    return finished(figure, scene.caption, theme)


def _add_band(figure: Any, band: Band, scene: Rates, theme: Theme) -> None:
    from plotly.graph_objects import Scatter

    look = BANDS[band.name]
    low, high = scene.limits
    figure.add_trace(
        Scatter(
            x=[band.low, band.high, band.high, band.low, band.low],
            y=[low, low, high, high, low],
            mode="lines",
            fill="toself",
            line={"color": theme.paper, "width": 1},
            fillcolor=look.tint(theme),
            fillpattern={"shape": look.pattern, "fgcolor": look.colour, "fgopacity": 0.45},
            name=band.name,
            hoverinfo="skip",
        )
    )
    figure.add_annotation(
        x=(log10(band.low) + log10(band.high)) / 2,
        y=0.985,
        yref="y domain",
        yanchor="top",
        text=f"<b>{band.name}</b>",
        textangle=0 if scene.is_wide(band) else -90,
        showarrow=False,
        font={"color": theme.ink, "size": FONT_SIZE},
    )


def _add_level(figure: Any, scene: Rates, theme: Theme) -> None:
    from plotly.graph_objects import Scatter

    figure.add_trace(
        Scatter(
            x=scene.line.x[[0, -1]],
            y=[scene.start_value, scene.start_value],
            mode="lines",
            name="f at the start",
            line={"color": theme.faint_ink, "width": 1.2, "dash": "dot"},
            hoverinfo="skip",
        )
    )


def _add_threshold(figure: Any, scene: Rates, theme: Theme) -> None:
    from plotly.graph_objects import Scatter

    if scene.threshold is None:
        return
    figure.add_trace(
        Scatter(
            x=[scene.threshold.x, scene.threshold.x],
            y=list(scene.limits),
            mode="lines",
            name=escape(scene.threshold.name),
            line={"color": theme.ink, "width": 2, "dash": "dash"},
            hoverinfo="skip",
        )
    )
    figure.add_annotation(
        x=log10(scene.threshold.x),
        y=1,
        yref="y domain",
        yanchor="bottom",
        text=escape(scene.threshold.name),
        showarrow=False,
        font={"color": theme.ink, "size": FONT_SIZE},
    )


def _add_values(figure: Any, scene: Rates, theme: Theme) -> None:
    from plotly.graph_objects import Scatter

    figure.add_trace(
        Scatter(
            x=scene.line.x,
            y=scene.line.y,
            mode="lines+markers",
            name=scene.line.name,
            line={"color": theme.ink, "width": 2},
            marker={"color": theme.ink, "size": 5},
            hovertemplate="rate %{x:.4g}<br>f = %{y:.6g}<extra></extra>",
        )
    )
    figure.add_trace(
        Scatter(
            x=[scene.suggestion.x],
            y=[scene.suggestion.y],
            mode="markers",
            name=scene.suggestion.name,
            marker={
                "color": PATH_COLOUR,
                "size": 17,
                "symbol": "star",
                "line": {"color": "white", "width": 1.5},
            },
            hovertemplate=f"{scene.suggestion.name}<br>f = %{{y:.6g}}<extra></extra>",
        )
    )

"""Charts and tables of numbers, drawn with Plotly."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.figures.chart import Arrow, Axes, Chart, Dots, Field, Matrix, Ribbon, Stroke
from steepest.figures.interactive.layout import HEIGHT, compact, escape, finished
from steepest.figures.interactive.player import add_player
from steepest.figures.style import (
    DIVERGING_COLOURS,
    MOST_MARKERS,
    SURFACE_COLOURS,
    Theme,
    item_style,
    ribbon_tint,
)

ROW_HEIGHT = 330


def chart(scene: Chart, theme: Theme) -> Any:
    """Draw axes with points, lines and bands."""
    from plotly.subplots import make_subplots

    figure = make_subplots(
        rows=scene.rows,
        cols=scene.columns,
        subplot_titles=[escape(axes.title) for axes in scene.axes],
        horizontal_spacing=0.11,
        vertical_spacing=0.16 if scene.rows < 3 else 0.11,
    )
    named: set[str] = set()
    for index, axes in enumerate(scene.axes):
        cell = {"row": index // scene.columns + 1, "col": index % scene.columns + 1}
        _add_axes(figure, axes, theme, cell, named)
    height = HEIGHT if scene.rows < 3 else ROW_HEIGHT * scene.rows
    figure = finished(figure, scene.caption, theme, height)
    if scene.frames:
        _add_frames(figure, scene, theme)
    return figure


def matrix(scene: Matrix, theme: Theme) -> Any:
    """Draw a square table of numbers from -1 to 1."""
    from plotly.graph_objects import Figure, Heatmap

    names = [escape(name) for name in scene.names]
    written = [[f"{value:.2f}" for value in row] for row in scene.values]
    figure = Figure(
        Heatmap(
            z=scene.values,
            x=names,
            y=names,
            text=written if len(names) <= 12 else None,
            texttemplate="%{text}",
            zmin=-1,
            zmax=1,
            colorscale=DIVERGING_COLOURS,
            xgap=1,
            ygap=1,
            colorbar={"thickness": 14, "outlinewidth": 0},
            hovertemplate="%{y}, %{x}: %{z:.5f}<extra></extra>",
        )
    )
    figure = finished(figure, scene.caption, theme)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    figure.update_xaxes(showgrid=False)
    return figure


def _add_axes(figure: Any, axes: Axes, theme: Theme, cell: dict[str, int], named: set[str]) -> None:
    others = 0
    on_map = any(isinstance(item, Field) for item in axes.items)
    for item in axes.items:
        # A click in the legend hides all that is called the same, in every pair of axes.
        shared = {
            "name": escape(item.name),
            "legendgroup": item.name,
            "showlegend": item.name not in named,
        }
        named.add(item.name)
        if isinstance(item, Ribbon):
            _add_ribbon(figure, item, theme, cell, shared)
            continue
        if isinstance(item, Field):
            _add_field(figure, item, cell)
            continue
        colour, dash = item_style(item.role, others, theme, on_map)
        others += item.role == "other"
        if isinstance(item, Dots):
            _add_dots(figure, item, colour, theme, cell, shared)
        elif isinstance(item, Arrow):
            _add_arrow(figure, item, colour, cell, shared)
        else:
            _add_stroke(figure, item, colour, dash, cell, shared)
    across, along = axes.labels
    figure.update_xaxes(title=escape(across), **cell)
    kind = "log" if axes.logarithmic else "linear"
    figure.update_yaxes(title=escape(along), type=kind, exponentformat="power", **cell)
    if axes.limits is not None:
        figure.update_yaxes(range=list(axes.limits), **cell)
    if axes.span is not None:
        figure.update_xaxes(range=list(axes.span), **cell)
    if axes.even:
        figure.update_yaxes(scaleanchor="x", constrain="domain", **cell)
        figure.update_xaxes(constrain="domain", **cell)


def _add_ribbon(
    figure: Any, item: Ribbon, theme: Theme, cell: dict[str, int], shared: dict[str, Any]
) -> None:
    from plotly.graph_objects import Scatter

    figure.add_trace(
        Scatter(
            x=np.concatenate([item.x, item.x[::-1]]),
            y=np.concatenate([item.upper, item.lower[::-1]]),
            mode="lines",
            fill="toself",
            fillcolor=ribbon_tint(theme),
            line={"width": 0},
            hoverinfo="skip",
            **shared,
        ),
        **cell,
    )


def _add_field(figure: Any, item: Field, cell: dict[str, int]) -> None:
    from plotly.graph_objects import Contour

    low, high = item.limits
    step = float(item.levels[1] - item.levels[0]) if len(item.levels) > 1 else 1.0
    figure.add_trace(
        Contour(
            x=item.x,
            y=item.y,
            z=compact(item.values),
            zmin=low,
            zmax=high,
            colorscale=SURFACE_COLOURS,
            contours={
                "start": float(item.levels[0]),
                "end": float(item.levels[-1]),
                "size": step,
                "coloring": "heatmap",
            },
            line={"width": 0.8, "color": "rgba(255,255,255,0.55)"},
            colorbar={
                "title": escape(item.name),
                "tickvals": [place for place, _ in item.ticks],
                "ticktext": [words for _, words in item.ticks],
                "thickness": 14,
                "outlinewidth": 0,
            },
            hovertemplate="%{x:.6g}, %{y:.6g}<extra></extra>",
        ),
        **cell,
    )


def _add_arrow(
    figure: Any, item: Arrow, colour: str, cell: dict[str, int], shared: dict[str, Any]
) -> None:
    from plotly.graph_objects import Scatter

    (x0, y0), (x1, y1) = item.tail, item.head
    figure.add_trace(
        Scatter(
            x=[x0, x1],
            y=[y0, y1],
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={
                "color": colour,
                "size": [0, 14],
                "symbol": "arrow",
                "angleref": "previous",
            },
            hovertemplate="%{x:.6g}, %{y:.6g}<extra></extra>",
            **shared,
        ),
        **cell,
    )


def _add_dots(
    figure: Any, item: Dots, colour: str, theme: Theme, cell: dict[str, int], shared: dict[str, Any]
) -> None:
    from plotly.graph_objects import Scatter

    large = item.role != "data"
    many = len(item.x) > 10 * MOST_MARKERS
    figure.add_trace(
        Scatter(
            x=item.x,
            y=item.y,
            mode="markers",
            marker={
                "color": colour,
                "size": 12 if large else 4 if many else 7,
                "opacity": 1.0 if large else 0.45 if many else 0.75,
                "line": {"color": theme.paper, "width": 1.5 if large else 0.0 if many else 0.8},
            },
            hovertemplate="%{x:.6g}, %{y:.6g}<extra></extra>",
            **shared,
        ),
        **cell,
    )


def _add_stroke(
    figure: Any, item: Stroke, colour: str, dash: str, cell: dict[str, int], shared: dict[str, Any]
) -> None:
    from plotly.graph_objects import Scatter

    trail = item.role == "trail"
    figure.add_trace(
        Scatter(
            x=item.x,
            y=item.y,
            mode="lines+markers" if trail and 2 < len(item.x) <= MOST_MARKERS else "lines",
            line={"color": colour, "width": 1.2 if trail else 2.4, "dash": dash},
            marker={"color": colour, "size": 4},
            hovertemplate="%{x:.6g}, %{y:.6g}<extra></extra>",
            **shared,
        ),
        **cell,
    )


def _add_frames(figure: Any, scene: Chart, theme: Theme) -> None:
    """Let the main line go through its frames."""
    from plotly.graph_objects import Frame

    items = scene.axes[0].items
    place = next(k for k, one in enumerate(items) if isinstance(one, Stroke) and one.role == "main")
    figure.frames = [
        Frame(name=str(one.step), data=[{"type": "scatter", "y": one.y}], traces=[place])
        for one in scene.frames
    ]
    add_player(figure, [str(one.step) for one in scene.frames], theme)

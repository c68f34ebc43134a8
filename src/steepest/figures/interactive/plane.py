"""Flat figures: curve, contours, panels and race, drawn with Plotly."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.figures.data import Contours, Curve, Grid, Panel, Panels, Path, Race
from steepest.figures.interactive.layout import (
    HEIGHT,
    colour_range,
    compact,
    ends,
    escape,
    finished,
    hover,
    path_mode,
    steps_and_values,
    value_hover,
)
from steepest.figures.interactive.marks import add_inside, add_minima, add_outside, add_walls
from steepest.figures.style import PATH_COLOUR, Theme, path_style

PANEL_HEIGHT = 300

SPACING = 0.22
"""Between the map of a race and its progress: room for a colour bar and for the next axis, with
their numbers, on a page of 800 pixels."""

HALO = "rgba(255,255,255,0.8)"
"""A pale edge keeps a path apart from whatever colour it crosses."""

Cell = dict[str, int]
"""Row and column of a subplot; empty for a figure of one."""


def curve(scene: Curve, theme: Theme) -> Any:
    """Draw a function of one variable with the iterates on it."""
    from plotly.graph_objects import Figure, Scatter

    name = escape(scene.name)
    at_point = f"{name} = %{{x:.6g}}<br>f = %{{y:.6g}}<extra></extra>"
    figure = Figure()
    figure.add_trace(
        Scatter(
            x=scene.line.x,
            y=scene.line.y,
            mode="lines",
            name="f",
            line={"color": theme.faint_ink, "width": 2},
            hovertemplate=at_point,
        )
    )
    for path in scene.paths:
        _add_iterates(figure, path, at_point)
    if walls := scene.walls():
        add_outside(figure, theme, {})
        add_walls(figure, [([wall, wall], scene.limits) for wall in walls], theme, {})
        low, high = scene.line.x[[0, -1]]
        add_inside(figure, (low, high), scene.limits, theme, {})
    add_minima(figure, scene.minima, [one.value for one in scene.minima], {})
    figure.update_xaxes(title=name, range=list(scene.span()))
    figure.update_yaxes(title="f", range=list(scene.limits))
    return finished(figure, scene.caption, theme)


def contours(scene: Contours, theme: Theme) -> Any:
    """Draw contour lines with the paths on them."""
    from plotly.graph_objects import Figure

    figure = Figure()
    _add_contours(figure, scene, theme, {}, colour_bar={"title": "f"})
    return finished(figure, scene.caption, theme)


def contour_trace(grid: Grid, colour_bar: dict[str, Any]) -> dict[str, Any]:
    """Return the trace of a map as plain data."""
    scale = grid.scale
    levels = scale.shown_levels()
    positions, labels = scale.ticks()
    return {
        "x": grid.first,
        "y": grid.second,
        "z": compact(scale.shown(grid.values)),
        **value_hover(grid),
        "contours": {
            "start": float(levels[0]),
            "end": float(levels[-1]),
            "size": float(np.ptp(levels)) / max(levels.size - 1, 1) or 1.0,
            "coloring": "heatmap",
        },
        "line": {"width": 0.8, "color": "rgba(255,255,255,0.55)"},
        "colorbar": {
            "tickvals": positions,
            "ticktext": labels,
            "thickness": 14,
            "outlinewidth": 0,
            **colour_bar,
        },
        **colour_range(grid, "z"),
    }


def panels(scene: Panels, theme: Theme) -> Any:
    """Draw panels stacked over a common step axis."""
    from plotly.subplots import make_subplots

    count = len(scene.panels)
    figure = make_subplots(rows=count, cols=1, shared_xaxes=True, vertical_spacing=0.07)
    for row, panel in enumerate(scene.panels, start=1):
        _add_panel(figure, panel, theme, {"row": row, "col": 1})
    figure.update_xaxes(title="step", row=count, col=1)
    return finished(figure, scene.caption, theme, max(HEIGHT, PANEL_HEIGHT * count))


def race(scene: Race, theme: Theme) -> Any:
    """Draw several paths from above, beside their progress."""
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=1, cols=2, horizontal_spacing=SPACING)
    left, right = {"row": 1, "col": 1}, {"row": 1, "col": 2}
    _add_contours(figure, scene.contours, theme, left, colour_bar={"x": (1 - SPACING) / 2})
    # One legend entry a method is enough: clicking it hides path and progress together.
    figure.update_traces(showlegend=False)
    _add_panel(figure, scene.progress, theme, right)
    figure.update_xaxes(title="step", **right)
    return finished(figure, scene.caption, theme)


def _add_iterates(figure: Any, path: Path, at_point: str) -> None:
    from plotly.graph_objects import Scatter

    figure.add_trace(
        Scatter(
            x=path.points[:, 0],
            y=path.values,
            customdata=path.steps,
            mode="lines+markers",
            name=path.name,
            line={"color": PATH_COLOUR, "width": 1},
            marker={"color": PATH_COLOUR, "size": 6},
            hovertemplate=f"step %{{customdata:.0f}}<br>{at_point}",
        )
    )
    for label, index, marker in ends(path, PATH_COLOUR):
        figure.add_trace(
            Scatter(
                x=path.points[[index], 0],
                y=path.values[[index]],
                mode="markers",
                name=label,
                marker=marker,
                hoverinfo="skip",
            )
        )


def _add_contours(
    figure: Any, scene: Contours, theme: Theme, cell: Cell, colour_bar: dict[str, Any]
) -> None:
    from plotly.graph_objects import Contour

    first, second = (escape(name) for name in scene.grid.names)
    figure.add_trace(Contour(**contour_trace(scene.grid, colour_bar)), **cell)
    for index, path in enumerate(scene.paths):
        colour, dash = path_style(index, len(scene.paths), theme)
        # A click in the legend hides all of a method, where there are several.
        group = path.name if len(scene.paths) > 1 else None
        _add_flat_path(figure, path, scene.grid.names, (colour, dash), group, cell)
    if walls := scene.walls():
        add_outside(figure, theme, cell)
        add_walls(figure, walls, theme, cell)
    add_minima(figure, scene.minima, [one.place[1] for one in scene.minima], cell)
    across, along = scene.spans()
    figure.update_xaxes(title=first, range=list(across), **cell)
    figure.update_yaxes(title=second, range=list(along), **cell)


def _add_flat_path(
    figure: Any,
    path: Path,
    names: tuple[str, str],
    look: tuple[str, str],
    group: str | None,
    cell: Cell,
) -> None:
    from plotly.graph_objects import Scatter

    colour, dash = look
    track = {"x": path.points[:, 0], "y": path.points[:, 1], "legendgroup": group}
    figure.add_trace(
        Scatter(
            **track,
            mode="lines",
            line={"color": HALO, "width": 4.5},
            showlegend=False,
            hoverinfo="skip",
        ),
        **cell,
    )
    figure.add_trace(
        Scatter(
            **track,
            customdata=steps_and_values(path),
            mode=path_mode(path),
            name=path.name,
            line={"color": colour, "width": 2.2, "dash": dash},
            marker={"color": colour, "size": 5},
            hovertemplate=hover(*names),
        ),
        **cell,
    )
    for label, index, marker in ends(path, colour):
        figure.add_trace(
            Scatter(
                x=path.points[[index], 0],
                y=path.points[[index], 1],
                mode="markers",
                name=label,
                legendgroup=group,
                marker=marker,
                hoverinfo="skip",
            ),
            **cell,
        )


def _add_panel(figure: Any, panel: Panel, theme: Theme, cell: Cell) -> None:
    from plotly.graph_objects import Scatter

    count = len(panel.lines)
    for index, line in enumerate(panel.lines):
        colour, dash = path_style(index, count, theme)
        name = escape(line.name)
        figure.add_trace(
            Scatter(
                x=line.x,
                y=line.y,
                mode="lines",
                name=name,
                legendgroup=line.name,
                showlegend=count > 1,
                line={"color": colour, "width": 2, "dash": dash},
                hovertemplate=f"step %{{x:.0f}}<br>{name} = %{{y:.6g}}<extra></extra>",
            ),
            **cell,
        )
    kind = "log" if panel.logarithmic else "linear"
    figure.update_yaxes(title=panel.label, type=kind, exponentformat="power", **cell)

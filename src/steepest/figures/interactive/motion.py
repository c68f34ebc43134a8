"""Races that move, step by step, drawn with Plotly."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

import numpy as np

from steepest.figures.data import Animation, Grid, Line, Panel, Path, Race
from steepest.figures.interactive import plane
from steepest.figures.interactive.layout import colour_range, ends, escape
from steepest.figures.interactive.player import add_player
from steepest.figures.still.backdrop import map_picture
from steepest.figures.style import Theme, path_style
from steepest.figures.thinning import Indices
from steepest.objective import Vector

MOST_IN_A_FRAME = 480
"""Points of all trails together: 120 frames of them are about a megabyte of a page."""

LAST = 8
"""So many times as many points has the frame that stays in sight."""

Trace = dict[str, Any]


def animation(scene: Animation, theme: Theme) -> Any:
    """Draw a race with buttons that play it; until they are pressed it shows the finish."""
    race = scene.race
    if isinstance(race, Race):
        bare = replace(race, contours=replace(race.contours, paths=()))
        figure = _on_backdrop(plane.race(bare, theme), race.contours.grid)
        paths, panel, cell = race.contours.paths, race.progress, {"row": 1, "col": 2}
    else:
        figure = plane.panels(race, theme)
        paths, panel, cell = (), race.panels[0], {"row": 1, "col": 1}
    # The lines of progress are what was drawn last.
    moving = list(range(len(figure.data) - len(panel.lines), len(figure.data)))
    for index, path in enumerate(paths):
        colour, dash = path_style(index, len(paths), theme)
        moving += _add_runner(figure, path, colour, dash)
    figure.frames = [_frame(step, scene, paths, panel, moving) for step in scene.steps]
    _hold_axes(figure, scene, panel, cell)
    add_player(figure, [str(step) for step in scene.steps], theme)
    return figure


def _on_backdrop(figure: Any, grid: Grid) -> Any:
    """Return the figure with its map as a picture, which stays while the rest moves.

    Plotly would draw a map of its own anew for every frame, or drop it.
    """
    from plotly.graph_objects import Scatter

    contour, *others = figure.data
    bar = Scatter(
        x=[None],
        y=[None],
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        marker={"color": [0], "showscale": True, "colorbar": contour.colorbar.to_plotly_json()}
        | colour_range(grid, "c"),
    )
    figure.data = ()
    figure.add_traces([bar, *others])
    figure.add_layout_image(
        source=f"data:image/png;base64,{b64encode(map_picture(grid)).decode()}",
        xref="x",
        yref="y",
        x=grid.first[0],
        y=grid.second[-1],
        sizex=grid.first[-1] - grid.first[0],
        sizey=grid.second[-1] - grid.second[0],
        sizing="stretch",
        layer="below",
    )
    # Grid lines would lie above the picture.
    figure.update_xaxes(showgrid=False, zeroline=False, row=1, col=1)
    figure.update_yaxes(showgrid=False, zeroline=False, row=1, col=1)
    return figure


def _add_runner(figure: Any, path: Path, colour: str, dash: str) -> list[int]:
    """Add the start, the trail and the ball of one method; return which traces move."""
    from plotly.graph_objects import Scatter

    (_, _, ring), *_ = ends(path, colour)
    # A path that leaves the picture has no end: its ball is the last point in view.
    disc = ends(replace(path, complete=True), colour)[-1][2]
    shared = {"legendgroup": path.name, "showlegend": False, "hoverinfo": "skip"}
    x, y = path.points.T
    cell = {"row": 1, "col": 1}
    figure.add_trace(Scatter(x=x[:1], y=y[:1], mode="markers", marker=ring, **shared), **cell)
    line = {"color": colour, "width": 2.4, "dash": dash}
    figure.add_trace(Scatter(x=x, y=y, mode="lines", line=line, **shared), **cell)
    ball = {**disc, "size": 13}
    named = {**shared, "hoverinfo": "text", "hovertext": escape(path.name)}
    figure.add_trace(Scatter(x=x[-1:], y=y[-1:], mode="markers", marker=ball, **named), **cell)
    return [len(figure.data) - 2, len(figure.data) - 1]


def _frame(
    step: int, scene: Animation, paths: tuple[Path, ...], panel: Panel, moving: list[int]
) -> Any:
    """Return what has happened up to a step."""
    from plotly.graph_objects import Frame

    budget = MOST_IN_A_FRAME * (LAST if step == scene.steps[-1] else 1)
    most = max(2, budget // len(panel.lines))
    data = [_grown(line, step, most) for line in panel.lines]
    for path in paths:
        data += _run(path, step, most)
    return Frame(name=str(step), data=data, traces=moving)


def _grown(line: Line, step: int, most: int) -> Trace:
    kept = _until(line.x, step, most)
    return {"type": "scatter", "x": _single(line.x[kept]), "y": line.y[kept]}


def _run(path: Path, step: int, most: int) -> list[Trace]:
    """Return the trail up to a step, and the ball at its end."""
    x, y = path.points[_until(path.steps, step, most)].T
    trail = {"type": "scatter", "x": _single(x), "y": _single(y)}
    return [trail, {"type": "scatter", "x": x[-1:], "y": y[-1:]}]


def _until(steps: Vector, step: int, most: int) -> Indices:
    """Return indices of the points up to a step, evenly chosen where there are many."""
    count = max(1, int(np.searchsorted(steps, step, side="right")))
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))


def _single(values: Vector) -> Any:
    """Return numbers in single precision, which is more than a screen shows."""
    return values.astype(np.float32)


def _hold_axes(figure: Any, scene: Animation, panel: Panel, cell: dict[str, int]) -> None:
    """Fix the axes of the progress, which would else grow with the lines."""
    x = np.concatenate([line.x for line in panel.lines])
    y = np.concatenate([line.y for line in panel.lines])
    y = y[np.isfinite(y)]
    last = max(1.0, float(x.max()))
    if last < len(scene.steps):
        figure.update_xaxes(range=[0, 1.02 * last], **cell)
    else:
        # Frames follow each other by ratios: on this axis the lines grow evenly.
        figure.update_xaxes(type="log", range=[0, 1.02 * float(np.log10(last))], **cell)
    if y.size:
        shown = np.log10(y) if panel.logarithmic else y
        low, high = float(shown.min()), float(shown.max())
        margin = 0.05 * ((high - low) or 1.0)
        figure.update_yaxes(range=[low - margin, high + margin], **cell)

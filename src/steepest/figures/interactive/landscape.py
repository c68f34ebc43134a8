"""Critical points and basins, drawn with Plotly."""

from __future__ import annotations

from typing import Any

from steepest.figures.data import Contours, Curve, Surface
from steepest.figures.interactive import plane, space
from steepest.figures.interactive.layout import escape, finished
from steepest.figures.marked import (
    DARKEST,
    BasinMap,
    BasinPanel,
    Marked,
    Marks,
    area_colours,
)
from steepest.figures.style import Theme

SYMBOLS = {
    "minimum": "triangle-down",
    "maximum": "triangle-up",
    "saddle": "x",
    "degenerate": "star",
}
SOLID_SYMBOLS = {
    "minimum": "circle",
    "maximum": "square",
    "saddle": "diamond",
    "degenerate": "cross",
}
"""In space Plotly takes its shapes from the reader's font, and these are in all of them."""


MOST_STARTS = 251
"""Along each side of a map of basins: each is named in the page, which should stay small."""


def marked(scene: Marked, theme: Theme) -> Any:
    """Draw a function with its critical points on it."""
    match scene.base:
        case Curve():
            figure = plane.curve(scene.base, theme)
        case Contours():
            figure = plane.contours(scene.base, theme)
        case Surface():
            figure = space.surface(scene.base, theme)
            _make_room(figure, scene)
    names = scene.base.grid.names if not isinstance(scene.base, Curve) else (scene.base.name, "f")
    for marks in scene.marks:
        if isinstance(scene.base, Surface):
            figure.add_trace(_in_space(marks, names))
        else:
            figure.add_trace(flat_marks(marks, names))
    return figure


def basins(scene: BasinMap, theme: Theme) -> Any:
    """Draw the areas from which descents come to the same point, for methods beside each other."""
    from plotly.subplots import make_subplots

    count = len(scene.panels)
    titles = [escape(panel.title) for panel in scene.panels] if count > 1 else None
    figure = make_subplots(
        1, count, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03
    )
    first, second = (escape(name) for name in scene.names)
    for column, panel in enumerate(scene.panels, start=1):
        every = slice(None, None, -(-len(panel.first) * count // MOST_STARTS))
        for trace in _areas(scene, panel, every, theme):
            figure.add_trace(trace, row=1, col=column)
        for marks in scene.marks:
            figure.add_trace(flat_marks(marks, scene.names), row=1, col=column)
            figure.data[-1].update(legendgroup=marks.name, showlegend=column == 1)
        # Beyond the first, the panels have the same y.
        figure.update_yaxes(range=list(panel.second[[0, -1]]), col=column)
        figure.update_xaxes(range=list(panel.first[[0, -1]]), col=column)
    figure.update_xaxes(title=first, showgrid=False)
    figure.update_yaxes(title=second, showgrid=False, col=1)
    finished(figure, scene.caption, theme)
    # The names of the methods need a line of their own, below the caption.
    return figure.update_layout(margin={"t": 80 if count == 1 else 112})


def _areas(scene: BasinMap, panel: BasinPanel, every: slice, theme: Theme) -> tuple[Any, Any]:
    """Return the coloured areas, and the shade over them."""
    from plotly.graph_objects import Heatmap

    count = len(scene.labels)
    scale = [
        [edge / count, colour]
        for number, colour in enumerate(area_colours(count, theme))
        for edge in (number, number + 1)
    ]
    first, second = (escape(name) for name in scene.names)
    areas = panel.areas[every, every]
    where = {"x": panel.first[every], "y": panel.second[every], "showscale": False}
    coloured = Heatmap(
        z=areas, zmin=-0.5, zmax=count - 0.5, colorscale=scale, hoverinfo="skip", **where
    )
    shaded = Heatmap(
        z=panel.shade[every, every],
        zmin=0,
        zmax=1,
        colorscale=[[0, "rgba(0,0,0,0)"], [1, f"rgba(0,0,0,{DARKEST})"]],
        text=[[scene.labels[int(area)] for area in row] for row in areas],
        customdata=panel.steps[every, every],
        hovertemplate=f"{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
        "<br>comes to: %{text}<br>%{customdata} steps<extra></extra>",
        **where,
    )
    return coloured, shaded


def _make_room(figure: Any, scene: Marked) -> None:
    """Let the box of a surface reach above the marks on its tops, which it would cut off."""
    low, high = figure.layout.scene.zaxis.range
    tops = [float(marks.heights.max()) for marks in scene.marks]
    figure.update_scenes(zaxis_range=[low, max([high, *tops]) + 0.02 * (high - low)])


def flat_marks(marks: Marks, names: tuple[str, str]) -> Any:
    """Return critical points of a kind as a trace."""
    from plotly.graph_objects import Scatter

    first, second = (escape(name) for name in names)
    return Scatter(
        x=marks.places[:, 0],
        y=marks.places[:, 1],
        mode="markers",
        name=marks.name,
        cliponaxis=False,
        marker={"symbol": SYMBOLS[marks.kind], "size": 15, **_look(marks)},
        customdata=marks.values,
        hovertemplate=f"{marks.name}<br>{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
        "<br>f = %{customdata:.6g}<extra></extra>",
    )


def _in_space(marks: Marks, names: tuple[str, str]) -> Any:
    from plotly.graph_objects import Scatter3d

    first, second = (escape(name) for name in names)
    return Scatter3d(
        x=marks.places[:, 0],
        y=marks.places[:, 1],
        z=marks.heights,
        mode="markers",
        name=marks.name,
        marker={"symbol": SOLID_SYMBOLS[marks.kind], "size": 6, **_look(marks)},
        customdata=marks.values,
        hovertemplate=f"{marks.name}<br>{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
        "<br>f = %{customdata:.6g}<extra></extra>",
    )


def _look(marks: Marks) -> dict[str, Any]:
    fill, edge = marks.fill_and_edge
    return {"color": fill, "opacity": 1, "line": {"color": edge, "width": 1.6}}

"""Critical points and basins, drawn with Plotly."""

from __future__ import annotations

from typing import Any

from steepest.figures.data import Contours, Curve, Surface
from steepest.figures.interactive import plane, space
from steepest.figures.interactive.layout import escape, finished
from steepest.figures.marked import (
    AREA_COLOURS,
    CRITICAL_COLOURS,
    DARKEST,
    BasinMap,
    Marked,
    Marks,
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
            figure.add_trace(_flat(marks, names))
    return figure


def basins(scene: BasinMap, theme: Theme) -> Any:
    """Draw the areas from which descents come to the same point."""
    from plotly.graph_objects import Figure, Heatmap

    count = len(scene.labels)
    colours = [area_colour(number, theme) for number in range(count)]
    scale = [
        [edge / count, colour]
        for number, colour in enumerate(colours)
        for edge in (number, number + 1)
    ]
    first, second = (escape(name) for name in scene.names)
    every = slice(None, None, -(-len(scene.first) // MOST_STARTS))
    areas = scene.areas[every, every]
    figure = Figure(
        Heatmap(
            x=scene.first[every],
            y=scene.second[every],
            z=areas,
            zmin=-0.5,
            zmax=count - 0.5,
            colorscale=scale,
            showscale=False,
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        Heatmap(
            x=scene.first[every],
            y=scene.second[every],
            z=scene.shade[every, every],
            zmin=0,
            zmax=1,
            colorscale=[[0, "rgba(0,0,0,0)"], [1, f"rgba(0,0,0,{DARKEST})"]],
            showscale=False,
            text=[[scene.labels[int(area)] for area in row] for row in areas],
            customdata=scene.steps[every, every],
            hovertemplate=f"{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
            "<br>comes to: %{text}<br>%{customdata} steps<extra></extra>",
        )
    )
    for marks in scene.marks:
        figure.add_trace(_flat(marks, scene.names))
    figure.update_xaxes(title=first, showgrid=False)
    figure.update_yaxes(title=second, showgrid=False)
    return finished(figure, scene.caption, theme)


def area_colour(number: int, theme: Theme) -> str:
    """Return the colour of an area; that of starts that come nowhere is the page's grid."""
    return theme.grid if number == 0 else AREA_COLOURS[(number - 1) % len(AREA_COLOURS)]


def _make_room(figure: Any, scene: Marked) -> None:
    """Let the box of a surface reach above the marks on its tops, which it would cut off."""
    low, high = figure.layout.scene.zaxis.range
    tops = [float(marks.heights.max()) for marks in scene.marks]
    figure.update_scenes(zaxis_range=[low, max([high, *tops]) + 0.02 * (high - low)])


def _flat(marks: Marks, names: tuple[str, str]) -> Any:
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
    colour = CRITICAL_COLOURS[marks.kind]
    fill, edge = ("white", colour) if marks.boundary else (colour, "white")
    return {"color": fill, "opacity": 1, "line": {"color": edge, "width": 1.6}}

"""Surfaces in space, drawn with Plotly."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.figures.data import Path, Surface
from steepest.figures.interactive.layout import (
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
from steepest.figures.interactive.marks import mark
from steepest.figures.interactive.player import add_player
from steepest.figures.style import PATH_COLOUR, Theme
from steepest.objective import Vector

PLANE_COLOUR = "#d55e00"

LINE_COLOUR = "rgba(255,255,255,0.55)"

MARKER_LIFT = 0.02
"""How far the ends of a path stand above it, of the height: half of a disc would be buried."""


def surface(scene: Surface, theme: Theme) -> Any:
    """Draw a function of two variables in space, with the path just above the surface."""
    from plotly.graph_objects import Figure
    from plotly.graph_objects import Surface as SurfaceTrace

    grid = scene.grid
    figure = Figure(
        SurfaceTrace(
            x=grid.first,
            y=grid.second,
            z=compact(scene.heights()),
            showscale=False,
            lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
            contours=_lines(scene),
            **value_hover(grid),
            **colour_range(grid, "c"),
        )
    )
    low, high = scene.height_limits()
    for path in scene.paths:
        _add_path(figure, path, scene.path_heights(path), MARKER_LIFT * (high - low), grid.names)
    _add_walls(figure, scene, theme)
    if scene.minima:
        _add_minima(figure, scene, MARKER_LIFT * (high - low))
    _add_scene(figure, scene, theme)
    figure = finished(figure, scene.caption, theme).update_layout(margin={"l": 0, "r": 0})
    if scene.levels is not None:
        _add_level_plane(figure, scene, scene.levels, theme)
    return figure


def _add_level_plane(figure: Any, scene: Surface, levels: Vector, theme: Theme) -> None:
    """Add a horizontal plane that a slider moves down: where it only touches is a minimum."""
    from plotly.graph_objects import Frame
    from plotly.graph_objects import Surface as SurfaceTrace

    first, second = scene.grid.first[[0, -1]], scene.grid.second[[0, -1]]
    heights = scene.grid.scale.shown(levels)
    middle = len(levels) // 2
    plane = {"x": first, "y": second, "showscale": False, "opacity": 0.55, "hoverinfo": "skip"}
    colour = [[0, PLANE_COLOUR], [1, PLANE_COLOUR]]
    figure.add_trace(
        SurfaceTrace(z=np.full((2, 2), heights[middle]), colorscale=colour, name="level", **plane)
    )
    place = [len(figure.data) - 1]
    names = [f"{level:.4g}" for level in levels]
    figure.frames = [
        Frame(name=name, data=[{"type": "surface", "z": np.full((2, 2), height)}], traces=place)
        for name, height in zip(names, heights, strict=True)
    ]
    add_player(figure, names, theme, middle, "level c = ", redraw=True)


def _lines(scene: Surface) -> dict[str, Any]:
    """Return the lines on the surface along which x, y or the value is constant."""
    grid, spacing = scene.grid, scene.grid.scale.spacing
    if spacing is None:
        return {}
    ends = {
        "x": (grid.first[0], grid.first[-1]),
        "y": (grid.second[0], grid.second[-1]),
        "z": grid.scale.shown_ends(),
    }
    return {
        # Plotly draws lines from a start that need not be in sight: a multiple of the spacing.
        axis: {
            "show": True,
            "start": spacing * (low // spacing),
            "end": high,
            "size": spacing,
            "color": LINE_COLOUR,
            "width": 1,
        }
        for axis, (low, high) in ends.items()
    }


def _add_path(
    figure: Any, path: Path, heights: Vector, lift: float, names: tuple[str, str]
) -> None:
    from plotly.graph_objects import Scatter3d

    figure.add_trace(
        Scatter3d(
            x=path.points[:, 0],
            y=path.points[:, 1],
            z=heights,
            customdata=steps_and_values(path),
            mode=path_mode(path),
            name=path.name,
            line={"color": PATH_COLOUR, "width": 6},
            marker={"color": PATH_COLOUR, "size": 2.5},
            hovertemplate=hover(*names),
        )
    )
    for label, index, marker in ends(path, PATH_COLOUR):
        figure.add_trace(
            Scatter3d(
                x=path.points[[index], 0],
                y=path.points[[index], 1],
                z=heights[[index]] + lift,
                mode="markers",
                name=label,
                marker={**marker, "size": 6},
                hoverinfo="skip",
            )
        )


def _add_walls(figure: Any, scene: Surface, theme: Theme) -> None:
    """Draw the edges at which bounds end the surface."""
    from plotly.graph_objects import Scatter3d

    for index, (x, y, heights) in enumerate(scene.walls()):
        figure.add_trace(
            Scatter3d(
                x=x,
                y=y,
                z=heights,
                mode="lines",
                name="bounds",
                legendgroup="bounds",
                showlegend=index == 0,
                line={"color": theme.ink, "width": 4, "dash": "dash"},
                hoverinfo="skip",
            )
        )


def _add_minima(figure: Any, scene: Surface, lift: float) -> None:
    from plotly.graph_objects import Scatter3d

    x, y = zip(*(one.place for one in scene.minima), strict=True)
    figure.add_trace(Scatter3d(x=x, y=y, z=scene.minimum_heights() + lift, **mark(scene.minima)))


def _add_scene(figure: Any, scene: Surface, theme: Theme) -> None:
    """Give the figure its axes and its camera."""
    grid = scene.grid
    first, second = (escape(name) for name in grid.names)
    positions, labels = grid.scale.ticks()
    axis = {
        "backgroundcolor": theme.paper,
        "gridcolor": theme.grid,
        "zerolinecolor": theme.grid,
        "showspikes": False,
    }
    figure.update_scenes(
        xaxis={**axis, "title": first, "range": list(scene.spans()[0])},
        yaxis={**axis, "title": second, "range": list(scene.spans()[1])},
        zaxis={
            **axis,
            "title": grid.scale.label,
            "range": list(scene.height_limits()),
            "tickvals": positions,
            "ticktext": labels,
        },
        aspectmode="manual",
        aspectratio={"x": 1, "y": 1, "z": 0.7},
        camera={
            "eye": dict(zip("xyz", scene.eye or _chosen_eye(scene), strict=True)),
            "up": {"x": 0, "y": 0, "z": 1},
        },
    )


def _chosen_eye(scene: Surface) -> tuple[float, float, float]:
    toward_first, toward_second = scene.viewpoint()
    # A narrow valley shows its floor only to those who look down into it.
    side, up = (0.9, 1.8) if scene.grid.scale.logarithmic else (1.2, 1.2)
    return side * toward_first, side * toward_second, up

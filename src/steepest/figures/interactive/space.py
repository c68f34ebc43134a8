"""Surfaces in space, drawn with Plotly."""

from __future__ import annotations

from typing import Any

from steepest.figures.data import Surface
from steepest.figures.interactive.layout import (
    colour_range,
    compact,
    ends,
    escape,
    finished,
    hover,
    path_mode,
    steps_and_values,
)
from steepest.figures.style import PATH_COLOUR, Theme


def surface(scene: Surface, theme: Theme) -> Any:
    """Draw a function of two variables in space, with the path just above the surface."""
    from plotly.graph_objects import Figure, Scatter3d
    from plotly.graph_objects import Surface as SurfaceTrace

    grid, path = scene.grid, scene.path
    first, second = (escape(name) for name in grid.names)
    figure = Figure(
        SurfaceTrace(
            x=grid.first,
            y=grid.second,
            z=compact(scene.heights()),
            customdata=compact(grid.values),
            showscale=False,
            lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
            hovertemplate=f"{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
            "<br>f = %{customdata:.6g}<extra></extra>",
            **colour_range(grid, "c"),
        )
    )
    heights = scene.path_heights()
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
            hovertemplate=hover(*grid.names),
        )
    )
    for label, index, marker in ends(path, PATH_COLOUR):
        figure.add_trace(
            Scatter3d(
                x=path.points[[index], 0],
                y=path.points[[index], 1],
                z=heights[[index]],
                mode="markers",
                name=label,
                marker={**marker, "size": 6},
                hoverinfo="skip",
            )
        )
    positions, labels = grid.scale.ticks()
    axis = {
        "backgroundcolor": theme.paper,
        "gridcolor": theme.grid,
        "zerolinecolor": theme.grid,
        "showspikes": False,
    }
    toward_first, toward_second = scene.viewpoint()
    # A narrow valley shows its floor only to those who look down into it.
    side, up = (0.9, 1.8) if grid.scale.logarithmic else (1.2, 1.2)
    figure.update_scenes(
        xaxis={**axis, "title": first, "range": [grid.first[0], grid.first[-1]]},
        yaxis={**axis, "title": second, "range": [grid.second[0], grid.second[-1]]},
        zaxis={
            **axis,
            "title": grid.scale.label,
            "range": list(scene.height_limits()),
            "tickvals": positions,
            "ticktext": labels,
        },
        aspectmode="manual",
        aspectratio={"x": 1, "y": 1, "z": 0.7},
        camera={"eye": {"x": side * toward_first, "y": side * toward_second, "z": up}},
    )
    return finished(figure, scene.caption, theme)

"""Bounds, and the minima of a search, drawn with Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steepest.figures.data import Minimum
from steepest.figures.style import PATH_COLOUR, Theme

BEST_SIZE, SIZE = 24, 18
"""The lowest minimum is the largest mark."""


def add_outside(figure: Any, theme: Theme, cell: dict[str, int]) -> None:
    """Shade the axes, so that what lies beyond the bounds is no paper."""
    _add_rectangle(figure, (0, 1), (0, 1), theme.grid, cell, domain=True)


def add_inside(
    figure: Any,
    across: tuple[float, float],
    along: tuple[float, float],
    theme: Theme,
    cell: dict[str, int],
) -> None:
    """Give the inside of the bounds the colour of the paper again."""
    _add_rectangle(figure, across, along, theme.paper, cell, domain=False)


def _add_rectangle(
    figure: Any,
    across: tuple[float, float],
    along: tuple[float, float],
    colour: str,
    cell: dict[str, int],
    domain: bool,
) -> None:
    number = cell.get("col", 1)
    axes = [f"{letter}{number if number > 1 else ''}" for letter in "xy"]
    figure.add_shape(
        type="rect",
        layer="below",
        xref=f"{axes[0]} domain" if domain else axes[0],
        yref=f"{axes[1]} domain" if domain else axes[1],
        x0=across[0],
        x1=across[1],
        y0=along[0],
        y1=along[1],
        fillcolor=colour,
        line={"width": 0},
    )


def add_walls(figure: Any, walls: Sequence[Any], theme: Theme, cell: dict[str, int]) -> None:
    """Draw the bounds in view as dashed lines, one name for all."""
    from plotly.graph_objects import Scatter

    for index, (x, y) in enumerate(walls):
        figure.add_trace(
            Scatter(
                x=x,
                y=y,
                mode="lines",
                name="bounds",
                legendgroup="bounds",
                showlegend=index == 0,
                line={"color": theme.ink, "width": 1.6, "dash": "dash"},
                hoverinfo="skip",
            ),
            **cell,
        )


def add_minima(
    figure: Any, minima: Sequence[Minimum], heights: Sequence[float], cell: dict[str, int]
) -> None:
    """Mark the minima with their ranks, the lowest one larger and in red."""
    from plotly.graph_objects import Scatter

    if minima:
        figure.add_trace(
            Scatter(x=[one.place[0] for one in minima], y=heights, **mark(minima)), **cell
        )


def mark(minima: Sequence[Minimum]) -> dict[str, Any]:
    """Return how minima look, and what they tell, on a plane or in space."""
    return {
        "mode": "markers+text",
        "name": "minima by rank",
        "text": [f"<b>{one.rank}</b>" for one in minima],
        "textposition": "middle center",
        "textfont": {"size": 11, "color": "#1f2328"},
        "marker": {
            "color": "white",
            "size": [BEST_SIZE, *[SIZE] * (len(minima) - 1)],
            "opacity": 1,
            "line": {"color": [PATH_COLOUR, *["#1f2328"] * (len(minima) - 1)], "width": 2},
        },
        "customdata": [[one.rank, one.value, one.starts] for one in minima],
        "hovertemplate": "minimum %{customdata[0]}<br>f = %{customdata[1]:.6g}"
        "<br>reached from %{customdata[2]} starts<extra></extra>",
    }

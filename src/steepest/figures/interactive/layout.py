"""What all interactive figures share: caption, colours, markers, hover texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.figures import style
from steepest.figures.data import Caption, Grid, Path
from steepest.figures.style import Theme
from steepest.objective import Vector

HEIGHT = 680

TEMPLATES = {"light": "plotly_white", "dark": "plotly_dark"}
"""Plotly's own looks, for what is not said here."""


def finished(figure: Any, caption: Caption, theme: Theme, height: int = HEIGHT) -> Any:
    """Give a figure its caption, fonts and colours."""
    figure.update_layout(
        template=TEMPLATES[theme.name],
        title={
            "text": f"{escape(caption.title)}<br>"
            f"<span style='font-size:{style.FONT_SIZE}px;color:{theme.faint_ink}'>"
            f"{escape(caption.subtitle)}</span>",
            "font": {"size": style.TITLE_SIZE},
            "x": 0.02,
            "xanchor": "left",
        },
        font={"family": style.FONT, "size": style.FONT_SIZE, "color": theme.ink},
        paper_bgcolor=theme.paper,
        plot_bgcolor=theme.paper,
        height=height,
        margin={"l": 70, "r": 30, "t": 80, "b": 90},
        legend={"orientation": "h", "yanchor": "top", "y": -0.11, "xanchor": "center", "x": 0.5},
    )
    figure.update_xaxes(gridcolor=theme.grid, zerolinecolor=theme.grid)
    figure.update_yaxes(gridcolor=theme.grid, zerolinecolor=theme.grid)
    return figure


def ends(path: Path, colour: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Return name, index and marker of the start, and of the end where it is in view."""
    ring = {"color": "white", "size": 10, "line": {"color": colour, "width": 2.5}}
    disc = {"color": colour, "size": 10, "line": {"color": "white", "width": 1.5}}
    ends = [("start", 0, ring)]
    return [*ends, ("end", -1, disc)] if path.complete else ends


def path_mode(path: Path) -> str:
    """Return lines, with dots at the points while they are few."""
    return "lines+markers" if len(path.steps) <= style.MOST_MARKERS else "lines"


def hover(first: str, second: str) -> str:
    """Return the hover text of a point of a path whose custom data are (step, value)."""
    return (
        "step %{customdata[0]:.0f}<br>"
        f"{escape(first)} = %{{x:.6g}}<br>{escape(second)} = %{{y:.6g}}"
        "<br>f = %{customdata[1]:.6g}<extra></extra>"
    )


def value_hover(grid: Grid) -> dict[str, Any]:
    """Return the hover text of a grid, and the values it reads where the heights are others."""
    first, second = (escape(name) for name in grid.names)
    logarithmic = grid.scale.logarithmic
    value = "customdata" if logarithmic else "z"
    return {
        "customdata": compact(grid.values) if logarithmic else None,
        "hovertemplate": f"{first} = %{{x:.6g}}<br>{second} = %{{y:.6g}}"
        f"<br>f = %{{{value}:.6g}}<extra></extra>",
    }


def steps_and_values(path: Path) -> Any:
    """Return the custom data that `hover` reads, shape (k, 2)."""
    return np.column_stack([path.steps, path.values])


def compact(values: Vector) -> npt.NDArray[np.float32]:
    """Return a grid in single precision: colours need no more, and pages halve in size."""
    return values.astype(np.float32)


def colour_range(grid: Grid, prefix: str) -> dict[str, Any]:
    """Return the colours of a trace whose lowest and highest are called ``prefix + min`` ..."""
    low, high = grid.scale.shown_ends()
    return {
        # As Plotly writes it, in the browser as well.
        "colorscale": style.SURFACE_COLOURS.title(),
        f"{prefix}min": low,
        f"{prefix}max": high,
    }


def escape(text: str) -> str:
    """Return text in which Plotly finds no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

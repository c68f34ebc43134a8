"""The microscope: the surface around the start, magnified until it is a plane."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from steepest.figures.interactive.layout import escape
from steepest.figures.style import SURFACE_COLOURS, THEMES
from steepest.lab.searches import landscape_of
from steepest.lab.state import State
from steepest.landscapes.microscope import Microscope, Window

PLANE = "#e69f00"
"""The tangent plane; the surface itself is in the colours of the map."""


def microscope_picture(state: State, theme: str) -> dict[str, Any]:
    """Return the surface and its tangent plane in a window around the start."""
    window, _ = looked_at(state)
    look = THEMES[theme]
    names = landscape_of(state.formula, state.domain).domain.names
    first, second = (axis - axis[len(axis) // 2] for axis in window.axes)
    height = float(window.plane[window.plane.shape[0] // 2, window.plane.shape[1] // 2])
    surface, plane = window.values - height, window.plane - height
    reach = window.tilt + window.deviation or 1.0
    axis = {
        "backgroundcolor": look.paper,
        "gridcolor": look.grid,
        "zerolinecolor": look.grid,
        "showspikes": False,
        "nticks": 5,
        "exponentformat": "e",
    }
    titles = [
        *(_less(escape(name), value) for name, value in zip(names, state.start, strict=True)),
        _less("f", height),
    ]
    ranges = [float(np.abs(first).max()), float(np.abs(second).max()), reach]
    shape = {"type": "surface", "x": first, "y": second, "showscale": False, "hoverinfo": "skip"}
    return {
        "data": [
            {
                **shape,
                "z": surface,
                "colorscale": SURFACE_COLOURS.title(),
                "cmin": -reach,
                "cmax": reach,
                "name": "surface",
            },
            {
                **shape,
                "z": plane,
                "opacity": 0.55,
                "colorscale": [[0, PLANE], [1, PLANE]],
                "name": "tangent plane",
            },
        ],
        "layout": {
            "autosize": True,
            "paper_bgcolor": look.paper,
            "font": {"color": look.ink},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "uirevision": "microscope",
            "scene": {
                "aspectmode": "cube",
                "camera": {"eye": {"x": 1.7, "y": -1.7, "z": 1.2}},
                **{
                    f"{letter}axis": {**axis, "title": {"text": title}, "range": [-end, end]}
                    for letter, title, end in zip("xyz", titles, ranges, strict=True)
                },
            },
        },
    }


def _less(name: str, value: float) -> str:
    """Return what an axis measures, from where the window has its middle."""
    return f"{name} {'−' if value >= 0 else '+'} {abs(value):.5g}"


def said_of_microscope(state: State) -> str:
    """Return how far the surface is from its tangent plane, in words."""
    window, law = looked_at(state)
    seen = (
        f"Around the start, in a window of ±{window.half_width:.3g}, the surface (coloured) is at "
        f"most {window.deviation:.4g} from its tangent plane (orange)"
    )
    if window.tilt > 0:
        return f"{seen}: {100 * window.share:.3g} % of what the plane itself rises. {law.text}"
    return f"{seen}, which is level here. {law.text}"


def looked_at(state: State) -> tuple[Window, Microscope]:
    """Return what is seen at the state's zoom, and the law over all of them.

    Raises
    ------
    NonFiniteError
        Where the function has no slope at the start.
    """
    return _looked_at(state.formula, state.domain, state.start, state.zoom)


@lru_cache(maxsize=64)
def _looked_at(
    formula: str, domain: tuple[float, float, float, float], start: tuple[float, float], zoom: float
) -> tuple[Window, Microscope]:
    land = landscape_of(formula, domain)
    law = land.microscope(start)
    half_width = law.windows[0].half_width / 10**zoom
    (window,) = land.microscope(start, 1, half_width).windows
    return window, law

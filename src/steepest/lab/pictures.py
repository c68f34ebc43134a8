"""The picture on the page: a map, a surface or what the microscope shows, with the descents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from steepest.figures import interactive
from steepest.figures.data import Caption, Contours, Grid, Surface
from steepest.figures.function import function_scene
from steepest.figures.interactive.landscape import flat_marks
from steepest.figures.interactive.layout import escape, finished
from steepest.figures.interactive.plane import contour_trace
from steepest.figures.landscape import basins_scene, marks_of
from steepest.figures.marked import Marked
from steepest.figures.style import THEMES
from steepest.lab.descents import Descents, colour_of, descents_of
from steepest.lab.microscope import microscope_picture
from steepest.lab.overlays import (
    Trace,
    curvature_axes,
    flat_path,
    seen_path,
    start_mark,
    step_arrows,
    typed,
)
from steepest.lab.searches import Domain, basins_of, landscape_of, marked_of, points_of
from steepest.lab.state import State

POINTS = 121
"""Points along each axis of the map: enough for its colours, few enough to be quick."""

Picture = dict[str, Any]
"""A figure of Plotly as plain data: what is made anew at every drag is not checked every time."""

NOTHING = Caption("", "")


@lru_cache(maxsize=128)
def grid_of(formula: str, domain: Domain) -> Grid:
    """Return the map of a formula."""
    low, high, bottom, top = domain
    scene = function_scene(
        formula, [(low, high), (bottom, top)], POINTS, "contours", None, None, None
    )
    assert isinstance(scene, Contours)
    return scene.grid


def picture_of(state: State, shown: int, theme: str, known: Sequence[str] = ()) -> Picture:
    """Return the picture of a state with the paths up to a step.

    Parameters
    ----------
    state : State
    shown : int
        The step.
    theme : str
    known : sequence of str
        What was searched for already: ``"points"``, ``"basins"``. Anything else would keep who
        drags a ball waiting.
    """
    descents = descents_of(state)
    wanted = [mark for mark in state.marks if mark not in ("points", "basins") or mark in known]
    if state.view == "microscope":
        return microscope_picture(state, theme)
    if state.view == "surface":
        return _surface(state, descents, shown, theme, "points" in wanted)
    if "basins" in wanted:
        base = _basins(state, theme)
    else:
        base = _map(state.formula, state.domain, theme, "points" in wanted)
    traces: list[Trace] = []
    arrows: list[Trace] = []
    looked_into = descents.looked_into(state)
    if "axes" in wanted and looked_into is not None and looked_into.objective is not None:
        hessian = looked_into.objective.hessian(looked_into.position)
        traces += curvature_axes(hessian, looked_into.position, state)
    for name, result in descents.results.items():
        traces += flat_path(seen_path(name, result, shown, state), colour_of(name, theme))
    if "arrows" in wanted and looked_into is not None and looked_into.nit:
        inside = looked_into.inside(min(shown + 1, looked_into.nit))
        arrows, _ = step_arrows(inside, state)
    layout = {**base["layout"], "annotations": arrows}
    return {"data": [*base["data"], *traces, start_mark(state)], "layout": layout}


@lru_cache(maxsize=64)
def _map(formula: str, domain: Domain, theme: str, marked: bool) -> Picture:
    """Return contour lines, with the critical points where they are known."""
    grid = grid_of(formula, domain)
    data = _ground_of(contour_trace(grid, {"title": {"text": "f"}}))
    if marked:
        marks = marks_of(marked_of(points_of(State(formula, domain))), None)
        data += [flat_marks(one, grid.names).to_plotly_json() for one in marks]
    layout = _layout(theme)
    low, high, bottom, top = domain
    axes = {
        f"{letter}axis": {
            **layout[f"{letter}axis"],
            "title": {"text": escape(name)},
            "range": list(ends),
            # Points are marked on the rim too, and would hide numbers that stand close to it.
            "ticklabelstandoff": 10,
        }
        for letter, name, ends in zip("xy", grid.names, ((low, high), (bottom, top)), strict=True)
    }
    return {"data": data, "layout": {**layout, **axes, "uirevision": f"{formula} {domain}"}}


def _ground_of(contours: Trace) -> list[Trace]:
    """Return contour lines as a picture of their colours, and lines over it.

    Plotly fills contours point by point of the screen, at every place of a dragged ball; a picture
    as fine as the grid is stretched by the browser, and looks the same.
    """
    contours = {key: typed(value) for key, value in contours.items()}
    kept = ("x", "y", "z", "zmin", "zmax", "colorscale", "colorbar")
    colours = {key: contours[key] for key in kept if key in contours}
    lines = {**contours["contours"], "coloring": "none"}
    return [
        {"type": "heatmap", "zsmooth": "fast", "hoverinfo": "skip", **colours},
        {"type": "contour", **contours, "contours": lines, "showscale": False},
    ]


@lru_cache(maxsize=2)
def _layout(theme: str) -> dict[str, Any]:
    """Return the look of a map; to have Plotly check it takes longer than all else."""
    from plotly.graph_objects import Figure

    layout: dict[str, Any] = _bare(finished(Figure(), NOTHING, THEMES[theme]), "")["layout"]
    return {**layout, **{axis: layout.get(axis, {}) for axis in ("xaxis", "yaxis")}}


def _basins(state: State, theme: str) -> Picture:
    """Return the areas from which descents come to the same point."""
    return _areas(
        # How the areas are looked at, and where one descent begins, does not matter to them.
        replace(State(state.formula, state.domain), methods=state.methods, inside=state.inside,
                rate=state.rate, momentum=state.momentum),
        theme,
    )  # fmt: skip


@lru_cache(maxsize=32)
def _areas(state: State, theme: str) -> Picture:
    land = landscape_of(state.formula, state.domain)
    figure = interactive.draw(basins_scene(land, [basins_of(state)]), THEMES[theme])
    # The names of ten thousand starts would travel with every drag.
    figure.data[1].update(text=None, customdata=None, hovertemplate=None, hoverinfo="skip")
    return _bare(figure, f"{state.formula} {state.domain}")


def _bare(figure: Any, revision: str) -> Picture:
    """Return a figure without its title, filling its place, as plain data."""
    figure.update_layout(
        title=None,
        height=None,
        autosize=True,
        margin={"l": 48, "r": 8, "t": 8, "b": 44},
        showlegend=False,
        uirevision=revision,
        dragmode=False,
    )
    plain: Picture = figure.to_plotly_json()
    return plain


@lru_cache(maxsize=64)
def _ground(
    formula: str, domain: Domain, theme: str, marked: bool, sides: tuple[int, int]
) -> tuple[Picture, Surface]:
    """Return a surface without paths, drawn and as data."""
    # From high up, a path in a valley does not hide behind the next hill.
    eye = (0.95 * sides[0], 0.95 * sides[1], 1.7)
    surface = Surface(NOTHING, grid_of(formula, domain), (), eye)
    scene: Surface | Marked = surface
    if marked:
        marks = marks_of(marked_of(points_of(State(formula, domain))), surface)
        scene = Marked(surface, marks) if marks else surface
    figure = interactive.draw(scene, THEMES[theme])
    plain = _bare(figure, f"surface {formula} {domain}")
    # A space is turned by dragging, which a map is not.
    layout = {
        **plain["layout"],
        "dragmode": "turntable",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    return {**plain, "layout": layout}, surface


def _surface(state: State, descents: Descents, shown: int, theme: str, marked: bool) -> Picture:
    """Return the surface with the paths a little above it."""
    low, high, bottom, top = state.domain
    # Seen from the side on which the ball is.
    across = 1 if state.start[0] > (low + high) / 2 else -1
    along = 1 if state.start[1] > (bottom + top) / 2 else -1
    base, surface = _ground(state.formula, state.domain, theme, marked, (across, along))
    traces = []
    for name, result in descents.results.items():
        path = seen_path(name, result, shown, state)
        x, y = path.points.T
        z = surface.path_heights(path)
        ends = surface.height_limits()
        inside = (x >= low) & (x <= high) & (y >= bottom) & (y <= top) & (z <= ends[1])
        # Beyond the box a path would hang in the air.
        x, y, z = (np.where(inside, part, np.nan) for part in (x, y, z))
        colour = colour_of(name, theme)
        line: Trace = {"type": "scatter3d", "x": x, "y": y, "z": z, "name": escape(name)}
        traces += [
            {**line, "mode": "lines", "hoverinfo": "name", "line": {"color": colour, "width": 7}},
            {
                **line,
                **{key: line[key][-1:] for key in "xyz"},
                "mode": "markers",
                "hoverinfo": "skip",
                "marker": {"color": colour, "size": 7, "line": {"color": "white", "width": 2}},
            },
        ]
    return {"data": [*base["data"], *traces], "layout": base["layout"]}

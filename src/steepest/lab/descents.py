"""The descents that a state asks for, and the words and pictures of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from steepest.descent.methods import Method, named
from steepest.descent.minimize import minimize
from steepest.descent.result import Result
from steepest.errors import SteepestError
from steepest.figures import interactive
from steepest.figures.data import Caption, Contours, Grid, Path
from steepest.figures.function import function_scene
from steepest.figures.style import METHOD_COLOURS, THEMES
from steepest.functions import Function, function
from steepest.lab.state import METHODS, State

POINTS = 121
"""Points along each axis of the map: enough for its colours, few enough to be quick."""

SECONDS = 0.4
"""What one descent may take."""

WITH_MOMENTUM = ("momentum", "nesterov")

WITHOUT_RATE = ("conjugate-gradient", "l-bfgs", "newton")


@dataclass(frozen=True)
class Descents:
    """What came of a state.

    Parameters
    ----------
    function : Function
    results : dict
        By method, in the order chosen.
    failed : dict
        Why a method could not run.
    """

    function: Function
    results: dict[str, Result]
    failed: dict[str, str]

    @property
    def longest(self) -> int:
        """The most steps that any of them made."""
        return max((result.nit for result in self.results.values()), default=0)


@lru_cache(maxsize=256)
def descents_of(state: State) -> Descents:
    """Make the descents of a state.

    Raises
    ------
    InputError
        For a state that cannot be shown.
    """
    state.checked()
    known = function(state.formula)
    start = dict(zip(known.variables, state.start, strict=True))
    results, failed = {}, {}
    for name in state.methods:
        try:
            results[name] = minimize(
                known,
                start,
                method=method_of(state, name),
                max_steps=state.steps,
                max_seconds=SECONDS,
            )
        except SteepestError as error:
            failed[name] = str(error)
    return Descents(known, results, failed)


def method_of(state: State, name: str) -> Method:
    """Return a method with the options of a state."""
    return named(name, **options_of(state, name))


def options_of(state: State, name: str) -> dict[str, float]:
    """Return the options of a state that a method takes."""
    if name in WITHOUT_RATE:
        return {}
    options = {"learning_rate": state.rate}
    return {**options, "momentum": state.momentum} if name in WITH_MOMENTUM else options


@lru_cache(maxsize=64)
def grid_of(formula: str, domain: tuple[float, float, float, float]) -> Grid:
    """Return the map of a formula."""
    low, high, bottom, top = domain
    scene = function_scene(
        formula, [(low, high), (bottom, top)], POINTS, "contours", None, None, None
    )
    assert isinstance(scene, Contours)
    return scene.grid


def map_of(state: State, shown: int, theme: str) -> Any:
    """Return the map with the paths up to a step, as a Plotly figure."""
    descents = descents_of(state)
    grid = grid_of(state.formula, state.domain)
    paths = [_path(name, result, shown) for name, result in descents.results.items()]
    scene = Contours(Caption(state.formula, ""), grid, ())
    figure = interactive.draw(scene, THEMES[theme])
    for name, path in zip(descents.results, paths, strict=True):
        _add(figure, path, colour_of(name, theme))
    figure.add_scatter(
        x=[state.start[0]],
        y=[state.start[1]],
        mode="markers",
        name="start",
        hoverinfo="skip",
        marker={"color": "white", "size": 13, "line": {"color": "#1f2328", "width": 3}},
    )
    figure.update_layout(
        title=None,
        height=None,
        autosize=True,
        margin={"l": 48, "r": 8, "t": 8, "b": 44},
        showlegend=False,
        uirevision=f"{state.formula} {state.domain}",
        dragmode=False,
    )
    return figure


def colour_of(method: str, theme: str) -> str:
    """Return the colour of a method, which is its own whichever others are shown."""
    colour = METHOD_COLOURS[METHODS.index(method) % len(METHOD_COLOURS)]
    if METHODS.index(method) >= len(METHOD_COLOURS):
        return "#e3120b"
    return THEMES[theme].ink if colour == "#000000" else colour


def _path(name: str, result: Result, shown: int) -> Path:
    """Return a path up to a step."""
    history = result.history
    count = min(len(history), shown + 1)
    return Path(name, history.step[:count], history.x[:count], history.fun[:count], complete=True)


def _add(figure: Any, path: Path, colour: str) -> None:
    """Add a path and the ball at its end."""
    finite = np.isfinite(path.points).all(axis=1)
    x, y = path.points[finite].T
    figure.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip",
                       line={"color": "rgba(255,255,255,0.8)", "width": 5})  # fmt: skip
    figure.add_scatter(
        x=x,
        y=y,
        customdata=np.column_stack([path.steps[finite], path.values[finite]]),
        mode="lines+markers" if len(x) <= 60 else "lines",
        name=path.name,
        line={"color": colour, "width": 2.6},
        marker={"color": colour, "size": 5},
        hovertemplate=f"{path.name}<br>step %{{customdata[0]:.0f}}<br>f = %{{customdata[1]:.6g}}"
        "<extra></extra>",
    )
    figure.add_scatter(x=x[-1:], y=y[-1:], mode="markers", hoverinfo="skip",
                       marker={"color": colour, "size": 14,
                               "line": {"color": "white", "width": 2}})  # fmt: skip

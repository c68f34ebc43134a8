"""What is laid over the map: paths and balls, arrows of a step, axes of the curvature."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from steepest.descent.inside import InsideStep
from steepest.descent.result import Result
from steepest.figures.data import Path
from steepest.figures.extract import path_of
from steepest.figures.interactive.layout import escape
from steepest.figures.style import item_style, theme_named
from steepest.figures.walks import eigen_axes
from steepest.lab.state import State
from steepest.objective import Vector

LONGEST_ARROW = 0.18
"""Of the longest arrow of a step, as a share of the view."""

AXES = 0.6
"""Of the axes of the curvature, beside those of a figure that shows nothing else."""

FAR = 50.0
"""So many views away a path that blew up is cut off: drawing programs know no such numbers."""

HALO = "rgba(255,255,255,0.85)"

Trace = dict[str, Any]


def colour_of_part(share: str) -> str:
    """Return the colour of an arrow: of the gradient, of what a method adds, or of the step."""
    theme = theme_named("light")
    role = {"gradient": "trail", "step": "main"}.get(share, "other")
    return item_style(role, int(share != "momentum"), theme, on_map=True)[0]


def typed(values: Any) -> Any:
    """Return an array in the form in which Plotly reads it quickest; anything else as it is."""
    if not isinstance(values, np.ndarray):
        return values
    code = {"float64": "f8", "float32": "f4"}[values.dtype.name]
    written = b64encode(np.ascontiguousarray(values).tobytes()).decode()
    return {"dtype": code, "bdata": written, "shape": ", ".join(map(str, values.shape))}


def seen_path(name: str, result: Result, shown: int, state: State) -> Path:
    """Return a path up to a step, without what could not be seen."""
    low, high, bottom, top = state.domain
    domain = np.array([[low, high], [bottom, top]])
    x = result.history.x[: shown + 1]
    with np.errstate(all="ignore"):
        away = np.abs(x - domain.mean(axis=1)) / (domain[:, 1] - domain[:, 0])
        lost = ~(away <= FAR).all(axis=1)
    count = int(lost.argmax()) if lost.any() else len(x)
    # The start is there, wherever the view is.
    path = path_of(result, max(count, 1), domain)
    return Path(name, path.steps, path.points, path.values, complete=True)


def flat_path(path: Path, colour: str) -> list[Trace]:
    """Return a path with a halo, and the ball at its end."""
    x, y = path.points.T
    name = escape(path.name)
    line = {"type": "scatter", "x": typed(x), "y": typed(y), "showlegend": False}
    return [
        {**line, "mode": "lines", "hoverinfo": "skip", "line": {"color": HALO, "width": 5}},
        {
            **line,
            "customdata": typed(np.column_stack([path.steps, path.values])),
            "mode": "lines+markers" if len(x) <= 60 else "lines",
            "name": name,
            "line": {"color": colour, "width": 2.6},
            "marker": {"color": colour, "size": 5},
            "hovertemplate": f"{name}<br>step %{{customdata[0]:.0f}}<br>f = %{{customdata[1]:.6g}}"
            "<extra></extra>",
        },
        {
            **line,
            "x": x[-1:].tolist(),
            "y": y[-1:].tolist(),
            "mode": "markers",
            "hoverinfo": "skip",
            "marker": {"color": colour, "size": 14, "line": {"color": "white", "width": 2}},
        },
    ]


def start_mark(state: State) -> Trace:
    """Return the ring where the descents begin."""
    return {
        "type": "scatter",
        "x": [state.start[0]],
        "y": [state.start[1]],
        "mode": "markers",
        "name": "start",
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"color": "white", "size": 13, "line": {"color": "#1f2328", "width": 3}},
    }


def step_arrows(inside: InsideStep, state: State) -> tuple[list[Trace], float]:
    """Return the arrows of a step, which begin at the ball, and how often its length they are.

    The parts are laid end to end, so that their sum leads to the head of the step.
    """
    low, high, bottom, top = state.domain
    view = np.array([high - low, top - bottom])
    parts = dict(inside.parts)
    vectors = [*parts.values(), inside.move]
    with np.errstate(all="ignore"):
        longest = max(float(np.hypot(*(vector / view))) for vector in vectors)
        times = LONGEST_ARROW / longest if longest > 0 else 0.0
    if not 0 < times < np.inf or not np.isfinite(inside.before).all():
        return [], 1.0
    arrows = []
    tail = inside.before
    if len(parts) > 1:
        for share, vector in parts.items():
            arrows += _arrow(tail, tail + times * vector, colour_of_part(share))
            tail = tail + times * vector
    arrows += _arrow(inside.before, inside.before + times * inside.move, colour_of_part("step"))
    return arrows, times


def _arrow(tail: Vector, head: Vector, colour: str) -> list[Trace]:
    """Return an arrow with a halo, as annotations."""
    place = dict(zip(("ax", "ay"), tail.tolist(), strict=True))
    place |= dict(zip(("x", "y"), head.tolist(), strict=True))
    shape = {**place, "axref": "x", "ayref": "y", "xref": "x", "yref": "y", "text": "",
             "showarrow": True, "arrowhead": 2}  # fmt: skip
    return [
        {**shape, "arrowcolor": "#1f2328", "arrowwidth": 5, "arrowsize": 0.75},
        {**shape, "arrowcolor": colour, "arrowwidth": 3, "arrowsize": 1},
    ]


def curvature_axes(hessian: Vector, point: Vector, state: State) -> list[Trace]:
    """Return the axes of the curvature at a point, each with its eigenvalue."""
    low, high, bottom, top = state.domain
    if not np.isfinite(hessian).all():
        return []
    traces = []
    strokes = eigen_axes(hessian, point, AXES * min(high - low, top - bottom))
    for stroke, side in zip(strokes, ("top center", "bottom center"), strict=False):
        # One is named above and the other below, so that neither lies on the other.
        order = np.argsort(stroke.y + 1e-6 * stroke.x)
        order = order if side.startswith("top") else order[::-1]
        x, y = stroke.x[order], stroke.y[order]
        line = {"type": "scatter", "x": x, "y": y, "showlegend": False}
        dark = {"color": "#1f2328", "width": 4}
        traces += [
            {**line, "mode": "lines", "hoverinfo": "skip", "line": dark},
            {
                **line,
                "mode": "lines+text",
                "name": stroke.name,
                "text": ["", stroke.name],
                "textposition": side,
                "textfont": {"color": "white", "size": 12, "shadow": "0 0 3px #000, 0 0 3px #000"},
                "hoverinfo": "name",
                "line": {"color": "white", "width": 2, "dash": "dash"},
            },
        ]
    return traces

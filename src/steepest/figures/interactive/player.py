"""Play, pause and a slider for figures that move, drawn with Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steepest.figures.interactive.layout import HEIGHT
from steepest.figures.style import Theme

SPEEDS = {"▶ Play": 70, "Slow": 280, "Fast": 20}
"""Milliseconds of each frame."""

KEYS = """
const plot = document.getElementById('{plot_id}');
document.addEventListener('keydown', (event) => {
  const move = {ArrowLeft: -1, ArrowRight: 1}[event.key];
  if (!move) return;
  event.preventDefault();
  const slider = plot.layout.sliders[0];
  const place = Math.min(Math.max((slider.active || 0) + move, 0), slider.steps.length - 1);
  Plotly.relayout(plot, {'sliders[0].active': place});
  const step = slider.steps[place];
  Plotly.animate(plot, ...step.args);
});
"""
"""What lets the arrow keys move a page frame by frame."""

CONTROLS = 88
"""Pixels above the axes for the buttons and the slider."""


def add_player(
    figure: Any,
    names: Sequence[str],
    theme: Theme,
    active: int = -1,
    prefix: str = "step ",
    redraw: bool = False,
) -> None:
    """Add play at three speeds, pause and a slider over the frames, above the axes.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
    names : sequence of str
        Of the frames, in order.
    theme : Theme
    active : int, default -1
        Which frame is shown first.
    prefix : str, default "step "
        What the slider says before the name of a frame.
    redraw : bool, default False
        Whether Plotly must draw everything anew, as in space.
    """
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": redraw}}
    buttons: list[dict[str, Any]] = [
        {"label": label, "method": "animate", "args": [None, _play(milliseconds, redraw)]}
        for label, milliseconds in SPEEDS.items()
    ]
    buttons.append({"label": "Pause", "method": "animate", "args": [[None], at_once]})
    above = {"y": 1, "yanchor": "bottom"}
    figure.update_layout(
        height=HEIGHT + CONTROLS,
        title={"y": 0.975, "yanchor": "top"},
        margin={"t": 80 + CONTROLS},
        updatemenus=[
            {
                "type": "buttons",
                "direction": "right",
                "showactive": False,
                "x": 0,
                "xanchor": "left",
                **above,
                "pad": {"b": 26},
                "bgcolor": theme.paper,
                "bordercolor": theme.faint_ink,
                "buttons": buttons,
            }
        ],
        sliders=[
            {
                "x": 0.38,
                "len": 0.62,
                **above,
                "pad": {"b": 14},
                "active": active % len(names),
                "currentvalue": {"prefix": prefix, "font": {"color": theme.ink}},
                "font": {"color": theme.faint_ink, "size": 10},
                "ticklen": 3,
                "steps": [
                    {"label": name, "method": "animate", "args": [[name], at_once]}
                    for name in names
                ],
            }
        ],
    )


def _play(milliseconds: int, redraw: bool) -> dict[str, Any]:
    """Return how frames follow each other."""
    return {
        "frame": {"duration": milliseconds, "redraw": redraw},
        "transition": {"duration": 0},
        "mode": "immediate",
        "fromcurrent": False,
    }

"""Play, pause and a slider for figures that move, drawn with Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steepest.figures.interactive.layout import HEIGHT
from steepest.figures.style import Theme

FRAME_MILLISECONDS = 70

CONTROLS = 88
"""Pixels above the axes for the buttons and the slider."""


def add_player(figure: Any, steps: Sequence[int], theme: Theme) -> None:
    """Add play, pause and a slider over the frames, between the caption and the axes.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
    steps : sequence of int
        The step of each frame, whose name it is.
    theme : Theme
    """
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}}
    play = {
        "frame": {"duration": FRAME_MILLISECONDS, "redraw": False},
        "transition": {"duration": 0},
        "mode": "immediate",
    }
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
                "buttons": [
                    {"label": "▶ Play", "method": "animate", "args": [None, play]},
                    {"label": "Pause", "method": "animate", "args": [[None], at_once]},
                ],
            }
        ],
        sliders=[
            {
                "x": 0.22,
                "len": 0.78,
                **above,
                "pad": {"b": 14},
                "active": len(steps) - 1,
                "currentvalue": {"prefix": "step ", "font": {"color": theme.ink}},
                "font": {"color": theme.faint_ink, "size": 10},
                "ticklen": 3,
                "steps": [
                    {"label": f"{step:,}", "method": "animate", "args": [[str(step)], at_once]}
                    for step in steps
                ],
            }
        ],
    )

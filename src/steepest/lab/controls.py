"""From what the controls hold to a state, and back."""

from __future__ import annotations

from math import log10
from typing import Any

from steepest.errors import InputError
from steepest.lab.state import State

DESCENT = (
    *("formula", "view-0", "view-1", "view-2", "view-3", "start-0", "start-1"),
    *("methods", "rate", "momentum", "steps"),
)
"""The controls that change the descents."""

LOOK = ("view", "marks", "inside", "zoom", "room")
"""The controls that change how they are looked at."""

CONTROLS = (*DESCENT, *LOOK)


def controls_of(state: State) -> list[Any]:
    """Return what the controls hold for a state, in the order of `CONTROLS`."""
    return [
        state.formula,
        *state.domain,
        *state.start,
        list(state.methods),
        exponent(state.rate),
        state.momentum,
        state.steps,
        state.view,
        list(state.marks),
        state.inside,
        state.zoom,
        state.room,
    ]


def state_of(values: tuple[Any, ...]) -> State:
    """Return the state that the controls hold, in the order of `CONTROLS`.

    Raises
    ------
    InputError
        For what no control of the page holds.
    """
    try:
        formula, *places, methods, rate, momentum, steps, view, marks, inside, zoom, room = values
        low, high, bottom, top, first, second = [
            float("nan") if one is None else float(one) for one in places
        ]
        return State(
            str(formula or ""),
            (low, high, bottom, top),
            (first, second),
            tuple(map(str, methods or ())),
            rate_at(float(rate)),
            float(momentum),
            int(steps),
            str(view),
            tuple(map(str, marks or ())),
            str(inside),
            float(zoom),
            str(room),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(
            f"The page was asked for something that none of its controls holds ({error}): load "
            "it again."
        ) from error


def rate_at(place: float) -> float:
    """Return the rate at a place on its slider, in the digits that one would write.

    Examples
    --------
    >>> rate_at(exponent(0.05)), rate_at(-3.0)
    (0.05, 0.001)
    """
    return float(f"{10.0**place:.10g}")


def exponent(rate: float) -> float:
    """Return where a rate is on its slider.

    Examples
    --------
    >>> exponent(0.001)
    -3.0
    """
    return round(log10(rate), 12)

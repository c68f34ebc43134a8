"""From what the controls hold to a state, and back."""

from __future__ import annotations

from math import log10
from typing import Any

from steepest.errors import InputError
from steepest.figures.style import THEMES
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


def text_in(value: Any) -> str:
    """Return the text in a control; an empty one where it holds nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    raise _strange(value)


def numbers_in(value: Any, count: int) -> list[float]:
    """Return so many finite numbers from what a control holds."""
    if isinstance(value, list) and len(value) == count:
        numbers = [float(one) for one in value if isinstance(one, int | float) and abs(one) < 1e300]
        if len(numbers) == count:
            return numbers
    raise _strange(value)


def whole_in(value: Any) -> int:
    """Return the whole number, from 0 to a million, in a control."""
    (number,) = numbers_in([value], 1)
    if 0 <= number <= 1e6:
        return int(number)
    raise _strange(value)


def theme_in(value: Any) -> str:
    """Return the name of a theme."""
    if isinstance(value, str) and value in THEMES:
        return value
    raise _strange(value)


def _strange(value: Any) -> InputError:
    return InputError(
        f"The page was asked for {str(value)[:40]!r}, which none of its controls holds: load it "
        "again."
    )


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
            text_in(formula),
            (low, high, bottom, top),
            (first, second),
            tuple(map(text_in, methods or ())),
            rate_at(float(rate)),
            float(momentum),
            int(steps),
            text_in(view),
            tuple(map(text_in, marks or ())),
            text_in(inside),
            float(zoom),
            text_in(room),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise _strange(values) from error


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

"""What the page answers to whatever its controls show: the picture, and all that is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steepest.lab.copying import as_command, as_program, as_python
from steepest.lab.descents import Descents, descents_of
from steepest.lab.microscope import said_of_microscope
from steepest.lab.pictures import picture_of
from steepest.lab.state import State
from steepest.lab.words import inside_words, theory, verdicts

SHOWN = (
    ("map", "figure"),
    ("complaint", "children"),
    ("shown", "max"),
    ("url", "search"),
    *(
        (name, "children")
        for name in (
            *("looking", "verdicts", "theory", "inside-words", "source"),
            *("code-python", "code-command", "code-program"),
            *("rate-shown", "momentum-shown", "steps-shown", "zoom-shown", "shown-shown"),
        )
    ),
)
"""What an answer fills, in its order: parts of the page, and which of their properties."""

LOOKING = {
    "map": "Click or drag on the map to drop the ball there.",
    "surface": "Drag to turn the surface, scroll to come nearer. The ball is dropped on the map.",
    "microscope": "",
}
"""What to do with each view."""


def answer(state: State, shown: int, theme: str, known: Sequence[str] = ()) -> list[Any]:
    """Return what is drawn and said of a state, in the order of `SHOWN`.

    Parameters
    ----------
    state : State
    shown : int
        The step; the last one where there are not as many.
    theme : str
    known : sequence of str
        What was searched for already, as `picture_of` takes it.
    """
    descents = descents_of(state)
    step = min(shown, descents.longest)
    return [
        picture_of(state, step, theme, known),
        "",
        max(descents.longest, 1),
        state.to_query(),
        LOOKING[state.view] or said_of_microscope(state),
        *_texts(state, descents, step, theme),
        *_numbers(state, step, descents.longest),
    ]


def _texts(state: State, descents: Descents, step: int, theme: str) -> list[Any]:
    """Return everything that is said of the descents."""
    return [
        verdicts(descents, theme),
        theory(state, descents),
        inside_words(state, descents, step),
        descents.function.source,
        as_python(state),
        as_command(state),
        as_program(state),
    ]


def _numbers(state: State, step: int, longest: int) -> list[str]:
    """Return what stands beside the sliders."""
    return [
        f"{state.rate:.4g}",
        f"{state.momentum:.2f}",
        str(state.steps),
        f"{10**state.zoom:.3g} ×",
        f"{step} of {longest}",
    ]

"""Files to take away, made in memory: the picture as a page of its own, and the run."""

from __future__ import annotations

from collections.abc import Sequence

from steepest.descent.saving import text_of
from steepest.errors import InputError
from steepest.figures.interactive.layout import escape
from steepest.figures.output import page_around
from steepest.figures.style import THEMES
from steepest.lab.descents import descents_of
from steepest.lab.microscope import said_of_microscope
from steepest.lab.pictures import picture_of
from steepest.lab.state import State


def figure_page(state: State, shown: int, theme: str, known: Sequence[str]) -> bytes:
    """Return the picture that is shown as a page that needs no network."""
    from plotly.io import to_html

    picture = picture_of(state, shown, theme, known)
    layout = {
        **picture["layout"],
        "title": {"text": escape(state.formula), "x": 0.02},
        "margin": {"l": 60, "r": 20, "t": 60, "b": 60},
    }
    drawn = to_html(
        {**picture, "layout": layout},
        full_html=False,
        include_plotlyjs=True,
        config={"displaylogo": False, "responsive": True},
        default_height="80vh",
        validate=False,
    )
    words = [result.explain() for result in descents_of(state).results.values()]
    if state.view == "microscope":
        words = [said_of_microscope(state)]
    return page_around(drawn, state.formula, THEMES[theme], "\n\n".join(words))


def saved_run(state: State) -> tuple[str, str]:
    """Return the name and the content of the run that is looked into, for `steepest.load`.

    Raises
    ------
    InputError
        Where there is none.
    """
    result = descents_of(state).looked_into(state)
    if result is None:
        raise InputError("There is no run to save: choose a method that can begin here.")
    return f"{result.method}.json", text_of(result)

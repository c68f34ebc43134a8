"""What is searched for beside the picture, so that nobody waits for it."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Any

from steepest.errors import SteepestError
from steepest.lab.controls import CONTROLS, state_of
from steepest.lab.limits import SEARCHES
from steepest.lab.searches import (
    basins_of,
    key_of_basins,
    key_of_points,
    points_are_known,
    points_of,
    said_of_points,
)
from steepest.lab.state import State


def register_searches(app: Any) -> None:
    """Search for critical points and basins where they are to be marked."""
    from dash import Input, Output, ctx, no_update, set_props
    from dash import State as Known

    needed = {"formula", "marks", "inside", "methods", "rate", "momentum"}
    needed |= {f"view-{k}" for k in range(4)}
    turn = BoundedSemaphore(SEARCHES)

    @app.callback(
        Output("searched-words", "children"),
        *[(Input if name in needed else Known)(name, "value") for name in CONTROLS],
        Known("searched", "data"),
    )
    def search(*values: Any) -> Any:
        *controls, before = values
        if controls[0] is None:
            return no_update
        try:
            state = state_of(tuple(controls))
            state.checked()
            with turn:
                found, words = found_of(state)
        except SteepestError:
            # The picture complains of the same.
            return no_update
        if not ctx.triggered:
            # A page that came with everything has only to say so in its address.
            set_props("url", {"search": state.to_query()})
        if found != before:
            # Not an output, for which the picture would wait before it is drawn at all.
            set_props("searched", {"data": found})
        return words


def found_of(state: State) -> tuple[dict[str, str], list[Any]]:
    """Return what was searched for, by key, and what is said of it."""
    from dash import html

    found, words = {}, []
    if {"points", "basins"} & set(state.marks):
        try:
            points = points_of(state)
            found["points"] = key_of_points(state)
            words.append(html.P(said_of_points(points)))
            if "basins" in state.marks:
                words.append(html.P(basins_of(state).text))
                found["basins"] = key_of_basins(state)
        except SteepestError as error:
            words.append(html.P(str(error)))
    return found, words


def is_found(state: State) -> bool:
    """Return whether everything that is to be marked was searched for already."""
    return "basins" not in state.marks and points_are_known(state)


def known_of(state: State, searched: Any) -> list[str]:
    """Return what of a state was searched for already."""
    if not isinstance(searched, dict):
        return []
    keys = {"points": key_of_points(state), "basins": key_of_basins(state)}
    return [name for name, key in keys.items() if searched.get(name) == key]

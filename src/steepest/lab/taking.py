"""What is taken away from the page: code, the picture, the run."""

from __future__ import annotations

from typing import Any

from steepest.errors import SteepestError
from steepest.lab.controls import CONTROLS, state_of, text_in, theme_in, whole_in
from steepest.lab.downloads import figure_page, saved_run
from steepest.lab.searching import known_of


def register_taking(app: Any) -> None:
    """Copy the code that is shown, and give files that were never on a disk."""
    from dash import ClientsideFunction, Input, Output, dcc, no_update
    from dash import State as Known

    controls = [Known(name, "value") for name in CONTROLS]

    @app.callback(
        Output("copy", "content"),
        Input("copy", "n_clicks"),
        Known("code", "value"),
        *[Known(f"code-{key}", "children") for key in ("python", "command", "program")],
        prevent_initial_call=True,
    )
    def copied(_: Any, shown: str, *texts: str) -> str:
        known = dict(zip(("python", "command", "program"), texts, strict=True))
        return known.get(text_in(shown), "")

    @app.callback(
        Output("file", "data", allow_duplicate=True),
        Output("file-complaint", "children", allow_duplicate=True),
        Input("take-figure", "n_clicks"),
        *controls,
        Known("shown", "value"),
        Known("theme", "data"),
        Known("searched", "data"),
        prevent_initial_call=True,
    )
    def take_figure(_: Any, *values: Any) -> Any:
        *held, shown, theme, searched = values
        try:
            state = state_of(tuple(held))
            known = known_of(state, searched)
            page = figure_page(state, whole_in(shown), theme_in(theme), known)
        except SteepestError as error:
            return no_update, str(error)
        return dcc.send_bytes(page, f"{state.view}.html"), ""

    @app.callback(
        Output("file", "data", allow_duplicate=True),
        Output("file-complaint", "children", allow_duplicate=True),
        Input("take-run", "n_clicks"),
        *controls,
        prevent_initial_call=True,
    )
    def take_run(_: Any, *held: Any) -> Any:
        try:
            name, content = saved_run(state_of(tuple(held)))
        except SteepestError as error:
            return no_update, str(error)
        return dcc.send_string(content, name), ""

    # The browser has drawn the picture already.
    app.clientside_callback(
        ClientsideFunction("lab", "draw"),
        Output("take-picture", "title"),
        Input("take-picture", "n_clicks"),
        prevent_initial_call=True,
    )

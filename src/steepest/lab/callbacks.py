"""What happens on the page when something is touched."""

from __future__ import annotations

from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any

from steepest.errors import SteepestError
from steepest.lab.answer import SHOWN, answer
from steepest.lab.controls import (
    CONTROLS,
    DESCENT,
    controls_of,
    exponent,
    numbers_in,
    state_of,
    text_in,
    theme_in,
    whole_in,
)
from steepest.lab.descents import descents_of
from steepest.lab.famous import FAMOUS, place_of
from steepest.lab.layout import graph
from steepest.lab.limits import ANSWERS
from steepest.lab.others import register_fits, register_game
from steepest.lab.searching import known_of, register_searches
from steepest.lab.state import read_formula, state_at
from steepest.lab.taking import register_taking
from steepest.lab.teaching import register_lessons
from steepest.lab.words import typeset


def register(app: Any) -> None:
    """Connect the page."""
    _from_the_address(app)
    _to_the_picture(app)
    _to_the_player(app)
    _to_the_strip(app)
    _to_the_theme(app)
    _to_the_rooms(app)
    register_searches(app)
    register_taking(app)
    register_fits(app)
    register_game(app)
    register_lessons(app)


def _to_the_rooms(app: Any) -> None:
    """Show one part of the page, and the slider that belongs to the view."""
    from dash import ClientsideFunction, Input, Output

    app.clientside_callback(
        ClientsideFunction("lab", "enter"),
        Output("room-descend", "className"),
        Output("room-fit", "className"),
        Output("room-guess", "className"),
        Output("room-lessons", "className"),
        Output("zoom-place", "className"),
        Input("room", "value"),
        Input("view", "value"),
    )


def _from_the_address(app: Any) -> None:
    """Fill the controls from the address, from a famous function, or from the pointer."""
    from dash import Input, Output, no_update, set_props
    from dash import State as Known

    @app.callback(
        [Output(name, "value", allow_duplicate=True) for name in CONTROLS],
        Input("url", "pathname"),
        Known("url", "search"),
        Known("formula", "value"),
        prevent_initial_call="initial_duplicate",
    )
    def open_page(_: Any, search: str, formula: str | None) -> list[Any]:
        # A page that was made for its address holds everything already.
        return [no_update] * len(CONTROLS) if formula else controls_of(state_at(text_in(search)))

    @app.callback(
        [Output(name, "value", allow_duplicate=True) for name in (*DESCENT[:7], "rate")],
        Input("famous", "value"),
        Known("formula", "value"),
        prevent_initial_call=True,
    )
    def choose(place: int | None, formula: str | None) -> Any:
        one = None if place is None else FAMOUS[whole_in(place) % len(FAMOUS)]
        if one is None or one.formula == formula:
            return [no_update] * 8
        return [one.formula, *one.domain, *one.start, exponent(one.rate)]

    @app.callback(Input("formula", "value"), prevent_initial_call=True)
    def name(formula: str | None) -> None:
        set_props("famous", {"value": place_of(text_in(formula))})

    @app.callback(
        Output("start-0", "value", allow_duplicate=True),
        Output("start-1", "value", allow_duplicate=True),
        Input("pointer", "data"),
        prevent_initial_call=True,
    )
    def drop(place: list[float] | None) -> Any:
        return (no_update, no_update) if place is None else numbers_in(place, 2)


def _to_the_picture(app: Any) -> None:
    """Draw and describe the descents of what the controls show."""
    from dash import Input, Output, no_update

    turn = BoundedSemaphore(ANSWERS)

    @app.callback(
        [Output(name, part) for name, part in SHOWN],
        *[Input(name, "value") for name in CONTROLS],
        Input("shown", "value"),
        Input("theme", "data"),
        Input("searched", "data"),
        # The page comes with its first picture.
        prevent_initial_call=True,
    )
    def show(*values: Any) -> Any:
        *controls, shown, theme, searched = values
        if controls[0] is None:
            return [no_update] * len(SHOWN)
        try:
            state, theme = state_of(tuple(controls)), theme_in(theme)
            with turn:
                return answer(state, whole_in(shown), theme, known_of(state, searched))
        except SteepestError as error:
            return [no_update, str(error), *[no_update] * (len(SHOWN) - 2)]

    @app.callback(
        Output("typeset", "children"),
        Input("drawn", "data"),
        Input("formula", "value"),
        prevent_initial_call=True,
    )
    def write(drawn: Any, formula: str | None) -> Any:
        from dash import dcc

        if not drawn:
            # The browser has enough to do until the picture is there.
            return no_update
        try:
            read_formula(text_in(formula))
        except SteepestError:
            # The picture complains of the same.
            return no_update
        return dcc.Markdown(typeset(text_in(formula)), mathjax=True)


def _to_the_player(app: Any) -> None:
    """Let the descents run: the step that is shown follows the clock and the buttons."""
    from dash import ClientsideFunction, Input, Output
    from dash import State as Known

    # In the browser, where no answer of the server can come too late.
    app.clientside_callback(
        ClientsideFunction("lab", "turn"),
        Output("shown", "value"),
        Output("clock", "disabled"),
        Output("play", "children"),
        Input("play", "n_clicks"),
        Input("back", "n_clicks"),
        Input("ahead", "n_clicks"),
        Input("clock", "n_intervals"),
        *[Input(name, "value") for name in DESCENT],
        Known("shown", "value"),
        Known("shown", "max"),
        Known("speed", "value"),
        Known("clock", "disabled"),
        prevent_initial_call=True,
    )


def _to_the_strip(app: Any) -> None:
    """Advise on rates, and take the one that is clicked."""
    from dash import Input, Output, no_update
    from dash import State as Known

    @app.callback(
        Output("strip-place", "children"),
        Output("advice", "children"),
        Input("advise", "n_clicks"),
        *[Known(name, "value") for name in CONTROLS],
        Known("theme", "data"),
        prevent_initial_call=True,
    )
    def advise(_: Any, *values: Any) -> Any:
        from steepest.descent.rate_advice import suggest_rate
        from steepest.figures import plot_rates

        *controls, theme = values
        try:
            state, theme = state_of(tuple(controls)), theme_in(theme)
            known = descents_of(replace(state, methods=())).function
            start = dict(zip(known.variables, state.start, strict=True))
            advice = suggest_rate(known, start)
        except SteepestError as error:
            return None, str(error)
        figure = plot_rates(advice, theme=theme)
        figure.update_layout(
            title=None,
            height=300,
            margin={"l": 60, "r": 8, "t": 24, "b": 44},
            showlegend=False,
            # A click anywhere takes the rate below it, not only one on a dot.
            hovermode="x",
            hoverdistance=-1,
        )
        return graph("strip", figure), f"Take {advice.rate:.3g}; or click a rate below."

    @app.callback(
        Output("rate", "value", allow_duplicate=True),
        Input("strip", "clickData"),
        prevent_initial_call=True,
    )
    def take(clicked: Any) -> Any:
        match clicked:
            case {"points": [{"x": float() | int() as rate}, *_]} if 0 < rate < float("inf"):
                return exponent(rate)
        return no_update


def _to_the_theme(app: Any) -> None:
    """Switch between light and dark."""
    from dash import Input, Output
    from dash import State as Known

    @app.callback(
        Output("theme", "data"),
        Output("page", "className"),
        Input("switch", "n_clicks"),
        Known("theme", "data"),
        prevent_initial_call=True,
    )
    def switch(_: Any, theme: str) -> tuple[str, str]:
        other = "dark" if theme == "light" else "light"
        return other, other

"""What happens in the other parts of the page: fits, and the game."""

from __future__ import annotations

from base64 import b64decode
from threading import Lock
from typing import Any

from steepest.errors import InputError, SteepestError
from steepest.lab.controls import numbers_in, text_in, theme_in, whole_in
from steepest.lab.fits import Asked, as_python, figure_of, fitted
from steepest.lab.guessing import PROBES, board, game_of, score
from steepest.lab.layout import graph


def register_fits(app: Any) -> None:
    """Connect data and model with the curve."""
    # Libraries that load others on first use, as PyArrow does with pandas, are not safe to do so in
    # two threads at once. Later the first fit is known, and nobody waits.
    loading = Lock()

    from dash import Input, Output, no_update
    from dash import State as Known

    @app.callback(Output("data", "value"), Input("upload", "contents"), prevent_initial_call=True)
    def take_file(contents: str) -> str:
        try:
            content = b64decode(text_in(contents).partition(",")[2])
        except ValueError as error:
            raise InputError("The file did not arrive as a whole: choose it again.") from error
        return content.decode("utf-8", errors="replace")

    @app.callback(Output("model", "value"), Input("usual", "value"), prevent_initial_call=True)
    def take_model(model: str) -> str:
        return model

    @app.callback(
        Output("curve-place", "children"),
        Output("constants", "children"),
        Output("fit-code", "children"),
        Output("fit-complaint", "children"),
        Input("fit", "n_clicks"),
        Input("model", "value"),
        Input("loss", "value"),
        Input("theme", "data"),
        Input("room", "value"),
        Known("data", "value"),
    )
    def show(_: Any, model: str, loss: str, theme: str, room: str, data: str) -> Any:
        if room != "fit":
            return [no_update] * 4
        with loading:
            fitted(Asked())
        asked = Asked(text_in(data), text_in(model), text_in(loss))
        theme = theme_in(theme)
        try:
            found = fitted(asked)
            curve = graph("curve", figure_of(found, theme))
            return curve, found.explain(), as_python(asked), ""
        except SteepestError as error:
            return no_update, no_update, no_update, str(error)


def register_game(app: Any) -> None:
    """Connect the probes with the board."""
    from dash import ClientsideFunction, Input, Output, no_update
    from dash import State as Known

    # In the browser, where quick clicks cannot overtake each other.
    app.clientside_callback(
        ClientsideFunction("lab", "play"),
        Output("game", "data"),
        Input("probe", "data"),
        Input("another", "n_clicks"),
        Known("game", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("board-place", "children"),
        Output("score", "children"),
        Input("game", "data"),
        Input("theme", "data"),
        Input("room", "value"),
    )
    def show(game: dict[str, Any], theme: str, room: str) -> Any:
        if room != "guess":
            return no_update, no_update
        match game:
            case {"seed": seed, "places": [*given]}:
                known = game_of(whole_in(seed))
            case _:
                raise InputError("The game is none of this page: load it again.")
        places = [numbers_in(place, 2) for place in given[:PROBES]]
        theme = theme_in(theme)
        over = len(places) >= PROBES
        figure = board(known, places, over, theme)
        return graph("board", figure, "min(64vh, 92vw)", className="map board"), score(
            known, places
        )

"""What happens in the other parts of the page: fits, and the game."""

from __future__ import annotations

from base64 import b64decode
from threading import Lock
from typing import Any

from steepest.errors import SteepestError
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
        content = b64decode(contents.partition(",")[2])
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
        asked = Asked(data or "", model or "", loss)
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
        known = game_of(int(game["seed"]))
        places = [[float(x), float(y)] for x, y in game["places"][:PROBES]]
        over = len(places) >= PROBES
        figure = board(known, places, over, theme)
        return graph("board", figure, "min(64vh, 92vw)", className="map board"), score(
            known, places
        )

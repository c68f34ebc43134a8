"""What happens on the page when something is touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steepest.errors import SteepestError
from steepest.lab.copying import as_command, as_program, as_python
from steepest.lab.descents import Descents, descents_of, map_of
from steepest.lab.famous import FAMOUS
from steepest.lab.layout import exponent
from steepest.lab.others import register_fits, register_game
from steepest.lab.state import State
from steepest.lab.words import theory, typeset, verdicts

CONTROLS = ("formula", "view-0", "view-1", "view-2", "view-3", "start-0", "start-1")


def register(app: Any) -> None:
    """Connect the page."""
    _from_the_address(app)
    _to_the_picture(app)
    _to_the_player(app)
    _to_the_strip(app)
    _to_the_theme(app)
    _to_the_rooms(app)
    register_fits(app)
    register_game(app)


def _to_the_rooms(app: Any) -> None:
    """Show one part of the page."""
    from dash import ClientsideFunction, Input, Output

    app.clientside_callback(
        ClientsideFunction("lab", "enter"),
        Output("room-descend", "className"),
        Output("room-fit", "className"),
        Output("room-guess", "className"),
        Input("room", "value"),
    )


def state_of(values: tuple[Any, ...]) -> State:
    """Return the state that the controls show, in the order in which callbacks get them."""
    formula, low, high, bottom, top, first, second, methods, rate, momentum, steps = values
    numbers = [float("nan") if one is None else float(one) for one in
               (low, high, bottom, top, first, second)]  # fmt: skip
    low, high, bottom, top, first, second = numbers
    return State(
        formula or "",
        (low, high, bottom, top),
        (first, second),
        tuple(methods or ()),
        float(10**rate),
        float(momentum),
        int(steps),
    )


def _inputs() -> list[Any]:
    from dash import Input

    names = [(name, "value") for name in (*CONTROLS, "methods", "rate", "momentum", "steps")]
    return [Input(name, part) for name, part in names]


def _from_the_address(app: Any) -> None:
    """Fill the controls from the address, from a famous function, or from the pointer."""
    from dash import Input, Output, ctx, no_update
    from dash import State as Known

    outputs = [Output(name, "value", allow_duplicate=True) for name in CONTROLS]
    outputs += [Output(name, "value", allow_duplicate=True)
                for name in ("methods", "rate", "momentum", "steps")]  # fmt: skip

    def controls(state: State) -> list[Any]:
        return [
            state.formula,
            *state.domain,
            *state.start,
            list(state.methods),
            exponent(state.rate),
            state.momentum,
            state.steps,
        ]

    @app.callback(outputs, Input("url", "pathname"), Known("url", "search"),
                  prevent_initial_call="initial_duplicate")  # fmt: skip
    def open_page(_: Any, search: str) -> list[Any]:
        try:
            state = State.from_query(search or "")
            state.checked()
        except SteepestError:
            state = State()
        return controls(state)

    @app.callback(outputs, Input("famous", "value"), Known("methods", "value"),
                  Known("momentum", "value"), Known("steps", "value"),
                  prevent_initial_call=True)  # fmt: skip
    def choose(place: int, methods: list[str], momentum: float, steps: int) -> list[Any]:
        one = FAMOUS[place]
        return controls(
            State(one.formula, one.domain, one.start, tuple(methods), one.rate, momentum, steps)
        )

    @app.callback(
        Output("start-0", "value", allow_duplicate=True),
        Output("start-1", "value", allow_duplicate=True),
        Input("pointer", "data"),
        prevent_initial_call=True,
    )
    def drop(place: list[float] | None) -> Any:
        return (no_update, no_update) if place is None or not ctx.triggered else tuple(place)


def _to_the_picture(app: Any) -> None:
    """Draw and describe the descents of what the controls show."""
    from dash import Input, Output, no_update

    words = ["verdicts", "theory", "source", "code-python", "code-command", "code-program"]
    outputs = [
        Output("map", "figure"),
        Output("complaint", "children"),
        Output("typeset", "children"),
        Output("shown", "max"),
        Output("url", "search"),
        *[Output(name, "children") for name in words],
        Output("rate-shown", "children"),
        Output("momentum-shown", "children"),
        Output("steps-shown", "children"),
        Output("shown-shown", "children"),
    ]

    @app.callback(outputs, *_inputs(), Input("shown", "value"), Input("theme", "data"))
    def show(*values: Any) -> Any:
        *controls, shown, theme = values
        if values[0] is None:
            return [no_update] * len(outputs)
        state = state_of(tuple(controls))
        try:
            descents = descents_of(state)
            figure = map_of(state, shown, theme)
        except SteepestError as error:
            return [no_update, str(error), *[no_update] * (len(outputs) - 2)]
        return [
            figure,
            "",
            typeset(descents),
            max(descents.longest, 1),
            state.to_query(),
            *_texts(state, descents, theme),
            f"{state.rate:.4g}",
            f"{state.momentum:.2f}",
            str(state.steps),
            f"{min(shown, descents.longest)} of {descents.longest}",
        ]


def _texts(state: State, descents: Descents, theme: str) -> list[Any]:
    """Return everything that is said of the descents."""
    return [
        verdicts(descents, theme),
        theory(state, descents),
        descents.function.source,
        as_python(state),
        as_command(state),
        as_program(state),
    ]


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
        *_inputs(),
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

    names = [(one.component_id, one.component_property) for one in _inputs()]

    @app.callback(
        Output("strip", "figure"),
        Output("strip-place", "className"),
        Output("advice", "children"),
        Input("advise", "n_clicks"),
        *[Known(*name) for name in names],
        Known("theme", "data"),
        prevent_initial_call=True,
    )
    def advise(_: Any, *values: Any) -> Any:
        from steepest.descent.rate_advice import suggest_rate
        from steepest.figures import plot_rates

        *controls, theme = values
        state = state_of(tuple(controls))
        try:
            known = descents_of(replace(state, methods=())).function
            start = dict(zip(known.variables, state.start, strict=True))
            advice = suggest_rate(known, start)
        except SteepestError as error:
            return no_update, "hidden", str(error)
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
        return figure, "", f"Take {advice.rate:.3g}; or click a rate below."

    @app.callback(
        Output("rate", "value", allow_duplicate=True),
        Input("strip", "clickData"),
        prevent_initial_call=True,
    )
    def take(clicked: dict[str, Any] | None) -> Any:
        return no_update if not clicked else exponent(float(clicked["points"][0]["x"]))


def _to_the_theme(app: Any) -> None:
    """Switch between light and dark, and copy the code that is shown."""
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

    @app.callback(
        Output("copy", "content"),
        Input("copy", "n_clicks"),
        Known("code", "value"),
        *[Known(f"code-{key}", "children") for key in ("python", "command", "program")],
        prevent_initial_call=True,
    )
    def copied(_: Any, shown: str, *texts: str) -> str:
        return dict(zip(("python", "command", "program"), texts, strict=True))[shown]

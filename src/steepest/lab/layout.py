"""What stands on the page."""

from __future__ import annotations

from typing import Any

from steepest.lab.descents import WITHOUT_RATE, colour_of
from steepest.lab.famous import FAMOUS
from steepest.lab.fits import EXAMPLE, LOSSES, MODEL, MODELS
from steepest.lab.limits import LARGEST_FILE, LONGEST, MOST_STEPS
from steepest.lab.state import DEEPEST_ZOOM, MARKS, METHODS, ROOMS, VIEWS, State
from steepest.lessons import lessons


def layout() -> Any:
    """Return the page, before anything is chosen and drawn."""
    from dash import dcc, html

    return html.Main(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="pointer"),
            dcc.Store(id="probe"),
            dcc.Store(id="searched"),
            dcc.Store(id="drawn"),
            dcc.Download(id="file"),
            dcc.Store(id="theme", data="light"),
            dcc.Interval(id="clock", interval=90, disabled=True),
            html.Header(
                [
                    html.H1("Drop a ball on your own function"),
                    html.Button("Dark or light", id="switch", className="quiet"),
                ]
            ),
            _choice("room", ROOMS, "rooms", "Rooms"),
            html.Div([_function(), _picture(), _words()], id="room-descend", className="columns"),
            html.Div(_fit(), id="room-fit", className="columns two-columns hidden"),
            html.Div(_guess(), id="room-guess", className="hidden"),
            html.Div(_lessons(), id="room-lessons", className="columns two-columns hidden"),
        ],
        id="page",
        className="light",
    )


def _function() -> Any:
    """Return what is chosen: function, view, start, methods and their numbers."""
    from dash import dcc, html

    choices = [{"label": one.name, "value": place} for place, one in enumerate(FAMOUS)]
    return html.Section(
        [
            _field(
                "A famous one",
                dcc.Dropdown(
                    choices, 0, id="famous", clearable=False, placeholder="None: your own"
                ),
            ),
            _field(
                "Function of two variables",
                dcc.Input(id="formula", debounce=True, maxLength=LONGEST, spellCheck=False),
            ),
            html.P(id="complaint", role="alert", className="complaint"),
            html.Div(id="typeset", className="typeset"),
            html.Div(
                [_number(f"view-{k}", label) for k, label in enumerate(VIEW)], className="four"
            ),
            html.Div(
                [_number("start-0", "start, first"), _number("start-1", "start, second")],
                className="two",
            ),
            html.Fieldset([html.Legend("Methods"), _methods()]),
            _slider("rate", "Learning rate", -5, 1, 0.02, {k: f"1e{k}" for k in range(-5, 2)}),
            _slider("momentum", "Momentum", 0, 0.99, 0.01, {0: "0", 0.5: "0.5", 0.9: "0.9"}),
            _slider("steps", "Steps", 1, 1000, 1, {1: "1", 500: "500", 1000: "1000"}),
        ],
        className="controls",
        **{"aria-label": "What is shown"},
    )


VIEW = ("from", "to", "from (second)", "to (second)")


def _picture() -> Any:
    """Return the map, with what lets it run."""
    from dash import dcc, html

    return html.Section(
        [
            html.Div(
                [
                    _choice("view", VIEWS, "views", "View"),
                    dcc.Checklist(
                        [{"label": label, "value": key} for key, label in MARKS.items()],
                        list(State().marks),
                        id="marks",
                        className="chips",
                    ),
                ],
                className="looks",
            ),
            graph("map", None, "min(68vh, 92vw)", className="map", config={"scrollZoom": True}),
            html.P(id="looking", className="hint", **{"aria-live": "polite"}),
            html.Div(
                _slider(
                    "zoom",
                    "Magnification",
                    0,
                    DEEPEST_ZOOM,
                    0.1,
                    {k: f"1e{k}" for k in range(int(DEEPEST_ZOOM) + 1)},
                    0,
                ),
                id="zoom-place",
                className="hidden",
            ),
            html.Div(
                [
                    html.Button("▶ Play", id="play"),
                    html.Button("‹ Step", id="back", **{"aria-label": "One step back"}),
                    html.Button("Step ›", id="ahead", **{"aria-label": "One step ahead"}),
                    html.Label("Speed", htmlFor="speed"),
                    dcc.Dropdown(
                        [{"label": f"{k} ×", "value": k} for k in (1, 2, 5, 20)],
                        1,
                        id="speed",
                        clearable=False,
                        searchable=False,
                    ),
                ],
                className="player",
            ),
            _slider("shown", "Step", 0, MOST_STEPS, 1, {}, MOST_STEPS),
            html.Div(id="searched-words", className="hint", role="status"),
            html.Button("Which rates suit it?", id="advise"),
            html.P(id="advice", className="advice"),
            html.Div(id="strip-place"),
        ],
        className="picture",
        **{"aria-label": "The descents"},
    )


def _words() -> Any:
    """Return the verdicts, what theory says, and the code."""
    from dash import dcc, html

    tabs = [
        dcc.Tab(html.Pre(id=f"code-{key}", tabIndex="0"), label=label, value=key)
        for key, label in (("python", "Python"), ("command", "Command"), ("program", "Program"))
    ]
    return html.Section(
        [
            html.Div(id="verdicts", **{"aria-live": "polite"}),
            html.H2("Where it ended"),
            html.Div(id="theory"),
            html.H2("Inside one step"),
            _field(
                "Of the method",
                dcc.Dropdown(
                    list(METHODS), METHODS[0], id="inside", clearable=False, searchable=False
                ),
            ),
            html.Div(id="inside-words"),
            html.Details(
                [html.Summary("The program of its gradient"), html.Pre(id="source", tabIndex="0")]
            ),
            html.H2("Take it with you"),
            dcc.Tabs(tabs, value="python", id="code"),
            dcc.Clipboard(id="copy", className="copy", title="Copy the code shown"),
            html.Div(
                [
                    html.Button("Figure as a page", id="take-figure"),
                    html.Button("Figure as SVG", id="take-picture"),
                    html.Button("Run as JSON", id="take-run"),
                ],
                className="player",
            ),
            html.P(id="file-complaint", role="alert", className="complaint"),
        ],
        className="words",
        **{"aria-label": "What it came to"},
    )


def _fit() -> list[Any]:
    """Return data and model, beside the curve and its constants."""
    from dash import dcc, html

    asked = html.Section(
        [
            _field("Data, names in the first line", dcc.Textarea(id="data", value=EXAMPLE)),
            _field(
                "Or a CSV file",
                dcc.Upload(html.Button("Choose"), id="upload", max_size=LARGEST_FILE),
            ),
            _field("A usual model", dcc.Dropdown(list(MODELS), MODEL, id="usual", clearable=False)),
            _field(
                "Model: names that are no columns are found",
                dcc.Input(id="model", value=MODEL, debounce=True, maxLength=400, spellCheck=False),
            ),
            _field("Loss", dcc.Dropdown(list(LOSSES), "sse", id="loss", clearable=False)),
            html.Button("Fit", id="fit"),
            html.P(id="fit-complaint", role="alert", className="complaint"),
        ],
        className="controls",
        **{"aria-label": "Data and model"},
    )
    found = html.Section(
        [
            html.Div(id="curve-place"),
            html.Pre(id="constants", tabIndex="0", **{"aria-live": "polite"}),
            html.Details([html.Summary("As Python"), html.Pre(id="fit-code", tabIndex="0")]),
        ],
        **{"aria-label": "The fit"},
    )
    return [asked, found]


def _guess() -> list[Any]:
    """Return the game."""
    from dash import dcc, html

    return [
        dcc.Store(id="game", data={"seed": 1, "places": []}),
        html.P(id="score", role="status", className="score"),
        html.Button("Another landscape", id="another"),
        html.Div(id="board-place"),
    ]


def _lessons() -> list[Any]:
    """Return the list of lessons, beside the place for one of them."""
    from dash import dcc, html

    titles = {one.name: one.title for one in lessons()}
    chosen = html.Section(
        [
            dcc.Interval(id="lesson-clock", interval=1000, disabled=True),
            dcc.Store(id="lesson-read"),
            _choice("lesson", titles, "lessons", "Lessons"),
            html.Button("Take it as a notebook", id="take-lesson"),
            html.P(id="lesson-said", role="status", className="hint"),
            html.P("In Jupyter you can change what you read: pip install 'steepest[lessons]', "
                   "then steepest lessons --to FOLDER brings all eight.", className="hint"),
        ],
        className="controls",
        **{"aria-label": "Lessons"},
    )  # fmt: skip
    read = html.Article(id="lesson-place", className="lesson", **{"aria-label": "The lesson"})
    return [chosen, read]


def _methods() -> Any:
    """Return a chip for every method, in its colour."""
    from dash import dcc, html

    options = [
        {
            "label": html.Span(
                [html.I(style={"background": colour_of(name, "light")}), name], className="chip"
            ),
            "value": name,
            "title": "finds its steps itself" if name in WITHOUT_RATE else "takes the rate below",
        }
        for name in METHODS
    ]
    return dcc.Checklist(options, ["gradient-descent"], id="methods", className="chips")


def graph(name: str, figure: Any = None, height: str | None = None, **options: Any) -> Any:
    """Return a place for a figure.

    Only the map has one from the beginning: an empty figure takes as long to draw as a full one.
    """
    from dash import dcc

    config = {"displayModeBar": False, "responsive": True, **options.pop("config", {})}
    # What Dash would set wins over a style sheet.
    style = {} if height is None else {"height": height}
    shown = {} if figure is None else {"figure": figure}
    return dcc.Graph(id=name, config=config, style=style, **shown, **options)


def _choice(name: str, choices: dict[str, str], looks: str, label: str) -> Any:
    """Return one of several to choose from, all of them in sight."""
    from dash import dcc, html

    options = [{"label": words, "value": key} for key, words in choices.items()]
    first = next(iter(choices))
    control = dcc.RadioItems(options, first, id=name, className=looks, inline=True)
    return html.Div(control, role="group", **{"aria-label": label})


def _field(label: str, control: Any) -> Any:
    from dash import html

    return html.Div([html.Label(label, htmlFor=control.id), control], className="field")


def _number(name: str, label: str) -> Any:
    from dash import dcc

    return _field(label, dcc.Input(id=name, type="number", step="any", debounce=True))


def _slider(
    name: str,
    label: str,
    low: float,
    high: float,
    step: float,
    marks: dict[float, str],
    value: float | None = None,
) -> Any:
    from dash import dcc, html

    control = dcc.Slider(
        low,
        high,
        step,
        id=name,
        value=value,
        marks=marks,
        updatemode="drag",
        allow_direct_input=False,
    )
    words = [label, " ", html.Output(id=f"{name}-shown")]
    return html.Div([html.Label(words, id=f"{name}-label", htmlFor=name), control],
                    className="field")  # fmt: skip

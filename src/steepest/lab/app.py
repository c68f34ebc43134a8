"""The page as a web application of one process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from steepest.errors import InputError, MissingPackageError, SteepestError
from steepest.lab.limits import THREADS
from steepest.lab.security import protect

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where Dash has Plotly from."""

PART = "plotly-cartesian.min.js"
"""The part of Plotly that draws maps and curves, as its makers offer it, among the assets."""


def create_app(host: str = "127.0.0.1") -> Any:
    """Return the page as a Dash application.

    Parameters
    ----------
    host : str, default "127.0.0.1"
        Where it will listen.

    Raises
    ------
    MissingPackageError
        Where Dash is not installed.
    """
    try:
        import dash
    except ImportError as error:
        raise MissingPackageError(
            "The page needs Dash, which is not installed: pip install 'steepest[lab]'."
        ) from error
    from steepest.lab.callbacks import register
    from steepest.lab.coming import register_coming

    in_part = _is_of_the_same_version(PART)
    app = dash.Dash(__name__, title="steepest lab", update_title=None, serve_locally=True,
                    assets_ignore=r"plotly-cartesian.*" if in_part else r"plotly-.*",
                    # Some figures are there only once they are asked for.
                    suppress_callback_exceptions=True, on_error=_refuse)  # fmt: skip
    # PyArrow loads pandas on first use, where it is installed, and Plotly looks at what it finds
    # half loaded by another thread.
    if find_spec("pandas"):
        import_module("pandas")
    # The largest part by far, and Dash asks for it last.
    plotly = app.get_asset_url(PART) if in_part else app.get_relative_path(PLOTLY)
    early = f'<link rel="preload" as="script" href="{plotly}">'
    app.index_string = app.index_string.replace("{%metas%}", early + "{%metas%}")
    app.layout = _page
    register(app)
    register_coming(app)
    protect(app.server, host)
    _prepare()
    return app


def _is_of_the_same_version(part: str) -> bool:
    """Return whether a part of Plotly belongs to the whole that is installed."""
    from plotly.offline import get_plotlyjs_version

    with (Path(__file__).parent / "assets" / part).open(encoding="utf-8") as lines:
        return f" v{get_plotlyjs_version()}\n" in "".join(islice(lines, 3))


def _prepare() -> None:
    """Make what the first visitor will see, before anybody asks; it is kept."""
    from steepest.lab.answer import answer
    from steepest.lab.coming import still_picture
    from steepest.lab.limits import MOST_STEPS
    from steepest.lab.searching import found_of, known_of
    from steepest.lab.state import State

    state = State()
    still_picture(state, dark=False)
    answer(state, MOST_STEPS, "light", known_of(state, found_of(state)[0]))


def _refuse(error: Exception) -> None:
    """Answer in words what no control of the page asks for; anything else is a fault of ours."""
    from flask import abort

    if isinstance(error, SteepestError):
        abort(400, str(error))
    raise error


def _page() -> Any:
    """Return the page as its address wants it, drawn and described: nobody waits for an answer.

    The address is where the request for the page's parts says that it comes from.
    """
    from flask import has_request_context, request

    from steepest.lab.answer import SHOWN, answer
    from steepest.lab.controls import CONTROLS, controls_of
    from steepest.lab.famous import place_of
    from steepest.lab.layout import layout
    from steepest.lab.limits import MOST_STEPS
    from steepest.lab.searching import found_of, is_found, known_of
    from steepest.lab.state import state_at

    page = layout()
    address = request.headers.get("Referer") if has_request_context() else None
    if address is None:
        # The page will ask for what belongs to its address, which it alone knows.
        return page
    try:
        state = state_at(urlsplit(address).query)
        found, words = found_of(state) if is_found(state) else ({}, [])
        said = answer(state, MOST_STEPS, "light", known_of(state, found))
    except (SteepestError, ValueError):
        return page
    for name, value in zip(CONTROLS, controls_of(state), strict=True):
        page[name].value = value
    for (name, part), value in zip(SHOWN, said, strict=True):
        setattr(page[name], part, value)
    page["searched"].data, page["searched-words"].children = found, words
    page["famous"].value = place_of(state.formula)
    return page


def serve(
    host: str = "127.0.0.1", port: int = 8050, announce: Callable[[], object] | None = None
) -> None:
    """Serve the page until it is interrupted; `announce` is called as soon as it can be opened.

    Raises
    ------
    InputError
        Where the port cannot be had.
    """
    app = create_app(host)
    from waitress import create_server

    # That a request waits for a thread is no news to who sits before the page.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    try:
        server = create_server(app.server, host=host, port=port, threads=THREADS, ident=None)
    except (OSError, ValueError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise InputError(
            f"Nothing can listen at {host}:{port} ({why}): name another --port or --host."
        ) from error
    if announce is not None:
        announce()
    server.run()

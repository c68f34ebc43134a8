"""The page as a web application of one process."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from steepest.errors import InputError, MissingPackageError, SteepestError
from steepest.lab.limits import THREADS
from steepest.lab.security import protect


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

    app = dash.Dash(__name__, title="steepest lab", update_title=None, serve_locally=True,
                    # Some figures are there only once they are asked for.
                    suppress_callback_exceptions=True, on_error=_refuse)  # fmt: skip
    # PyArrow loads pandas on first use, where it is installed, and Plotly looks at what it finds
    # half loaded by another thread.
    if find_spec("pandas"):
        import_module("pandas")
    app.layout = _page
    register(app)
    protect(app.server, host)
    return app


def _refuse(error: Exception) -> None:
    """Answer in words what no control of the page asks for; anything else is a fault of ours."""
    from flask import abort

    if isinstance(error, SteepestError):
        abort(400, str(error))
    raise error


def _page() -> Any:
    """Return the page with the picture of its address: nobody waits for a second answer.

    The address is where the request for the page's parts says that it comes from.
    """
    from flask import has_request_context, request

    from steepest.lab.layout import layout
    from steepest.lab.limits import MOST_STEPS
    from steepest.lab.pictures import picture_of
    from steepest.lab.state import State

    address = request.headers.get("Referer", "") if has_request_context() else ""
    try:
        return layout(picture_of(State.from_query(urlsplit(address).query), MOST_STEPS, "light"))
    except (SteepestError, ValueError):
        # The page will say what is wrong with the address.
        return layout()


def serve(host: str = "127.0.0.1", port: int = 8050) -> None:
    """Serve the page until it is interrupted.

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
    except OSError as error:
        raise InputError(
            f"Nothing can listen at {host}:{port} ({error.strerror}): name another --port."
        ) from error
    server.run()

"""The page as a web application of one process."""

from __future__ import annotations

import logging
from typing import Any

from steepest.errors import InputError, MissingPackageError
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
    from steepest.lab.layout import layout

    app = dash.Dash(__name__, title="steepest lab", update_title=None, serve_locally=True)
    app.layout = layout
    register(app)
    _prepare()
    protect(app.server, host)
    return app


def _prepare() -> None:
    """Make the first view once, before threads ask for it.

    Libraries that load others on first use, as PyArrow does with pandas, are not safe to do so in
    two threads at once; and the first visitor need not wait for it.
    """
    from steepest.lab.fits import Asked, figure_of, fitted
    from steepest.lab.pictures import picture_of
    from steepest.lab.state import State

    picture_of(State(), 0, "light")
    figure_of(fitted(Asked()), "light")


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

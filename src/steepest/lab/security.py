"""What keeps a page of one's own machine one's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from steepest.lab.limits import LARGEST_REQUEST

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

LOCAL = ("127.0.0.1", "localhost", "::1")


def protect(server: Any, host: str) -> None:
    """Let only pages of this server ask it for anything.

    A name that another site lets point to this machine (DNS rebinding) is not among the hosts
    that are answered, and a request that another site makes tells its origin.

    Parameters
    ----------
    server : flask.Flask
    host : str
        Where it listens; a name besides the local ones that may be asked for.
    """
    from flask import abort, request

    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    known = {*LOCAL, host}

    @server.before_request  # type: ignore[untyped-decorator]
    def refuse_strangers() -> None:
        if host not in ("0.0.0.0", "::") and host_of(request.host) not in known:
            abort(403, "This page answers to its own address alone.")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            abort(403, "This page answers to itself alone.")

    @server.after_request  # type: ignore[untyped-decorator]
    def add_headers(response: Any) -> Any:
        response.headers.update(HEADERS)
        return response


def host_of(netloc: str) -> str:
    """Return the host of a host with a port.

    Examples
    --------
    >>> host_of("127.0.0.1:8050"), host_of("[::1]:8050"), host_of("localhost")
    ('127.0.0.1', '::1', 'localhost')
    """
    return urlsplit(f"//{netloc}").hostname or ""

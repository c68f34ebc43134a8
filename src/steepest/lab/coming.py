"""What is seen while the page is on its way: its picture, drawn here and still.

The browser needs a second or two for the libraries that draw the picture that moves.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from threading import Lock
from typing import Any

import numpy as np

from steepest.errors import SteepestError
from steepest.figures.data import Caption, Contours
from steepest.figures.extract import path_of
from steepest.figures.output import picture
from steepest.figures.style import THEMES
from steepest.lab.descents import descents_of
from steepest.lab.pictures import grid_of
from steepest.lab.state import State, state_at

PLACE = "coming.png"

MARKUP = """
<main id="coming" aria-hidden="true">
  <header><h1>Drop a ball on your own function</h1></header>
  <div class="columns"><div></div><section class="picture"><picture>
    <source media="(prefers-color-scheme: dark)" srcset="{dark}">
    <img elementtiming="coming" src="{light}" alt="" onerror="this.remove()">
  </picture></section></div>
</main>
"""


def register_coming(app: Any) -> None:
    """Let the page begin with its picture; the script of the page takes it away."""
    from flask import request

    place = app.get_relative_path(f"/{PLACE}")
    write, drawing = app.interpolate_index, Lock()
    nothing = "", 204

    def begun(app_entry: str, **parts: str) -> str:
        found = _markup(place, request.query_string.decode("latin-1"))
        return str(write(app_entry=app_entry + found, **parts))

    app.interpolate_index = begun

    @app.server.route(place)  # type: ignore[untyped-decorator]
    def coming() -> Any:
        dark = "dark" in request.args
        # Many at once would wait longer for it than for the page.
        if not drawing.acquire(blocking=False):
            return nothing
        try:
            content = still_picture(state_at(request.query_string.decode()), dark)
        except (SteepestError, ValueError):
            return nothing
        finally:
            drawing.release()
        return app.server.response_class(content, mimetype="image/png")


def _markup(place: str, query: str) -> str:
    """Return what stands on the page until it is drawn; nothing where that is no map."""
    state = state_at(query)
    if (state.room, state.view) != ("descend", "map"):
        return ""
    address = escape(f"{place}?{query}")
    return MARKUP.format(light=address, dark=f"{address}&amp;dark")


@lru_cache(maxsize=32)
def still_picture(state: State, dark: bool) -> bytes:
    """Return the map of a state with its descents, as the content of a PNG file."""
    low, high, bottom, top = state.domain
    view = np.array([[low, high], [bottom, top]], dtype=np.float64)
    paths = tuple(
        path_of(result, result.nit + 1, view) for result in descents_of(state).results.values()
    )
    scene = Contours(Caption("", ""), grid_of(state.formula, state.domain), paths, view)
    return picture(scene, ".png", THEMES["dark" if dark else "light"])

"""The lessons on the page: each is played once, on this machine, and then read."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from steepest.errors import InputError
from steepest.figures.style import THEMES, other_colours
from steepest.lab.controls import text_in, theme_in
from steepest.lab.layout import graph
from steepest.lab.limits import LESSON_SECONDS
from steepest.lessons import Cell, Lesson, lesson_named

ANSWER = re.compile(r"<details><summary><b>(.*?)</b></summary>\n\n(.*)\n\n</details>", re.DOTALL)
"""What is folded in a notebook; nothing of it is shown as HTML here."""

FOLDED = {"answer": "Answer, computed", "check": "Checked by"}
"""What stands above code that is folded, by its tag."""

LOWER = 0.8
"""The height of a figure between text, as a share of what it has alone."""

Outputs = list[list[dict[str, Any]]]


class Plays:
    """Lessons played one after the other, in processes of their own, and each of them once."""

    def __init__(self) -> None:
        self._known: dict[str, Future[Outputs]] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="lesson")
        self._lock = Lock()

    def of(self, lesson: Lesson) -> Future[Outputs]:
        """Return what the cells of a lesson show, now or later."""
        with self._lock:
            if lesson.name not in self._known:
                self._known[lesson.name] = self._pool.submit(_play, lesson.name)
            return self._known[lesson.name]


def _play(name: str) -> Outputs:
    # Nothing from the folder that the page was opened in gets between (-P).
    command = [sys.executable, "-P", "-m", "steepest.lessons.playing", name]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LESSON_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"it took more than {LESSON_SECONDS} s") from error
    if done.returncode != 0:
        raise InputError(done.stderr.strip().rpartition("\n")[2] or "its process was ended")
    outputs: Outputs = json.loads(done.stdout)
    return outputs


def register_lessons(app: Any) -> None:
    """Connect the list of lessons with the lesson that is read."""
    from dash import Input, Output, dcc, no_update
    from dash import State as Known

    plays = Plays()

    @app.callback(
        Output("lesson-place", "children"),
        Output("lesson-said", "children"),
        Output("lesson-clock", "disabled"),
        Output("lesson-read", "data"),
        Input("lesson", "value"),
        Input("room", "value"),
        Input("lesson-clock", "n_intervals"),
        Input("theme", "data"),
        Known("lesson-read", "data"),
    )
    def show(name: str, room: str, _: Any, theme: str, read: list[Any] | None) -> Any:
        if room != "lessons":
            return no_update, no_update, True, no_update
        lesson = lesson_in(name)
        played = plays.of(lesson)
        now = [lesson.name, played.done(), theme]
        if now == read:
            return no_update, no_update, played.done(), no_update
        if not played.done():
            said = "Its figures and numbers are made on this machine, and come in some seconds."
            return page_of(lesson, None), said, False, now
        error = played.exception()
        if error is not None:
            return page_of(lesson, None), f"It cannot be played here: {error}.", True, now
        outputs = played.result()
        if theme_in(theme) == "dark":
            outputs = in_the_dark(outputs)
        return page_of(lesson, outputs), "", True, now

    @app.callback(
        Output("file", "data", allow_duplicate=True),
        Input("take-lesson", "n_clicks"),
        Known("lesson", "value"),
        prevent_initial_call=True,
    )
    def take(_: Any, name: str) -> Any:
        lesson = lesson_in(name)
        return dcc.send_bytes(lesson.content, f"{lesson.name}.ipynb")


def lesson_in(value: Any) -> Lesson:
    """Return the lesson that a control names, or refuse it."""
    try:
        return lesson_named(text_in(value))
    except InputError as error:
        raise InputError("The lesson is none of this page: load it again.") from error


def in_the_dark(outputs: Outputs) -> Outputs:
    """Return outputs whose figures, drawn for light paper, have the colours of the dark theme."""
    from plotly.io import templates

    from steepest.figures.interactive.layout import TEMPLATES

    colours = other_colours(THEMES["light"], THEMES["dark"])
    # Titles hold colours too, inside their text.
    known = re.compile("|".join(colours))
    text = known.sub(lambda found: colours[found[0]], json.dumps(outputs))
    changed: Outputs = json.loads(text)
    template = templates[TEMPLATES["dark"]].to_plotly_json()
    for output in itertools.chain.from_iterable(changed):
        if "figure" in output:
            output["figure"]["layout"]["template"] = template
    return changed


def page_of(lesson: Lesson, outputs: Outputs | None) -> list[Any]:
    """Return a lesson as parts of the page, with what its cells show where that is known."""
    shown = outputs or [[] for _ in lesson.cells]
    return [
        part
        for place, (cell, output) in enumerate(zip(lesson.cells, shown, strict=True))
        for part in _parts(cell, output, f"lesson-{place}")
    ]


def _parts(cell: Cell, outputs: list[dict[str, Any]], name: str) -> list[Any]:
    """Return what is shown of a cell."""
    from dash import html

    if cell.kind == "markdown":
        hidden = ANSWER.fullmatch(cell.source)
        if hidden is None:
            return [_text(cell.source)]
        return [html.Details([html.Summary(hidden[1]), _text(hidden[2])])]
    parts = [html.Pre(cell.source, className="code", tabIndex="0")]
    for place, output in enumerate(outputs):
        if "figure" in output:
            parts.append(_figure(f"{name}-{place}", output["figure"]))
        else:
            parts.append(html.Pre(output["text"], className="printed", tabIndex="0"))
    folded = [FOLDED[tag] for tag in cell.tags]
    return [html.Details([html.Summary(folded[0]), *parts])] if folded else parts


def _figure(name: str, figure: dict[str, Any]) -> Any:
    """Return a figure, lower than on a page of its own, so that the text around it is seen."""
    layout = figure["layout"]
    height = layout["height"] if "width" in layout else round(LOWER * layout["height"])
    # A place without a height of its own would grow with what is drawn in it, without end.
    return graph(name, {**figure, "layout": {**layout, "height": height}}, f"{height}px")


def _text(source: str) -> Any:
    """Return text with its mathematics typeset."""
    from dash import dcc

    return dcc.Markdown(source, mathjax=True, link_target="_blank")

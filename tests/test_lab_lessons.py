"""The lessons as they are read on the page of the lab."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

import steepest as st
from browser import opened
from steepest.errors import InputError
from steepest.figures.style import THEMES
from steepest.lab import create_app, teaching
from steepest.lab.limits import THREADS
from steepest.lab.teaching import Plays, page_of
from steepest.lessons import Cell, Lesson, lesson_named, lessons

NAME = "04-how-the-machine-differentiates"

PATIENCE = 60_000
"""Milliseconds: a lesson is played before its figures are there."""


def test_a_lesson_is_read_played_and_taken_as_a_notebook(tmp_path: Path) -> None:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    address = f"http://127.0.0.1:{server.effective_port}/"
    asked: list[str] = []
    with opened() as browser:
        page = browser.new_page()
        page.on("request", lambda one: asked.append(one.url))
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.get_by_text("Lessons", exact=True).click()
        page.get_by_text("4. How the machine differentiates").first.click()
        # The text is there before the figures and numbers are.
        page.locator("#lesson-place h1", has_text="How the machine differentiates").wait_for()
        page.locator("#lesson-place .printed", has_text="cos(x*y)*y + 1").wait_for()
        page.wait_for_selector("#lesson-place .js-plotly-plot .main-svg", state="attached")
        page.wait_for_selector("#lesson-place mjx-container", state="attached")
        page.wait_for_function("!document.querySelector('#lesson-said').textContent")
        paper = "document.querySelector('#lesson-place .js-plotly-plot')._fullLayout.paper_bgcolor"
        assert page.evaluate(paper) == THEMES["light"].paper
        page.locator("#switch").click()
        page.wait_for_function(f"{paper} == '{THEMES['dark'].paper}'")
        answer = page.locator("#lesson-place details", has_text="goes through the exponent").first
        assert answer.get_attribute("open") is None
        answer.locator("summary").click()
        assert page.get_by_text("the other goes through the exponent").is_visible()
        with page.expect_download() as started:
            page.locator("#take-lesson").click()
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
    server.close()
    assert (file.stem, file.read_bytes()) == (NAME, lesson_named(NAME).content)
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_a_lesson_is_played_once(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []

    def play(name: str) -> list[Any]:
        played.append(name)
        return []

    monkeypatch.setattr(teaching, "_play", play)
    plays = Plays()
    for lesson in (*lessons(), *lessons()):
        assert plays.of(lesson).result() == []
    assert played == [lesson.name for lesson in lessons()]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("Traceback\n  ...\nModuleNotFoundError: No module named 'x'\n", "No module named 'x'"),
        ("", "its process was ended"),
    ],
)
def test_a_lesson_that_cannot_be_played_says_why(
    said: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", said)
    )
    with pytest.raises(InputError, match=complaint):
        Plays().of(lesson_named(NAME)).result()


def test_a_lesson_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "LESSON_SECONDS", 0.01)
    with pytest.raises(InputError, match="took more than"):
        Plays().of(lesson_named(NAME)).result()


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_before_it_is_played_it_is_there_in_words(lesson: Lesson) -> None:
    parts = page_of(lesson, None)
    folded = [part for part in parts if type(part).__name__ == "Details"]
    assert len(folded) >= 2 * 2 + 1
    words = [part.children for part in parts if type(part).__name__ == "Markdown"]
    # What a notebook hides with HTML is no HTML here.
    assert not any("<details>" in text for text in words)


def test_figures_have_a_height_of_their_own() -> None:
    cells = (Cell("code", "figure"),)
    lesson = type("Few", (), {"cells": cells})()
    shown = [[{"figure": {"data": [], "layout": {"height": 500}}}]]
    _, graph = page_of(lesson, shown)
    assert graph.style == {"height": "400px"}
    assert graph.figure["layout"]["height"] == 400


def test_figures_of_lessons_have_the_colours_of_the_dark_theme() -> None:
    advice = st.suggest_rate("x**2 + 10*y**2", [3.0, 1.0])
    light, dark = (json.loads(advice.plot(theme=name).to_json()) for name in ("light", "dark"))
    assert light != dark
    assert teaching.in_the_dark([[{"figure": light}]]) == [[{"figure": dark}]]

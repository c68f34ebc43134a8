"""What a browser that was never there is made to wait for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from browser import opened
from steepest.lab import app, coming, create_app
from steepest.lab.limits import THREADS

PLOTLY = re.compile(r"plotly(-cartesian)?\.min\.js")
"""The whole of Plotly, or the part that is enough for maps."""


@contextmanager
def served() -> Iterator[str]:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as place:
        yield place


def test_the_first_view_waits_for_no_answer(address: str) -> None:
    with opened() as browser:
        fresh = browser.new_page()
        fresh.route("**/_dash-update-component*", lambda route: route.fulfill(status=204))
        fresh.goto(f"{address}?f=x*y&m=adam")
        fresh.wait_for_selector("#map .scatterlayer .trace")
        fresh.locator(".card h3", has_text="adam").wait_for()


def test_plotly_is_fetched_early_and_once_and_what_typesets_formulas_after_it(
    address: str,
) -> None:
    with opened() as browser:
        fresh = browser.new_page()
        fresh.goto(address)
        fresh.wait_for_selector("#typeset mjx-container, #typeset .MathJax")
        parts = fresh.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    (plotly,) = (place for place, part in enumerate(parts) if PLOTLY.search(part))
    draws, typesets = (
        next(place for place, part in enumerate(parts) if name in part)
        for name in ("async-graph", "async-mathjax")
    )
    assert plotly < draws < typesets


def test_a_view_that_is_known_comes_with_its_points_and_is_drawn_once(address: str) -> None:
    with opened() as browser:
        fresh = browser.new_page()
        asked: list[str] = []
        fresh.on("request", lambda request: asked.append(request.post_data or ""))
        fresh.goto(address)
        fresh.wait_for_selector("#typeset mjx-container, #typeset .MathJax")
        fresh.locator("#searched-words", has_text="Proved complete").wait_for()
    assert any('"output":"searched-words.children"' in one for one in asked)
    assert not [one for one in asked if one.startswith('{"output":"..map.figure')]


def test_the_picture_is_seen_before_the_libraries_are_there_and_goes_when_they_are(
    address: str,
) -> None:
    with opened() as browser:
        fresh = browser.new_page(color_scheme="dark")
        held: list[Any] = []
        fresh.route(PLOTLY, lambda route: held.append(route))
        fresh.goto(f"{address}?f=x*y&m=adam", wait_until="commit")
        fresh.wait_for_function("document.querySelector('#coming img')?.naturalWidth > 300")
        assert fresh.evaluate("document.querySelector('#coming img').currentSrc").endswith("&dark")
        assert not fresh.locator("#map .main-svg").count()
        for route in held:
            route.continue_()
        fresh.wait_for_selector("#map .main-svg")
        fresh.locator("#coming").wait_for(state="detached")


def test_a_map_needs_a_part_of_plotly_and_a_surface_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (Path(app.__file__).parent / "assets" / app.PART).open(encoding="utf-8") as lines:
        version = re.search(r"v([\d.]+)", "".join(islice(lines, 3)))
    assert version
    monkeypatch.setattr("plotly.offline.get_plotlyjs_version", lambda: version[1])
    with served() as place, opened() as browser:
        fresh = browser.new_page()
        wrong: list[Any] = []
        fresh.on("pageerror", lambda error: wrong.append(error))
        asked: list[str] = []
        fresh.on("request", lambda request: asked.extend(PLOTLY.findall(request.url)))
        fresh.goto(place)
        fresh.wait_for_selector("#map .scatterlayer .trace")
        assert asked == ["-cartesian"]
        views = fresh.get_by_label("View")
        views.get_by_text("Surface", exact=True).click()
        fresh.wait_for_selector("#map .gl-container canvas")
        assert asked == ["-cartesian", ""]
        views.get_by_text("Map", exact=True).click()
        fresh.wait_for_selector("#map .scatterlayer .trace")
        assert asked == ["-cartesian", ""]
        assert not wrong


def test_a_part_of_another_version_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plotly.offline.get_plotlyjs_version", lambda: "0.1.2")
    page = create_app().server.test_client().get("/").get_data(as_text=True)
    assert "plotly.min.js" in page
    assert "plotly-" not in page


@pytest.mark.parametrize("query", ["p=fit", "p=lessons", "v=surface"])
def test_other_views_begin_without_it(query: str) -> None:
    page = create_app().server.test_client().get(f"/?{query}").get_data(as_text=True)
    assert 'id="coming"' not in page


def test_many_at_once_do_not_wait_for_pictures_and_no_browser_complains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, end = threading.Event(), threading.Event()

    def drawn(*_: Any) -> bytes:
        begun.set()
        assert end.wait(30)
        return b"a picture"

    client = create_app().server.test_client
    monkeypatch.setattr(coming, "still_picture", drawn)
    first: list[Any] = []
    thread = threading.Thread(target=lambda: first.append(client().get("/coming.png?f=x*y")))
    thread.start()
    assert begun.wait(30)
    other = client().get("/coming.png?f=x+y")
    end.set()
    thread.join()
    assert (other.status_code, other.data) == (204, b"")
    assert (first[0].status_code, first[0].data) == (200, b"a picture")


def test_a_query_is_text_and_one_that_makes_no_sense_has_the_usual_picture() -> None:
    client = create_app().server.test_client()
    page = client.get("/?f=x*y%22><script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert" not in page
    usual = client.get("/coming.png").data
    assert usual.startswith(b"\x89PNG")
    assert client.get("/coming.png?f=sin(").data == usual
    assert client.get("/coming.png?f=x*y").data != usual

"""What a browser that was never there is made to wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from browser import opened
from steepest.lab import create_app
from steepest.lab.limits import THREADS


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.close()


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
    (plotly,) = (place for place, part in enumerate(parts) if "plotly.min.js" in part)
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

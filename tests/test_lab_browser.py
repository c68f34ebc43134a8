"""The lab as a person uses it, in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from browser import opened
from steepest.lab import create_app

PATIENCE = 15_000
"""Milliseconds for an answer on a busy machine."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    found = browser.new_page(viewport={"width": 1440, "height": 1000})
    problems: list[str] = []
    found.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on(
        "request",
        lambda asked: (
            problems.append(asked.url)
            if not asked.url.startswith((address, "data:", "blob:"))
            else None
        ),
    )
    found.set_default_timeout(PATIENCE)
    found.goto(address)
    found.wait_for_selector("#map .scatterlayer .trace")
    yield found
    assert problems == []
    found.close()


def says(page: Any, selector: str, words: str) -> None:
    """Wait until an element says something."""
    page.locator(selector, has_text=re.compile(words)).first.wait_for(state="attached")


def expect(page: Any, script: str) -> None:
    """Wait until something is true on the page."""
    page.wait_for_function(script)


def test_the_first_view_has_a_descent_with_its_verdict_and_theory(page: Any) -> None:
    says(page, ".card h3", "gradient-descent")
    says(page, ".card", "minimum")
    says(page, "#theory", "largest stable rate 2/L")
    page.wait_for_selector("#typeset mjx-container, #typeset .MathJax")
    expect(page, "location.search.includes('f=sin(x)*sin(y)')")


def test_the_ball_falls_where_the_pointer_is(page: Any) -> None:
    box = page.locator("#map .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"])
    expect(page, "Math.abs(document.querySelector('#start-0').value - 0.3*2*Math.PI) < 0.02")
    expect(page, "Math.abs(document.querySelector('#start-1').value - 0.4*2*Math.PI) < 0.02")
    says(page, ".card", "steps to f = -1 at x = 4.7|steps to f = -1 at x = 1.5|saddle|stationary")


def test_methods_come_and_go_with_their_chips(page: Any) -> None:
    page.get_by_text("newton", exact=True).first.click()
    says(page, ".card h3", "newton")
    says(page, "#code-python", "named\\('newton'\\)")
    page.get_by_text("gradient-descent", exact=True).first.click()
    expect(page, "document.querySelectorAll('.card').length === 1")


def test_a_formula_of_ones_own_is_drawn_typeset_and_kept_in_the_address(page: Any) -> None:
    page.fill("#formula", "x**2 + 3*y**2")
    page.press("#formula", "Enter")
    says(page, "#source", "gradient_y = 6.0\\*y")
    expect(page, "decodeURIComponent(location.search).includes('f=x**2 + 3*y**2')")
    with page.context.expect_page() as other:
        page.evaluate("window.open(location.href)")
    again = other.value
    again.wait_for_selector("#map .scatterlayer .trace", timeout=PATIENCE)
    again.wait_for_function("document.querySelector('#formula').value === 'x**2 + 3*y**2'")
    again.close()


def test_a_bad_formula_has_a_caret_and_the_last_picture_stays(page: Any) -> None:
    before = page.locator("#map .scatterlayer .trace").count()
    page.fill("#formula", "sin(x)*sinn(y)")
    page.press("#formula", "Enter")
    says(page, "#complaint", "Did you mean 'sin'")
    assert page.inner_text("#complaint").splitlines()[-1].strip() == "^"
    assert page.locator("#map .scatterlayer .trace").count() == before
    page.fill("#formula", "sin(x)*sin(y)")
    page.press("#formula", "Enter")
    expect(page, "document.querySelector('#complaint').textContent === ''")


def test_a_famous_function_brings_its_view_and_divergence_is_named(page: Any) -> None:
    page.click("#famous")
    page.get_by_text("Long bowl", exact=True).first.click()
    expect(page, "document.querySelector('#formula').value === 'x**2 + 20*y**2'")
    says(page, ".card", "minimum")
    page.evaluate("window.dash_clientside.set_props('rate', {value: -1})")
    says(page, ".card .why", "grew without bound")


def test_the_descent_plays_pauses_and_steps(page: Any) -> None:
    page.click("#play")
    says(page, "#play", "Pause")
    page.click("#play")
    says(page, "#play", "Play")
    page.wait_for_timeout(1500)
    shown = int(page.inner_text("#shown-shown").split()[0])
    page.click("#ahead")
    says(page, "#shown-shown", f"^{shown + 1} of")
    page.click("#back")
    says(page, "#shown-shown", f"^{shown} of")


def test_the_strip_of_rates_advises_and_is_clicked(page: Any) -> None:
    page.click("#advise")
    says(page, "#advice", "Take 0\\.\\d+; or click a rate below.")
    page.wait_for_selector("#strip .nsewdrag")
    page.locator("#strip").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = page.locator("#strip .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page, "!location.search.includes('r=0.1&')")


def test_light_and_dark(page: Any) -> None:
    page.click("#switch")
    expect(page, "document.querySelector('main').className === 'dark'")
    paper = "getComputedStyle(document.querySelector('#map .main-svg')).background"
    expect(page, f"{paper}.includes('21, 25, 30')")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_page(browser: Any, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    page.wait_for_selector("#map .scatterlayer .trace", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    plot = page.locator("#map").bounding_box()
    assert plot["width"] > 0.4 * min(width, 1000)
    page.close()


def test_everything_is_named_and_reached_by_the_keyboard(page: Any) -> None:
    unnamed = page.evaluate(
        """[...document.querySelectorAll('input, button, [role=slider], [role=combobox]')]
        .filter(one => one.offsetParent && one.ariaHidden !== 'true')
        .filter(one => !(one.getAttribute('aria-label')
          || one.textContent.trim() || (one.labels && one.labels.length)
          || one.getAttribute('aria-labelledby')
          || one.closest('label') || one.title || one.closest('.field')))
        .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []
    page.focus("#formula")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"start-0", "start-1", "play", "back", "ahead", "advise"} <= reached


def test_pasted_data_are_fitted_and_bad_data_are_refused(page: Any) -> None:
    page.get_by_text("Fit your data").click()
    says(page, "#constants", r"a = 2\.300 ± 0\.024")
    page.fill("#data", "x;y\n1;3\n2;5.1\n3;6.9\n4;9.2\n")
    page.fill("#model", "y ~ a + b*x")
    page.press("#model", "Enter")
    says(page, "#constants", r"b = 2\.0")
    page.fill("#data", "x,y\n1,2\n2,abc\n")
    page.click("#fit")
    says(page, "#fit-complaint", "'abc' in row 2")
    says(page, "#constants", r"b = 2\.0")


def test_the_game_counts_probes_and_shows_the_landscape_at_its_end(page: Any) -> None:
    page.get_by_text("Guess the minimum").click()
    page.wait_for_selector("#board .nsewdrag")
    box = page.locator("#board .nsewdrag").first.bounding_box()
    for k in range(15):
        x = box["x"] + box["width"] * (0.1 + 0.05 * k)
        page.mouse.click(x, box["y"] + box["height"] * (0.5 + 0.3 * (k % 3 - 1)))
        says(page, "#score", f"{14 - k} probes" if k < 14 else "with as many probes")
    page.wait_for_selector("#board .contourlayer")
    page.click("#another")
    says(page, "#score", "You have 15 probes")

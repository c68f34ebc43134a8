"""The lab as a person uses it, in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import steepest as st
from browser import opened
from steepest.lab import create_app
from steepest.lab.limits import THREADS

PATIENCE = 15_000
"""Milliseconds for an answer on a busy machine."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.close()


@pytest.fixture(scope="module")
def tab(address: str) -> Iterator[tuple[Any, list[str]]]:
    """Open one tab for all tests: a new one would read the libraries again, for seconds."""
    with opened() as browser:
        page = browser.new_page()
        problems: list[str] = []
        page.on(
            "console", lambda said: problems.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                problems.append(asked.url)
                if not asked.url.startswith((address, "data:", "blob:"))
                else None
            ),
        )
        page.set_default_timeout(PATIENCE)
        yield page, problems


@pytest.fixture
def page(tab: tuple[Any, list[str]], address: str) -> Iterator[Any]:
    found, problems = tab
    problems.clear()
    found.set_viewport_size({"width": 1440, "height": 1000})
    visit(found, address)
    yield found
    assert problems == []


def visit(page: Any, address: str) -> None:
    """Open an address and wait for its picture, and for what is said of it."""
    page.goto(address)
    page.wait_for_selector("#map .plot-container", state="attached")
    page.wait_for_function("document.querySelector('#shown-shown').textContent")


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


def test_a_tick_of_the_clock_does_not_hide_the_button_beside_it(page: Any) -> None:
    page.click("#play")
    says(page, "#play", "Pause")
    page.evaluate(
        """window.dash_clientside.set_props('clock', {n_intervals: 1e6});
        document.querySelector('#play').click()"""
    )
    says(page, "#play", "Play")


def test_the_strip_of_rates_advises_and_is_clicked(page: Any) -> None:
    page.click("#advise")
    says(page, "#advice", "Take 0\\.\\d+; or click a rate below.")
    page.wait_for_selector("#strip .nsewdrag")
    page.locator("#strip").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = page.locator("#strip .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page, "!location.search.includes('r=0.1&')")


def test_whose_system_is_dark_finds_the_page_so(page: Any, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    visit(page, address)
    expect(page, "document.querySelector('main').className === 'dark'")
    page.emulate_media(color_scheme="light")


def test_light_and_dark(page: Any) -> None:
    page.click("#switch")
    expect(page, "document.querySelector('main').className === 'dark'")
    paper = "getComputedStyle(document.querySelector('#map .main-svg')).background"
    expect(page, f"{paper}.includes('21, 25, 30')")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_page(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    plot = page.locator("#map").bounding_box()
    assert plot["width"] > 0.4 * min(width, 1000)


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
    page.focus("#switch")
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        reached.add(page.evaluate("document.activeElement.closest('[id]')?.id"))
    assert {"formula", "start-0", "start-1", "play", "back", "ahead", "advise"} <= reached
    assert {
        "room",
        "view",
        "marks",
        "methods",
        "take-figure",
        "take-picture",
        "take-run",
    } <= reached


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


def label(page: Any, words: str) -> Any:
    return page.get_by_text(words, exact=True).first


def traces(kind: str) -> str:
    """Return a script that counts the traces of a kind in the picture."""
    plot = "document.querySelector('#map .js-plotly-plot')"
    return f"{plot} && {plot}.data.filter(one => one.type === '{kind}').length"


MARKED = "document.querySelector('#map .js-plotly-plot').data.filter(one => one.name === 'minimum')"


def test_critical_points_are_marked_and_basins_shown_on_request(page: Any) -> None:
    says(page, "#searched-words", "Inside: 2 minima, 2 maxima and 1 saddle.* Proved complete")
    expect(page, f"{MARKED}.length === 1")
    label(page, "Basins").click()
    says(page, "#searched-words", r"from 10,201 starts: \d+\.\d+ % came to \d+ critical points")
    expect(page, f"{traces('heatmap')} === 2")
    expect(page, "location.search.includes('o=points,axes,basins')")
    label(page, "Basins").click()
    label(page, "Critical points").click()
    expect(page, f"{traces('heatmap')} === 1 && {MARKED}.length === 0")


def test_a_step_is_looked_into_with_arrows_and_numbers(page: Any) -> None:
    label(page, "momentum").click()
    label(page, "Arrows of the step").click()
    page.click("#inside")
    page.locator(".dash-dropdown-option", has_text="momentum").click()
    says(page, "#inside-words", "momentum adds")
    says(page, "#inside-words", "what the slope promised")
    # Gradient, momentum and step, each with a dark edge.
    arrows = "document.querySelectorAll('#map .annotation-arrow-g').length"
    expect(page, f"{arrows} === 6")
    page.locator("#shown [role=slider]").press("Home")
    says(page, "#inside-words", "Step 1 of momentum")
    page.click("#ahead")
    says(page, "#inside-words", "Step 2 of momentum")


def test_the_axes_of_the_curvature_lie_on_the_map(page: Any) -> None:
    says(page, "#map .textpoint", "curvature 1")
    label(page, "Axes of curvature").click()
    expect(page, "document.querySelectorAll('#map .textpoint').length === 0")


def test_the_surface_and_the_microscope(page: Any) -> None:
    label(page, "Surface").click()
    page.wait_for_selector("#map .gl-container canvas")
    expect(page, f"{traces('surface')} === 1 && {traces('scatter3d')} > 2")
    says(page, "#looking", "Drag to turn the surface")
    assert not page.locator("#zoom").is_visible()
    label(page, "Microscope").click()
    says(page, "#looking", r"in a window of ±1, .* 74\.6 % of what the plane itself rises")
    expect(page, f"{traces('surface')} === 2")
    page.locator("#zoom [role=slider]").press("End")
    says(page, "#zoom-shown", "1e\\+06 ×")
    says(page, "#looking", r"to the power 2")
    expect(page, "location.search.includes('v=microscope') && location.search.includes('z=6')")
    label(page, "Map").click()
    page.wait_for_selector("#map .contourlayer")


def test_what_is_taken_away_is_what_is_shown(page: Any, tmp_path: Any) -> None:
    page.get_by_text("Take it with you").scroll_into_view_if_needed()
    for button, name in (("#take-figure", "map.html"), ("#take-picture", "steepest.svg"),
                         ("#take-run", "gradient-descent.json")):  # fmt: skip
        with page.expect_download() as taken:
            page.click(button)
        assert taken.value.suggested_filename == name
        taken.value.save_as(tmp_path / name)
    assert "plotly.js v" in (tmp_path / "map.html").read_text()
    assert (tmp_path / "steepest.svg").read_text().startswith("<svg")
    run = st.load(tmp_path / "gradient-descent.json")
    shown = st.minimize("sin(x)*sin(y)", {"x": 1.66, "y": 3.37}, method="gradient-descent",
                        learning_rate=0.1, max_steps=200)  # fmt: skip
    assert (run.history.x == shown.history.x).all()


def test_the_code_that_is_shown_is_copied(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    label(page, "Command").click()
    page.locator("#code-command").wait_for(state="visible")
    page.click("#copy")
    expect(
        page, "navigator.clipboard.readText().then(text => text.startsWith('steepest minimize'))"
    )


def test_sliders_are_moved_by_the_keyboard(page: Any) -> None:
    before = page.inner_text("#rate-shown")
    page.locator("#rate [role=slider]").press("ArrowRight")
    expect(page, f"document.querySelector('#rate-shown').textContent !== '{before}'")
    page.locator("#momentum [role=slider]").press("Home")
    says(page, "#momentum-shown", "0.00")
    page.locator("#steps [role=slider]").press("End")
    says(page, "#steps-shown", "1000")
    page.locator("#shown [role=slider]").press("Home")
    says(page, "#shown-shown", "^0 of")


def test_the_ball_is_dragged_along(page: Any) -> None:
    box = page.locator("#map .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    for k in range(8):
        page.mouse.move(box["x"] + (0.4 + k / 20) * box["width"], box["y"] + 0.4 * box["height"])
        page.wait_for_timeout(30)
    page.mouse.up()
    expect(page, "Math.abs(document.querySelector('#start-0').value - 0.75*2*Math.PI) < 0.05")


def test_an_address_opens_the_room_and_the_view_it_names(page: Any, address: str) -> None:
    visit(page, address + "?f=x**2-y**2&d=-2,2,-2,2&s=1,0.1&v=surface&m=adam,newton&i=newton")
    page.wait_for_selector("#map .gl-container canvas")
    says(page, ".card h3", "newton")
    says(page, "#inside-words", "of newton")
    says(page, "#famous", "Saddle|your own")
    visit(page, address + "?p=fit")
    says(page, "#constants", r"a = 2\.300")
    assert not page.locator("#map").is_visible()


def test_a_file_is_uploaded_and_a_bad_one_refused(page: Any, tmp_path: Any) -> None:
    page.get_by_text("Fit your data").click()
    (tmp_path / "rows.csv").write_text("x,y\n0,1\n1,3\n2,5\n3,7.2\n")
    page.set_input_files("#upload input[type=file]", tmp_path / "rows.csv")
    expect(page, "document.querySelector('#data').value.includes('7.2')")
    page.fill("#model", "y ~ a + b*x")
    page.press("#model", "Enter")
    says(page, "#constants", r"b = 2\.0")
    (tmp_path / "bad.csv").write_bytes(bytes(range(256)))
    page.set_input_files("#upload input[type=file]", tmp_path / "bad.csv")
    expect(page, "!document.querySelector('#data').value.includes('7.2')")
    page.click("#fit")
    says(page, "#fit-complaint", "cannot be read as a table|no column|There are no rows")


INTRUDER = "<img src=x onerror=window.intruded=1>"


def test_text_is_text_in_the_formula_the_address_and_the_data(page: Any, address: str) -> None:
    page.fill("#formula", INTRUDER)
    page.press("#formula", "Enter")
    says(page, "#complaint", "img")
    visit(page, f"{address}?f={INTRUDER}&m={INTRUDER}&v={INTRUDER}")
    visit(page, f"{address}?p=fit")
    page.fill("#data", f"{INTRUDER},y\n1,2\n{INTRUDER},3\n")
    page.fill("#model", f"y ~ a*{INTRUDER}")
    page.press("#model", "Enter")
    says(page, "#fit-complaint", ".")
    page.fill("#model", "y ~ a")
    page.press("#model", "Enter")
    page.wait_for_timeout(300)
    assert page.evaluate("window.intruded") is None
    assert page.locator("img").count() == 0

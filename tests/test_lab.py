"""The lab without a browser: its state, its copied code, and who is answered."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import steepest as st
from processes import steepest_command
from steepest.lab import create_app, serve
from steepest.lab.copying import as_command, as_program, as_python
from steepest.lab.descents import descents_of
from steepest.lab.famous import FAMOUS
from steepest.lab.limits import MOST_STEPS
from steepest.lab.pictures import picture_of
from steepest.lab.state import MARKS, METHODS, ROOMS, VIEWS, State

STATE = State(methods=("gradient-descent", "momentum"), start=(1.66, 3.37), steps=50)

numbers = some.floats(-1e6, 1e6)


@given(
    formula=some.sampled_from([one.formula for one in FAMOUS]),
    start=some.tuples(numbers, numbers),
    rate=some.floats(1e-9, 1e3),
    steps=some.integers(1, MOST_STEPS),
    methods=some.lists(some.sampled_from(METHODS), unique=True),
    view=some.sampled_from(list(VIEWS)),
    marks=some.lists(some.sampled_from(list(MARKS)), unique=True),
    inside=some.sampled_from(METHODS),
    zoom=some.floats(0, 6),
    room=some.sampled_from(list(ROOMS)),
)
def test_an_address_holds_the_whole_state_to_the_last_digit(
    formula, start, rate, steps, methods, **look
):
    look["marks"] = tuple(look["marks"])
    view = (-1.5, 2.5, 0.1, 7.3)
    state = State(formula, view, start, tuple(methods), rate, 0.85, steps, **look)
    assert State.from_query(state.to_query()) == state


def test_an_address_may_say_little_and_is_read_as_people_write_it():
    assert State.from_query("") == State()
    assert State.from_query("?f=x**2%2By**2").formula == "x**2+y**2"
    assert State.from_query("?f=x**2+y**2").formula == "x**2+y**2"
    # Without a word on it, the step that is looked into is one of what is shown.
    assert State.from_query("?m=newton,adam").inside == "newton"
    assert State.from_query("?m=newton,adam&i=adam").inside == "adam"
    assert State.from_query("?m=").inside == State().inside
    with pytest.raises(st.InputError, match="no 2 number"):
        State.from_query("?s=1,two")


@pytest.mark.parametrize("place", range(len(FAMOUS)), ids=[one.name for one in FAMOUS])
def test_every_famous_function_is_drawn_and_descended(place):
    one = FAMOUS[place]
    low, high, bottom, top = one.domain
    assert low <= one.start[0] <= high
    assert bottom <= one.start[1] <= top
    state = State(one.formula, one.domain, one.start, ("gradient-descent", "newton"), one.rate)
    found = descents_of(state)
    assert not found.failed
    plain = found.results["gradient-descent"]
    assert plain.reason not in {st.Reason.DIVERGED, st.Reason.NOT_FINITE}
    assert plain.fun < plain.history.fun[0]
    picture = picture_of(state, 10, "light")
    assert [one["type"] for one in picture["data"][:2]] == ["heatmap", "contour"]
    # What the browser knows by this name alone.
    assert picture["data"][0]["colorscale"] == "Viridis"
    assert {trace.get("name") for trace in picture["data"]} >= {"gradient-descent", "newton"}


@pytest.mark.parametrize(
    ("state", "complaint"),
    [
        (State("x**2"), "functions of two variables"),
        (State("x*y*z"), "functions of two variables"),
        (State("x*" * 300 + "y"), "more than 400 characters"),
        (State("x*sinn(y)"), "Did you mean 'sin'"),
        (State("9**9**9**9*x*y"), "too large"),
        (State("+".join(["x*y"] * 90)), None),
        (State(methods=("adan",)), "Did you mean 'adam'"),
        (State(domain=(1, 0, 0, 1)), "a lower and a higher end"),
        (State(start=(float("nan"), 0)), "two finite numbers"),
        (State(rate=-1.0), "positive number"),
        (State(momentum=1.0), "below 1"),
        (State(steps=10**9), "1 to 5000"),
        (State(methods=("adam", "adam")), "named twice"),
        (State(view="map2"), "Did you mean 'map'"),
        (State(marks=("points", "arows")), "Did you mean 'arrows'"),
        (State(inside="adan"), "Did you mean 'adam'"),
        (State(room="cellar"), "no room 'cellar'"),
        (State(zoom=7), "0 to 6 powers of ten"),
        (State(domain=(-1e308, 1e308, 0, 1)), "a lower and a higher end"),
    ],
)
def test_what_cannot_be_shown_is_refused_or_quick(state, complaint):
    if complaint is None:
        assert isinstance(descents_of(state).results, dict)
        return
    with pytest.raises(st.InputError, match=complaint):
        descents_of(state)


def ends(result):
    return np.array(list(result.x.values())), result.history.x


def test_copied_python_goes_the_same_way_to_the_last_digit(capsys):
    names = {"results": []}
    code = as_python(STATE).replace("print(result.explain())", "results.append(result)")
    exec(compile(code, "copied", "exec"), names)  # noqa: S102 - our own code
    for copied, shown in zip(names["results"], descents_of(STATE).results.values(), strict=True):
        assert (copied.history.x == shown.history.x).all()


def test_copied_commands_end_at_the_same_digits():
    for line, shown in zip(
        as_command(STATE).splitlines(), descents_of(STATE).results.values(), strict=True
    ):
        program, *arguments = shlex.split(line)
        assert program == "steepest"
        ran = steepest_command(*arguments, "--json", "--quiet")
        assert f'"x": {{"x": {shown.x["x"]!r}, "y": {shown.x["y"]!r}}}' in ran.stdout


def test_the_copied_program_needs_nothing_of_ours(tmp_path):
    program = as_program(STATE)
    assert "steepest" not in re.sub(r"#.*|\"\"\".*?\"\"\"", "", program, flags=re.DOTALL)
    (tmp_path / "walk.py").write_text(program, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "walk.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    last = descents_of(STATE).results["gradient-descent"].last
    assert f"x = {last.x['x']!r}" in ran.stdout
    assert f"y = {last.x['y']!r}" in ran.stdout
    assert "no program of newton" in as_program(State(methods=("newton",)))


@pytest.fixture(scope="module")
def client():
    return create_app().server.test_client()


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "[::1]:8050"])
def test_the_page_answers_to_its_own_names(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "DENY"
    loaded = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert loaded
    assert all(one.startswith("/") for one in loaded)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8050"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "127.0.0.1:8050", "Origin": "http://evil.example"},
        {"Host": "127.0.0.1:8050", "Origin": "http://127.0.0.1:9999"},
        {"Host": "127.0.0.1:8050", "Origin": "null"},
    ],
)
def test_strangers_are_refused(client, headers):
    assert client.get("/", headers=headers).status_code == 403
    assert client.post("/_dash-update-component", json={}, headers=headers).status_code == 403


def test_large_requests_are_refused(client):
    answer = client.post(
        "/_dash-update-component", data=b"{" + b" " * 1_100_000, headers={"Host": "localhost"},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 413


def test_a_port_that_is_taken_is_said_in_one_line():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = steepest_command("lab", "--port", port, "--no-browser")
    assert ran.returncode == 2
    assert "name another --port" in ran.stderr


def test_an_address_that_cannot_be_had_is_never_announced():
    announced = []
    with pytest.raises(st.InputError, match=r"Nothing can listen at 300\.1\.1\.1:8050"):
        serve("300.1.1.1", 8050, lambda: announced.append(True))
    assert not announced

"""What the lab answers to many at once, and to what no page of ours would ask."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any

import pytest
from benchmarks.lab_page import Visitor, held_by
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from steepest.lab import create_app
from steepest.lab.famous import FAMOUS
from steepest.lab.limits import THREADS
from steepest.lab.state import MARKS, METHODS, VIEWS, State


@pytest.fixture(scope="module")
def visitor() -> Visitor:
    client = create_app().server.test_client()

    def send(path: str, posted: bytes | None) -> tuple[int, str]:
        answer = client.open(
            path,
            method="GET" if posted is None else "POST",
            data=posted,
            headers={"Host": "localhost"},
            content_type="application/json",
        )
        return answer.status_code, answer.text

    return Visitor(send)


def answer(visitor: Visitor, part: str, held: dict[str, Any]) -> Any:
    """Ask, and return what the parts of the page become."""
    status, text = visitor.ask(part, held)
    assert status in (200, 204), text
    if status == 204:
        return {}
    said = json.loads(text)
    return said["response"] | said.get("sideUpdate", {})


# Fifty at once.


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    from waitress import create_server

    server: Any = create_server(create_app().server, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    yield server.effective_port
    server.close()


def test_fifty_at_once_each_get_an_answer_of_their_own(port: int) -> None:
    def send(path: str, posted: bytes | None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json"}
        connection.request("GET" if posted is None else "POST", path, posted, headers)
        got = connection.getresponse()
        status, text = got.status, got.read().decode()
        connection.close()
        return status, text

    everybody = Visitor(send)
    together = threading.Barrier(50)
    answers: dict[int, Any] = {}

    def user(number: int) -> None:
        start = (0.1 + number / 50, 1.0)
        state = State(f"{number + 2}*x**2 + y**2", (-2, 2, -2, 2), start, rate=0.01, steps=5)
        together.wait()
        answers[number] = answer(everybody, "map.figure", held_by(state))

    threads = [threading.Thread(target=user, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    for number, parts in answers.items():
        address = State.from_query(parts["url"]["search"])
        assert address.formula == f"{number + 2}*x**2 + y**2"
        assert address.start == (0.1 + number / 50, 1.0)
        ring = parts["map"]["figure"]["data"][-1]
        assert ring["x"] == [0.1 + number / 50]
        assert f"gradient_x = {2 * (number + 2)}.0*x" in parts["source"]["children"]


# What would take too long, or too much.

HOSTILE = {
    "a tower": "**".join(["x"] * 66 + ["y"] * 66),
    "nested sines": "sin(" * 78 + "x*y" + ")" * 78,
    "more brackets than anybody reads": "(" * 190 + "x*y" + ")" * 190,
    "many terms": "+".join(["x*y"] * 99),
    "many factors": "*".join(["sin(x*y)"] * 44),
    "shared maxima": "max(x, y, " * 36 + "x" + ")" * 36,
    "many signs": "-" * 390 + "x*y",
    "towers of towers": "(x**y)" + "**(x*y)" * 40,
    "numbers without end": "x*y*" + "9" * 390,
    "ten thousand waves": "sin(99*x)*sin(99*y)",
    "too long": "x*y + " * 200 + "x",
    "markup": "<img src=x onerror=alert(1)>",
    "code": "__import__('os').system('id')*x*y",
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_formula_is_refused_or_answered(visitor: Visitor, name: str) -> None:
    state = State(HOSTILE[name], (-2, 2, -2, 2), (1.2, 1.3), METHODS, 0.1, steps=5000)
    parts = answer(visitor, "map.figure", held_by(state))
    complaint = parts["complaint"]["children"]
    assert ("figure" in parts.get("map", {})) == (complaint == "")
    answer(visitor, "searched-words.children", held_by(replace(state, marks=tuple(MARKS))))


def test_descents_share_the_time_of_a_request(
    monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    monkeypatch.setattr("steepest.lab.descents.TOGETHER_SECONDS", 0.0)
    state = State("x**2 + 7*y**2", (-2, 2, -2, 2), (1.2, 1.3), METHODS[:3], 0.1)
    parts = answer(visitor, "map.figure", held_by(state))
    cards = json.dumps(parts["verdicts"]["children"])
    assert cards.count("There was no time left for it") == 3


def test_a_search_that_is_stopped_is_told(
    monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    monkeypatch.setattr("steepest.lab.searches.SEARCH_SECONDS", 1e-9)
    state = State("sin(31*x)*sin(31*y)", marks=("points", "basins"))
    said = json.dumps(answer(visitor, "searched-words.children", held_by(state)))
    assert "Stopped at the limit of time" in said
    assert "The limit of time ended those that were still moving" in said


def test_the_picture_marks_what_was_searched_and_waits_for_nothing_else(visitor: Visitor) -> None:
    state = State(marks=("points", "basins"))
    held = held_by(state)
    alone = answer(visitor, "map.figure", held)
    found = answer(visitor, "searched-words.children", held)
    assert set(found["searched"]["data"]) == {"points", "basins"}
    marked = answer(visitor, "map.figure", held | {"searched.data": found["searched"]["data"]})
    kinds = [[one["type"] for one in parts["map"]["figure"]["data"]] for parts in (alone, marked)]
    assert kinds[0][:2] == ["heatmap", "contour"]
    assert kinds[1][:2] == ["heatmap", "heatmap"]


# Anything at all.

anything = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=30)
    | some.sampled_from(
        [*HOSTILE.values(), *METHODS, *VIEWS, *MARKS, "light", "fit", "guess", 1e308, -(10**400)]
    ),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(["seed", "places", "points", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)

sensible = some.builds(
    State,
    formula=some.sampled_from([*(one.formula for one in FAMOUS), *HOSTILE.values()])
    | some.text("xy+-*/()^.<>0123456789 sincoexplgr,", max_size=40),
    domain=some.tuples(*[some.floats()] * 4) | some.just((-2.0, 2.0, -2.0, 2.0)),
    start=some.tuples(*[some.floats()] * 2) | some.just((1.0, 1.5)),
    methods=some.lists(some.sampled_from(METHODS), max_size=3).map(tuple),
    rate=some.floats(1e-300, 1e300),
    momentum=some.floats(),
    steps=some.integers(-5, 300),
    view=some.sampled_from(list(VIEWS)),
    marks=some.lists(some.sampled_from(list(MARKS)), max_size=4).map(tuple),
    inside=some.sampled_from(METHODS),
    zoom=some.floats(),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(state=sensible, part=some.sampled_from(["map.figure", "searched-words", "strip-place"]))
def test_any_state_is_answered(visitor: Visitor, state: State, part: str) -> None:
    answer(visitor, part, held_by(state))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_anything_at_all_is_answered(visitor: Visitor, data: Any) -> None:
    callback = data.draw(some.sampled_from(visitor.callbacks))
    held = held_by(State()) | {"room.value": data.draw(some.sampled_from(["fit", "guess", "x"]))}
    held |= {"model.value": "y ~ a + b*x", "loss.value": "sse", "data.value": "x,y\n1,2\n2,3\n"}
    held |= {"game.data": {"seed": 1, "places": []}, "pointer.data": [1, 2], "code.value": "python"}
    names = [f"{one['id']}.{one['property']}" for one in callback["inputs"] + callback["state"]]
    for name in data.draw(some.lists(some.sampled_from(names), max_size=3)):
        held[name] = data.draw(anything)
    status, text = visitor.send(
        "/_dash-update-component", json.dumps(visitor.request(callback, held)).encode()
    )
    assert status in (200, 204) or (status == 400 and "again" in text), text


@settings(max_examples=100, deadline=None)
@given(text=some.text(max_size=200), content=some.binary(max_size=200))
def test_any_upload_is_data_or_refused(visitor: Visitor, text: str, content: bytes) -> None:
    for upload in (text, f"data:text/csv;base64,{b64encode(content).decode()}"):
        status, said = visitor.ask("data.value", {"upload.contents": upload})
        if status == 400:
            assert "did not arrive as a whole" in said
            continue
        taken = json.loads(said)["response"]
        held = held_by(State(room="fit")) | {"model.value": "y ~ a + b*x", "loss.value": "sse"}
        held |= {"data.value": taken["data"]["value"], "theme.data": "light"}
        answer(visitor, "curve-place", held)


# The page with the picture of its address.


def layout_for(address: str | None) -> str:
    client = create_app().server.test_client()
    headers = {"Host": "localhost"} | ({} if address is None else {"Referer": address})
    answered = client.get("/_dash-layout", headers=headers)
    assert answered.status_code == 200
    return answered.text


def held_in(layout: str) -> dict[str, Any]:
    """Return what the parts of a page hold, by id."""

    def walk(part: Any) -> None:
        match part:
            case list():
                for one in part:
                    walk(one)
            case {"props": {**props}}:
                found[props.get("id")] = props
                walk(props.get("children"))

    found: dict[str, Any] = {}
    walk(json.loads(layout))
    return found


def test_the_page_comes_with_the_picture_of_its_address() -> None:
    asked = layout_for("http://localhost/?f=x**2+y**2&d=-3,3,-3,3&m=newton")
    assert '"name":"newton"' in asked
    assert '"range":[-3.0,3.0]' in asked
    usual = layout_for("http://localhost/")
    assert '"name":"gradient-descent"' in usual


def test_the_page_comes_with_its_controls_and_with_all_that_is_said() -> None:
    held = held_in(layout_for("http://localhost/?f=x**2+y**2&d=-3,3,-3,3&m=newton&r=0.01"))
    assert held["formula"]["value"] == "x**2+y**2"
    assert (held["rate"]["value"], held["methods"]["value"]) == (-2, ["newton"])
    assert held["famous"]["value"] is None
    assert "f=x**2+y**2" in held["url"]["search"]
    assert held["shown-shown"]["children"] == "1 of 1"
    assert "newton" in json.dumps(held["verdicts"])
    assert held_in(layout_for("http://localhost/"))["famous"]["value"] == 0


def test_a_page_that_knows_its_address_alone_asks_for_what_belongs_to_it(visitor: Visitor) -> None:
    assert "value" not in held_in(layout_for(None))["formula"]
    query = {"url.search": "?f=x**2*y**2&m=adam"}
    _, filled = visitor.ask("formula.value@", {"formula.value": None, **query})
    assert "x**2*y**2" in filled
    status, kept = visitor.ask("formula.value@", {"formula.value": "x*y", **query})
    assert status in (200, 204)
    assert "x**2*y**2" not in kept


@pytest.mark.parametrize(
    "query", ["?f=sinn(x)*y", "?s=1,two", "?n=1e99", "]", "?f=%ff&d=nan,1,2,3"]
)
def test_an_address_that_makes_no_sense_has_a_page_all_the_same(query: str) -> None:
    assert '"id":"map"' in layout_for(f"http://localhost/{query}")
    assert '"id":"map"' in layout_for(f"http://[{query}")

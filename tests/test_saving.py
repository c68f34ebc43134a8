"""Results saved and read again, and files that are no results."""

from __future__ import annotations

import json
import math
import sys
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from objectives import AnalyticObjective, quadratic, rosenbrock, sine_product, square
from steepest.descent.descend import descend
from steepest.descent.methods import Momentum
from steepest.descent.saving import load, save
from steepest.errors import InputError


@pytest.fixture
def functions(monkeypatch):
    """Let formulas and callables be made into the objectives of these tests."""
    room = types.ModuleType("steepest.functions")
    room.objective = lambda function, start: sine_product(list(start.values()))
    monkeypatch.setitem(sys.modules, "steepest.functions", room)


def same(one, other):
    """Return whether two values are equal to the last digit, NaN included."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return np.array_equal(one, other, equal_nan=True)


RUNS = {
    "scalars": lambda: descend(sine_product(), learning_rate=0.1, stop="no-descent"),
    "diverged": lambda: descend(quadratic([2.0, 2.0], [3.0, 6.0]), learning_rate=1.1),
    "thin": lambda: descend(rosenbrock(), Momentum(), history=False, seed=3),
    "not finite": lambda: descend(
        AnalyticObjective(
            lambda x: 10 * x[0] - np.log(x[0]), lambda x: 10 - 1 / x, lambda x: [[1.0]], [1.0]
        ),
        learning_rate=0.2,
    ),
    "interrupted at the start": lambda: descend(rosenbrock(), callback=lambda step: True),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_a_result_comes_back_to_the_last_digit(run, tmp_path, functions):
    result = run()
    path = tmp_path / "run.json"
    result.save(path)
    again = load(path)
    for name in set(result.keys()) - {"history", "last"}:
        assert (
            same(again[name], result[name])
            if name in {"x", "jac", "start", "fun"}
            else (again[name] == result[name])
        ), name
    assert same(again.last.x, result.last.x)
    assert same(again.last.fun, result.last.fun)
    for name, column in result.history.columns().items():
        np.testing.assert_array_equal(again.history.columns()[name], column)
    np.testing.assert_array_equal(again.history.gradient, result.history.gradient)
    assert again.stationarity == result.stationarity
    assert again.suggested_rate == result.suggested_rate
    assert again.as_asked == result.as_asked
    assert again.explain() == result.explain()


def test_a_loaded_result_can_be_saved_again(tmp_path, functions):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    RUNS["scalars"]().save(first)
    load(first).save(second)
    assert second.read_text() == first.read_text()


def test_a_formula_gives_its_function_back(tmp_path, functions):
    path = tmp_path / "run.json"
    RUNS["scalars"]().save(path)
    assert json.loads(path.read_text())["function"] == {"formula": "sin(x)*sin(y)"}
    assert load(path).objective.value(np.array([math.pi / 2, math.pi / 2])) == 1.0


def bowl(x):
    return float(x @ x)


def other(x):
    return float(x @ x) + 1


def test_a_callable_is_saved_by_name_and_source(tmp_path, monkeypatch):
    room = types.ModuleType("steepest.functions")
    room.objective = lambda function, start: square(3.0)
    monkeypatch.setitem(sys.modules, "steepest.functions", room)
    path = tmp_path / "run.json"
    descend(square(3.0), function=bowl).save(path)
    saved = json.loads(path.read_text())["function"]
    assert saved["callable"].endswith(":bowl")
    assert load(path).objective is None
    assert load(path).verdict.kind == "minimum"
    assert load(path, function=bowl).objective is not None
    with pytest.raises(InputError, match=r":other is not the function that was minimised"):
        load(path, function=other)


def test_the_file_is_strict_json(tmp_path):
    path = tmp_path / "run.json"
    RUNS["not finite"]().save(path)

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    json.loads(path.read_text(), parse_constant=refuse)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a saved run"),
        (b"\xff\xfe\x00", "not a saved run"),
        (b"x,y\n1,2\n", "not a saved run"),
        (b"[1, 2]", "not a saved run"),
        (b'{"x": 1}', "not a saved run"),
        (b"[" * 100_000, "not a saved run"),
        (b"9" * 10_000, "not a saved run"),
        (b'{"format": "steepest-run", "version": 99}', "update steepest"),
        (b'{"format": "steepest-run", "version": 1}', "'names' must be a list of texts"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path, content, complaint):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"missing\.json.*No such file"):
        load(tmp_path / "missing.json")


@pytest.fixture(scope="module")
def saved_text(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "run.json"
    descend(rosenbrock(), learning_rate=1e-3, max_steps=3).save(path)
    return path.read_text()


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 0.999))
def test_a_truncated_file_is_refused(saved_text, tmp_path_factory, share):
    path = tmp_path_factory.mktemp("cut") / "run.json"
    path.write_text(saved_text[: int(share * (len(saved_text) - 2))])
    with pytest.raises(InputError, match="not a saved run"):
        load(path)


def places(value, path=()):
    """Yield the path of every value in nested data."""
    yield path
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from places(part, (*path, key))


JUNK = [None, True, -1, 1e400, 10**400, "text", [], {}, [None], {"array": [1], "shape": [-1, "x"]},
        {"mapping": 3}, [[1, 2], 3]]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_an_edited_file_is_read_or_refused_and_never_trips(saved_text, tmp_path_factory, data):
    content = json.loads(saved_text)
    *parents, last = data.draw(st.sampled_from([place for place in places(content) if place]))
    owner = content
    for key in parents:
        owner = owner[key]
    if data.draw(st.booleans()):
        owner[last] = data.draw(st.sampled_from(JUNK))
    else:
        del owner[last]
    path = tmp_path_factory.mktemp("edited") / "run.json"
    path.write_text(json.dumps(content))
    try:
        result = load(path)
    except InputError:
        return
    assert result.explain()
    save(result, path)

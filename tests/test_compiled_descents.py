"""Descents of first-order methods, compiled: the rows of Python, to the last bit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import steepest as st
from families import FIRST_ORDER
from processes import python
from steepest.descent import running
from steepest.descent.stopping import Check, Reason, Stop
from steepest.errors import InputError, MissingPackageError
from steepest.program.native import compiling, engine

VALLEY = "(1 - x)**2 + 100*(y - x**2)**2"
POWERS = "x**4/y**5 + exp(x*y) + abs(x - y)**1.5 + tanh(y)*log(1 + x**2) + y**2 + max(x, 0)"
BUMPS = "sin(x)*sin(y)"


def both(function: Any, start: Any, **options: Any) -> tuple[st.Result, st.Result]:
    return (
        st.minimize(function, start, engine="python", **options),
        st.minimize(function, start, engine="native", **options),
    )


def assert_same(stepped: st.Result, compiled: st.Result) -> None:
    assert stepped.options["engine"] == "python"
    assert compiled.options["engine"] == "native"
    for column in ("step", "x", "fun", "gradient", "rate", "accepted", "evaluations"):
        ours, theirs = (getattr(run.history, column) for run in (compiled, stepped))
        np.testing.assert_array_equal(ours, theirs, err_msg=column)
    assert (compiled.reason, compiled.message) == (stepped.reason, stepped.message)
    assert (compiled.fun, compiled.nit, compiled.nfev) == (stepped.fun, stepped.nit, stepped.nfev)
    assert compiled.notices == stepped.notices
    assert compiled.program == stepped.program


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> engine.Loops:
    """A process that has compiled nothing yet."""
    made = engine.Loops()
    monkeypatch.setattr(engine, "LOOPS", made)
    return made


@pytest.mark.parametrize("method", FIRST_ORDER)
def test_every_method_takes_the_same_steps_compiled(method: str) -> None:
    assert_same(*both(POWERS, (1.0, 2.0), method=method, learning_rate=0.001, max_steps=300))


@pytest.mark.parametrize("function", [VALLEY, BUMPS, "x**4 - 2*x*y + cosh(y) + (x + y)**-2"])
def test_every_function_does(function: str) -> None:
    assert_same(*both(function, (-1.2, 1.0), method="momentum", learning_rate=1e-3))


def small(x: Any) -> Any:
    return np.sum((x[1:] - x[:-1] ** 2) ** 2) + np.sum(np.arange(6) * np.cos(x)) + x @ x


def test_arrays_of_few_elements_do() -> None:
    start = np.linspace(-1, 1, 6)
    assert_same(*both(small, start, method="adam", learning_rate=0.01, max_steps=400))


@pytest.mark.parametrize(
    "rate",
    [
        st.schedules.cosine(0.1, 200),
        st.schedules.step_decay(0.1, 30),
        st.schedules.exponential(0.1, 0.99),
        lambda step: 0.1 / (1 + step // 7) + 0.001 * (step % 3),
    ],
)
def test_every_schedule_does(rate: Any) -> None:
    assert_same(*both(BUMPS, (1.66, 3.37), method="adam", learning_rate=rate, max_steps=250))


@pytest.mark.parametrize(
    "options",
    [
        {"stop": "no-descent"},
        {"stop": "max-steps", "max_steps": 9},
        {"stop": st.stopping.Value(-0.9)},
        {"stop": st.stopping.Gradient(1e-3) | st.stopping.MaxSteps(50)},
        {"max_steps": 7},
        {"max_evaluations": 20},
        {"tol": 1e-13},
    ],
)
def test_every_stop_rule_and_limit_does(options: dict[str, Any]) -> None:
    options = {"method": "gradient-descent", "learning_rate": 0.1, **options}
    assert_same(*both(BUMPS, (1.66, 3.37), **options))


def test_many_slices_make_one_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LARGEST_TABLE", 5 * 37)
    assert_same(*both(VALLEY, (-1.2, 1.0), method="adam", learning_rate=0.01, max_steps=3000))


def test_a_start_in_the_minimum_ends_there() -> None:
    assert_same(*both("x**2 + y**2", (0.0, 0.0), method="gradient-descent", learning_rate=0.1))


@pytest.mark.parametrize(
    ("function", "start", "rate"),
    [
        ("x**4 + y**2", (3.0, 1.0), 0.5),
        ("exp(x**2)", (3.0,), 1.0),
        ("-x**2", (1.0,), 0.9),
        ("log(x) + 1/x", (5.0,), 40.0),
        ("1/(1 + exp(-x)) + x", (800.0,), 10.0),
    ],
)
def test_what_leaves_the_finite_numbers_ends_as_by_python(
    function: str, start: tuple[float, ...], rate: float
) -> None:
    with np.errstate(all="ignore"):
        stepped, compiled = both(
            function, start, method="gradient-descent", learning_rate=rate, max_steps=400
        )
    assert compiled.reason is stepped.reason
    assert compiled.nit == stepped.nit
    assert compiled.message == stepped.message
    np.testing.assert_allclose(compiled.history.x, stepped.history.x, rtol=1e-9)


ADAM: dict[str, Any] = {"method": "adam", "learning_rate": 0.01, "max_steps": 700}


def test_a_callback_sees_every_row_in_order_and_can_end_it() -> None:
    seen: list[st.Step] = []

    def look(step: st.Step) -> bool:
        seen.append(step)
        return step.step == 500

    result = st.minimize(VALLEY, (-1.2, 1.0), engine="native", callback=look, **ADAM)
    assert result.options["engine"] == "native"
    assert (result.reason, result.nit) == (Reason.CALLBACK, 500)
    assert [step.step for step in seen] == list(range(501))
    np.testing.assert_array_equal([step.x for step in seen], result.history.x)


def test_a_callback_sees_no_row_twice_where_python_begins_anew() -> None:
    seen: list[int] = []
    with np.errstate(all="ignore"):
        result = st.minimize(
            "exp(x) - 1000*x",
            (1.0,),
            method="gradient-descent",
            learning_rate=st.schedules.step_decay(1e-5, factor=1e7, every=300),
            max_steps=1000,
            engine="native",
            callback=lambda step: seen.append(step.step),
        )
    assert result.reason in {Reason.DIVERGED, Reason.NOT_FINITE}
    assert seen == list(range(result.nit + 1))


def test_ctrl_c_keeps_the_rows_that_were_shown() -> None:
    def look(step: st.Step) -> None:
        if step.step == 300:
            raise KeyboardInterrupt

    result = st.minimize(VALLEY, (-1.2, 1.0), engine="native", callback=look, **ADAM)
    assert (result.reason, result.nit) == (Reason.INTERRUPTED, 300)
    assert len(result.history) == 301


def test_the_time_that_is_allowed_ends_it() -> None:
    options = ADAM | {"max_steps": 10**9, "tol": 1e-300}
    result = st.minimize("x**4 + 1", 1.0, engine="native", max_seconds=0.05, **options)
    assert result.reason is Reason.MAX_SECONDS
    assert result.options["engine"] == "native"


@pytest.mark.parametrize(
    ("function", "options", "why"),
    [
        (lambda x: x**2 if x > -5 else x, {}, "decides on values"),
        ("x**2", {"bounds": [(-2, 2)]}, "know no bounds"),
        ("x**2", {"history": False}, "keeps its rows"),
        ("digamma(x) + x**2", {}, "Numba cannot compile it"),
        ("x**2", {"method": "bfgs", "learning_rate": None}, "the method is 'bfgs'"),
    ],
)
def test_what_is_not_compiled_is_done_by_python_aloud(
    function: Any, options: dict[str, Any], why: str
) -> None:
    stepped, asked = both(function, 1.0, **(ADAM | options))
    assert any("by Python, not by compiled code" in notice for notice in asked.notices)
    assert any(why in notice for notice in asked.notices)
    assert asked.options["engine"] == "python"
    np.testing.assert_array_equal(asked.history.x, stepped.history.x)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set what compiling counts as costing, and count every moment of Python's."""
    monkeypatch.setattr(running, "COUNTED", 0.0)

    def cost(compiling: float) -> None:
        monkeypatch.setattr(engine, "LOOP_SECONDS", compiling)
        monkeypatch.setattr(engine, "LOAD_SECONDS", 0.0)

    return cost


def test_auto_compiles_what_has_cost_python_as_much(
    seconds: Callable[[float], None], loops: engine.Loops
) -> None:
    function = "cos(x)*sin(y) + 0.125*x**2"
    stepped = st.minimize(function, (1.0, 2.0), engine="python", **ADAM)
    seconds(1e9)
    first = st.minimize(function, (1.0, 2.0), **ADAM)
    assert first.options["engine"] == "python"
    assert loops.is_empty
    seconds(0.0)
    for _ in range(2):
        assert_same(stepped, st.minimize(function, (1.0, 2.0), **ADAM))


def test_auto_uses_at_once_what_is_compiled() -> None:
    function = "cos(x)*sin(y) + 0.375*x**2"
    compiled = st.minimize(function, (1.0, 2.0), engine="native", **ADAM)
    again = st.minimize(function, (2.0, 1.0), **ADAM)
    assert compiled.options["engine"] == again.options["engine"] == "native"
    assert again.fun == st.minimize(function, (2.0, 1.0), engine="python", **ADAM).fun


def test_auto_takes_nothing_that_differs_in_the_last_bit(
    seconds: Callable[[float], None], loops: engine.Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds(0.0)
    make = engine.compiled_descent

    def changed(source: str) -> Any:
        return make(source.replace("0.625", "0.6250000000000001"))

    monkeypatch.setattr(engine, "compiled_descent", changed)
    function = "cos(x)*sin(y) + 0.625*x**2"
    stepped = st.minimize(function, (1.0, 2.0), engine="python", **ADAM)
    result = st.minimize(function, (1.0, 2.0), **ADAM)
    assert result.options["engine"] == "python"
    np.testing.assert_array_equal(result.history.x, stepped.history.x)


def test_small_work_is_left_to_python_and_numba_unloaded() -> None:
    code = (
        "import sys, steepest as st\n"
        "r = st.minimize('x**2', 1.0, learning_rate=0.1)\n"
        "print(r.options['engine'], 'numba' in sys.modules)\n"
        "print('steepest.program.native.engine' in sys.modules)"
    )
    assert python("-c", code).stdout == "python False\nFalse\n"


def test_without_numba_native_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "is_installed", lambda: False)
    with pytest.raises(MissingPackageError, match=r"pip install 'steepest\[native\]'"):
        st.minimize("x**2", 1.0, learning_rate=0.1, engine="native")
    with pytest.raises(MissingPackageError, match=r"pip install 'steepest\[native\]'"):
        st.prepare("x**2", 1.0, learning_rate=0.1, engine="native")


@pytest.mark.parametrize("way", ["python", "native", "auto"])
@pytest.mark.parametrize("method", ["gradient-descent", "adam"])
def test_a_prepared_descent_goes_where_minimize_goes(way: str, method: str) -> None:
    options: dict[str, Any] = {"learning_rate": 0.05, "stop": "no-descent"}
    descend = st.prepare(BUMPS, (0.0, 0.0), method=method, engine=way, **options)
    for start in [(1.66, 3.37), [1.0, 2.0], np.array([2.0, 4.0]), (1, 2)]:
        path = descend(start)
        result = st.minimize(BUMPS, start, method=method, **options)
        for column in ("x", "fun", "gradient"):
            ours, theirs = getattr(path, column), getattr(result.history, column)
            np.testing.assert_array_equal(ours, theirs, err_msg=column)
        assert path.reason is result.reason
        assert len(path) == result.nit + 1
    assert "def descend(x, y, max_steps):" in descend.program


def test_a_prepared_descent_takes_its_start_as_minimize_does() -> None:
    options: dict[str, Any] = {"learning_rate": 0.1, "max_steps": 20}
    named = st.prepare("a**2 + b**2", {"a": 0.0, "b": 0.0}, **options)
    np.testing.assert_array_equal(named({"b": 2.0, "a": 1.0}).x[0], [1.0, 2.0])
    array = st.prepare(lambda x: np.sum(x**2), np.zeros(3), **options)
    assert array(np.arange(3.0)).x.shape == (21, 3)
    alone = st.prepare("x**2", 0.0, **options)
    assert alone(3.0).x.shape == (21, 1)
    with pytest.raises(InputError, match="has 2 numbers, and this descent was prepared for 3"):
        array([1.0, 2.0])
    with pytest.raises(InputError, match="2 numbers and the function has 1 variable"):
        alone([1.0, 2.0])


def test_a_prepared_descent_says_where_it_left_the_numbers() -> None:
    descend = st.prepare("x**2", 0.0, learning_rate=3.0)
    assert descend(1.0).reason is Reason.DIVERGED
    assert st.prepare("-x**2", 0.0, learning_rate=0.1)(1.0).reason is Reason.UNBOUNDED
    for way in ("python", "native"):
        log = st.prepare("log(x)", 1.0, learning_rate=1.0, engine=way)
        path = log(0.5)
        assert path.reason is Reason.NOT_FINITE
        assert path.x[0] == 0.5
        assert math.isfinite(path.fun[0])


class Own(Stop):
    """A rule of the user's own."""

    def begin(self, value: float, gradient: Any) -> Check:
        return lambda step, value, gradient: None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"method": "l-bfgs"}, "first-order methods only"),
        ({"stop": Own()}, "is not written as source"),
        ({"x0": np.zeros(100), "fun": lambda x: np.sum(x**2)}, "100 variables"),
        ({"fun": lambda x: x**2 if x > 0 else x}, "decides on values"),
        ({"learning_rate": None}, "a learning rate only"),
        ({"engine": "nativ"}, "Did you mean 'native'"),
        ({"fun": "digamma(x) + x", "engine": "native"}, "cannot be had"),
    ],
)
def test_what_cannot_be_prepared_is_refused(options: dict[str, Any], why: str) -> None:
    options = {"fun": "x**2", "x0": 1.0, "learning_rate": 0.1, **options}
    with pytest.raises(InputError, match=why):
        st.prepare(options.pop("fun"), options.pop("x0"), **options)

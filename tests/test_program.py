"""Generated programs: they run alone, compute the same, and call things by their names."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from scipy import special as scipy_special

import steepest as st
from steepest.expression.node import variable
from steepest.expression.operations.reductions import total
from steepest.program.emission import Emitter
from steepest.program.naming import identifier
from steepest.program.spelling import Arrays

ALL_CALLS = "exp(a*b) + abs(b)**1.5 + max(a, b) + gammaln(a**2 + 2) + sign(a)*round(b) + sqrt(b)"


def alone(source: str) -> dict[str, Any]:
    """Execute nothing but the source, as a script would."""
    names: dict[str, Any] = {"__name__": "alone"}
    exec(source, names)  # noqa: S102 - the program under test
    return names


def printed(program: str) -> list[list[str]]:
    """Run a program as a script and return what it prints: pairs of name and number."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        exec(program, {"__name__": "__main__"})  # noqa: S102 - the program under test
    return [line.split(" = ") for line in text.getvalue().splitlines()]


def signature(source: str, function: str) -> list[str]:
    """Return the names of a generated function's parameters."""
    line = next(line for line in source.splitlines() if line.startswith(f"def {function}("))
    return line.split("(")[1].split(")")[0].split(", ")


def ripple(x: Any) -> Any:
    return np.sum(np.sin(x[1:] * x[:-1])) + np.sum(x**2) / 3


SOURCES: dict[str, tuple[Any, Any]] = {
    "formula": ("x**3 - 4*x - y**2 + exp(sin(x*y))", [1.8, -1.0]),
    "one variable": ("log(1 + x**2)*cos(x)", 0.7),
    "every call": (ALL_CALLS, [0.7, 1.3]),
    "polygamma": ("digamma(x) + polygamma(2, x)", 1.3),
    "separate numbers": (lambda x, y: np.hypot(x, y) * x, [0.4, -2.0]),
    "short array": (ripple, np.array([0.2, -0.4, 1.5])),
    "long array": (ripple, np.linspace(-1.0, 2.0, 300)),
    "matrix": (lambda x: np.sum(x @ x), np.array([[1.0, 2.0], [0.5, -1.0]])),
    "mapping": (lambda p: p["a"] * np.sum(p["b"] ** 2), {"a": 2.0, "b": np.array([1.0, 3.0])}),
}


@pytest.mark.parametrize("case", SOURCES)
def test_source_runs_alone_and_computes_the_same_to_the_last_digit(case: str) -> None:
    fun, point = SOURCES[case]
    f = st.function(fun)
    value, gradient = f.value_and_gradient(point)
    function = alone(f.source)["value_and_gradient"]
    parts = list(point.values()) if isinstance(point, dict) else [point]
    if len(f.variables) > 1:
        parts = list(point)
    if not any("np." in line for line in f.source.splitlines()):
        parts = [np.ravel(part).tolist() if np.ndim(part) else part for part in parts]
    found, slopes = function(*parts)
    assert found == value
    expected = gradient.values() if isinstance(gradient, dict) else [gradient]
    flat = np.concatenate([np.ravel(part) for part in expected])
    assert np.concatenate([np.ravel(part) for part in slopes]).tolist() == flat.tolist()
    assert f.compiled(*parts)[0] == found


# Names. A parameter of a Python function may be called like anything, and so may the key
# of a mapping; a formula's variables, like anything that is no word of formulas.

CALLED = "exp max abs pow float round sum min int bool polygamma np special sqrt".split()
USED_BY_THE_LOOP = (
    "step steps value rate start scale goal size max_steps descend enumerate print _ idle"
).split()
HARMLESS = (
    "gamma lambda_ len math gradient x _1 t1 data list type gradient_x hessian_x_x vector_x "
    "x_squared exp_ e1 state mean squares tau dist α __name__ value_and_gradient"
).split()


def same_but_for_names(name: str) -> Any:
    """Return a function with a parameter of that name which calls whatever has a spelling."""
    body = "f(first, second)".replace("first", name)
    names: dict[str, Any] = {"f": everything}
    exec(f"def made({name}, second): return {body}", names)  # noqa: S102 - our own text
    return names["made"]


def everything(a: Any, b: Any) -> Any:
    bent = np.exp(a * b) + np.abs(b) ** 1.5 + np.maximum(a, b) + np.sign(a) * np.round(b)
    return bent + scipy_special.gammaln(a**2 + 2) + np.sqrt(b) + np.cos(a) ** 2


@pytest.mark.parametrize("name", [*CALLED, *USED_BY_THE_LOOP, *HARMLESS])
def test_a_parameter_may_have_any_name(name: str) -> None:
    named, plain = st.function(same_but_for_names(name)), st.function(everything)
    point, vector = [0.3, 0.7], [1.0, -2.0]
    assert named.differentiation == "graph"
    assert named(point) == plain(point)
    assert named.gradient(point).tolist() == plain.gradient(point).tolist()
    assert named.hessian(point).tolist() == plain.hessian(point).tolist()
    found = named.hessian_vector(point, vector)
    assert found.tolist() == plain.hessian_vector(point, vector).tolist()
    assert alone(named.source)["value_and_gradient"](*point)[0] == plain(point)


OPTIONS: dict[str, Any] = {
    "method": "adam",
    "learning_rate": st.schedules.cosine(0.1, steps=20),
    "max_steps": 5,
    "stop": "max-steps",
}


@pytest.mark.parametrize("name", [*CALLED, *USED_BY_THE_LOOP, *HARMLESS, "cos", "pi"])
def test_a_program_of_a_descent_takes_any_name(name: str) -> None:
    named = st.minimize(same_but_for_names(name), {name: 0.3, "second": 0.7}, **OPTIONS)
    plain = st.minimize(everything, [0.3, 0.7], **OPTIONS)
    assert named.program is not None
    assert named.history.x.tolist() == plain.history.x.tolist()
    end = [repr(number) for number in named.history.x[-1].tolist()]
    assert printed(named.program)[:2] == [[name, end[0]], ["second", end[1]]]


@pytest.mark.parametrize("name", ["gamma", "sum", "len", "np", "list", "math", "lambda_"])
@pytest.mark.parametrize("text", ["{0}**2 + 1", "exp({0}) + {0}**2"])
def test_a_name_that_nothing_else_needs_is_kept(name: str, text: str) -> None:
    f = st.function(text.format(name))
    result = st.minimize(f, 0.5, method="gradient-descent", learning_rate=0.1, max_steps=3)
    assert signature(f.source, "value_and_gradient") == [name]
    assert signature(result.program, "descend") == [name, "max_steps"]


@pytest.mark.parametrize("fun", [lambda exp: np.exp(exp), lambda exp: np.sum(np.exp(exp))])
def test_a_name_that_the_program_calls_is_numbered(fun: Any) -> None:
    f = st.function(fun)
    assert f.gradient(0.0) == 1.0
    assert signature(f.source, "value_and_gradient") == ["exp_2"]


KEYS = [*"class 2x x.y x-y x² ﬁ 'q' {start} None".split(), "", "a b", '"', '"""', "\\"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "start", [0.5, np.array([0.5, 0.6]), np.full(60, 0.5)], ids=lambda start: str(np.size(start))
)
def test_a_key_of_a_mapping_may_be_any_text(key: str, start: Any) -> None:
    def bowl(p: Any) -> Any:
        return np.sum((p[key] - 1) ** 2 + np.exp(p[key])) + p["z"] ** 2

    result = st.minimize(bowl, {key: start, "z": 2.0}, **OPTIONS)
    plain = st.minimize(
        lambda p: np.sum((p["k"] - 1) ** 2 + np.exp(p["k"])) + p["z"] ** 2,
        {"k": start, "z": 2.0},
        **OPTIONS,
    )
    assert result.history.x.tolist() == plain.history.x.tolist()
    assert set(result.x) == {key, "z"}
    assert result.program is not None
    assert [name for name, _ in printed(result.program)] == [key, "z", "value", "steps"]


def test_a_key_of_a_mapping_is_never_run() -> None:
    key = 'x): raise SystemExit("run")\n#'
    result = st.minimize(lambda p: p[key] ** 2, {key: 0.5}, max_steps=3)
    assert set(result.x) == {key}


@pytest.mark.parametrize("key", [1, ("a", 1), None])
def test_a_key_that_is_no_text_is_named(key: Any) -> None:
    with pytest.raises(st.InputError, match="names are texts"):
        st.minimize(lambda p: p[key] ** 2, {key: 0.5})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x", "x"), ("a b", "a_b"), ("2x", "_2x"), ("", "_"), ("ﬁ", "fi"), ("x²", "x2"), ("€", "_")],
)
def test_identifiers(text: str, expected: str) -> None:
    assert identifier(text) == expected


def test_an_element_and_another_variable_may_share_a_name() -> None:
    def bowl(p: Any) -> Any:
        return (p["x"][0] - 1) ** 2 + 3 * (p["x"][1] - 2) ** 2 + (p["x_0"] - 5) ** 2

    result = st.minimize(bowl, {"x": np.zeros(2), "x_0": 0.0}, learning_rate=0.1)
    assert result.x["x"] == pytest.approx([1, 2], abs=1e-5)
    assert result.x["x_0"] == pytest.approx(5, abs=1e-5)


def test_a_vector_and_a_variable_may_share_a_name() -> None:
    f = st.function(lambda x, vector_x: x**2 * vector_x + vector_x**3)
    assert f.hessian_vector([1.0, 2.0], [1.0, 1.0]).tolist() == [6.0, 14.0]


@pytest.mark.parametrize(
    "array",
    [
        np.array([np.inf, 1.0]),
        np.array([-np.inf, np.nan, 0.5]),
        np.full(5, np.inf),
        np.full((2, 3), -np.inf),
        np.zeros(4),
        np.full(3, -0.0),
        np.arange(3),
        np.array([[True], [False]]),
        np.full(3, 2.5),
    ],
    ids=str,
)
def test_arrays_are_written_out_as_they_are(array: Any) -> None:
    source = Arrays().array(array)
    assert source is not None
    found = eval(source, {"np": np, "float": float})  # noqa: S307 - our own text
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert np.array_equal(found, array, equal_nan=array.dtype.kind == "f")
    assert np.array_equal(np.signbit(found), np.signbit(array))


def test_what_is_used_twice_is_computed_once() -> None:
    x = variable("x", (3,))
    shared = total(x * x)
    emitter = Emitter(Arrays(), {x: "x"}, [shared * shared + shared])
    emitter.source(shared * shared + shared)
    assert sum("np.sum" in line for line in emitter.lines) == 1
    assert len(emitter.lines) == 1

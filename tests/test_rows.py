"""Sums over rows by compiled loops: Python's numbers, with any number of threads, or a reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest as st
from processes import python
from steepest.errors import InputError, MissingPackageError
from steepest.fitting import native
from steepest.fitting.native import RowsFunction
from steepest.functions import objective as objective_of
from steepest.objective import Vector
from steepest.program.native import chunks, compiling, engine, passes
from steepest.program.native.cache import DIRECTORY
from steepest.program.native.chunks import CHUNK, shared, summed
from steepest.program.native.module import NativeError
from steepest.program.native.row_sums import RowSums
from steepest.program.native.width import ATTRIBUTE

ROWS = 2 * CHUNK + 1234
RANDOM = np.random.default_rng(3)
X = RANDOM.uniform(0.1, 4, ROWS)
Z = RANDOM.normal(size=ROWS)
Y = 2.5 * np.exp(-1.3 * X) + 0.5 + 0.1 * Z
W = RANDOM.uniform(0.5, 2, ROWS)
BINARY = (Z + X > 2).astype(float)


def decay(a: Any, b: Any, c: Any) -> Any:
    return a * np.exp(-b * X) + c


def waves(a: Any, b: Any, c: Any, d: Any) -> Any:
    return a * np.sin(b * X + c) * np.exp(-d * X)


CASES: dict[str, tuple[Callable[..., Any], list[float]]] = {
    "mean of squares": (lambda a, b, c: np.mean((decay(a, b, c) - Y) ** 2), [1.0, 1.0, 1.0]),
    "damped waves": (
        lambda a, b, c, d: np.mean((waves(a, b, c, d) - Y) ** 2),
        [1.0, 2.0, 1.0, 0.1],
    ),
    "root": (lambda a, b, c: np.sqrt(np.mean((decay(a, b, c) - Y) ** 2)), [1.0, 1.0, 1.0]),
    "weights": (
        lambda a, b: np.sum(W * (a + b * X - Y) ** 2) / np.sum(W) + 0.1 * a**2,
        [1.0, -1.0],
    ),
    "logistic": (
        lambda a, b: np.mean(np.logaddexp(0.0, a + b * X) - BINARY * (a + b * X)),
        [0.3, -0.2],
    ),
    "counts": (lambda a, b: np.mean(np.exp(a + b * X) - BINARY * (a + b * X)), [0.3, -0.2]),
    "two sums": (lambda a, b: np.sum((a * X - Y) ** 2) * np.log(np.sum(np.exp(b * Z))), [1.0, 0.5]),
    "choices": (
        lambda a, b: np.sum(np.where(np.abs(a * X - Y) < b, (a * X - Y) ** 2, b * X)),
        [0.7, 0.9],
    ),
    "kinks": (lambda a, b: np.sum(np.maximum(a * X, b) + np.minimum(Z, a) + np.abs(b - Z)), [1, 2]),
    "functions": (
        lambda a, b: np.sum(
            np.tanh(a * X) + np.log(b + X) + np.log1p(a * X) + np.expm1(b * Z) + np.cos(a * Z)
        ),
        [0.3, 0.4],
    ),
    "library": (
        lambda a, b: np.sum(
            np.arctan(a * Z) + np.sinh(b * Z) + X**a + (b * X) ** 5 + np.sqrt(X + b)
        ),
        [0.3, 0.4],
    ),
    "product of columns": (lambda a, b: (a * X - Y) @ (b * X - Y), [0.3, 0.4]),
}


def followed(function: Callable[..., Any], start: Any) -> tuple[Any, Any]:
    """Return a function, and its graph."""
    found = objective_of(function, start)
    return found, found.branches.at(found.parts(found.start)).arrays


def sums_of(function: Callable[..., Any], start: Any, order: int = 1) -> RowSums:
    return RowSums(followed(function, start)[1], lambda node: None, order)


@pytest.mark.parametrize("case", CASES)
def test_value_and_derivatives_are_those_of_python(case: str) -> None:
    function, start = CASES[case]
    expected, graph = followed(function, start)
    x = np.array(start, dtype=float)
    sums = RowSums(graph, lambda node: None, order=2)
    value, gradient, curvature = sums.run(engine.ROW_LOOPS.compiled(sums.source), x)
    known, slope = expected.value_and_gradient(x)
    assert value == pytest.approx(known, rel=1e-13)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-13 * np.abs(slope).max())
    bends = expected.hessian(x)
    np.testing.assert_allclose(curvature, bends, rtol=1e-11, atol=1e-12 * np.abs(bends).max())


@pytest.mark.parametrize("case", ["damped waves", "two sums"])
def test_any_number_of_threads_gives_the_same_digits(case: str) -> None:
    sums = sums_of(*CASES[case])
    loop, x = engine.ROW_LOOPS.compiled(sums.source), np.array(CASES[case][1])
    alone = sums.run(loop, x, threads=1)
    for threads in (2, 3, 8):
        found = sums.run(loop, x, threads=threads)
        assert found[0] == alone[0]
        np.testing.assert_array_equal(found[1], alone[1])


def test_the_sum_of_a_chunk_is_that_of_its_rows_to_thirteen_digits() -> None:
    function, start = CASES["damped waves"]
    sums = sums_of(function, start)
    loop, x = engine.ROW_LOOPS.compiled(sums.source), np.array(start)
    found = np.empty((3, sums.source.results))
    numbers = np.array(x)
    numbers.setflags(write=False)
    loop(numbers, *sums.rows.columns, ROWS, 1, 2, found)
    part = slice(CHUNK, 2 * CHUNK)
    wave, damping = b_x(x, part), np.exp(-x[3] * X[part])
    errors = x[0] * np.sin(wave) * damping - Y[part]
    by_a = 2 * errors * np.sin(wave) * damping
    by_d = -2 * errors * x[0] * np.sin(wave) * damping * X[part]
    for place, rows in {(): errors**2, (0,): by_a, (3,): by_d}.items():
        (number,) = [k for k, one in enumerate(sums.places) if one.variables == place]
        exact = float(np.sum(rows.astype(np.longdouble)))
        assert abs(found[1, number] - exact) <= 1e-13 * np.abs(rows).sum()


def test_what_all_rows_have_in_common_is_multiplied_once() -> None:
    function, start = CASES["mean of squares"]
    text = sums_of(function, start).source.text
    product = "product = difference*exp_2"
    assert product in text
    assert "return difference*difference, product, product*column_0, difference" in text
    assert "return 1.0, 2.0, -2.0*a, 2.0" in text


def test_equal_sums_are_added_up_once() -> None:
    text = sums_of(lambda a, b: np.sum((a + b * X - Y) ** 2), [1.0, 2.0], order=2).source.text
    # The square, the error, the error times x, 1, x and x².
    assert "sum_5 +=" in text
    assert "sum_6 +=" not in text


def test_loops_are_compiled_for_the_widest_vectors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # LLVM tells nothing of what comes from disk.
    monkeypatch.setenv(DIRECTORY, str(tmp_path))
    loop = compiling.compiled_rows(sums_of(*CASES["root"]).source)
    (assembled,) = loop.inspect_llvm().values()
    assert ATTRIBUTE in assembled


def b_x(x: Vector, part: slice) -> Vector:
    return np.asarray(x[1] * X[part] + x[2])


@pytest.mark.parametrize("case", ["mean of squares", "damped waves", "weights of squares"])
def test_residuals_and_their_derivatives_are_those_of_python(case: str) -> None:
    function, start = CASES.get(case, (lambda a, b: np.sum((W * (a * X + b - Y)) ** 2), [1.0, 2.0]))
    plain, _ = followed(function, start)
    rows = RowsFunction(plain, "native")
    x = np.array(start)
    for _ in range(2):
        for question in ("residuals", "jacobian"):
            found, expected = getattr(rows, question)(x), getattr(plain, question)(x)
            assert found.shape == expected.shape
            np.testing.assert_allclose(
                found, expected, rtol=1e-13, atol=1e-14 * abs(expected).max()
            )
    assert (rows.errors.native, rows.slopes.native, rows.made_by) == (2, 2, "native")


def test_sums_of_other_things_than_columns_keep_the_residuals_of_python() -> None:
    def several(a: Any, b: Any) -> Any:
        return np.sum((a * X - Y) ** 2) + np.sum((b * X - Y) ** 2)

    plain, _ = followed(several, [1.0, 2.0])
    rows = RowsFunction(plain, "native")
    np.testing.assert_array_equal(rows.residuals(plain.start), plain.residuals(plain.start))
    assert any("several sums of squares" in notice for notice in rows.notices)


def test_chunks_are_shared_by_threads_that_all_work() -> None:
    everyone, seen = threading.Barrier(3, timeout=30), set()

    def work(k: int) -> None:
        if k < 3:
            everyone.wait()
        seen.add((k, threading.get_ident()))

    shared(work, 10, threads=3)
    assert {k for k, _ in seen} == set(range(10))
    assert len({thread for _, thread in seen}) == 3


def test_what_goes_wrong_in_a_thread_is_raised() -> None:
    def work(k: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        shared(work, 4, threads=2)


def test_sums_are_rounded_once() -> None:
    parts = np.array([[1e16, 1.0], [1.0, np.inf], [-1e16, -np.inf], [1e-3, 0.0]])
    np.testing.assert_array_equal(summed(parts), [1.001, np.nan])
    np.testing.assert_array_equal(summed(np.full((2, 1), 1.5e308)), [np.nan])


REFUSED: dict[str, tuple[Callable[..., Any], str]] = {
    "decisions": (lambda a, b: np.sum((a * X - b) ** 2) if a > 0 else a, "decides on values"),
    "no rows": (lambda a, b: a**2 + b**2, "no sum over rows"),
    "shape": (lambda a, b: np.sum((a * X.reshape(2, -1) - b) ** 2), "of tables"),
    "centred": (lambda a, b: np.sum((a * X - np.mean(b * X)) ** 2), "sums over all rows"),
    "operation": (lambda a, b: np.sum(np.ceil(a * X) + b * X), "'ceil'"),
    "cumulative": (lambda a, b: np.sum(np.cumsum(a * X) - b), "'cumsum'"),
    "too much": (lambda a, b: sum(np.sum(np.exp(a * X**k)) * b**k for k in range(90)), "too many"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_sum_over_rows_is_refused_with_a_reason(case: str) -> None:
    function, reason = REFUSED[case]
    _, graph = followed(function, [1.0, 2.0])
    with pytest.raises(NativeError, match=reason):
        RowSums(graph, lambda node: None)


def test_a_loop_has_one_place_on_disk_in_every_process() -> None:
    program = """
import numpy as np
from steepest.functions import objective
from steepest.program.native.compiling import loop_file
from steepest.program.native.row_sums import RowSums

x = np.arange(9.0)
found = objective(lambda a, b: np.mean((a * np.sin(b * x) * np.exp(-b * x)) ** 2), [1.0, 1.0])
graph = found.branches.at(found.parts(found.start)).arrays
print(loop_file(RowSums(graph, None, 2).source).path.name)
"""
    runs = [python("-c", program) for _ in range(3)]
    assert len({run.stdout for run in runs}) == 1, runs[0].stderr
    assert runs[0].stdout


def test_other_data_of_any_length_need_no_other_loop() -> None:
    few = sums_of(lambda a, b: np.mean((a * np.exp(-b * X[:50]) - Y[:50]) ** 2), [1.0, 1.0])
    many = sums_of(lambda a, b: np.mean((a * np.exp(-b * Z) - W) ** 2), [1.0, 1.0])
    assert few.source == many.source


def test_other_constants_need_no_other_loop() -> None:
    def scaled(delta: float, factor: float) -> Callable[..., Any]:
        loss = st.losses.Huber(delta=delta)
        return lambda a, b: factor * loss(a * np.exp(-b * X), Y) + delta * a

    x, sources = np.array([1.2, 0.9]), set()
    for function in (scaled(0.3, 1.7), scaled(1.345, 0.77)):
        plain, _ = followed(function, [1.0, 1.0])
        sums = sums_of(function, [1.0, 1.0])
        value, gradient, _ = sums.run(engine.ROW_LOOPS.compiled(sums.source), x)
        known, slope = plain.value_and_gradient(x)
        assert value == pytest.approx(known, rel=1e-13)
        np.testing.assert_allclose(gradient, slope, rtol=1e-12)
        sources.add(sums.source)
    assert len(sources) == 1


# Fits


MODEL, START = "y ~ a*exp(-b*x) + c", {"a": 1.0, "b": 1.0, "c": 0.0}
DATA = {"x": X, "y": Y}


def both(model: str, data: Any, **options: Any) -> tuple[st.Fit, st.Fit]:
    return (
        st.fit(model, data, engine="python", **options),
        st.fit(model, data, engine="native", **options),
    )


@pytest.mark.parametrize(
    ("loss", "model", "response"),
    [
        ("sse", MODEL, Y),
        ("huber", MODEL, Y),
        ("logcosh", MODEL, Y),
        ("log", "y ~ a + b*x", BINARY),
        ("poisson", "y ~ a + b*x", BINARY),
    ],
)
@pytest.mark.parametrize("method", [None, "l-bfgs"])
def test_fits_end_at_the_same_place(
    loss: str, model: str, response: Vector, method: str | None
) -> None:
    start = START if model is MODEL else {"a": 0.0, "b": 0.0}
    data = {"x": X, "y": response}
    stepped, compiled = both(model, data, loss=loss, method=method, start=start, weights=W)
    assert stepped.result.options["engine"] == "python"
    assert compiled.result.options["engine"] == "native"
    assert compiled.result.notices == stepped.result.notices
    assert compiled.success
    assert compiled.result.reason == stepped.result.reason
    assert compiled.loss == pytest.approx(stepped.loss, rel=1e-13)
    for name, value in stepped.parameters.items():
        assert compiled.parameters[name] == pytest.approx(value, rel=1e-7)
    assert compiled.standard_errors == pytest.approx(stepped.standard_errors, rel=1e-6)


def test_a_fit_that_cannot_be_compiled_says_so_only_if_it_was_asked_for() -> None:
    def model(x: Any, a: Any) -> Any:
        return a[0] + a[1] * x

    options: dict[str, Any] = {"loss": "huber", "start": {"a": np.zeros(2)}, "method": "l-bfgs"}
    stepped = st.fit(model, DATA, engine="python", **options)
    asked = st.fit(model, DATA, engine="native", **options)
    left = st.fit(model, DATA, engine="auto", **options)
    assert asked.result.options["engine"] == "python"
    assert any("some of its variables are arrays" in notice for notice in asked.result.notices)
    assert left.result.notices == stepped.result.notices
    np.testing.assert_array_equal(asked.parameters["a"], stepped.parameters["a"])


def test_python_answers_where_the_sines_are_too_far_out() -> None:
    def far(a: Any, b: Any) -> Any:
        return np.mean((a * np.sin(1e7 * b * X) - Y) ** 2)

    plain, _ = followed(far, [1.0, 1.0])
    rows = RowsFunction(plain, "native")
    x = np.array([1.2, 0.9])
    assert rows.value_and_gradient(x)[0] == plain.value_and_gradient(x)[0]
    near = np.array([1.2, 1e-8])
    assert rows.value_and_gradient(near)[0] == pytest.approx(plain.value(near), rel=1e-13)
    assert rows.first.native == 2


def test_what_compiled_code_gets_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, _ = followed(*CASES["mean of squares"])
    rows = RowsFunction(plain, "native")
    x = np.array([1.0, 1.0, 1.0])
    wrong = RowSums.run
    monkeypatch.setattr(RowSums, "run", lambda *args: (wrong(*args)[0] * 1.001, *wrong(*args)[1:]))
    assert rows.value_and_gradient(x)[0] == plain.value_and_gradient(x)[0]
    rows.value_and_gradient(x)
    assert any("has other values" in notice for notice in rows.notices)


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> engine.RowLoops:
    """A process that has compiled nothing yet."""
    made = engine.RowLoops()
    monkeypatch.setattr(native, "ROW_LOOPS", made)
    return made


def test_little_work_is_never_compiled(
    loops: engine.RowLoops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOAD_SECONDS", 1e9)  # however busy the machine is
    fit = st.fit(MODEL, DATA, loss="huber", start=START)
    assert fit.result.options["engine"] == "python"
    assert loops.is_empty


def test_few_rows_are_left_to_python_and_give_the_same_digits(loops: engine.RowLoops) -> None:
    few = {name: column[:500] for name, column in DATA.items()}
    left = st.fit(MODEL, few, loss="huber", start=START)
    stepped = st.fit(MODEL, few, loss="huber", start=START, engine="python")
    assert left.parameters == stepped.parameters
    assert not isinstance(left.criterion.objective(START), RowsFunction)


def test_loops_are_compiled_once_that_pays(
    loops: engine.RowLoops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "COUNTED", 0.0)
    monkeypatch.setattr(engine, "LOAD_SECONDS", 0.0)
    monkeypatch.setattr(engine, "ROW_SECONDS", 0.0)
    plain, _ = followed(*CASES["mean of squares"])
    x = np.array([1.0, 1.0, 1.0])
    rows = RowsFunction(plain, "auto")
    assert [rows.value_and_gradient(x)[0] and rows.made_by for _ in range(2)] == [
        "python",
        "python and native",
    ]
    # What is compiled is used at once by whatever needs the same loop.
    again = RowsFunction(plain, "auto")
    again.value_and_gradient(x)
    assert again.made_by == "native"


def test_without_numba_auto_is_python_and_native_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiling, "is_installed", lambda: False)
    monkeypatch.setattr(engine, "is_installed", lambda: False)
    monkeypatch.setattr(native, "ROW_LOOPS", engine.RowLoops())
    fit = st.fit(MODEL, DATA, loss="huber", start=START)
    assert fit.result.options["engine"] == "python"
    with pytest.raises(MissingPackageError, match=r"steepest\[native\]"):
        st.fit(MODEL, DATA, start=START, engine="native")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="no engine 'numba'"):
        st.fit(MODEL, DATA, engine="numba")


def test_a_forked_process_has_threads_of_its_own() -> None:
    assert chunks.helpers(1) is not chunks.helpers(2)
    assert chunks.helpers(1) is chunks.helpers(1)

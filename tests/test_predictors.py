"""Sums over rows with linear predictors: one compiled pass over each table, Python's numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.functions import objective as objective_of
from steepest.functions.binding import bound
from steepest.functions.graph import GraphFunction
from steepest.program.native import engine, predictor_curvature
from steepest.program.native.chunks import over_chunks
from steepest.program.native.module import NativeError
from steepest.program.native.predictor_curvature import MANY_ROWS, PredictorCurvature
from steepest.program.native.predictor_source import CHUNK
from steepest.program.native.predictor_sums import PredictorSums
from steepest.program.native.rows import RowForm
from steepest.program.native.width import WIDEST

RNG = np.random.default_rng(3)
ROWS = 2 * CHUNK + 777
X = RNG.normal(size=(ROWS, 7))
Z = RNG.normal(size=(ROWS, 3))
T = RNG.normal(size=ROWS)
TRUE = np.linspace(-1, 1, 7)
LABELS = (RNG.random(ROWS) < 1 / (1 + np.exp(-X @ TRUE))).astype(float)
COUNTS = RNG.poisson(np.exp(0.3 * (X @ TRUE))).astype(float)


def logistic(w: Any, b: Any) -> Any:
    predicted = X @ w + b
    return np.mean(np.logaddexp(0, predicted) - LABELS * predicted) + 0.013 * np.sum(w**2)


def poisson(w: Any) -> Any:
    return np.sum(np.exp(X @ w) - COUNTS * (X @ w)) + np.sum(w) ** 2


def two_tables(v: Any, w: Any, a: Any) -> Any:
    return np.mean(np.tanh(X @ w) * a * T + np.cos(np.dot(Z, v) + X @ w)) + v @ v * a**2


def decay(a: Any, w: Any) -> Any:
    return np.sum((T - a * np.exp(-0.1 * (X @ w) ** 2)) ** 2)


def root(w: Any) -> Any:
    return np.sqrt(np.mean((T - X @ w) ** 2)) + 0.1 * np.sum(w**2)


CASES: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "logistic": (logistic, {"w": TRUE / 2, "b": 0.3}),
    "poisson": (poisson, {"w": TRUE / 4}),
    "two tables": (two_tables, {"v": np.array([0.1, 0.2, -0.3]), "w": TRUE / 3, "a": 0.7}),
    "decay": (decay, {"a": 1.2, "w": TRUE / 3}),
    "root": (root, {"w": TRUE / 3}),
}


def form_of(function: Callable[..., Any], start: dict[str, Any]) -> tuple[Any, RowForm]:
    found = objective_of(function, start)
    return found, RowForm(found.branches.at(found.parts(found.start)).arrays)


def nothing(node: Any) -> Any:
    raise AssertionError("the tables are constants")


@pytest.mark.parametrize("case", CASES)
def test_value_and_gradient_are_those_of_python(case: str) -> None:
    expected, form = form_of(*CASES[case])
    sums = PredictorSums(form, nothing)
    assert f"    {WIDEST}\n" in sums.source.text
    x = np.array(expected.start)
    loop = engine.ROW_LOOPS.compiled(sums.source)
    value, gradient, _ = sums.run(loop, x)
    known, slope = expected.value_and_gradient(x)
    assert value == pytest.approx(known, rel=1e-13)
    np.testing.assert_allclose(gradient, slope, rtol=1e-11, atol=1e-13 * np.abs(slope).max())
    for threads in (1, 2, 3, 8):
        again = sums.run(loop, x, threads=threads)
        assert again[0] == value
        np.testing.assert_array_equal(again[1], gradient)


@pytest.mark.parametrize("case", ["logistic", "poisson", "two tables", "decay"])
def test_the_hessian_is_that_of_python(case: str) -> None:
    expected, form = form_of(*CASES[case])
    curvature = PredictorCurvature(form, nothing)
    x = np.array(expected.start)
    found = curvature.run(engine.ROW_LOOPS.compiled(curvature.source), x)[2]
    known = expected.hessian(x)
    np.testing.assert_allclose(found, known, rtol=1e-11, atol=1e-12 * np.abs(known).max())
    np.testing.assert_array_equal(found, found.T)


REFUSED: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "an element": (lambda w: np.sum((T - w[0]) ** 2) + np.sum(X @ w), {"w": TRUE}, "arrays"),
    "a column": (lambda w: np.sum((T - w) ** 2), {"w": np.zeros(ROWS)}, "arrays"),
    "no table": (lambda w: np.sum((w - 1.0) ** 2), {"w": TRUE}, "no sum over rows"),
    "a product": (lambda w: np.sum(X @ (2 * w)), {"w": TRUE}, "no factor of a variable"),
    "tables alone": (lambda w: np.sum(np.exp(X) @ w), {"w": TRUE}, "no sum over rows"),
    "a matrix": (lambda w: np.sum(X @ w), {"w": np.ones((7, 2))}, "several dimensions"),
    "sums": (lambda w: np.sum(w * np.sum(X @ w)), {"w": TRUE}, "met by sums"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_sum_of_predictors_is_refused_with_a_reason(case: str) -> None:
    function, start, reason = REFUSED[case]
    found = objective_of(function, start)
    graph = found.branches.at(found.parts(found.start)).arrays
    if case == "tables alone":
        # A table that is computed from constants is one.
        PredictorSums(RowForm(graph), nothing)
        return
    with pytest.raises(NativeError, match=reason):
        PredictorSums(RowForm(graph), nothing)


def test_a_hessian_through_a_root_of_sums_is_left_to_numpy() -> None:
    _, form = form_of(*CASES["root"])
    with pytest.raises(NativeError, match="no weighted sum"):
        PredictorCurvature(form, nothing)


@pytest.mark.parametrize(
    ("loss", "response"), [("log", LABELS), ("poisson", np.minimum(COUNTS, 9)), ("huber", T)]
)
def test_a_fit_with_a_table_is_that_of_python(loss: str, response: Any) -> None:
    def model(X: Any, w: Any, b: Any) -> Any:
        return X @ w + b

    data = {"X": X, "y": response}
    options: dict[str, Any] = {"loss": loss, "start": {"w": np.zeros(7), "b": 0.1}}
    stepped = st.fit(model, data, engine="python", **options)
    compiled = st.fit(model, data, engine="native", **options)
    assert stepped.result.options["engine"] == "python"
    assert compiled.result.options["engine"] == "native"
    assert compiled.result.notices == stepped.result.notices
    assert compiled.loss == pytest.approx(stepped.loss, rel=1e-12)
    np.testing.assert_allclose(compiled.parameters["w"], stepped.parameters["w"], rtol=1e-5)
    for name, error in stepped.standard_errors.items():
        np.testing.assert_allclose(compiled.standard_errors[name], error, rtol=1e-6)


def products(function: Any, x: Any) -> Any:
    """Return the Hessian made of its products with unit vectors."""
    return np.array([function.hessian_vector(x, row) for row in np.eye(len(x))])


@pytest.mark.parametrize("case", ["logistic", "poisson", "two tables", "decay"])
def test_numpy_makes_the_hessian_of_tables_by_one_product(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = objective_of(*CASES[case])
    x = np.array(function.start)
    expected = products(function, x)
    monkeypatch.setattr(type(function), "hessian_vector", None)
    found = function.hessian(x)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * np.abs(expected).max())


def test_other_data_have_a_hessian_of_their_own() -> None:
    def loss(w: Any, X: Any) -> Any:
        return np.sum(np.logaddexp(0, X @ w))

    structure, start = objective_of(loss, TRUE, (X,)).structure, TRUE / 2
    function = bound(loss, structure, start, data={"X": X})
    assert isinstance(function, GraphFunction)
    for data in (X, 2 * X, X[::-1] - 1):
        of_data = function.with_data(data)
        expected = products(of_data, start)
        found = of_data.hessian(start)
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("case", ["few rows", "single precision", "no table"])
def test_other_functions_have_hessians_made_of_products(case: str) -> None:
    table = X[: MANY_ROWS - 1] if case == "few rows" else X
    start = TRUE.astype(np.float32) if case == "single precision" else TRUE
    functions: dict[str, Callable[[Any], Any]] = {
        "no table": lambda w: np.sum(np.sin(w) * w[::-1]),
    }
    function = objective_of(
        functions.get(case, lambda w: np.sum(np.logaddexp(0, table @ w))), {"w": start}
    )
    x = np.array(function.start)
    np.testing.assert_array_equal(function.hessian(x), products(function, x))
    assert function.hessian(x).dtype == start.dtype


def test_what_is_linear_in_tables_has_the_hessian_of_the_rest() -> None:
    function = objective_of(lambda w: np.sum(X @ w) + 3 * np.sum(w**2), {"w": TRUE})
    np.testing.assert_array_equal(function.hessian(np.array(function.start)), 6 * np.eye(7))


def test_threads_may_ask_for_hessians_at_different_places(monkeypatch: pytest.MonkeyPatch) -> None:
    function = objective_of(*CASES["poisson"])
    places = [share * np.array(function.start) for share in (-1.0, 1.0)]
    expected = [function.hessian(x) for x in places]
    both = Barrier(2, timeout=60)

    def after_the_other(work: Any, rows: int) -> None:
        # Both know their predictors before either of them goes through the rows.
        both.wait()
        over_chunks(work, rows)

    monkeypatch.setattr(predictor_curvature, "over_chunks", after_the_other)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(function.hessian, places))
    np.testing.assert_array_equal(found, expected)


def test_where_tables_lead_out_of_the_finite_numbers_products_answer() -> None:
    function = objective_of(lambda w: np.sum(np.exp(X @ w)) + np.sum(w**2), {"w": TRUE})
    x = np.full(7, 1e4)
    np.testing.assert_array_equal(function.hessian(x), products(function, x))
    assert isinstance(function, GraphFunction)
    by_tables = function.curvature_of_tables(function.branches.known[0])
    assert by_tables is not None
    for large in (1e4, 1e308, np.nan):
        assert not np.isfinite(by_tables.run(None, np.full(7, large))[2]).all()

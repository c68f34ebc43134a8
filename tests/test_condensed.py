"""Squared errors of many rows as a few numbers: what these stand for, and fits that see no more."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.descent.methods import LevenbergMarquardt
from steepest.fitting import least_squares, row_squares
from steepest.fitting.condensed import MANY, CondensedRows, condensed
from steepest.functions import objective
from steepest.objective import Vector
from steepest.program.native import shared_rows
from test_checkpoint_fits import assert_same_fit, gone_on
from test_linear_pass import compile_with_a_slip

ROWS = 2 * MANY + 77
RANDOM = np.random.default_rng(3)
X = np.linspace(0.0, 4.0, ROWS)
NOISE = 0.05 * RANDOM.normal(size=ROWS)
WEIGHTS = RANDOM.uniform(0.5, 2.0, ROWS)
RARE = np.where(np.arange(ROWS) % 9001 == 1, 1.0, 0.0)
DECAY = 2.0 * np.exp(-1.3 * X) + 0.4 + NOISE

CASES: dict[str, tuple[str, dict[str, Any], dict[str, float]]] = {
    "decay": ("y ~ a*exp(-b*x) + c", {"x": X, "y": DECAY}, {"a": 1.0, "b": 1.0, "c": 0.0}),
    "far from zero": (
        "y ~ a + b*(x - c)**2",
        {"x": X + 1e3, "y": 3 * (X - 2) ** 2 + NOISE},
        {"a": 1.0, "b": 1.0, "c": 1001.0},
    ),
    "what few rows have": (
        "y ~ a*exp(-b*x) + c*r",
        {"x": X, "r": RARE, "y": DECAY - 0.4 + 5 * RARE},
        {"a": 1.0, "b": 1.0, "c": 1.0},
    ),
    "no errors": (
        "y ~ a*exp(-b*x) + c",
        {"x": X, "y": 2.0 * np.exp(-1.3 * X) + 0.4},
        {"a": 1.0, "b": 1.0, "c": 0.0},
    ),
}
ENGINES = pytest.mark.parametrize("engine", ["python", "native"])
EVERY = pytest.mark.parametrize("case", CASES)


def squares_of(case: str, **options: Any) -> Any:
    """Return the squared errors of a case as a function of its parameters, followed."""
    model, data, start = CASES[case]
    fit = st.fit(model, data, start=start, max_steps=0, engine="python", **options)
    return fit.criterion.squares().objective(start)


def triangle(function: Any, x: Vector) -> Vector:
    """Return T of residuals and derivatives, with its rows turned up."""
    columns = np.column_stack([function.jacobian(x), function.residuals(x)])
    found = np.linalg.qr(columns, mode="r")
    return np.asarray(found * np.where(np.diag(found) < 0, -1.0, 1.0)[:, np.newaxis])


@ENGINES
@EVERY
@pytest.mark.parametrize("weighted", [False, True])
def test_a_few_numbers_stand_for_all_residuals_and_derivatives(case, engine, weighted):
    whole = squares_of(case, **({"weights": WEIGHTS} if weighted else {}))
    few = condensed(whole, engine)
    assert few is not None
    for x in (whole.start, whole.start * 1.01 + 0.01):
        found, expected = triangle(few, x), triangle(whole, x)
        assert few.residuals(x).size <= whole.size + 1
        # In every direction as good as what rounding leaves of the columns themselves.
        lengths = np.linalg.norm(expected, axis=0)
        condition = np.linalg.cond((expected / lengths)[:-1, :-1])
        np.testing.assert_allclose(found / lengths, expected / lengths, atol=3e-14 * condition)
        value, slope = few.value_and_gradient(x)
        assert value == few.value(x)
        assert value == pytest.approx(whole.value(x), rel=1e-13)
        np.testing.assert_allclose(
            slope, whole.gradient(x), atol=1e-12 * lengths[:-1].max() * lengths[-1]
        )
    move = np.linspace(-1.0, 1.0, whole.size) * np.maximum(abs(whole.start), 1.0)
    found, expected = (f.hessian_vector(whole.start, move) for f in (few, whole))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6 * abs(expected).max())
    assert few.made_by == engine


@ENGINES
@EVERY
def test_a_fit_ends_where_the_one_that_sees_every_row_ends(case, engine):
    model, data, start = CASES[case]
    found = st.fit(model, data, start=start, engine=engine)
    expected = st.fit(model, data, start=start, method=LevenbergMarquardt(), engine="python")
    assert isinstance(found.result.objective, CondensedRows)
    assert not isinstance(expected.result.objective, CondensedRows)
    assert found.success
    assert found.result.options["engine"] == engine
    for name, value in expected.parameters.items():
        allowed = 1e-5 * expected.standard_errors[name]
        assert found.parameters[name] == pytest.approx(value, rel=1e-9, abs=allowed)
    if case != "no errors":
        assert found.standard_errors == pytest.approx(expected.standard_errors, rel=1e-6)
        assert found.correlation == pytest.approx(expected.correlation, rel=1e-5, abs=1e-6)


@ENGINES
def test_bounds_and_held_parameters_are_kept(engine):
    model, data, start = CASES["decay"]
    options: dict[str, Any] = {"bounds": {"b": (0.0, 1.1)}, "fixed": {"c": 0.4}}
    free = {name: start[name] for name in "ab"}
    found = st.fit(model, data, start=free, engine=engine, **options)
    assert found.parameters["b"] == 1.1
    assert found.parameters["c"] == 0.4
    expected = st.fit(model, data, start=free, engine="python", method="l-bfgs", **options)
    assert found.parameters["a"] == pytest.approx(expected.parameters["a"], rel=1e-7)


@ENGINES
def test_an_evaluation_is_one_pass(engine, monkeypatch):
    passes = []
    products = row_squares.RowSquares.products

    def counted(self: Any, loop: Any, x: Vector, coordinates: Vector, rows: Any) -> Vector:
        if rows.count == ROWS:
            passes.append(x.tolist())
        return products(self, loop, x, coordinates, rows)

    monkeypatch.setattr(row_squares.RowSquares, "products", counted)
    fit = st.fit(*CASES["decay"][:2], start=CASES["decay"][2], engine=engine)
    assert len(passes) == len({tuple(x) for x in passes})
    assert len(passes) <= fit.result.nfev + 4  # for the verdict


def test_any_number_of_threads_gives_the_same_digits(monkeypatch):
    monkeypatch.setattr(shared_rows, "ALONE", 0.0)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(shared_rows, "processors", lambda threads=threads: threads)
        fit = st.fit(*CASES["decay"][:2], start=CASES["decay"][2], engine="native")
        found.append((fit.parameters, fit.standard_errors, fit.result.nfev))
    assert found[1:] == found[:1] * 2


@ENGINES
def test_columns_that_depend_on_each_other_are_left_to_householder(engine):
    data = {"x": X, "y": 3 * X + NOISE}
    whole = objective(
        lambda a, b: np.sum((a * X + b * (2 * X) - data["y"]) ** 2), {"a": 0.5, "b": 0.5}
    )
    few = condensed(whole, engine)
    assert few is not None
    assert few.passed(whole.start) is None
    np.testing.assert_allclose(
        triangle(few, whole.start)[:1], triangle(whole, whole.start)[:1], rtol=1e-12
    )


@ENGINES
def test_what_is_not_finite_is_seen(engine):
    # The sample does not have the row that is not finite.
    x = np.where(np.arange(ROWS) == 13, 0.0, 1.0 + X)
    whole = objective(lambda a, b: np.sum((a / (x + b) - 1.0) ** 2), {"a": 1.0, "b": 0.5})
    few = condensed(whole, engine)
    assert few is not None
    assert np.isfinite(few.residuals(np.array([1.0, 0.5]))).all()
    assert np.isnan(few.residuals(np.array([1.0, 0.0]))).all()
    assert np.isfinite(few.residuals(np.array([1.0, 0.5]))).all()


def test_compiled_code_of_other_values_is_refused(monkeypatch):
    compile_with_a_slip(monkeypatch)
    fit = st.fit(*CASES["decay"][:2], start=CASES["decay"][2], engine="native")
    assert any("compiled, the function has other values" in one for one in fit.notices)
    assert fit.parameters["b"] == pytest.approx(1.3, abs=0.01)


def test_what_has_another_form_is_left_as_it_is():
    def of(function: Any, start: dict[str, Any]) -> CondensedRows | None:
        return condensed(objective(function, start), "python")

    few = X[: MANY - 1]
    assert of(lambda a: np.sum((a - few) ** 2), {"a": 1.0}) is None
    assert of(lambda a: np.sum((a - X) ** 2), {"a": 1.0}) is not None
    assert of(lambda a: np.sum(np.cos(a - X)), {"a": 1.0}) is None
    assert of(lambda a: np.sum((a[0] * X + a[1]) ** 2), {"a": np.ones(2)}) is None
    assert of(lambda a: np.sum((a - np.mean(a * X) - X) ** 2), {"a": 1.0}) is None
    many = dict.fromkeys("abcdfghijklmnop", 1.0)
    polynomial = "+".join([f"{name}*x**{k}" for k, name in enumerate(many)])
    fit = st.fit(f"y ~ {polynomial}", {"x": X, "y": X}, start=many, max_steps=0, engine="python")
    assert condensed(fit.criterion.squares().objective(many), "python") is None


def test_a_method_that_is_asked_for_sees_every_row():
    model, data, start = CASES["decay"]
    fit = st.fit(model, data, start=start, method="levenberg-marquardt")
    assert not isinstance(fit.result.objective, CondensedRows)
    assert fit.result.options["acceleration"] == LevenbergMarquardt().acceleration
    assert least_squares.PLAIN.acceleration == 0.0


def test_a_kept_fit_goes_on_to_the_same_bits(tmp_path):
    model, data, start = CASES["decay"]
    run = partial(st.fit, model, data, start=start)
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", 3, data=data), run())


def test_single_precision_is_kept():
    def of(start: Any) -> Any:
        return objective(lambda a: np.sum((a - X.astype("f")) ** 2), {"a": start})

    assert of(np.float32(1.0)).structure.dtype == "float32"
    assert condensed(of(np.float32(1.0)), "python") is None
    assert condensed(of(1.0), "python") is not None

"""Fits linear in their parameters, from one compiled pass: the digits of Householder's method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.fitting import linear_pass
from steepest.fitting.linear_pass import LinearPass
from steepest.fitting.linearised import CHUNK, linearised, squares_in_chunks
from steepest.fitting.moments import Moments, moments_of
from steepest.program.native import engine, shared_rows

ROWS = 2 * CHUNK + 77
RANDOM = np.random.default_rng(5)
SORTED = np.linspace(-np.pi, np.pi, ROWS)
FAR = np.linspace(100.0, 101.0, ROWS)
RARE = np.where(np.arange(ROWS) % 20_011 == 0, 1.0, 0.0)
NOISE = 0.1 * RANDOM.normal(size=ROWS)
POWERS = "y ~ a + b*x + c*x**2"

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "cubic": ("y ~ a + b*x + c*x**2 + d*x**3", {"x": SORTED, "y": np.sin(SORTED)}),
    "columns far from zero": (POWERS, {"x": FAR, "y": np.sin(3 * FAR) + NOISE}),
    "columns that few rows have": ("y ~ a + b*r", {"r": RARE, "y": 1 + 5 * RARE + NOISE}),
    "no errors": (POWERS, {"x": SORTED, "y": 1 + 2 * SORTED - 3 * SORTED**2}),
    "one wild row": ("y ~ a + b*x", {"x": SORTED, "y": NOISE + 1e6 * (np.arange(ROWS) == 9)}),
}
DEPENDENT = "y ~ a*x + b*(2*x)"


def criterion_of(model: str, data: dict[str, Any], engine: str, **options: Any) -> Any:
    names = st.fit(model, {k: v[:50] for k, v in data.items()}, max_steps=1).parameters
    fit = st.fit(
        model,
        data,
        start=dict.fromkeys(names, 0.5),
        method="gradient-descent",
        learning_rate=1e-30,
        max_steps=0,
        engine=engine,
        **options,
    )
    return fit.criterion.squares(), dict.fromkeys(names, 0.5)


def by_householder(criterion: Any, start: dict[str, float]) -> Moments:
    return moments_of(linearised(squares_in_chunks(criterion, start)), start)


def by_pass(criterion: Any, start: dict[str, float]) -> Moments | None:
    found = LinearPass(criterion, start).found()
    if found is None:
        return None
    return moments_of(found.squares, dict(zip(start, found.point.tolist(), strict=True)))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("engine", ["python", "native"])
def test_the_pass_keeps_the_digits_that_householders_method_keeps(case, weighted, engine):
    model, data = CASES[case]
    options = {"weights": 1 + np.abs(NOISE)} if weighted else {}
    criterion, start = criterion_of(model, data, engine, **options)
    found, expected = by_pass(criterion, start), by_householder(criterion, start)
    assert found is not None
    # What a triangle says of every direction, in units of what it says there.
    size = len(found.best)
    ratio = found.triangle[:size] @ np.linalg.inv(expected.triangle[:size])
    condition = np.linalg.cond(expected.triangle / np.linalg.norm(expected.triangle, axis=0))
    np.testing.assert_allclose(ratio.T @ ratio, np.eye(size), atol=1e-13 * max(condition, 10))
    # Predictions differ by no more than the rounding of the model's own terms.
    lengths = np.linalg.norm(expected.triangle, axis=0)
    rounding = 2.0**-52 * (lengths @ np.abs(expected.best) + np.linalg.norm(data["y"]))
    apart = np.linalg.norm(expected.triangle @ (found.best - expected.best))
    assert apart <= 4 * rounding
    assert found.least == pytest.approx(expected.least, rel=1e-9, abs=1e-22)


def test_any_number_of_threads_gives_the_same_digits(monkeypatch):
    criterion, start = criterion_of(*CASES["cubic"], "native")
    monkeypatch.setattr(shared_rows, "ALONE", 0.0)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(shared_rows, "processors", lambda threads=threads: threads)
        found.append(by_pass(criterion, start))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0].triangle, other.triangle)
        np.testing.assert_array_equal(found[0].best, other.best)
        assert found[0].least == other.least


def test_columns_that_depend_on_each_other_are_left_to_householder():
    criterion, start = criterion_of(DEPENDENT, {"x": SORTED, "y": SORTED}, "native")
    assert by_pass(criterion, start) is None


def compile_with_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let compiled loops over rows add up something else."""
    compiled = engine.ROW_LOOPS.compiled

    def wrong(source: Any) -> Any:
        def loop(*arguments: Any) -> None:
            compiled(source)(*arguments)
            arguments[-1][:, 0] *= 1 + 1e-6

        return loop

    monkeypatch.setattr(engine.ROW_LOOPS, "compiled", wrong)


def test_compiled_code_of_other_values_is_refused(monkeypatch):
    criterion, start = criterion_of(*CASES["cubic"], "native")
    assert by_pass(criterion, start) is not None
    compile_with_a_slip(monkeypatch)
    assert by_pass(criterion, start) is None


def test_it_is_compiled_once_numpy_took_as_long_as_that(monkeypatch):
    monkeypatch.setattr(linear_pass, "ROW_LOOPS", engine.RowLoops())
    monkeypatch.setattr(engine, "LOAD_SECONDS", 1e9)  # however busy the machine is
    criterion, start = criterion_of(*CASES["cubic"], "auto")
    once = LinearPass(criterion, start)
    assert once.found() is not None
    assert once.loop() is None
    monkeypatch.setattr(engine, "LOAD_SECONDS", 0.0)
    once.took(engine.ROW_SECONDS)
    assert once.loop() is not None
    assert once.found() is not None
    assert LinearPass(criterion, start).loop() is not None


def test_numpy_alone_adds_up_where_python_is_asked_for():
    criterion, start = criterion_of(*CASES["cubic"], "python")
    once = LinearPass(criterion, start)
    once.took(1e9)
    assert once.loop() is None


@pytest.mark.parametrize("loss", ["sse", "mse", "rmse"])
@pytest.mark.parametrize("engine", ["python", "native"])
def test_a_descent_is_that_by_hand(engine, loss):
    x, y = SORTED, np.cos(SORTED)
    start = {"a": 0.5, "b": -0.5, "c": 0.25}
    rate = {"sse": 1e-8, "mse": 1e-3, "rmse": 1e-3}[loss]
    fit = st.fit(
        POWERS,
        {"x": x, "y": y},
        loss,
        start,
        "gradient-descent",
        learning_rate=rate,
        max_steps=40,
        stop="max-steps",
        engine=engine,
    )
    columns, point = np.vander(x, 3, increasing=True), np.array(list(start.values()))
    for _ in range(40):
        error = columns @ point - y
        slope = 2 * columns.T @ error
        if loss == "mse":
            slope /= ROWS
        if loss == "rmse":
            slope /= 2 * np.sqrt(ROWS * (error @ error))
        point = point - rate * slope
    assert fit.result.history.x[-1] == pytest.approx(point, rel=1e-11)
    assert not fit.success


def test_the_known_hessian_is_that_of_the_graph():
    fit = st.fit(
        *CASES["cubic"], "mse", dict.fromkeys("abcd", 0.5), "gradient-descent", learning_rate=1e-3,
        max_steps=0, stop="max-steps",
    )  # fmt: skip
    descended = fit.result.objective
    x, v = RANDOM.normal(size=4), RANDOM.normal(size=4)
    expected = st.function(
        lambda p: np.mean((np.vander(SORTED, 4, True) @ p - np.sin(SORTED)) ** 2)
    )
    assert descended.hessian_vector(x, v) == pytest.approx(expected.hessian(x) @ v, rel=1e-10)
    assert descended.hessian(x) == pytest.approx(expected.hessian(x), rel=1e-10)

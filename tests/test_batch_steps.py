"""Steps on batches by compiled code: those of Python up to rounding, or a reason for none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

import steepest as st
from steepest.fitting import batch_steps
from steepest.fitting.batch_steps import BATCH_LOOPS, BatchLoops, Steps
from steepest.program.native import compiling
from steepest.program.native.module import Module
from steepest.program.native.width import WIDEST

PIXELS, LABELS = load_digits(return_X_y=True)
DIGITS = {"X": PIXELS[:300] / 16, "y": LABELS[:300].astype(float)}
RANDOM = np.random.default_rng(2)
X = RANDOM.uniform(0, 4, 150)
DECAY = {"x": X, "y": 2 * np.exp(-X) + 0.05 * RANDOM.normal(size=150)}


def network(X: Any, W: Any, b: Any, V: Any, c: Any) -> Any:
    return np.tanh(X @ W + b) @ V + c


def weights() -> dict[str, Any]:
    random = np.random.default_rng(0)
    return {
        "W": random.normal(size=(64, 12)) / 8,
        "b": np.zeros(12),
        "V": random.normal(size=(12, 10)) / 4,
        "c": np.zeros(10),
    }


def digits(engine: str, **options: Any) -> st.Fit:
    chosen = {"method": "adam", "learning_rate": 0.01, "batch_size": 64, "epochs": 3} | options
    return st.fit(network, DIGITS, "cross_entropy", weights(), engine=engine, **chosen)


def decay(engine: str, **options: Any) -> st.Fit:
    chosen = {"method": "adam", "learning_rate": 0.01, "batch_size": 32, "epochs": 3} | options
    start = {"a": 1.0, "b": 0.5}
    return st.fit("y ~ a*exp(-b*x)", DECAY, "mse", start, engine=engine, **chosen)


def require_same(found: st.Fit, expected: st.Fit, rtol: float = 1e-9) -> None:
    ours, theirs = found.result.history, expected.result.history
    for name in ("x", "fun", "gradient", "rate"):
        one, other = np.asarray(getattr(ours, name)), np.asarray(getattr(theirs, name))
        assert one.shape == other.shape
        scale = np.nanmax(np.abs(other))
        np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol * scale)
    assert found.result.nfev == expected.result.nfev
    assert found.result.njev == expected.result.njev
    assert found.result.reason is expected.result.reason
    assert len(found.epochs) == len(expected.epochs)
    for one, other in zip(found.epochs, expected.epochs, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=rtol)
        held_out = [0.0 if e.held_out_loss is None else e.held_out_loss for e in (one, other)]
        assert held_out[0] == pytest.approx(held_out[1], rel=rtol)


def test_a_network_makes_the_steps_of_python_with_a_smaller_last_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts: list[str] = []

    def compiled(module: Module, *others: Any) -> Any:
        texts.append(module.source)
        return compiling.compiled_steps(module, *others)

    monkeypatch.setattr(batch_steps, "compiled_steps", compiled)
    monkeypatch.setattr(BATCH_LOOPS, "_known", {})
    found = digits("native")
    assert [text.count(f"    {WIDEST}\n") for text in texts] == [1]
    require_same(found, digits("python"))
    assert found.result.options["engine"] == "python and native"
    assert not any("steps were made by Python" in one for one in found.result.notices)


def test_no_step_is_left_to_python_where_batches_are_of_one_size() -> None:
    assert digits("native", batch_size=60).result.options["engine"] == "native"


@pytest.mark.parametrize(
    "method", ["gradient-descent", "momentum", "rmsprop", "nadam", "lion", "adamw"]
)
def test_every_method_makes_the_steps_of_python(method: str) -> None:
    options = {"method": method, "learning_rate": 0.01}
    found = decay("native", **options)
    require_same(found, decay("python", **options))
    assert "native" in found.result.options["engine"]


def test_schedules_weights_and_rows_held_out_are_those_of_python() -> None:
    options = {
        "learning_rate": st.schedules.cosine(0.1, 40),
        "weights": np.linspace(0.5, 2, 150),
        "held_out": 0.2,
        "epochs": 12,
        "patience": 2,
        "l2": 0.01,
    }
    require_same(decay("native", **options), decay("python", **options))


def test_a_callback_ends_it_between_the_steps_of_a_slice() -> None:
    found = decay("native", callback=lambda step: step.step == 7)
    assert found.result.reason is st.Reason.CALLBACK
    assert len(found.result.history.fun) == 8
    require_same(found, decay("python", callback=lambda step: step.step == 7))


@pytest.mark.parametrize("calm", [7, 9])
@pytest.mark.parametrize("method", ["gradient-descent", "momentum"])
def test_what_is_not_finite_is_left_to_python(method: str, calm: int) -> None:
    def model(x: Any, a: Any) -> Any:
        return np.log(a * x)

    def run(engine: str) -> st.Fit:
        # The first steps are small ones; then a jump to where there are no logarithms.
        return st.fit(
            model,
            {"x": X, "y": X},
            "mse",
            {"a": 20.0},
            method,
            learning_rate=lambda step: 1e-2 if step < calm else 1e6,
            batch_size=30,
            epochs=5,
            engine=engine,
        )

    found, expected = run("native"), run("python")
    assert found.result.reason in (st.Reason.NOT_FINITE, st.Reason.DIVERGED)
    require_same(found, expected)


def test_points_that_were_handed_out_are_never_written_into(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch_steps, "ROOM_ROWS", 3)
    seen: list[Any] = []
    fit = decay("native", callback=lambda step: seen.append((step.x, np.array(step.x["a"]))))
    assert len(seen) == len(fit.result.history.fun)
    require_same(fit, decay("python"))


def test_compiled_code_that_disagrees_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = decay("python")
    run = Steps.run

    def wrong(self: Steps, loop: Any, state: Any, places: Any) -> Any:
        found = run(self, loop, state, places)
        here = found[0].here
        return [found[0]._replace(here=here._replace(gradient=here.gradient * (1 + 1e-6)))]

    monkeypatch.setattr(Steps, "run", wrong)
    found = decay("native")
    require_same(found, expected, rtol=0)
    assert any("has other values" in notice for notice in found.result.notices)


def test_it_is_compiled_once_python_took_as_long_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    loops = BatchLoops()
    monkeypatch.setattr(batch_steps, "BATCH_LOOPS", loops)
    assert decay("auto").result.options["engine"] == "python"
    monkeypatch.setattr(batch_steps, "BATCH_SECONDS", 1e-6)
    monkeypatch.setattr("steepest.program.native.engine.LOAD_SECONDS", 0.0)
    monkeypatch.setattr("steepest.program.native.passes.COUNTED", 0.0)
    assert decay("auto").result.options["engine"] == "python and native"
    # What is compiled is used at once, at any rate.
    assert decay("auto", learning_rate=0.02, batch_size=32).result.options["engine"] != "python"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"bounds": {"a": (0, 5)}}, "no bounds"),
        ({"l1": 0.1}, "no bounds"),
    ],
)
def test_who_asked_for_compiled_code_is_told_why_there_is_none(
    options: dict[str, Any], reason: str
) -> None:
    found = decay("native", **options)
    assert any(reason in notice for notice in found.result.notices)
    require_same(found, decay("python", **options), rtol=0)


def test_a_fit_that_is_kept_makes_its_steps_one_by_one(tmp_path: Any) -> None:
    found = decay("native", checkpoint=tmp_path / "run")
    require_same(found, decay("python"), rtol=0)
    assert not any("steps were made by Python" in one for one in found.result.notices)
    assert BATCH_LOOPS is batch_steps.BATCH_LOOPS

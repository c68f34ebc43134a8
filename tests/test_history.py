"""The history: aligned, closed to writing, and written whole."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from objectives import AnalyticObjective, rosenbrock, sine_product
from steepest.descent.descend import descend
from steepest.descent.history import History, Step
from steepest.errors import InputError, MissingPackageError


@pytest.fixture
def history():
    return descend(rosenbrock(), learning_rate=1e-3, stop="max-steps", max_steps=20).history


def test_every_point_has_its_own_value_and_gradient(history):
    objective = rosenbrock()
    assert len(history) == 21
    assert history.x.shape == history.gradient.shape == (21, 2)
    for x, fun, gradient in zip(history.x, history.fun, history.gradient, strict=True):
        value, slope = objective.value_and_gradient(x)
        assert fun == value
        np.testing.assert_array_equal(gradient, slope)


def test_the_rate_of_a_row_led_to_it(history):
    assert np.isnan(history.rate[0])
    for k in range(1, len(history)):
        np.testing.assert_allclose(
            history.x[k], history.x[k - 1] - history.rate[k] * history.gradient[k - 1], rtol=1e-14
        )


def test_the_other_columns(history):
    assert history.step.tolist() == list(range(21))
    assert history.evaluations.tolist() == list(range(1, 22))
    assert history.accepted.all()
    assert (np.diff(history.seconds) >= 0).all()
    np.testing.assert_array_equal(history.gradient_norm, np.abs(history.gradient).max(axis=1))


@pytest.mark.parametrize(
    "name", ["step", "x", "fun", "gradient", "gradient_norm", "rate", "accepted", "seconds"]
)
def test_no_column_can_be_written_to(history, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(history, name)[0] = 1


def test_a_gradient_buffer_that_is_used_again_does_not_change_the_past():
    buffer = np.zeros(1)

    def gradient(x):
        buffer[:] = 2 * x
        return buffer

    reusing = AnalyticObjective(lambda x: x[0] ** 2, gradient, lambda x: [[2.0]], [1.0])
    history = descend(reusing, learning_rate=0.25, stop="max-steps", max_steps=3).history
    assert history.gradient[:, 0].tolist() == [2.0, 1.0, 0.5, 0.25]


def test_a_callback_that_writes_into_its_record_changes_nothing():
    def vandal(step):
        step.x[:] = 99.0
        step.gradient[:] = 99.0

    def ends(**options):
        return descend(rosenbrock(), learning_rate=1e-3, max_steps=5, **options)

    np.testing.assert_array_equal(ends(callback=vandal).history.x, ends().history.x)


def test_rows_are_plain_and_thinned_by_step(history):
    rows = history.rows(every=10)
    assert [row["step"] for row in rows] == [0, 10, 20]
    assert rows[1] == {
        "step": 10,
        "x": {"x": history.x[10, 0], "y": history.x[10, 1]},
        "fun": history.fun[10],
        "gradient_norm": history.gradient_norm[10],
        "rate": 1e-3,
    }
    assert type(rows[0]["x"]["x"]) is float


def test_rows_of_every_zeroth_step_are_refused(history):
    with pytest.raises(InputError, match="every=0"):
        history.rows(every=0)


def test_a_frame_has_a_column_for_each_variable(history):
    frame = history.to_frame()
    assert list(frame.columns) == [
        "step", "x", "y", "fun", "gradient_norm", "rate", "accepted", "seconds", "evaluations",
    ]  # fmt: skip
    np.testing.assert_array_equal(frame["y"], history.x[:, 1])


def test_a_variable_called_like_a_column_keeps_both():
    history = History([(0, (2.0,), 4.0, (1.0,), 0.1, True, 1)], [0.0], ("rate",))
    assert history.columns()["x: rate"].tolist() == [2.0]
    assert history.columns()["rate"].tolist() == [0.1]


def test_csv_keeps_every_digit(history, tmp_path):
    path = tmp_path / "history.csv"
    history.to_csv(path)
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf8")
    for name in ("x", "y", "fun", "gradient_norm", "rate"):
        np.testing.assert_array_equal(table[name], history.columns()[name])


def test_parquet_keeps_every_digit(history, tmp_path):
    import pyarrow.parquet

    path = tmp_path / "history.parquet"
    history.to_parquet(path)
    table = pyarrow.parquet.read_table(path)
    for name, column in history.columns().items():
        np.testing.assert_array_equal(table[name].to_numpy(), column)


@pytest.mark.parametrize(
    ("package", "write", "install"),
    [
        ("pandas", lambda history, path: history.to_frame(), r"pip install pandas"),
        ("pyarrow", lambda history, path: history.to_parquet(path), r"steepest\[fit\]"),
    ],
)
def test_a_missing_package_is_named(history, tmp_path, monkeypatch, package, write, install):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError, match=install):
        write(history, tmp_path / "file")


def test_a_step_is_in_the_structure_of_the_start():
    row = (3, (0.5, 1.5), -1.0, (0.1, -0.2), 0.1, True, 4)
    step = Step.of(row, 0.25, sine_product())
    assert step.x == {"x": 0.5, "y": 1.5}
    assert step.gradient.tolist() == [0.1, -0.2]
    assert (step.step, step.fun, step.gradient_norm, step.rate) == (3, -1.0, 0.2, 0.1)
    assert (step.accepted, step.seconds) == (True, 0.25)

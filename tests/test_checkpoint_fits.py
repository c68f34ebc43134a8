"""Fits that were stopped go on to the same bits, and only with the data they were begun with."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner

import steepest as st
from steepest.cli.app import shell
from test_checkpoints import StoppedError, assert_same

X = np.linspace(0, 4, 300)
Y = 2 * np.exp(-X) + 0.05 * np.random.default_rng(0).normal(size=300)
DATA = {"x": X, "y": Y}
MODEL = "y ~ a*exp(-b*x)"


def crash_at(count):
    """A callback that ends the run at so many steps."""
    seen = []

    def callback(record):
        seen.append(record)
        if len(seen) == count:
            raise StoppedError

    return callback


def gone_on(run, path, count, **given):
    with pytest.raises(StoppedError):
        run(checkpoint=st.Checkpoint(path, every_steps=2), callback=crash_at(count))
    return st.resume(path, **given)


def assert_same_fit(found, expected):
    assert_same(found.result, expected.result)
    assert found.parameters == expected.parameters
    assert found.standard_errors == expected.standard_errors
    assert found.epochs == expected.epochs
    assert found.notices == expected.notices


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"start": {"a": 1.0, "b": 1.0}},
        {"loss": "mae"},
        {"loss": "cauchy"},
        {"loss": "sse", "l1": 0.1},
        {"method": "adam", "learning_rate": 0.1, "max_steps": 40},
        {"method": st.methods.LBFGS(memory=3), "bounds": {"a": (0, 1.5)}},
        {"loss": st.losses.Huber(delta=0.1), "fixed": {"b": 0.9}, "start": {"a": 9.0}},
    ],
    ids=str,
)
def test_fits_go_on_to_the_same_bits(options, tmp_path):
    run = partial(st.fit, MODEL, DATA, **options)
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", 3, data=DATA), run())


@pytest.mark.parametrize("count", [2, 7, 10, 11, 25, 61])
def test_minibatches_go_on_in_the_middle_of_their_epoch(count, tmp_path):
    run = partial(
        *(st.fit, MODEL, DATA),
        start={"a": 1.0, "b": 1.0},
        batch_size=25,
        epochs=8,
        held_out=0.2,
        learning_rate=st.schedules.cosine(0.1, steps=80),
        method="adam",
        seed=4,
    )
    expected = run()
    assert len(expected.epochs) == 8
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", count, data=DATA), expected)


def test_minibatches_whose_patience_is_over_go_on(tmp_path):
    run = partial(
        *(st.fit, MODEL, DATA),
        start={"a": 1.0, "b": 1.0},
        batch_size=60,
        epochs=200,
        held_out=0.3,
        patience=3,
        learning_rate=0.3,
    )
    expected = run()
    assert expected.result.reason is st.Reason.HELD_OUT
    count = expected.result.nit - 2
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", count, data=DATA), expected)


@pytest.mark.parametrize("options", [{"epochs": 4}, {"epochs": 200, "patience": 3}])
def test_minibatches_that_were_over_come_out_once_more(options, tmp_path):
    run = partial(
        *(st.fit, MODEL, DATA),
        start={"a": 1.0, "b": 1.0},
        **{"batch_size": 60, "held_out": 0.3, "learning_rate": 0.3, **options},
    )
    expected = run(checkpoint=tmp_path / "run.ckpt")
    assert_same_fit(st.resume(tmp_path / "run.ckpt", data=DATA), expected)
    assert_same_fit(run(), expected)


@pytest.mark.parametrize("options", [{}, {"loss": "mae"}, {"method": "adam", "max_steps": 9}])
def test_fits_that_were_over_come_out_once_more(options, tmp_path):
    run = partial(st.fit, MODEL, DATA, **options)
    expected = run(checkpoint=tmp_path / "run.ckpt")
    assert_same_fit(st.resume(tmp_path / "run.ckpt", data=DATA), expected)
    assert_same_fit(run(), expected)


def test_minibatches_without_a_history_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("steepest.fitting.solving.LARGE", 0)
    run = partial(st.fit, MODEL, DATA, start={"a": 1.0, "b": 1.0}, batch_size=50, epochs=5)
    expected = run()
    assert len(expected.result.history) <= 3
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", 17, data=DATA), expected)


def test_compiled_sums_go_on_as_compiled_sums(tmp_path):
    x = np.linspace(0, 4, 5000)
    data = {"x": x, "y": 2 * np.exp(-x) + 0.01 * np.sin(99 * x)}
    run = partial(st.fit, MODEL, data, start={"a": 1.0, "b": 1.0}, loss="huber")
    expected = run(checkpoint=tmp_path / "whole.ckpt")
    assert expected.result.options["engine"] == "native"
    assert_same_fit(gone_on(run, tmp_path / "run.ckpt", 4, data=data), expected)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"x": X, "y": np.nextafter(Y, 9)}, "column 'y' has other numbers"),
        ({"x": X[:-1], "y": Y[:-1]}, "column 'x' has other numbers"),
        ({"x": X[::-1], "y": Y}, "column 'x' has other numbers"),
    ],
)
def test_other_data_are_refused(data, why, tmp_path):
    path = tmp_path / "run.ckpt"
    st.fit(MODEL, DATA, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(st.InputError, match=f"is a checkpoint of other data: the {why}"):
        st.resume(path, data=data)
    with pytest.raises(st.InputError, match=r"needs data: no file holds its data.*data=\.\.\."):
        st.resume(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("method", [None, "l-bfgs"])
def test_rows_that_are_read_in_pieces_go_on_to_the_same_bits(method, tmp_path):
    path, model = tmp_path / "run.ckpt", "y ~ a*exp(-b*x) + c"
    x = np.linspace(0, 3, 100_000)
    pyarrow.parquet.write_table(
        pyarrow.table({"x": x, "y": 2 * np.exp(-1.3 * x) + 0.1 * np.sin(50 * x)}),
        tmp_path / "rows.parquet",
        row_group_size=40_000,
    )
    options = {"memory": "64MiB", "method": method, "start": {"a": 1.0, "b": 0.3, "c": 0.0}}
    whole = st.fit(model, tmp_path / "rows.parquet", **options)
    for steps in (1, 3):
        part = st.fit(model, tmp_path / "rows.parquet", **options, max_steps=steps, checkpoint=path)
        assert part.result.nit == steps
        found = st.resume(path, max_steps=100_000)
        assert found.parameters == whole.parameters
        assert found.standard_errors == whole.standard_errors
        assert found.loss == whole.loss
        assert np.array_equal(found.result.history.x, whole.result.history.x)
        assert found.result.message == whole.result.message
    other = tmp_path / "other.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"x": x, "y": x}), other, row_group_size=40_000)
    with pytest.raises(st.InputError, match="checkpoint of other data"):
        st.resume(path, data=str(other))


def test_the_data_are_not_in_the_file(tmp_path):
    path = tmp_path / "run.ckpt"
    st.fit(MODEL, DATA, checkpoint=path, start={"a": 1.0, "b": 1.0}, method="bfgs")
    assert X.tobytes() not in path.read_bytes()
    assert path.stat().st_size < 10_000


def test_data_in_a_file_are_found_again_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"{x!r},{y!r}" for x, y in zip(X.tolist(), Y.tolist(), strict=True))
    (tmp_path / "data.csv").write_text("x,y\n" + rows + "\n")
    expected = st.fit(MODEL, "data.csv", checkpoint="run.ckpt")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert_same_fit(st.resume(tmp_path / "run.ckpt"), expected)
    shown = CliRunner().invoke(shell, ["resume", "../run.ckpt", "--json"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["parameters"] == expected.parameters
    (tmp_path / "data.csv").rename(tmp_path / "moved.csv")
    moved = CliRunner().invoke(
        shell, ["resume", "../run.ckpt", "--data", "../moved.csv", "--save", "fit.json"]
    )
    assert moved.exit_code == 0
    assert moved.stdout == expected.explain() + "\n"
    again = CliRunner().invoke(shell, ["show", "fit.json"])
    assert again.stdout == moved.stdout


def test_ctrl_c_in_a_fit_writes_a_last_checkpoint(tmp_path):
    path = tmp_path / "run.ckpt"
    run = partial(st.fit, MODEL, DATA, loss="huber", start={"a": 1.0, "b": 1.0})

    def interrupted(record):
        if record.step == 2:
            raise KeyboardInterrupt

    found = run(checkpoint=path, callback=interrupted)
    assert found.result.reason is st.Reason.INTERRUPTED
    assert_same_fit(st.resume(path, data=DATA), run())

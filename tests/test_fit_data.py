"""Where data come from: tables of every kind, files, patterns of files, and damaged ones."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import steepest as st
from steepest.fitting.table import read_table
from steepest.program.native.chunks import CHUNK, MANY_CHUNKS

X = np.linspace(0, 5, 40)
Y = 3 * np.exp(-0.7 * X) + 1.5
COLUMNS = {"x": X, "y": Y}
MODEL = "y ~ a*exp(-b*x) + c"
TRUE = {"a": 3, "b": 0.7, "c": 1.5}


def written(folder):
    """Write the data as files of two halves, and return what names all of them."""
    for name, half in (("one", slice(0, 20)), ("two", slice(20, 40))):
        frame = pd.DataFrame({key: column[half] for key, column in COLUMNS.items()})
        frame.to_csv(folder / f"{name}.csv", index=False)
        pq.write_table(pa.Table.from_pandas(frame), folder / f"{name}.parquet")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_pattern_names_several_files(tmp_path, suffix):
    written(tmp_path)
    fit = st.fit(MODEL, str(tmp_path / f"*.{suffix}"))
    assert len(fit.criterion.rows) == 40
    assert fit.parameters == pytest.approx(TRUE)
    assert fit.predict(tmp_path / f"one.{suffix}") == pytest.approx(Y[:20])


def test_a_file_may_have_a_name_like_a_pattern(tmp_path):
    pd.DataFrame(COLUMNS).to_csv(tmp_path / "run[1].csv", index=False)
    assert st.fit(MODEL, tmp_path / "run[1].csv").parameters == pytest.approx(TRUE)


def test_files_of_one_pattern_must_have_the_same_columns(tmp_path):
    written(tmp_path)
    (tmp_path / "zzz.csv").write_text("x,z\n1,2\n")
    with pytest.raises(st.InputError, match=r"zzz.csv' has the columns x, z"):
        st.fit(MODEL, str(tmp_path / "*.csv"))
    with pytest.raises(st.InputError, match="No file fits the pattern"):
        st.fit(MODEL, str(tmp_path / "q*.csv"))


def test_frames_of_every_kind_hold_the_same():
    for data in (pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS), pa.table(COLUMNS)):
        assert st.fit(MODEL, data).parameters == pytest.approx(TRUE)


def test_missing_numbers_of_every_kind_are_counted():
    rows = [1.0, None, 3.0, 4.0, 5.0]
    for data in (
        {"x": rows, "y": [2, 4, 6, 8, 10]},
        pd.DataFrame({"x": rows, "y": [2, 4, 6, 8, 10]}),
        pl.DataFrame({"x": rows, "y": [2, 4, 6, 8, 10]}),
        pa.table({"x": rows, "y": [2, 4, 6, 8, 10]}),
    ):
        with pytest.raises(st.InputError, match="1 of 5 rows"):
            st.fit("y ~ a*x", data)
        fit = st.fit("y ~ a*x", data, drop_missing=True)
        assert (fit.dropped, len(fit.criterion.rows)) == (1, 4)
        assert fit.parameters == pytest.approx({"a": 2})


def test_weights_given_for_all_rows_follow_those_that_are_kept():
    data = {"x": [0, 1, np.nan, 3], "y": [1, 3, 5, 8]}
    weights = np.array([1.0, 1.0, 100.0, 2.0])
    fit = st.fit("y ~ a + b*x", data, weights=weights, drop_missing=True)
    assert fit.criterion.rows.weights.tolist() == [1, 1, 2]


def test_whole_numbers_truth_values_and_numbers_as_text_are_numbers():
    data = {"x": ["1", "2", " 3 "], "k": [True, False, True], "y": np.array([3, 4, 7], np.int8)}
    fit = st.fit("y ~ a*x + b*k", data)
    assert fit.parameters == pytest.approx({"a": 2, "b": 1})


def test_text_in_a_file_is_refused_with_its_row(tmp_path):
    (tmp_path / "data.csv").write_text("x,y\n1,2\n2,three\n")
    with pytest.raises(st.InputError, match="Column 'y' holds 'three' in row 2"):
        st.fit("y ~ a*x", tmp_path / "data.csv")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"x,y\n", b"\x00\xff\xfe", b"x,y\n1"])
def test_empty_and_damaged_files_are_refused(tmp_path, content):
    for suffix in ("csv", "parquet"):
        path = tmp_path / f"data.{suffix}"
        path.write_bytes(content)
        with pytest.raises(st.InputError):
            st.fit("y ~ a*x", path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=some.one_of(
        some.binary(max_size=200),
        some.text("xy,\n 0123456789.-eE\"'", max_size=200).map(
            lambda text: f"x,y\n{text}".encode()
        ),
    )
)
def test_any_file_is_a_fit_or_one_of_our_errors(tmp_path, content):
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    try:
        fit = st.fit("y ~ a + b*x", path, drop_missing=True)
    except st.SteepestError:
        return
    assert np.isfinite(fit.loss)


@settings(max_examples=60, deadline=None)
@given(text=some.text("abxy~+-*/()0.1e ,expsin^=", max_size=30))
def test_any_model_is_a_fit_or_one_of_our_errors(text):
    data = {"x": X[:8], "y": Y[:8]}
    with contextlib.suppress(st.SteepestError):
        st.fit(text, data, max_seconds=2, start={})


def test_rows_of_many_chunks_are_read_and_looked_at_to_the_last():
    rows = MANY_CHUNKS * CHUNK + 5
    whole, table = np.arange(rows), np.ones((rows, 2))
    gaps = [0, CHUNK - 1, CHUNK, rows - 1]
    y = np.linspace(0.0, 1.0, rows)
    y[gaps[:2]] = np.nan
    table[gaps[2:], 1] = np.inf
    found = read_table({"x": whole, "t": table, "y": y}, ["x", "t", "y"], drop_missing=True)
    kept = np.delete(whole, gaps)
    assert found.dropped == len(gaps)
    np.testing.assert_array_equal(found.columns["x"], kept)
    np.testing.assert_array_equal(found.columns["y"], np.delete(y, gaps))
    whole[:] = 7
    assert found.columns["x"][0] == kept[0]

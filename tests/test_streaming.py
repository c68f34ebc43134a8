"""Fits whose rows are read piece by piece: the same answer, the same digits, and no row lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import steepest as st
from steepest.errors import InputError
from steepest.figures.fits import fit_scene
from steepest.fitting import losses
from steepest.fitting.streaming.fitted import StreamedFit
from steepest.fitting.streaming.pieces import regrouped
from steepest.program.native.chunks import CHUNK

ROWS = 3 * CHUNK + 1234
GENERATOR = np.random.default_rng(5)
X = GENERATOR.uniform(0, 3, ROWS)
Y = 2 * np.exp(-1.3 * X) + 0.5 + GENERATOR.normal(0, 0.1, ROWS)
W = GENERATOR.uniform(0.5, 2.0, ROWS)
DATA = {"x": X, "y": Y, "w": W}
CURVE = "y ~ a*exp(-b*x) + c"
LINE = "y ~ a + b*x + c*x**2"
START = {"a": 1.5, "b": 1.0, "c": 0.4}
"""Looking for one takes longer than the fit, and is tested beside."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the rows in files of every kind."""
    path = tmp_path_factory.mktemp("rows")
    table = pa.table(DATA)
    pq.write_table(table, path / "whole.parquet")
    pq.write_table(table, path / "groups.parquet", row_group_size=CHUNK)
    for k in range(4):
        pq.write_table(table.slice(k * CHUNK, CHUNK), path / f"part{k}.parquet")
    pa.csv.write_csv(table, path / "rows.csv")
    pa.feather.write_feather(table, str(path / "rows.arrow"), chunksize=2 * CHUNK)
    return path


def bits(fit: st.Fit) -> list[bytes]:
    """Return everything that a fit found, to the last bit."""
    assert fit.standard_errors is not None
    found = [*fit.parameters.values(), *fit.standard_errors.values(), fit.loss, fit.r_squared]
    return [np.float64(one).tobytes() for one in found]


@pytest.mark.parametrize("model", [CURVE, LINE])
@pytest.mark.parametrize("engine", ["python", "native"])
def test_whoever_holds_the_rows_the_digits_are_the_same(
    folder: Path, model: str, engine: str
) -> None:
    start = START if model == CURVE and engine == "native" else None
    expected = st.fit(model, DATA, memory="1GiB", engine=engine, start=start)
    assert expected.success
    files = ("whole.parquet", "groups.parquet", "part*.parquet", "rows.arrow")
    for name in files:
        for memory in ("16MiB", "1GiB") if model == LINE else ("16MiB",):
            found = st.fit(model, folder / name, memory=memory, engine=engine, start=start)
            assert bits(found) == bits(expected), (name, memory)


@pytest.mark.parametrize("model", [CURVE, LINE])
@pytest.mark.parametrize("weights", [{}, {"weights": "w"}, {"sigma": "w"}])
@pytest.mark.parametrize("engine", ["python", "native"])
def test_it_is_the_fit_that_memory_gives(
    folder: Path, model: str, weights: dict[str, str], engine: str
) -> None:
    options = {**weights, "start": START if model == CURVE else None}
    expected = st.fit(model, DATA, **options)
    found = st.fit(model, folder / "groups.parquet", memory="64MiB", engine=engine, **options)
    assert isinstance(found, StreamedFit)
    assert found.success
    for name, value in expected.parameters.items():
        error = expected.standard_errors[name]
        assert abs(found.parameters[name] - value) <= 1e-7 * error
        assert found.standard_errors[name] == pytest.approx(error, rel=1e-9)
    assert found.loss == pytest.approx(expected.loss, rel=1e-12)
    assert found.r_squared == pytest.approx(expected.r_squared, rel=1e-12)
    assert found.reduced_chi_squared == pytest.approx(expected.reduced_chi_squared, rel=1e-12)
    assert found.degrees_of_freedom == expected.degrees_of_freedom
    assert np.allclose(found.correlation, expected.correlation, rtol=0, atol=1e-9)


BINARY = (GENERATOR.uniform(size=ROWS) < 1 / (1 + np.exp(1.0 - X))).astype(float)
COUNTS = GENERATOR.poisson(np.exp(0.3 + 0.4 * X)).astype(float)


@pytest.mark.parametrize(
    ("loss", "model", "response", "options"),
    [
        ("mse", CURVE, Y, {}),
        ("rmse", CURVE, Y, {"start": {"a": 1.5, "b": 1.0, "c": 0.4}, "method": "l-bfgs"}),
        ("huber", CURVE, Y, {}),
        ("cauchy", LINE, Y, {}),
        ("mae", LINE, Y, {}),
        ("quantile", LINE, Y, {}),
        ("log", "y ~ a + b*x", BINARY, {}),
        ("poisson", "y ~ a + b*x", COUNTS, {}),
        ("sse", LINE, Y, {"l2": 3.0}),
        ("sse", LINE, Y, {"l1": 500.0}),
        ("sse", LINE, Y, {"fixed": {"c": 0.2}}),
        ("sse", CURVE, Y, {"bounds": {"b": (0.0, 1.2)}}),
        ("sse", CURVE, Y, {"ties": {"c": "a/4"}}),
        ("mse", LINE, Y, {"method": "gradient-descent", "learning_rate": 0.02, "max_steps": 50}),
    ],
)
def test_every_loss_and_option_gives_what_memory_gives(
    loss: str, model: str, response: Any, options: dict[str, Any]
) -> None:
    data = {"x": X, "y": response}
    expected = st.fit(model, data, loss=loss, **options)
    found = st.fit(model, data, loss=loss, memory="64MiB", **options)
    assert found.loss == pytest.approx(expected.loss, rel=1e-9)
    assert found.result.reason.as_asked == expected.result.reason.as_asked
    for name, value in expected.parameters.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-5, abs=1e-6), name
    assert (found.standard_errors is None) == (expected.standard_errors is None)
    if expected.standard_errors is not None:
        for name, error in expected.standard_errors.items():
            assert found.standard_errors[name] == pytest.approx(error, rel=1e-4)


@pytest.mark.parametrize("engine", ["python", "native"])
def test_errors_of_robust_losses_take_one_pass_and_know_of_weights(engine: str) -> None:
    data = {"x": X, "y": Y, "w": GENERATOR.uniform(0.1, 2.0, ROWS)}
    asked: dict[str, Any] = {"loss": "huber", "weights": "w"}
    expected = st.fit(CURVE, data, **asked)
    found = st.fit(CURVE, data, memory="64MiB", engine=engine, **asked)
    assert found.standard_errors is not None
    for name, error in expected.standard_errors.items():
        assert found.standard_errors[name] == pytest.approx(error, rel=1e-5)


def test_a_model_linear_in_its_parameters_takes_one_pass_and_others_a_few() -> None:
    assert st.fit(LINE, DATA, memory="64MiB").stream.passes == 1
    steps = st.fit(
        LINE, DATA, memory="64MiB", method="gradient-descent", learning_rate=1e-8, max_steps=500
    )
    assert steps.stream.passes == 1
    assert steps.result.nit == 500
    assert st.fit(CURVE, DATA, memory="64MiB").stream.passes <= 8


@pytest.mark.parametrize("engine", ["python", "native"])
def test_columns_that_are_hard_to_tell_apart_keep_their_digits(engine: str) -> None:
    """Their products, whose condition number is 10¹⁹, would lose all of them."""
    t = np.linspace(1000.0, 1001.0, 2 * CHUNK)
    y = 1.0 + 2.0 * (t - 1000) - 3.0 * (t - 1000) ** 2
    y = y + np.random.default_rng(1).normal(0, 0.01, len(t))
    found = st.fit("y ~ a + b*t + c*t**2", {"t": t, "y": y}, memory="64MiB", engine=engine)
    exact = np.polynomial.Polynomial.fit(t, y, 2, domain=[1000.0, 1001.0])
    at = np.linspace(1000.0, 1001.0, 7)
    assert np.abs(found.predict({"t": at}) - exact(at)).max() < 1e-6


def test_rows_that_miss_a_number_are_counted_or_refused_by_their_place(tmp_path: Path) -> None:
    y = np.array(Y)
    gaps = [7, CHUNK - 1, CHUNK, ROWS - 1]
    y[gaps] = np.nan
    pq.write_table(pa.table({"x": X, "y": y}), tmp_path / "g.parquet", row_group_size=CHUNK)
    with pytest.raises(InputError, match=r"row 8 of '.*g.parquet' misses a number.*column 'y'"):
        st.fit(LINE, tmp_path / "g.parquet", memory="64MiB")
    found = st.fit(LINE, tmp_path / "g.parquet", memory="64MiB", drop_missing=True)
    assert found.dropped == len(gaps)
    assert found.criterion.count + found.dropped == ROWS
    assert f"({len(gaps)} left out" in found.explain()
    whole = st.fit(LINE, {"x": X, "y": y}, memory="1GiB", drop_missing=True)
    assert bits(found) == bits(whole)
    expected = st.fit(LINE, {"x": X, "y": y}, drop_missing=True)
    assert found.parameters["a"] == pytest.approx(expected.parameters["a"], rel=1e-10)


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        (lambda x, a: a * (x - x.mean()), {}, "depends on other rows"),
        (lambda x, a: a * float(x[0]), {}, "depends on other rows|followed"),
        (LINE, {"loss": lambda p, y: np.sum((p - y) ** 2)}, "cannot be added up from parts"),
        (LINE, {"memory": "1 parsec"}, "no size"),
        (LINE, {"memory": "1kB"}, "too little"),
        (LINE, {"memory": True}, "no size"),
        (LINE, {"weights": np.ones(3)}, "different lengths"),
        (LINE, {"weights": "w", "sigma": "w"}, "both given"),
        (LINE, {"client": 3}, "no client of a cluster"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    model: Any, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        st.fit(
            model,
            DATA,
            **{"memory": "64MiB", **options},
        )


def test_what_is_too_much_for_compiled_loops_is_left_to_python() -> None:
    terms = " + ".join(f"c{k}*cos({k}*x)" for k in range(1, 18))
    few = {"x": X[:5000], "y": Y[:5000]}
    binary = {"x": X[:5000], "y": BINARY[:5000]}
    for model, data, loss in ((f"y ~ c0 + {terms}", few, "sse"), (f"y ~ {terms}", binary, "log")):
        one, other = (
            st.fit(model, data, loss=loss, memory="64MiB", engine=engine)
            for engine in ("native", "python")
        )
        assert one.success
        for name, value in other.parameters.items():
            assert one.parameters[name] == pytest.approx(value, abs=1e-6)


def test_weights_of_files_are_columns(folder: Path) -> None:
    with pytest.raises(InputError, match="name a column"):
        st.fit(LINE, folder / "rows.csv", memory="64MiB", weights=W)
    named = st.fit(LINE, folder / "whole.parquet", memory="64MiB", weights="w")
    given = st.fit(LINE, DATA, memory="64MiB", weights=W)
    assert bits(named) == bits(given)


def test_a_folder_is_all_files_in_it(folder: Path, tmp_path: Path) -> None:
    for k in range(4):
        inside = tmp_path / f"year={k}"
        inside.mkdir()
        (inside / "rows.parquet").write_bytes((folder / f"part{k}.parquet").read_bytes())
    (tmp_path / "notes.txt").write_text("nothing to read")
    expected = st.fit(LINE, DATA, memory="64MiB")
    assert bits(st.fit(LINE, tmp_path, memory="64MiB")) == bits(expected)
    assert st.fit(LINE, tmp_path).parameters["a"] == pytest.approx(expected.parameters["a"])
    (tmp_path / "empty").mkdir()
    for memory in (None, "64MiB"):
        with pytest.raises(InputError, match="holds no data"):
            st.fit(LINE, tmp_path / "empty", memory=memory)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("offset", [3, 4, 5, 11, 12])
def test_negative_weights_are_told_by_their_row(offset: int, missing: bool, tmp_path: Path) -> None:
    w, x = np.array(W), np.array(X)
    w[CHUNK + offset] = -1.0
    x[[1, CHUNK + 1]] = np.nan if missing else 1.0
    pq.write_table(pa.table({**DATA, "w": w, "x": x}), tmp_path / "w.parquet")
    with pytest.raises(InputError, match=rf"'w' is -1 in row {CHUNK + offset + 1} of"):
        st.fit(LINE, tmp_path / "w.parquet", memory="64MiB", weights="w", drop_missing=missing)


def test_responses_without_a_meaning_are_refused() -> None:
    with pytest.raises(InputError, match="responses of 0 and 1"):
        st.fit("y ~ a + b*x", DATA, loss="log", memory="64MiB")


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(DATA), path)

    def shorten(_: Any) -> None:
        pq.write_table(pa.table(DATA).slice(0, 100), path)

    with pytest.raises(InputError, match="has changed since the fit began"):
        st.fit(CURVE, path, memory="64MiB", callback=shorten)


def test_text_in_a_column_is_told_by_its_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n1,2\n2,3\n3,pear\n4,5\n")
    with pytest.raises(InputError, match=r"t.csv.*Row #4.*pear"):
        st.fit("y ~ a + b*x", tmp_path / "t.csv", memory="64MiB")
    pq.write_table(pa.table({"x": ["1", " 2", "pear"], "y": [1, 2, 3]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"'x' of '.*t.parquet' holds 'pear' in row 3"):
        st.fit("y ~ a*x", tmp_path / "t.parquet", memory="64MiB")


def test_columns_of_every_type_of_number_are_read(tmp_path: Path) -> None:
    count = 50
    numbers = np.arange(count)
    table = pa.table(
        {
            "i": pa.array(numbers, pa.int16()),
            "f": pa.array(numbers * 0.5, pa.float32()),
            "b": pa.array(numbers % 2 == 0),
            "d": pa.array([str(k) for k in numbers]).cast(pa.decimal128(5, 2)),
            "s": pa.array([f" {k}.5 " for k in numbers]),
            "c": pa.array([str(k % 3) for k in numbers]).dictionary_encode(),
            "y": 1 + 2.0 * numbers + (numbers % 2 == 0) + np.sin(numbers),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    model = "y ~ a + p*i + q*f**2 + r*b + s1*d**3 + t*s**4 + u*c"
    found = st.fit(model, tmp_path / "t.parquet", memory="64MiB")
    i = numbers.astype(float)
    columns = {
        "i": i,
        "f": i / 2,
        "b": i % 2 == 0,
        "d": i,
        "s": i + 0.5,
        "c": i % 3,
        "y": table["y"],
    }
    expected = st.fit(model, columns)
    assert found.loss == pytest.approx(expected.loss, rel=1e-9)
    pq.write_table(
        pa.table({"x": pa.array([1, 2, 3], pa.timestamp("s")), "y": [1, 2, 3]}),
        tmp_path / "u.parquet",
    )
    with pytest.raises(InputError, match=r"type timestamp.*no number"):
        st.fit("y ~ a*x", tmp_path / "u.parquet", memory="64MiB")


def test_rows_are_regrouped_without_losing_any() -> None:
    sizes = GENERATOR.integers(0, 50, 40)
    numbers = np.arange(sizes.sum())
    ends = np.cumsum(sizes)
    batches = [{"x": numbers[e - n : e]} for e, n in zip(ends, sizes, strict=True) if n]
    for most in (1, 7, 32, 5000):
        groups = [one["x"] for one in regrouped(iter(batches), most)]
        assert np.array_equal(np.concatenate(groups), numbers)
        assert all(len(one) == most for one in groups[:-1])


MUTATIONS = 500


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_broken_files_are_refused_and_lose_no_rows(tmp_path: Path, kind: str) -> None:
    """Every one is refused with the reason, or all rows that are there are accounted for."""
    table = pa.table({"x": X[:60].round(3), "y": Y[:60].round(3)})
    path, whole = tmp_path / f"broken.{kind}", tmp_path / f"whole.{kind}"
    if kind == "csv":
        pa.csv.write_csv(table, whole)
    else:
        pq.write_table(table, whole, row_group_size=25)
    good, generator = whole.read_bytes(), np.random.default_rng(11)
    refused: list[str] = []
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(good, generator))
        try:
            found = st.fit("y ~ a + b*x", path, memory="64MiB", drop_missing=True)
        except InputError as error:
            refused.append(str(error))
            continue
        read = pa.csv.read_csv if kind == "csv" else pq.read_table
        assert found.criterion.count + found.dropped == read(path).num_rows
    assert len(refused) > MUTATIONS // 10
    assert all(path.name in one or "column" in one or "rows" in one for one in refused)


def mutated(content: bytes, generator: np.random.Generator) -> bytes:
    """Return a file with bits turned, a part cut off, left out or written twice."""
    data = bytearray(content)
    begin, end = sorted(generator.integers(0, len(data), 2).tolist())
    kind = generator.integers(4)
    if kind == 0:
        for place in generator.integers(0, len(data), generator.integers(1, 6)):
            data[place] ^= 1 << int(generator.integers(8))
    elif kind == 1:
        del data[end:]
    elif kind == 2:
        del data[begin : min(end, begin + 40)]
    else:
        data[begin:begin] = data[begin : min(end, begin + 40)]
    return bytes(data)


MEASURED = """
import resource, sys
import numpy as np
import steepest as st
model, path = "y ~ a + b*x + c*x**2", sys.argv[1]
x = np.linspace(0, 1, 100_000)
st.fit(model, {"x": x, "y": x}, memory="64MiB", engine="python")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = st.fit(model, path, memory="64MiB", engine="python")
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(found.criterion.count, (after - before) // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such measure.")
def test_rows_take_no_more_memory_than_allowed(tmp_path: Path) -> None:
    """Ten million rows of two columns, 160 MB as numbers, in row groups and in one piece."""
    path, count = tmp_path / "large.parquet", 10_000_000
    x = np.tile(X[:50_000], count // 50_000)
    pq.write_table(pa.table({"x": x, "y": np.sqrt(x)}), path, row_group_size=count)
    command = [sys.executable, "-c", MEASURED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, megabytes = map(int, done.stdout.split())
    assert rows == count
    assert megabytes < 100


def test_large_files_are_streamed_without_being_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not isinstance(st.fit(LINE, folder / "whole.parquet"), StreamedFit)
    monkeypatch.setattr("steepest.fitting.streaming.fit.LARGE", 10_000)
    assert isinstance(st.fit(LINE, folder / "whole.parquet"), StreamedFit)


def test_it_says_how_often_the_rows_were_read(folder: Path) -> None:
    told = st.fit(LINE, folder / "groups.parquet", memory="64MiB").explain()
    assert f"Fitted {LINE} to {ROWS} rows." in told
    assert "read in 4 pieces, once in" in told


def test_losses_that_are_not_sums_say_so() -> None:
    own = losses.OwnLoss(lambda prediction, target: np.max(np.abs(prediction - target)))
    with pytest.raises(InputError, match="a subclass of losses"):
        st.fit(LINE, DATA, loss=own, memory="64MiB")


def test_a_sample_is_as_dense_everywhere_and_its_figures_say_what_it_is() -> None:
    x = np.linspace(0, 4, 300_000)
    fit = st.fit("y ~ a + b*x", {"x": x, "y": 1 + 2 * x + np.sin(9e5 * x)}, memory="16MiB")
    rows = fit.criterion.rows
    counts, _ = np.histogram(rows.columns["x"], bins=8, range=(0, 4))
    assert counts.max() < 1.2 * counts.min()
    chart = fit_scene(fit, "losses").axes[0]
    assert chart.labels == ("a", f"sse of {len(rows):,} rows")
    curve, dot = chart.items
    assert dot.y[0] == pytest.approx(curve.y.min(), rel=1e-2)
    assert any("of 300,000 rows)" in item.name for item in fit_scene(fit).axes[0].items)

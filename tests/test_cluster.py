"""Fits whose rows are read by the workers of a Dask cluster: the same digits, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.dataframe
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

import steepest as st
from steepest.cli.app import shell
from steepest.descent.workers import ClusterError
from steepest.errors import InputError, SteepestError
from steepest.program.native.chunks import CHUNK

# The cluster's own library leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # And it asks pandas for what this is about to leave out.
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
]

ROWS = 6 * CHUNK
GENERATOR = np.random.default_rng(5)
X = GENERATOR.uniform(0, 3, ROWS)
Y = 2 * np.exp(-1.3 * X) + 0.5 + GENERATOR.normal(0, 0.1, ROWS)
DATA = {"x": X, "y": Y}
CURVE = "y ~ a*exp(-b*x) + c"
LINE = "y ~ a + b*x + c*x**2"
START = {"a": 1.5, "b": 1.0, "c": 0.4}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Return a client of two workers."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the rows as a file of several row groups."""
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(pa.table(DATA), path, row_group_size=CHUNK)
    return path


def bits(fit: st.Fit) -> list[bytes]:
    """Return everything that a fit found, to the last bit."""
    assert fit.success
    assert fit.standard_errors is not None
    found = [*fit.parameters.values(), *fit.standard_errors.values(), fit.loss, fit.r_squared]
    return [np.float64(one).tobytes() for one in found]


@pytest.mark.parametrize("engine", ["python", "native"])
@pytest.mark.parametrize("model", [CURVE, LINE])
def test_workers_give_the_digits_of_one_process(
    client: Client, path: Path, model: str, engine: str
) -> None:
    start = START if engine == "native" and model == CURVE else None
    expected = bits(st.fit(model, DATA, memory="1GiB", engine=engine, start=start))
    frame = dask.dataframe.from_pandas(pd.DataFrame(DATA), npartitions=3)
    assert set(frame.map_partitions(len).compute()) == {2 * CHUNK}
    for data in (path, DATA, frame):
        found = st.fit(model, data, client=client, engine=engine, start=start)
        assert bits(found) == expected


def test_a_frame_needs_no_client(path: Path) -> None:
    frame = dask.dataframe.read_parquet(path)
    found = st.fit(CURVE, frame, engine="python")
    assert found.parameters["b"] == pytest.approx(1.3, abs=0.02)


def test_a_function_of_ones_own_goes_to_the_workers(client: Client, path: Path) -> None:
    rate = 1.3

    def model(x: Any, a: Any, c: Any) -> Any:
        return a * np.exp(-rate * x) + c

    expected = st.fit(model, DATA, memory="1GiB")
    assert bits(st.fit(model, path, client=client)) == bits(expected)


def test_an_address_is_enough(client: Client, path: Path) -> None:
    expected = bits(st.fit(LINE, DATA, memory="1GiB"))
    address = client.scheduler_info()["address"]
    assert bits(st.fit(LINE, path, client=address)) == expected
    assert client.status == "running"


def test_an_address_is_enough_where_there_is_no_client(client: Client, path: Path) -> None:
    address = client.scheduler_info()["address"]
    fit = f"st.fit({LINE!r}, {str(path)!r}, client={address!r})"
    code = f"import steepest as st; print({fit}.parameters['b'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) == st.fit(LINE, DATA, memory="1GiB").parameters["b"]


def test_what_workers_refuse_is_told_as_here(client: Client, tmp_path: Path) -> None:
    y = np.array(Y)
    y[CHUNK + 2] = np.nan
    pq.write_table(pa.table({"x": X, "y": y}), tmp_path / "g.parquet", row_group_size=CHUNK)
    with pytest.raises(InputError, match=rf"row {CHUNK + 3} of '.*g.parquet'"):
        st.fit(LINE, tmp_path / "g.parquet", client=client)
    found = st.fit(LINE, tmp_path / "g.parquet", client=client, drop_missing=True)
    assert found.dropped == 1


def test_there_must_be_a_cluster(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steepest.descent.workers.PATIENCE", 0.2)
    with pytest.raises(InputError, match=r"There is no cluster at 'tcp://127.0.0.1:9'"):
        st.fit(LINE, path, client="tcp://127.0.0.1:9")


def valleys(x: Any) -> Any:
    """A function of many minima."""
    return np.sum(x**4 - 3 * x**2) + 0.3 * x[0] + 0.2 * x[1]


def test_starts_are_followed_by_workers_to_the_same_minima(client: Client) -> None:
    for fun, x0 in (
        (valleys, [0.1, 0.2]),
        ("x**4 - 3*x**2 + y**4 - 3*y**2 + 0.3*x", {"x": 0, "y": 0}),
    ):
        options = {"starts": 12, "bounds": None, "seed": 3}
        expected = st.minimize(fun, x0, **options)
        found = st.minimize(fun, x0, **options, client=client)
        assert len(expected.minima) > 2
        assert [(one.fun, one.starts) for one in found.minima] == [
            (one.fun, one.starts) for one in expected.minima
        ]
        assert found.message == expected.message
        assert np.array_equal(found.history.x, expected.history.x)
        assert found.resume(max_steps=5).success


def test_what_cannot_travel_is_told(client: Client) -> None:
    lock = threading.Lock()

    def guarded(x: Any) -> Any:
        with lock:
            return valleys(x)

    with pytest.raises(InputError, match=r"no form in which it travels: cannot pickle"):
        st.minimize(guarded, [0.1, 0.2], starts=3, client=client)


@pytest.mark.parametrize("fun", [valleys, "x**4 - 3*x**2 + y**4", st.function("x**4 + y**2")])
def test_workers_race_to_the_same_ends(client: Client, fun: Any) -> None:
    x0: Any = [0.1, 0.2] if fun is valleys else {"x": 0.1, "y": 0.2}
    methods = ["gradient-descent", "adam", "bfgs", "newton"]
    options = {"learning_rate": 0.01, "max_steps": 200}
    expected = st.compare(fun, x0, methods, **options)
    found = st.compare(fun, x0, methods, **options, client=client)
    for one, other in zip(found.table(), expected.table(), strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}
    assert found.best == expected.best
    assert np.array_equal(found.results["adam"].history.x, expected.results["adam"].history.x)


def test_the_command_line_speaks_to_a_cluster(client: Client, path: Path) -> None:
    address = client.scheduler_info()["address"]
    formula = "x**4 - 3*x**2 + x"
    for command in (
        ["minimize", formula, "--start", "x=1", "--starts", "8", "--json"],
        ["compare", formula, "--start", "x=1", "--methods", "adam,bfgs", "--json"],
        ["fit", str(path), LINE, "--memory", "1GiB", "--json"],
    ):
        here = CliRunner().invoke(shell, command)
        there = CliRunner().invoke(shell, [*command, "--cluster", address])
        assert here.exit_code == there.exit_code == 0, there.stderr
        assert plain(there.stdout) == plain(here.stdout)


def plain(text: str) -> Any:
    """Return what was printed without the seconds."""
    return json.loads(text, object_hook=lambda one: {**one, "seconds": 0})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "search from many starts="),
        ({"starts": 3, "callback": print}, "callback cannot be had"),
        ({"starts": 3, "max_evaluations": 30}, "max_evaluations cannot be had"),
        ({"starts": 3, "fun": st.function(valleys), "x0": [1, 2]}, "cannot be sent"),
    ],
)
def test_what_workers_cannot_do_is_refused(
    client: Client, given: dict[str, Any], words: str
) -> None:
    options = {"fun": "x**2 + y**2", "x0": {"x": 1, "y": 1}, **given}
    with pytest.raises(InputError, match=words):
        st.minimize(**options, client=client)


@pytest.mark.parametrize("source", ["file", "arrays", "frame"])
def test_a_worker_that_is_killed_changes_no_digit(path: Path, source: str) -> None:
    options: dict[str, Any] = {"engine": "python", "start": START}
    expected = bits(st.fit(CURVE, DATA, memory="1GiB", **options))
    frame = dask.dataframe.from_pandas(pd.DataFrame(DATA), npartitions=3)
    data: Any = {"file": path, "arrays": DATA, "frame": frame}[source]
    killed = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):

        def kill_one(_: Any) -> None:
            if not killed:
                workers = client.scheduler_info()["workers"]
                pid = client.run(os.getpid, workers=[next(iter(workers))])
                killed.extend(pid.values())
                os.kill(killed[0], signal.SIGKILL)

        found = st.fit(CURVE, data, client=client, callback=kill_one, **options)
    assert killed
    assert bits(found) == expected


def test_a_cluster_may_speak_under_tls(path: Path) -> None:
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, security=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        assert client.scheduler_info()["address"].startswith("tls://")
        found = st.fit(LINE, path, client=client)
    assert bits(found) == bits(st.fit(LINE, DATA, memory="1GiB"))


def test_a_scheduler_that_is_lost_is_told_and_another_goes_on(
    client: Client, path: Path, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"engine": "python", "start": START}
    kept = tmp_path / "run.ckpt"
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    about = ["--scheduler-file", str(file), "--no-dashboard"]
    own = [*about, "--port", "0", "--host", "127.0.0.1"]
    python = [sys.executable, "-m"]
    scheduler = subprocess.Popen([*python, "distributed.cli.dask_scheduler", *own], **quiet)
    worker = subprocess.Popen([*python, "distributed.cli.dask_worker", *about], **quiet)
    try:
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        with Client(scheduler_file=str(file), timeout="30s") as doomed:
            doomed.wait_for_workers(1, timeout=60)

            def kill(step: Any) -> None:
                if step.step == 2:
                    scheduler.kill()

            with pytest.raises(SteepestError, match="lost") as raised:
                st.fit(CURVE, path, client=doomed, callback=kill, checkpoint=kept, **options)
        assert isinstance(raised.value, ClusterError)
    finally:
        for process in (scheduler, worker):
            process.kill()
            process.wait()
    expected = st.fit(CURVE, path, memory="1GiB", **options)
    assert expected.result.nit > 2
    found = st.resume(kept, client=client)
    assert bits(found) == bits(expected)
    assert found.result.nit == expected.result.nit

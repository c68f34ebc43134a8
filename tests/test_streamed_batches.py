"""Mini-batches of rows that are read piece by piece: a real shuffle, and no row twice."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import steepest as st
from steepest.errors import InputError
from steepest.fitting.losses import sse
from steepest.fitting.model import model_of
from steepest.fitting.streaming.cleaning import Cleaner
from steepest.fitting.streaming.local import Local
from steepest.fitting.streaming.shuffling import Pool
from steepest.fitting.streaming.source import source_of

ROWS = 100_000
X = np.linspace(-1, 1, ROWS)
Y = 1.0 + 2.0 * X + np.random.default_rng(3).normal(0, 0.1, ROWS)
LINE = "y ~ a + b*x"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return sorted rows in a file of several row groups."""
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(pa.table({"x": X, "y": Y}), path, row_group_size=30_000)
    return path


def pool_of(path: Path, size: int = 1000, share: float = 0.0, seed: int = 0) -> Pool:
    """Return what deals out the rows."""
    cleaner = Cleaner(model_of(LINE, ["x", "y"]), sse)
    return Pool(source_of(path).pieces, cleaner, Local(2**26), size, seed, share)


def epoch_of(pool: Pool) -> list[Any]:
    """Return the predictors of one epoch's batches."""
    batches = [pool.deal().columns["x"]]
    epoch = pool.epoch
    while sum(map(len, batches)) < pool.count:
        batches.append(pool.deal().columns["x"])
    assert pool.epoch == epoch
    return batches


@pytest.mark.parametrize("pooled", [2**20, 20_000, 1])
def test_every_epoch_deals_out_each_row_once_in_another_order(
    path: Path, pooled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steepest.fitting.streaming.shuffling.POOL", pooled)
    pool = pool_of(path, size=700)
    epochs = [epoch_of(pool), epoch_of(pool)]
    pool.close()
    for batches in epochs:
        assert {len(one) for one in batches[:-1]} == {700}
        assert np.array_equal(np.sort(np.concatenate(batches)), X)
    first, second = map(np.concatenate, epochs)
    assert not np.array_equal(first, second)
    again = pool_of(path, size=700)
    assert np.array_equal(np.concatenate(epoch_of(again)), first)
    again.close()
    other = pool_of(path, size=700, seed=1)
    assert not np.array_equal(np.concatenate(epoch_of(other)), first)
    other.close()


def test_a_batch_of_sorted_rows_is_mixed(path: Path) -> None:
    pool = pool_of(path)
    batch = pool.deal().columns["x"]
    pool.close()
    assert np.ptp(batch) > 1.9
    assert abs(batch.mean()) < 0.1


def test_rows_held_out_take_no_part(path: Path) -> None:
    pool = pool_of(path, share=0.2)
    dealt = np.concatenate(epoch_of(pool))
    pool.close()
    held = pool.held_out.columns["x"]
    assert len(held) == pytest.approx(0.2 * ROWS, rel=0.05)
    assert np.array_equal(np.sort(np.concatenate([dealt, held])), X)


@pytest.mark.parametrize("dealt", [0, 3, 100, 130])
def test_a_place_can_be_gone_to(path: Path, dealt: int) -> None:
    pool, other = pool_of(path), pool_of(path)
    for _ in range(dealt):
        pool.deal()
    other.go_to(pool.place)
    assert other.place == pool.place
    for _ in range(5):
        assert np.array_equal(other.deal().columns["x"], pool.deal().columns["x"])
    pool.close()
    other.close()


def test_a_fit_by_batches_comes_to_what_memory_gives(path: Path) -> None:
    options = {"batch_size": 500, "epochs": 4, "method": "adam", "held_out": 0.1, "seed": 2}
    options |= {"learning_rate": 0.02, "start": {"a": 0.0, "b": 0.0}}
    whole = st.fit(LINE, {"x": X, "y": Y}, **options)
    found = st.fit(LINE, path, memory="64MiB", **options)
    assert found.parameters["a"] == pytest.approx(whole.parameters["a"], abs=0.02)
    assert found.parameters["b"] == pytest.approx(whole.parameters["b"], abs=0.02)
    assert [one.number for one in found.epochs] == [1, 2, 3, 4]
    assert all(one.held_out_loss is not None for one in found.epochs)
    again = st.fit(LINE, path, memory="64MiB", **options)
    assert again.parameters == found.parameters
    assert not [one for one in threading.enumerate() if "steepest reading" in one.name]


def test_a_fit_by_batches_goes_on_to_the_same_bits(path: Path, tmp_path: Path) -> None:
    options = {"batch_size": 999, "epochs": 2, "memory": "64MiB", "held_out": 0.1}
    options["start"] = {"a": 0.0, "b": 0.0}
    whole = st.fit(LINE, path, **options)
    kept = tmp_path / "run.ckpt"

    class StoppedError(Exception):
        pass

    def stop(step: Any) -> None:
        if step.step == 130:
            raise StoppedError

    checkpoint = st.Checkpoint(kept, every_steps=41)
    with pytest.raises(StoppedError):
        st.fit(LINE, path, **options, checkpoint=checkpoint, callback=stop)
    found = st.resume(kept)
    assert found.parameters == whole.parameters
    assert found.epochs == whole.epochs
    assert np.array_equal(found.result.history.x, whole.result.history.x)


def test_batches_on_a_cluster_are_refused(path: Path) -> None:
    from distributed import Client

    with (
        Client(processes=False, n_workers=1, dashboard_address=":0") as client,
        pytest.raises(InputError, match="dealt out by one process"),
    ):
        st.fit(LINE, path, client=client, batch_size=10)

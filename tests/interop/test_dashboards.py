"""Descents in TensorBoard and MLflow, read again with their own libraries."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st

event_accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
tracking = pytest.importorskip("mlflow.tracking")


def run(callback):
    start = {"x": -1.2, "y": 1.0}
    return st.minimize("(1-x)**2 + 100*(y-x**2)**2", start, method="l-bfgs", callback=callback)


def test_tensorboard_reads_every_step(tmp_path):
    with st.interop.tensorboard_callback(tmp_path / "first") as board:
        result = run(board)
        board.summarize(result)
    events = event_accumulator.EventAccumulator(str(tmp_path / "first")).Reload()
    values = events.Scalars("value")
    assert [one.step for one in values] == result.history.step.tolist()
    assert np.float32(result.history.fun).tolist() == [one.value for one in values]
    assert np.float32(result.history.x[:, 1]).tolist() == [e.value for e in events.Scalars("x/y")]
    # No rate led to the start.
    assert len(events.Scalars("learning_rate")) == result.nit
    assert events.Scalars("steps")[0].value == result.nit
    (text,) = events.Tensors("run")
    assert result.message in text.tensor_proto.string_val[0].decode()


def test_only_every_so_many_steps_are_written(tmp_path):
    with st.interop.tensorboard_callback(tmp_path, every=10) as board:
        run(board)
    events = event_accumulator.EventAccumulator(str(tmp_path)).Reload()
    assert [one.step for one in events.Scalars("value")] == [0, 10, 20, 30]
    with pytest.raises(st.InputError, match="every=0"):
        st.interop.tensorboard_callback(tmp_path, every=0)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A folder of runs; newer versions of MLflow ask whether that is meant."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    return (tmp_path / "runs").as_uri()


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_mlflow_reads_every_step(store, monkeypatch):
    monkeypatch.setattr("steepest.interop.for_mlflow.TOGETHER", 7)
    with st.interop.mlflow_callback("valley", "first", store) as log:
        result = run(log)
        log.summarize(result)
    client = tracking.MlflowClient(store)
    (found,) = client.search_runs([client.get_experiment_by_name("valley").experiment_id])
    assert found.info.run_id == log.run_id
    assert found.info.status == "FINISHED"
    assert found.data.params["method"] == "l-bfgs"
    assert found.data.metrics["steps"] == result.nit
    values = sorted(client.get_metric_history(log.run_id, "value"), key=lambda one: one.step)
    assert [one.value for one in values] == result.history.fun.tolist()


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_run_that_fails_is_recorded_as_such(store):
    with pytest.raises(ZeroDivisionError), st.interop.mlflow_callback(tracking_uri=store) as log:
        raise ZeroDivisionError
    assert tracking.MlflowClient(store).get_run(log.run_id).info.status == "FAILED"


def test_a_fit_is_shown_as_well(tmp_path):
    data = {"x": np.arange(4.0), "y": np.array([1.0, 2.9, 5.1, 7.0])}
    with st.interop.tensorboard_callback(tmp_path) as board:
        fit = st.fit("y ~ a + b*x", data, loss="huber", start={"a": 0, "b": 0}, callback=board)
    events = event_accumulator.EventAccumulator(str(tmp_path)).Reload()
    assert len(events.Scalars("x/b")) == fit.result.nit + 1

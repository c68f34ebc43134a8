"""Descents in MLflow: a callback that records a run with its settings and every step."""

from __future__ import annotations

import time
from typing import Any

from steepest.descent.history import Step
from steepest.descent.result import Result
from steepest.errors import MissingPackageError
from steepest.interop.dashboards import measures, outcome, require_every, settings

try:
    from mlflow.entities import Metric, Param
    from mlflow.tracking import MlflowClient
except ImportError as error:
    raise MissingPackageError(
        "Runs are recorded with MLflow, which is not installed: pip install 'steepest[dashboards]'."
    ) from error

TOGETHER = 500
"""Numbers sent at once; MLflow takes a thousand at most."""

LONGEST = 500
"""Characters of a setting; older servers take no more."""


class MlflowCallback:
    """Record every step of a descent as a run of an experiment.

    Used as a context, or closed, so that the last steps are recorded and the run is ended.

    Parameters
    ----------
    experiment : str, default "steepest"
        The experiment, which is made where there is none of this name.
    run_name : str, optional
        The name of the run; None leaves it to MLflow.
    tracking_uri : str, optional
        Where runs are kept; None is where MLflow is set to, such as ``MLFLOW_TRACKING_URI``.
    every : int, default 1
        Which steps to record: those whose number is a multiple of it.

    Attributes
    ----------
    run_id : str
        The run.

    Raises
    ------
    MissingPackageError
        Without MLflow.
    """

    def __init__(
        self,
        experiment: str = "steepest",
        run_name: str | None = None,
        tracking_uri: str | None = None,
        every: int = 1,
    ) -> None:
        require_every(every, "mlflow_callback")
        self.every = every
        self._client = MlflowClient(tracking_uri)
        known = self._client.get_experiment_by_name(experiment)
        found = self._client.create_experiment(experiment) if known is None else known.experiment_id
        self.run_id: str = self._client.create_run(found, run_name=run_name).info.run_id
        self._waiting: list[Any] = []
        self._open = True

    def __call__(self, step: Step) -> None:
        """Record one step."""
        if step.step % self.every == 0:
            self._add(measures(step), step.step)

    def summarize(self, result: Result) -> None:
        """Record what came of a descent: its numbers, and what it was asked for."""
        self._add(outcome(result), result.nit)
        params = [Param(name, text[:LONGEST]) for name, text in settings(result).items()]
        self._client.log_batch(self.run_id, params=params)
        self._client.set_tag(self.run_id, "message", result.message)

    def close(self, status: str = "FINISHED") -> None:
        """Record what is waiting, and end the run."""
        if self._open:
            self._send()
            self._client.set_terminated(self.run_id, status)
            self._open = False

    def __enter__(self) -> MlflowCallback:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        self.close("FINISHED" if kind is None else "FAILED")

    def _add(self, numbers: dict[str, float], step: int) -> None:
        """Put numbers where they wait for others."""
        now = int(time.time() * 1000)
        self._waiting += [Metric(name, value, now, step) for name, value in numbers.items()]
        if len(self._waiting) >= TOGETHER:
            self._send()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for first in range(0, len(waiting), TOGETHER):
            self._client.log_batch(self.run_id, metrics=waiting[first : first + TOGETHER])


def mlflow_callback(
    experiment: str = "steepest",
    run_name: str | None = None,
    tracking_uri: str | None = None,
    every: int = 1,
) -> MlflowCallback:
    """Return a callback that records a descent as a run of an MLflow experiment.

    Parameters
    ----------
    experiment : str, default "steepest"
        The experiment, which is made where there is none of this name.
    run_name : str, optional
        The name of the run; None leaves it to MLflow.
    tracking_uri : str, optional
        Where runs are kept; None is where MLflow is set to, such as ``MLFLOW_TRACKING_URI``.
    every : int, default 1
        Which steps to record: those whose number is a multiple of it.

    Returns
    -------
    MlflowCallback
        A context: the last steps are recorded, and the run ended, at its end.

    Examples
    --------
    >>> import os
    >>> import steepest as st
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # a folder in place of a server
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder).as_uri()
    ...     with mlflow_callback("bowls", "first", tracking_uri=place) as log:
    ...         result = st.minimize("x**2", {"x": 1.0}, learning_rate=0.1, callback=log)
    ...         log.summarize(result)
    """
    return MlflowCallback(experiment, run_name, tracking_uri, every)

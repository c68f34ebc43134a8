"""Descents in TensorBoard: a callback that writes its event files, without TensorFlow."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from steepest.descent.history import Step
from steepest.descent.result import Result
from steepest.errors import MissingPackageError
from steepest.interop.dashboards import measures, outcome, require_every, settings

try:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
except ImportError as error:
    raise MissingPackageError(
        "Event files are written with TensorBoard, which is not installed: "
        "pip install 'steepest[dashboards]'."
    ) from error


class TensorBoardCallback:
    """Write every step of a descent to a folder that ``tensorboard --logdir`` shows.

    Used as a context, or closed, so that the last steps are in the file.

    Parameters
    ----------
    folder : str or path
        Where the event file goes; each run has a folder of its own.
    every : int, default 1
        Which steps to write: those whose number is a multiple of it.

    Raises
    ------
    MissingPackageError
        Without TensorBoard.
    """

    def __init__(self, folder: str | Path, every: int = 1) -> None:
        require_every(every, "tensorboard_callback")
        self.every = every
        self._writer = EventFileWriter(os.fspath(folder))

    def __call__(self, step: Step) -> None:
        """Write one step."""
        if step.step % self.every == 0:
            self._write(measures(step), step.step)

    def summarize(self, result: Result) -> None:
        """Write what came of a descent: its numbers, and what it was asked for as text."""
        self._write(outcome(result), result.nit)
        lines = [f"- {name}: {value}" for name, value in settings(result).items()]
        text = TensorProto(dtype=7, string_val=["\n".join([result.message, "", *lines]).encode()])
        text.tensor_shape.SetInParent()
        metadata = SummaryMetadata(plugin_data={"plugin_name": "text"})
        value = Summary.Value(tag="run", metadata=metadata, tensor=text)
        self._add(Summary(value=[value]), result.nit)

    def close(self) -> None:
        """Write what is waiting, and close the file."""
        self._writer.close()

    def __enter__(self) -> TensorBoardCallback:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _write(self, numbers: dict[str, float], step: int) -> None:
        """Write numbers under their names."""
        values = [Summary.Value(tag=name, simple_value=value) for name, value in numbers.items()]
        self._add(Summary(value=values), step)

    def _add(self, summary: Any, step: int) -> None:
        self._writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))


def tensorboard_callback(folder: str | Path, every: int = 1) -> TensorBoardCallback:
    """Return a callback that writes every step to a folder that ``tensorboard --logdir`` shows.

    Parameters
    ----------
    folder : str or path
        Where the event file goes; each run has a folder of its own.
    every : int, default 1
        Which steps to write: those whose number is a multiple of it.

    Returns
    -------
    TensorBoardCallback
        A context: the last steps are written at its end.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, tensorboard_callback(folder) as board:
    ...     result = st.minimize("x**2", 1.0, learning_rate=0.1, callback=board)
    ...     board.summarize(result)
    """
    return TensorBoardCallback(folder, every)

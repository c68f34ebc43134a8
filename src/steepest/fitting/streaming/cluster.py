"""Answers of the workers of a Dask cluster: rows stay with them, and only sums travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from steepest.errors import InputError, MissingPackageError, SteepestError
from steepest.fitting.streaming.dask_frame import Partition, rows_in
from steepest.fitting.streaming.local import Local
from steepest.fitting.streaming.pieces import ArrayPiece, Columns, Piece
from steepest.fitting.streaming.places import Spot, chunk_of
from steepest.fitting.streaming.recipe import Answer, Recipe, answer_of
from steepest.fitting.streaming.sums import Question

ATTEMPTS = 3
"""So often a pass is begun anew where workers that held rows were lost."""


class ClusterError(SteepestError, ConnectionError):
    """A cluster that was lost while it was at work."""


class Cluster:
    """The workers of a cluster.

    Parameters
    ----------
    client : distributed.Client or str
        What speaks to them; or an address, and then the connection is closed at the end.
    memory : float
        Bytes that rows may take in one worker.
    """

    def __init__(self, client: Any, memory: float) -> None:
        owned = isinstance(client, str)
        self.client, self.local, self.owned = connected(client), Local(memory), owned
        self.there: dict[int, Any] = {}

    def answers(
        self, pieces: Sequence[Piece], recipe: Recipe, question: Question, surveying: bool
    ) -> Iterator[Answer]:
        """Yield the answer of each piece, in order."""
        columns = recipe.cleaner().columns
        most = self.local.rows_at_once(len(columns))
        found: dict[int, Answer] = {}
        for attempt in range(1, ATTEMPTS + 1):
            missing = [k for k in range(len(pieces)) if k not in found]
            tasks = {
                k: self._submit(answer_of, k, pieces[k], recipe, question, surveying, most)
                for k in missing
            }
            lost = self._gathered(tasks, found)
            if not lost:
                break
            if attempt == ATTEMPTS:
                raise ClusterError(
                    f"The workers of the cluster were lost {ATTEMPTS} times in one pass over the "
                    f"rows ({lost}): look at their logs, and whether they have enough memory."
                )
            self.there.clear()
        yield from (found[k] for k in range(len(pieces)))

    def counted(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return pieces that know their lengths: partitions are made, and counted, by workers."""
        frames = {k: one for k, one in enumerate(pieces) if isinstance(one, Partition)}
        counts = self._all({k: self._submit(rows_in, None, one) for k, one in frames.items()})
        for k, one in frames.items():
            frames[k] = replace(one, rows=counts[k])
        return [frames.get(k, one) for k, one in enumerate(pieces)]

    def chunks(self, spots: Sequence[Spot], columns: Sequence[str], most: int) -> list[Columns]:
        """Return rows of some chunks, so many of each."""
        held = {k: chunk_of(*one, columns, most) for k, one in enumerate(spots) if one[0].held}
        tasks = {
            k: self._submit(chunk_of, None, piece, number, columns, most)
            for k, (piece, number) in enumerate(spots)
            if k not in held
        }
        found = {**held, **self._all(tasks)}
        return [found[k] for k in range(len(spots))]

    def _all(self, tasks: dict[int, Any]) -> dict[int, Any]:
        """Return what all tasks return."""
        found: dict[int, Any] = {}
        lost = self._gathered(tasks, found)
        if lost:
            raise ClusterError(f"The workers of the cluster were lost at the first rows: {lost}.")
        return found

    def close(self) -> None:
        """Let go of what workers hold, and of a connection of one's own."""
        self.there.clear()
        if self.owned:
            self.client.close()

    def _submit(self, work: Any, number: int | None, piece: Piece, *arguments: Any) -> Any:
        """Send work to where a piece is."""
        try:
            if isinstance(piece, Partition):
                if piece.number not in self.there:
                    self.there[piece.number] = self.client.compute(piece.frame)
                frame = self.there[piece.number]
                return self.client.submit(
                    _on_partition, work, frame, piece.number, *arguments, pure=False
                )
            if isinstance(piece, ArrayPiece) and number is not None:
                if number not in self.there:
                    self.there[number] = self.client.scatter(piece, hash=False)
                piece = self.there[number]
            return self.client.submit(work, piece, *arguments, pure=False)
        except Exception as error:
            raise self._translated(error) from error

    def _gathered(self, tasks: dict[int, Any], found: dict[int, Any]) -> str | None:
        """Take in what tasks return; return why some did not, where workers were lost."""
        from distributed import as_completed

        numbers = {task.key: k for k, task in tasks.items()}
        lost = None
        try:
            for task in as_completed(list(tasks.values())):
                error = None if task.status == "finished" else _raised(task)
                if error is None:
                    found[numbers[task.key]] = task.result()
                elif isinstance(error, SteepestError):
                    raise error
                elif _is_loss(error):
                    lost = f"{type(error).__name__}: {error}".splitlines()[0]
                else:
                    raise InputError(
                        f"A worker of the cluster failed: {type(error).__name__}: {error}"
                    ) from error
        except SteepestError:
            raise
        except Exception as error:
            raise self._translated(error) from error
        finally:
            self._cancel(tasks)
        if self.client.status != "running":
            raise self._translated(ConnectionError("the connection is closed"))
        return lost

    def _cancel(self, tasks: dict[int, Any]) -> None:
        """End what is no longer waited for."""
        for task in tasks.values():
            if task.status == "pending" and self.client.status == "running":
                task.cancel()
            task.release()

    def _translated(self, error: Exception) -> ClusterError:
        """Return an error that says that the scheduler is gone."""
        return ClusterError(
            f"The scheduler of the cluster was lost ({type(error).__name__}: {error}): start the "
            "cluster again and fit anew, from the last checkpoint where one was kept."
        )


def cluster_for(client: Any, memory: float) -> Cluster | Local:
    """Return the workers that a client speaks to.

    Parameters
    ----------
    client : distributed.Client, str or None
        A client; the address of a scheduler; or the client there is, and where there is none this
        process does the work.

    Raises
    ------
    InputError
        For what is no client.
    """
    if client is None:
        import sys

        distributed = sys.modules.get("distributed")
        try:
            client = None if distributed is None else distributed.get_client()
        except ValueError:
            client = None
        if client is None:
            return Local(memory)
    return Cluster(client, memory)


def connected(client: Any) -> Any:
    """Return a client, connected where an address is given."""
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPackageError(
            "Clusters are spoken to by Dask's distributed, which is not installed: "
            "pip install 'steepest[cluster]'."
        ) from error
    if isinstance(client, str):
        try:
            return Client(client, timeout="10s", set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"There is no cluster at {client!r} ({error}): give the address of its scheduler, "
                "such as tcp://host:8786."
            ) from error
    if not isinstance(client, Client) or client.asynchronous:
        raise InputError(
            f"client={client!r} is no client of a cluster: give a distributed.Client, or the "
            "address of a scheduler."
        )
    if client.status != "running":
        raise InputError(f"The client is {client.status}: connect it to a cluster first.")
    return client


def _raised(task: Any) -> BaseException:
    """Return what a task raised, or why it was lost."""
    try:
        error = task.exception()
    except Exception as lost:
        return lost
    return ConnectionError(f"a task was {task.status}") if error is None else error


def _is_loss(error: BaseException) -> bool:
    """Return whether an error says that a worker, or what it held, is gone."""
    from concurrent.futures import CancelledError as Cancelled

    from distributed import CancelledError
    from distributed.scheduler import KilledWorker

    return isinstance(error, (CancelledError, Cancelled, KilledWorker, OSError))


def _on_partition(work: Any, frame: Any, number: int, *arguments: Any) -> Any:
    """Do work on a partition, where it lies."""
    return work(Partition(frame, number), *arguments)

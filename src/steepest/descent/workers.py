"""Work for the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from steepest.errors import InputError, MissingPackageError, SteepestError


class ClusterError(SteepestError, ConnectionError):
    """A cluster that was lost while it was at work."""


ATTEMPTS = 3
"""So often work is sent out again whose workers were lost."""

PATIENCE = 5.0
"""Seconds in which the scheduler at an address must answer."""


def connected(client: Any) -> Any:
    """Return a client, connected where an address is given.

    Parameters
    ----------
    client : distributed.Client or str

    Raises
    ------
    InputError
        For what is no client of a cluster, and an address at which there is none.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPackageError(
            "Clusters are spoken to by Dask's distributed, which is not installed: "
            "pip install 'steepest[cluster]'."
        ) from error
    if isinstance(client, str):
        try:
            return Client(client, timeout=PATIENCE, set_as_default=False)
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


class Workers:
    """The workers of a cluster.

    Parameters
    ----------
    client : distributed.Client or str
        What speaks to them; or an address, and then the connection is closed at the end.
    """

    def __init__(self, client: Any) -> None:
        self.owned = isinstance(client, str)
        self.client = connected(client)

    def close(self) -> None:
        """Close a connection of one's own."""
        if self.owned:
            self.client.close()

    def all(self, work: Callable[..., Any], items: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return ``work(*item)`` for every item, in order, whoever does it and when."""
        found: dict[int, Any] = {}
        for attempt in range(1, ATTEMPTS + 1):
            missing = [k for k in range(len(items)) if k not in found]
            tasks = {k: self.submit(work, *items[k]) for k in missing}
            lost = self.gathered(tasks, found)
            if lost is None:
                break
            if attempt == ATTEMPTS:
                raise lost_too_often(lost)
        return [found[k] for k in range(len(items))]

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Send work to a worker."""
        try:
            return self.client.submit(work, *arguments, pure=False)
        except (AttributeError, TypeError, ValueError) as error:
            raise InputError(
                "The work cannot be sent to the workers of a cluster, because something in it has "
                f"no form in which it travels: {_what_cannot(error)}."
            ) from error
        except Exception as error:
            raise scheduler_lost(error) from error

    def gathered(self, tasks: Mapping[int, Any], found: dict[int, Any]) -> str | None:
        """Take in what tasks return; return why some did not, where workers were lost."""
        from distributed import as_completed

        numbers = {task.key: k for k, task in tasks.items()}
        lost = None
        try:
            # A connection of one's own is nobody's default.
            for task in as_completed(list(tasks.values()), loop=self.client.loop):
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
            raise scheduler_lost(error) from error
        finally:
            self._cancel(tasks)
        if self.client.status != "running":
            raise scheduler_lost(ConnectionError("the connection is closed"))
        return lost

    def _cancel(self, tasks: Mapping[int, Any]) -> None:
        """End what is no longer waited for."""
        for task in tasks.values():
            if task.status == "pending" and self.client.status == "running":
                task.cancel()
            task.release()


def lost_too_often(lost: str) -> ClusterError:
    """Return an error that says that workers were lost again and again."""
    return ClusterError(
        f"The workers of the cluster were lost {ATTEMPTS} times at the same work ({lost}): look at "
        "their logs, and whether they have enough memory."
    )


def scheduler_lost(error: Exception) -> ClusterError:
    """Return an error that says that the scheduler is gone."""
    return ClusterError(
        f"The scheduler of the cluster was lost ({type(error).__name__}: {error}): start the "
        "cluster again and begin anew, or go on from the last checkpoint where one was kept."
    )


def _what_cannot(error: BaseException) -> str:
    """Return what a chain of errors says cannot be pickled, or what the first of them says."""
    following: BaseException | None = error
    said = ""
    while following is not None:
        said = str(following)
        if said.startswith("cannot pickle"):
            break
        following = following.__cause__ or following.__context__
    return said.rstrip(".")


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

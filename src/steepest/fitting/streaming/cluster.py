"""Answers of the workers of a Dask cluster: rows stay with them, and only sums travel."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from steepest.descent.workers import ATTEMPTS, Workers, lost_too_often, scheduler_lost
from steepest.fitting.streaming.dask_frame import Partition, rows_in
from steepest.fitting.streaming.local import Local
from steepest.fitting.streaming.pieces import ArrayPiece, Piece
from steepest.fitting.streaming.places import Sampled, Spot, chunk_of
from steepest.fitting.streaming.recipe import Answer, Recipe, answer_of
from steepest.fitting.streaming.sums import Question


class Cluster:
    """The workers of a cluster.

    Parameters
    ----------
    client : distributed.Client or str
        What speaks to them.
    memory : float
        Bytes that rows may take in one worker.
    """

    def __init__(self, client: Any, memory: float) -> None:
        self.workers, self.local = Workers(client), Local(memory)
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
            lost = self.workers.gathered(tasks, found)
            if lost is None:
                break
            if attempt == ATTEMPTS:
                raise lost_too_often(lost)
            # What the lost workers held is made, or sent, once more.
            self.there.clear()
        yield from (found[k] for k in range(len(pieces)))

    def counted(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return pieces that know their lengths: partitions are made, and counted, by workers."""
        frames = {k: one for k, one in enumerate(pieces) if isinstance(one, Partition)}
        counts = self._all({k: self._submit(rows_in, None, one) for k, one in frames.items()})
        for k, one in frames.items():
            frames[k] = replace(one, rows=counts[k])
        return [frames.get(k, one) for k, one in enumerate(pieces)]

    def chunks(
        self, spots: Sequence[Spot], columns: Sequence[str], counts: Sequence[int]
    ) -> list[Sampled]:
        """Return rows of some chunks, at most so many of each."""
        held = {k: chunk_of(*one, columns, counts[k]) for k, one in enumerate(spots) if one[0].held}
        tasks = {
            k: self._submit(chunk_of, None, piece, number, columns, counts[k])
            for k, (piece, number) in enumerate(spots)
            if k not in held
        }
        found = {**held, **self._all(tasks)}
        return [found[k] for k in range(len(spots))]

    def close(self) -> None:
        """Let go of what workers hold, and of a connection of one's own."""
        self.there.clear()
        self.workers.close()

    def _all(self, tasks: dict[int, Any]) -> dict[int, Any]:
        """Return what all tasks return."""
        found: dict[int, Any] = {}
        lost = self.workers.gathered(tasks, found)
        if lost:
            raise lost_too_often(lost)
        return found

    def _submit(self, work: Any, number: int | None, piece: Piece, *arguments: Any) -> Any:
        """Send work to where a piece is."""
        client = self.workers.client
        try:
            if isinstance(piece, Partition):
                if piece.number not in self.there:
                    self.there[piece.number] = client.compute(piece.frame)
                frame = self.there[piece.number]
                return self.workers.submit(_on_partition, work, frame, piece.number, *arguments)
            if isinstance(piece, ArrayPiece) and number is not None:
                if number not in self.there:
                    self.there[number] = client.scatter(piece, hash=False)
                piece = self.there[number]
        except OSError as error:
            raise scheduler_lost(error) from error
        return self.workers.submit(work, piece, *arguments)


def cluster_for(client: Any, memory: float) -> Cluster | Local:
    """Return the workers that a client speaks to.

    Parameters
    ----------
    client : distributed.Client, str or None
        A client; the address of a scheduler; or the client there is, and where there is none this
        process does the work.
    """
    if client is None:
        distributed = sys.modules.get("distributed")
        try:
            client = None if distributed is None else distributed.get_client()
        except ValueError:
            client = None
    return Local(memory) if client is None else Cluster(client, memory)


def _on_partition(work: Any, frame: Any, number: int, *arguments: Any) -> Any:
    """Do work on a partition, where it lies."""
    return work(Partition(frame, number), *arguments)

"""Answers of this process alone: threads read pieces and add them up, and are heard in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

from steepest.fitting.streaming.cleaning import Place
from steepest.fitting.streaming.pieces import BLOCK, Columns, Piece
from steepest.fitting.streaming.places import Sampled, Spot, chunk_of
from steepest.fitting.streaming.recipe import Answer, Recipe, answer_of, reader_of
from steepest.fitting.streaming.sums import Question
from steepest.program.native.chunks import CHUNK, processors

AHEAD = 2
"""Readers ahead, each with one block in the making and one ready; pieces ahead of each thread."""

COPIES = 3.0
"""How much memory reading a block takes: its bytes in the file, as Arrow and as numbers."""


class Local:
    """The process in which a fit is made.

    Parameters
    ----------
    memory : float
        Bytes that rows may take.
    """

    def __init__(self, memory: float) -> None:
        self.memory = memory

    def answers(
        self, pieces: Sequence[Piece], recipe: Recipe, question: Question, surveying: bool
    ) -> Iterator[Answer]:
        """Yield the answer of each piece, in order."""
        reader = reader_of(recipe)
        columns = reader.cleaner.columns
        most = self.rows_at_once(len(columns))
        if len(pieces) == 1 and not pieces[0].held:
            (piece,) = pieces
            with closing(ReadAhead(pieces, columns, most)) as ahead:
                place = Place(piece.place, piece.first)
                yield reader.answer(ahead.blocks(0), place, question, surveying)
            return

        def answer(piece: Piece) -> Answer:
            return answer_of(piece, recipe, question, surveying, most)

        yield from in_order(answer, pieces)

    def counted(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return pieces that know their lengths where that can be had cheaply."""
        return pieces

    def chunks(
        self, spots: Sequence[Spot], columns: Sequence[str], counts: Sequence[int]
    ) -> list[Sampled]:
        """Return rows of some chunks, at most so many of each."""
        wanted = list(zip(spots, counts, strict=True))
        return list(in_order(lambda one: chunk_of(*one[0], columns, one[1]), wanted))

    def close(self) -> None:
        """End the work: nothing is held."""

    def rows_at_once(self, columns: int) -> int:
        """Return how many rows of so many columns a block may have."""
        held = COPIES * 8.0 * columns * max(2 * AHEAD + 1, processors())
        return int(min(max(self.memory / held // CHUNK, 1), BLOCK // CHUNK)) * CHUNK


Item = TypeVar("Item")
Found = TypeVar("Found")


def in_order(work: Callable[[Item], Found], items: Sequence[Item]) -> Iterator[Found]:
    """Yield what comes of every item, in order; threads work ahead, but not far.

    >>> list(in_order(lambda k: k * k, range(5)))
    [0, 1, 4, 9, 16]
    """
    count = min(processors(), len(items))
    if count <= 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Found]] = deque()
    pool = ThreadPoolExecutor(count, thread_name_prefix="steepest reading")
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


END = object()


class ReadAhead:
    """Threads that read pieces before they are asked for, each every so many-th piece.

    Parameters
    ----------
    pieces : sequence of Piece
    columns : sequence of str
    most : int
        Rows in a block.
    """

    def __init__(self, pieces: Sequence[Piece], columns: Sequence[str], most: int) -> None:
        self.stopped = Event()
        count = min(AHEAD, len(pieces))
        self.queues: list[Queue[Any]] = [Queue(1) for _ in range(count)]
        self.threads = [
            Thread(
                target=self._read,
                args=(pieces[k::count], columns, most, queue),
                name="steepest reading ahead",
                daemon=True,
            )
            for k, queue in enumerate(self.queues)
        ]
        for thread in self.threads:
            thread.start()

    def blocks(self, k: int) -> Iterator[Columns]:
        """Yield the blocks of piece k; pieces are asked for in order."""
        queue = self.queues[k % len(self.queues)]
        while (found := queue.get()) is not END:
            if isinstance(found, BaseException):
                raise found
            yield found

    def close(self) -> None:
        """End the threads."""
        self.stopped.set()
        for queue in self.queues:
            while True:
                try:
                    queue.get_nowait()
                except Empty:
                    break
        for thread in self.threads:
            thread.join()

    def _read(
        self, pieces: Sequence[Piece], columns: Sequence[str], most: int, queue: Queue[Any]
    ) -> None:
        """Read some pieces, one after the other."""
        try:
            for piece in pieces:
                for block in piece.blocks(columns, most):
                    if not self._put(queue, block):
                        return
                if not self._put(queue, END):
                    return
        except BaseException as error:
            # It is raised where the block is asked for.
            self._put(queue, error)

    def _put(self, queue: Queue[Any], found: Any) -> bool:
        """Hand something over as soon as there is room; return whether it is still wanted."""
        while not self.stopped.is_set():
            try:
                queue.put(found, timeout=0.1)
            except Full:
                continue
            return True
        return False

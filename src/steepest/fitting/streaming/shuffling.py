"""Mini-batches of rows that are read piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.batches import Batches
from steepest.fitting.criterion import Criterion
from steepest.fitting.dealing import Dealer
from steepest.fitting.rows import Rows, joined
from steepest.fitting.streaming.cleaning import Cleaner, Place
from steepest.fitting.streaming.local import COPIES, Local, ReadAhead
from steepest.fitting.streaming.pieces import Columns, Piece

POOL = 2**20
"""Rows that are shuffled among each other, at most."""

JUDGING = 1_000_000
"""So many of the rows held out are enough to judge an epoch."""

HOLDING, SHUFFLING = 1, 2
"""What random numbers are for, which are drawn independently."""


class Pool:
    """Rows of pieces in random order, from a pool that is shuffled.

    In every epoch the pieces come in a new order, and the rows of several of them, as many as the
    pool holds, are shuffled among each other and dealt out. The order follows from the seed and
    the epoch alone, whatever was dealt before.

    Parameters
    ----------
    pieces : sequence of Piece
    cleaner : Cleaner
    local : Local
        Knows how much memory there is.
    size : int
        Rows in a batch; the last one of an epoch may be smaller.
    seed : int
    share : float
        The share of rows that are held out.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        cleaner: Cleaner,
        local: Local,
        size: int,
        seed: int,
        share: float,
    ) -> None:
        self.pieces, self.cleaner, self.local = pieces, cleaner, local
        self.size, self.seed, self.share = size, seed, share
        self.epoch, self.dealt = 0, 0
        self.batches: Iterator[Rows] | None = None
        columns = len(cleaner.columns)
        self.most = local.rows_at_once(columns)
        fitting = int(local.memory / (2 * COPIES * 8.0 * columns))
        self.pool = max(min(POOL, fitting), size)
        self.count, self.held_out = self._counted()

    @property
    def place(self) -> dict[str, Any]:
        """The epoch, and how many of its batches were dealt."""
        return {"epoch": self.epoch, "dealt": self.dealt}

    def go_to(self, place: dict[str, Any]) -> None:
        """Begin an epoch again, and pass over the batches that were dealt."""
        self.close()
        self.epoch, self.dealt = place["epoch"], 0
        for _ in range(place["dealt"]):
            self.deal()

    def deal(self) -> Rows:
        """Return the next batch."""
        if self.batches is None:
            self.batches = self._dealt_in(self.epoch)
        batch = next(self.batches, None)
        if batch is None:
            self.epoch, self.dealt = self.epoch + 1, 0
            self.batches = self._dealt_in(self.epoch)
            batch = next(self.batches)
        self.dealt += 1
        return batch

    def close(self) -> None:
        """End reading ahead."""
        if isinstance(self.batches, Generator):
            self.batches.close()
        self.batches = None

    def _dealt_in(self, epoch: int) -> Iterator[Rows]:
        """Yield the batches of an epoch."""
        generator = np.random.default_rng([self.seed, SHUFFLING, epoch])
        waiting: list[Rows] = []
        count = 0
        for rows in self._read(generator.permutation(len(self.pieces)).tolist()):
            waiting.append(rows)
            count += len(rows)
            if count >= self.pool:
                shuffled = joined(waiting).take(generator.permutation(count))
                whole = count - count % self.size
                for begin in range(0, whole, self.size):
                    yield shuffled.take(slice(begin, begin + self.size))
                waiting, count = [shuffled.take(slice(whole, None))], count - whole
        if count:
            shuffled = joined(waiting).take(generator.permutation(count))
            for begin in range(0, count, self.size):
                yield shuffled.take(slice(begin, begin + self.size))

    def _read(self, order: Sequence[int], held_out: bool = False) -> Iterator[Rows]:
        """Yield the rows of pieces in some order: those that take part, or the others."""
        pieces = [self.pieces[k] for k in order]
        with closing(ReadAhead(pieces, self.cleaner.columns, self.most)) as ahead:
            for k, number in enumerate(order):
                yield from self._of_piece(ahead.blocks(k), number, held_out)

    def _of_piece(self, blocks: Iterator[Columns], number: int, held_out: bool) -> Iterator[Rows]:
        """Yield the rows of a piece; which of them are held out is drawn for each."""
        piece, read = self.pieces[number], 0
        generator = np.random.default_rng([self.seed, HOLDING, number])
        for block in blocks:
            count = len(next(iter(block.values())))
            if self.share:
                chosen = (generator.random(count) < self.share) == held_out
                block = {name: column[chosen] for name, column in block.items()}
            if len(next(iter(block.values()))):
                yield from self.cleaner.cleaned(block, Place(piece.place, piece.first + read))
            read += count

    def _counted(self) -> tuple[int, Rows | None]:
        """Return how many rows take part, and those that are held out."""
        order = list(range(len(self.pieces)))
        count = 0
        for rows in self._read(order):
            self.cleaner.loss.check(rows.target)
            count += len(rows)
        if not count:
            raise InputError("No rows are left to descend on: hold out fewer, or give more.")
        if not self.share:
            return count, None
        held: list[Rows] = []
        for rows in self._read(order, held_out=True):
            held.append(rows)
            if sum(map(len, held)) >= JUDGING:
                break
        if not held:
            raise InputError(
                f"held_out={self.share!r} of {count} rows leaves none to judge by: hold out more."
            )
        return count, joined(held)


@dataclass(frozen=True)
class StreamedBatches(Batches):
    """Batches of rows that are read piece by piece.

    Parameters
    ----------
    pool : Pool
        Deals them out.
    """

    pool: Pool | None = field(default=None, compare=False)

    def dealer(self, criterion: Criterion) -> Dealer:
        """Return what deals out the rows."""
        assert self.pool is not None
        return self.pool

    def close(self) -> None:
        """End reading ahead."""
        if self.pool is not None:
            self.pool.close()

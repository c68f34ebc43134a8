"""How rows are shuffled and dealt out in batches."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from steepest.fitting.rows import Rows
from steepest.objective import Vector


class Dealer(Protocol):
    """What deals out rows, epoch after epoch."""

    @property
    def count(self) -> int:
        """How many rows there are in an epoch."""

    @property
    def place(self) -> dict[str, Any]:
        """Where it is: numbers, text and arrays that `go_to` takes."""

    def go_to(self, place: dict[str, Any]) -> None:
        """Go to where it was once."""

    def deal(self) -> Rows:
        """Return the next batch."""


class Shuffled:
    """Rows in memory: in every epoch all are shuffled, and dealt out in order.

    Parameters
    ----------
    rows : Rows
    size : int
        Rows in a batch; the last one of an epoch may be smaller.
    seed : int
    """

    def __init__(self, rows: Rows, size: int, seed: int) -> None:
        self.rows, self.size = rows, size
        self.generator = np.random.default_rng(seed)
        self.state = self.generator.bit_generator.state
        self.order = np.zeros(0, dtype=int)

    @property
    def count(self) -> int:
        """How many rows there are in an epoch."""
        return len(self.rows)

    @property
    def place(self) -> dict[str, Any]:
        """The generator's state, and the rows that are left of an epoch."""
        return {"generator": self.state, "order": self.order}

    def go_to(self, place: dict[str, Any]) -> None:
        """Go to where the generator had this state, and these rows were left of an epoch."""
        self.generator.bit_generator.state = self.state = place["generator"]
        self.order = place["order"]

    def deal(self) -> Rows:
        """Return the next batch."""
        self._shuffle()
        places, self.order = self.order[: self.size], self.order[self.size :]
        return self.rows.take(places)

    def ahead(self, most: int) -> Vector:
        """Return the places of the next batches of full size in this epoch, without dealing them.

        Shape (k, size), k ≤ `most`; `passed` says how many of them were made use of.
        """
        self._shuffle()
        count = min(most, len(self.order) // self.size)
        return self.order[: count * self.size].reshape(count, self.size)

    def passed(self, batches: int) -> None:
        """Go on behind so many batches of full size."""
        self.order = self.order[batches * self.size :]

    def _shuffle(self) -> None:
        """Begin an epoch where the last one is over."""
        if not self.order.size:
            self.order = self.generator.permutation(len(self.rows))
            self.state = self.generator.bit_generator.state

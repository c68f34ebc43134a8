"""Where a sample of the rows comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

import numpy as np

from steepest.fitting.streaming.pieces import Columns, Piece
from steepest.program.native.chunks import CHUNK

PLACES = 16
"""From so many places of the data a sample comes."""

Spot = tuple[Piece, int]
"""A chunk of a piece: the piece, and the chunk's number in it."""

Sampled: TypeAlias = tuple[Columns, int]
"""Every so many of the rows of a chunk, and so many."""


def places_in(pieces: Sequence[Piece]) -> list[Spot]:
    """Return chunks from all over the data.

    Where the lengths of pieces are known, chunks are counted through all of them: the sample, from
    which a fit begins, is then the same however the rows are cut into pieces.
    """
    counts = [piece.rows for piece in pieces]
    known = [count for count in counts if count is not None]
    if len(known) < len(pieces):
        return [(pieces[k], 0) for k in evenly(len(pieces))]
    ends = np.cumsum([-(-count // CHUNK) for count in known])
    found = []
    for number in evenly(int(ends[-1])):
        k = int(np.searchsorted(ends, number, side="right"))
        found.append((pieces[k], number - (int(ends[k - 1]) if k else 0)))
    return found


def counts_of(spots: Sequence[Spot], most: int) -> list[int]:
    """Return how many rows of each chunk make a sample, in which all of them are as dense."""
    sizes = [
        CHUNK if piece.rows is None else max(1, min(CHUNK, piece.rows - number * CHUNK))
        for piece, number in spots
    ]
    return [-(-most * size // sum(sizes)) for size in sizes]


def evenly(count: int) -> list[int]:
    """Return at most so many numbers below a count, evenly.

    >>> evenly(3), evenly(46)[:4]
    ([0, 1, 2], [0, 3, 6, 9])
    """
    return [int(k) for k in np.linspace(0, count - 1, min(count, PLACES))]


def chunk_of(piece: Piece, number: int, columns: Sequence[str], most: int) -> Sampled:
    """Return so many rows of one chunk of a piece, evenly, and of how many each is one."""
    blocks: Iterator[Columns] = islice(piece.blocks(columns, CHUNK), number, None)
    block = next(blocks, {name: np.zeros(0) for name in columns})
    step = max(1, len(next(iter(block.values()))) // most)
    return {name: np.array(column[::step][:most]) for name, column in block.items()}, step

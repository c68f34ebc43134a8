"""Work that is shared by threads, with the same digits for any number of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import count
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.objective import Vector

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

CHUNK = 32_768
"""Rows that are looked at together: some columns of them fit into the processor's cache."""

MANY_CHUNKS = 8
"""Of fewer, one look at every number takes less time than waking a thread pays for."""


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def helpers(process: int) -> ThreadPoolExecutor:
    """Return the threads that help; those of a forked process are its own."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(max(1, processors()), thread_name_prefix="steepest rows")


def shared(work: Callable[[int], Any], parts: int, threads: int) -> None:
    """Do all parts of some work, each thread taking the next one when it is free.

    The caller works along, so that it waits for no thread that is busy elsewhere.

    Parameters
    ----------
    work : callable
        ``work(k)`` does part k; while it computes it lets other threads run.
    parts, threads : int
    """
    following = count()

    def take_some() -> None:
        # One look at a counter is not interrupted by other threads.
        while (k := next(following)) < parts:
            work(k)

    others = min(threads, parts) - 1
    pool = helpers(os.getpid()) if others > 0 else None
    helping = [pool.submit(take_some) for _ in range(others)] if pool else []
    try:
        take_some()
    finally:
        for one in helping:
            if not one.cancel():
                one.result()


def over_chunks(work: Callable[[slice], Any], rows: int) -> None:
    """Do some work on all rows, chunk by chunk, by several threads where there are many.

    Parameters
    ----------
    work : callable
        ``work(part)`` does that on the rows of a slice; while NumPy computes, other threads run.
    rows : int
    """
    chunks = -(-rows // CHUNK)
    threads = processors() if chunks >= MANY_CHUNKS else 1
    shared(lambda k: work(slice(k * CHUNK, (k + 1) * CHUNK)), chunks, threads)


def summed(parts: Vector | Sequence[Vector]) -> Vector:
    """Return the sum of some vectors, rounded once; NaN where it is not finite.

    >>> summed([np.array([1e20, 1.0]), np.array([1.0, 2.0]), np.array([-1e20, np.inf])])
    array([ 1., nan])
    """
    # Numbers of Python's are added several times as quickly as NumPy's.
    return np.array([_exactly(column) for column in np.transpose(parts).tolist()])


def _exactly(numbers: Iterable[float]) -> float:
    """Return a sum of numbers that is rounded once; NaN where one is not finite."""
    try:
        total = fsum(numbers)
    except (OverflowError, ValueError):  # an infinity on the way, or two of unlike sign
        return np.nan
    return total if np.isfinite(total) else np.nan

"""Products of tables of many rows, by threads that share the rows.

What is not finite is a value here, and no warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from steepest.objective import Vector
from steepest.program.native.chunks import processors, shared
from steepest.threads import ONE_THREAD

BLOCK = 4_096
"""Rows of a table that are multiplied together."""

GROUPS = 16
"""Sums of products that threads share, and that are added up at the end."""

NARROW = 256
"""Columns up to which groups of rows are shared; products of wider tables BLAS shares by itself."""

FEW = 4_000_000
"""Multiplications that one thread makes by itself: less than half a millisecond of work."""


def threads_of_ours(tables: Sequence[Vector]) -> AbstractContextManager[None]:
    """Return what keeps BLAS to one thread while rows of narrow tables are shared by our own.

    Its threads turn round and round for some time after each product, on processors that ours need.
    """
    narrow = all(table.shape[1] <= NARROW for table in tables)
    return ONE_THREAD.held() if narrow else nullcontext()


def times(table: Vector, vector: Vector) -> Vector:
    """Return a table times a vector, by threads that share the rows.

    >>> times(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0]))
    array([3., 7.])
    """
    if table.shape[1] > NARROW:
        with np.errstate(all="ignore"):
            return np.asarray(table @ vector)
    product = np.empty(len(table))

    def multiply(block: int) -> None:
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        with np.errstate(all="ignore"):
            np.matmul(table[part], vector, out=product[part])

    shared(multiply, -(-len(table) // BLOCK), threads_for_rows(table.size))
    return product


def weighted_product(left: Vector, weights: Vector, right: Vector) -> Vector:
    """Return Σᵢ wᵢ lᵢ rᵢᵀ for the rows l, r of two tables, by parts that stay in the cache.

    >>> table = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> weighted_product(table, np.array([1.0, 4.0]), table)
    array([[37., 50.],
           [50., 68.]])
    """
    shape = (left.shape[1], right.shape[1])
    blocks = -(-len(weights) // BLOCK)
    groups = min(GROUPS, blocks) if max(shape) <= NARROW else 1
    totals = np.zeros((groups, *shape))
    # A table times itself takes half of the multiplications.
    rooted = left is right and bool((weights >= 0).all())
    factors = np.sqrt(weights) if rooted else weights

    def add_up(group: int) -> None:
        room = np.empty((BLOCK, shape[1]))
        for block in range(group * blocks // groups, (group + 1) * blocks // groups):
            part = slice(block * BLOCK, (block + 1) * BLOCK)
            rows = right[part]
            # Every thread has settings of its own.
            with np.errstate(all="ignore"):
                weighted = np.multiply(factors[part, np.newaxis], rows, out=room[: len(rows)])
                totals[group] += (weighted if rooted else left[part]).T @ weighted

    shared(add_up, groups, threads_for_rows(len(weights) * shape[0] * shape[1]))
    with np.errstate(all="ignore"):
        return np.asarray(totals.sum(axis=0))


def threads_for_rows(multiplications: int) -> int:
    """Return how many threads share rows that take so many multiplications."""
    return processors() if multiplications > FEW else 1

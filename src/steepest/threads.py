"""How many threads of BLAS work on small matrices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from steepest.objective import Vector

Options = ParamSpec("Options")
Found = TypeVar("Found")

TINY = 100_000
"""Multiplications up to which BLAS takes one thread by itself."""

SMALL = 10_000_000
"""Multiplications up to which one thread is as good as several.

Two threads gain a tenth to a fifth there while the processors are idle. While one of them is busy,
they wait for each other at every product: the eigenvalues of a matrix of 50 rows then take a
hundred times as long, and the batches of a network of 10,000 parameters several times.
"""


def threads_for(multiplications: int) -> AbstractContextManager[None]:
    """Return what lets BLAS take one thread, for as long as it lasts, where products are small.

    That is the setting of the whole process, which has its own again afterwards.

    Parameters
    ----------
    multiplications : int
        In each of the products, or in a decomposition.
    """
    return ONE_THREAD.held() if TINY < multiplications <= SMALL else nullcontext()


def in_one_thread(
    decompose: Callable[Concatenate[Vector, Options], Found],
    matrix: Vector,
    *options: Options.args,
    **others: Options.kwargs,
) -> Found:
    """Return what NumPy makes of a matrix, by one thread where the matrix is small.

    Parameters
    ----------
    decompose : callable
        `numpy.linalg.eigh`, `numpy.linalg.qr` and their like, whose work is of the order of
        rows · columns².
    matrix : ndarray, shape (m, n)
    *options, **others
        What else it takes.
    """
    rows, columns = matrix.shape
    with threads_for(rows * columns**2):
        return decompose(matrix, *options, **others)


class OneThread:
    """The setting that BLAS takes one thread: the first who asks makes it, the last undoes it.

    Fits may run in several threads, and end in another order than they began.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._limits: list[Any] = []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the setting for as long as the context lasts."""
        with self._lock:
            if not self._asked:
                self._limit()
            self._asked += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked -= 1
                if not self._asked:
                    for limits in reversed(self._limits):
                        limits.restore_original_limits()
                    self._limits.clear()

    def look_again(self) -> None:
        """Take in what was loaded since the setting was made, if it is held."""
        with self._lock:
            if self._asked:
                self._limit()

    def _limit(self) -> None:
        """Limit every BLAS that is loaded."""
        # A library is loaded with a module that was not there before.
        self._limits.append(_libraries(len(sys.modules)).limit(limits=1))


ONE_THREAD = OneThread()
"""One for the process, as the setting is."""


@lru_cache(maxsize=1)
def _libraries(modules: int) -> Any:
    """Return the libraries of BLAS that so many modules have loaded; to look takes a while."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")

"""How many threads multiply the matrices of small batches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

SMALL = 10_000_000
"""Multiplications of a batch, up to which one thread is as good as several.

Two threads gain a tenth to a fifth there while the processors are idle. While one of them is busy,
they wait for each other at every product: the batches of a network of 10,000 parameters then take
several times as long.
"""


def threads_for(rows: int, parameters: int) -> AbstractContextManager[None]:
    """Return what lets BLAS take one thread, for as long as it lasts, where products are small.

    That is the setting of the whole process, which has its own again afterwards. Without
    threadpoolctl, which comes with scikit-learn, everything stays as it is.

    Parameters
    ----------
    rows : int
        Of a batch.
    parameters : int
        Each of which is met once by every row, or a few times.
    """
    if rows * parameters > SMALL or find_spec("threadpoolctl") is None:
        return nullcontext()
    return ONE_THREAD.held()


@lru_cache(maxsize=1)
def loaded_libraries(modules: int) -> Any:
    """Return what sets the threads of all libraries that so many modules have loaded."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


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
        found = loaded_libraries(len(sys.modules))
        self._limits.append(found.limit(limits=1, user_api="blas"))


ONE_THREAD = OneThread()
"""One for the process, as the setting is."""

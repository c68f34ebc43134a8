"""Syntax trees are made by one thread at a time: Python's own parser minds."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from steepest.expression.parser import parse

THREADS = 4
READINGS = 300


def elsewhere(phase: str, details: dict[str, int]) -> None:
    """Let another thread run."""
    time.sleep(0)


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that take turns in the middle of everything, as a busy server's do by chance."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(20)
    gc.callbacks.append(elsewhere)
    yield
    gc.callbacks.remove(elsewhere)
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def readings(depth: int) -> set[str]:
    """Return what formulas read so deep in calls say."""
    if depth:
        return readings(depth - 1)
    return {str(parse("x**2 + sin(y)*exp(-x)").expression) for _ in range(READINGS)}


@pytest.mark.usefixtures("restless")
def test_threads_read_formulas_side_by_side() -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        said = list(pool.map(readings, range(1, 4 * THREADS, 4)))
    assert all(one == said[0] for one in said)
    assert len(said[0]) == 1

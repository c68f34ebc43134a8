"""Compiled code of these tests is kept apart from the user's, and shared by their processes."""

from __future__ import annotations

import gc
import os

# Several processes share the processors: threads of BLAS would wait for each other's. NumPy reads
# this when it is loaded, and so do the processes that are started from here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator

import pytest
from hypothesis import settings

from steepest.program.native.cache import DIRECTORY

# A check that is run twice must say the same twice. `HYPOTHESIS_PROFILE=new` looks elsewhere.
settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    # Each process of a parallel run has a directory of its own in the one of the run.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    before = os.environ.get(DIRECTORY)
    os.environ[DIRECTORY] = str(shared / "native")
    yield
    if before is None:
        del os.environ[DIRECTORY]
    else:
        os.environ[DIRECTORY] = before


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over modules and thousands of tests, which stay anyway."""
    gc.collect()
    gc.freeze()

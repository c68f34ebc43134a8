"""Running Python as a user does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from threadpoolctl import threadpool_info

import steepest

SOURCES = Path(steepest.__file__).resolve().parent.parent
TESTS = Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(TESTS)])}
"""The package and the helpers of these tests in reach."""


def blas_threads() -> set[int]:
    """Return how many threads the libraries of BLAS take."""
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with the package and the helpers of these tests in reach."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def steepest_command(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return python("-m", "steepest", *arguments, cwd=cwd)

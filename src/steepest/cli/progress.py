"""A line on a terminal that says how far a long descent has come."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Protocol

PATIENCE = 0.5
"""Seconds before the first word: most descents are over by then, and nothing flickers."""

INTERVAL = 0.1
"""Seconds between two updates."""

CLEAR = "\r\x1b[K"
"""Back to the beginning of the line, and erase it."""


class Progressing(Protocol):
    """What the line shows of a step."""

    @property
    def step(self) -> int:
        """The step's number."""

    @property
    def fun(self) -> float:
        """The value."""

    @property
    def gradient_norm(self) -> float:
        """The largest component of the gradient."""


class ProgressLine:
    """Show step, value and gradient against its goal on standard error.

    Used as a context, so that the line is gone when the descent ends.
    """

    def __init__(self) -> None:
        self._next = monotonic() + PATIENCE
        self._shown = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()

    def __call__(self, record: Progressing, goal: float) -> None:
        """Show one step, if the last one shown has been up long enough."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        self._shown = True
        sys.stderr.write(
            f"{CLEAR}step {record.step:,}   f = {record.fun:.8g}"
            f"   gradient {record.gradient_norm:.2e} (goal {goal:.2e})"
        )
        sys.stderr.flush()


def progress_line(quiet: bool) -> ProgressLine | None:
    """Return a progress line where somebody watches, and None elsewhere."""
    return ProgressLine() if sys.stderr.isatty() and not quiet else None

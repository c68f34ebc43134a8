"""How far a long descent has come: on a terminal, in a notebook, and in logs."""

from __future__ import annotations

import math
import sys
from time import monotonic
from typing import Any, NamedTuple, Protocol

REFRESH = 0.1
"""Seconds between two updates of a line on a terminal."""

REFRESH_NOTEBOOK = 0.5
"""In a notebook every update is a message to the browser."""

FIRST_LINE, LONGEST_PAUSE = 10.0, 300.0
"""In a log the first line comes after so many seconds, and pauses double up to five minutes."""

CLEAR = "\r\x1b[K"
"""Back to the beginning of the line, and erase it."""


class Progressing(Protocol):
    """What is shown of a step."""

    @property
    def step(self) -> int:
        """The step's number."""

    @property
    def fun(self) -> float:
        """The value."""

    @property
    def gradient_norm(self) -> float:
        """The largest component of the gradient."""

    @property
    def evaluations(self) -> int:
        """How many values were asked for so far."""


class Pace(NamedTuple):
    """What one evaluation is made of, where it goes over the rows of data.

    Attributes
    ----------
    rows : int
        How many there are.
    each : int
        How many one evaluation takes.
    passes : int, optional
        How often all rows are to be gone over, where that is known.
    """

    rows: int
    each: int
    passes: int | None = None


class ProgressDisplay:
    """Shows how far a descent has come: one line that changes, or now and then a plain line.

    Used as a context, so that the line is gone when the descent ends; entered again, it is the
    same line.

    Parameters
    ----------
    patience : float, default 0
        Seconds before the first word on a terminal.
    pace : Pace, optional
        What one evaluation is made of.
    """

    def __init__(self, patience: float = 0.0, pace: Pace | None = None) -> None:
        self.pace = pace
        self._steps: int | None = None
        self._first: tuple[float, Progressing] | None = None
        self._depth = 0
        self._shown = False
        self._handle: Any = None
        self._stream = sys.stderr
        self._in_place = self._stream.isatty()
        self._notebook = not self._in_place and _in_notebook()
        live = self._in_place or self._notebook
        self._pause = FIRST_LINE
        self._next = monotonic() + (patience if live else FIRST_LINE)

    def __enter__(self) -> ProgressDisplay:
        self._depth += 1
        return self

    def __exit__(self, *exception: object) -> None:
        self._depth -= 1
        if self._shown and self._depth == 0 and self._in_place:
            self._write(CLEAR)

    def begin(self, steps: int | None) -> None:
        """Take note of a descent that begins, and of how many steps it is to make, if known."""
        self._steps, self._first = steps, None

    def is_due(self) -> bool:
        """Return whether it is time for the next word."""
        return self._first is None or monotonic() >= self._next

    def __call__(self, record: Progressing, goal: float) -> None:
        """Show one step, if the last one shown has been up long enough."""
        now = monotonic()
        if self._first is None:
            self._first = now, record
        if now >= self._next:
            self.show(self.text(record, goal, now))

    def show(self, text: str) -> None:
        """Show a line, if the last one shown has been up long enough."""
        now = monotonic()
        if now < self._next:
            return
        self._shown = True
        if self._in_place:
            self._next = now + REFRESH
            self._write(CLEAR + text)
        elif self._notebook:
            self._next = now + REFRESH_NOTEBOOK
            self._show_in_notebook(text)
        else:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._next = now + self._pause
            self._write(text + "\n")

    def text(self, record: Progressing, goal: float, now: float) -> str:
        """Return one line: how far, the value, how fast, and how long it may still take."""
        assert self._first is not None
        began, first = self._first
        seconds, pace = now - began, self.pace
        parts = [f"step {record.step:,}", f"value {record.fun:.8g}"]
        if pace is not None:
            passed = record.evaluations * pace.each / pace.rows
            of = "" if pace.passes is None else f" of {pace.passes:,}"
            rows = (record.evaluations - first.evaluations) * pace.each
            parts = [f"pass {passed:,.1f}{of}", f"loss {record.fun:.8g}"]
            if seconds > 0:
                parts.append(f"{in_short(rows / seconds)} rows/s")
        if pace is None or pace.passes is None:
            parts.append(f"gradient {record.gradient_norm:.2e} (goal {goal:.2e})")
        left = self._seconds_left(record, goal, seconds)
        if left is not None:
            parts.append(f"about {duration(left)} left")
        return "   ".join(parts)

    def _seconds_left(self, record: Progressing, goal: float, seconds: float) -> float | None:
        """Return how long it takes at this pace; None where there is nothing to tell it by.

        By steps where their number is known; else as if the gradient went on to shrink as it did.
        """
        assert self._first is not None
        first = self._first[1]
        made = record.step - first.step
        if made <= 0 or seconds <= 0:
            return None
        if self._steps is not None:
            return seconds * (self._steps - record.step) / made
        size, before = record.gradient_norm, first.gradient_norm
        if not 0 < goal < size < before < math.inf:
            return None
        return seconds * math.log(size / goal) / math.log(before / size)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _show_in_notebook(self, text: str) -> None:
        """Show a line below the cell, in place of the one before."""
        from IPython.display import display

        data = {"text/plain": text}
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def _in_notebook() -> bool:
    """Return whether cells of a notebook are run here."""
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def in_short(number: float) -> str:
    """Return a large number in three digits.

    Examples
    --------
    >>> in_short(12.3), in_short(45_678.0), in_short(1.2e9)
    ('12.3', '45.7k', '1.2G')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"


def duration(seconds: float) -> str:
    """Return a time in the units one speaks of.

    Examples
    --------
    >>> duration(0.2), duration(75), duration(9000), duration(4e5)
    ('1 s', '1 min 15 s', '2 h 30 min', '4 d 15 h')
    """
    left = max(1, round(seconds)) if math.isfinite(seconds) else 10**9
    if left < 60:
        return f"{left} s"
    if left < 3600:
        return f"{left // 60} min {left % 60} s"
    if left < 86400:
        return f"{left // 3600} h {left % 3600 // 60} min"
    return f"{left // 86400} d {left % 86400 // 3600} h"

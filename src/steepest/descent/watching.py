"""What a descent shows while it runs: the user's callback, and its progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeAlias

from steepest.descent.history import Step
from steepest.descent.walk import Row, Watch
from steepest.errors import InputError
from steepest.objective import Objective

Callback: TypeAlias = Callable[[Step], Any]
"""Called with every point; a true answer stops the descent."""

Progress: TypeAlias = bool | Callable[[Step, float], Any] | None
"""True for a line on stderr, a callable for (point, goal of the gradient), None for silence."""

REFRESH = 0.1
"""Seconds between two updates of the progress line."""


@contextmanager
def watching(
    callback: Callback | None, progress: Progress, objective: Objective, goal: float
) -> Iterator[Watch | None]:
    """Give the watch that shows every row to `callback` and `progress`, if there is anything.

    Parameters
    ----------
    callback : callable, optional
        Called with each `Step`; a true answer stops the descent.
    progress : True, callable or None
        Where the progress goes.
    objective : Objective
        The function, for the structure of its start.
    goal : float
        What ‖g‖∞ is to come down to.

    Raises
    ------
    InputError
        If `callback` or `progress` cannot be called.
    """
    if callback is not None and not callable(callback):
        raise InputError(f"callback={callback!r} cannot be called: give a function of one step.")
    if progress is None or progress is False:
        yield _watch(callback, None, objective, goal)
    elif progress is True:
        with _progress_line() as show:
            yield _watch(callback, show, objective, goal)
    elif callable(progress):
        yield _watch(callback, progress, objective, goal)
    else:
        raise InputError(
            f"progress={progress!r} is none of True, None, and a function of (step, goal)."
        )


def once(callback: Callback) -> Callback:
    """Return a callback to which no step is shown again when a descent begins anew."""
    if not callable(callback):
        return callback
    last = -1

    def show(record: Step) -> Any:
        nonlocal last
        if record.step <= last:
            return None
        last = record.step
        return callback(record)

    return show


def _watch(
    callback: Callback | None,
    show: Callable[[Step, float], Any] | None,
    objective: Objective,
    goal: float,
) -> Watch | None:
    """Return the watch of one run; None where nobody looks."""
    if callback is None and show is None:
        return None

    def watch(row: Row, seconds: float) -> bool:
        record = Step.of(row, seconds, objective)
        if show is not None:
            show(record, goal)
        return callback is not None and bool(callback(record))

    return watch


@contextmanager
def _progress_line() -> Iterator[Callable[[Step, float], None]]:
    """Give a function that keeps one line on stderr up to date."""
    from rich.console import Console

    console = Console(file=sys.stderr)
    shown = -REFRESH
    with console.status("starting ...") as status:

        def show(record: Step, goal: float) -> None:
            nonlocal shown
            now = perf_counter()
            if now - shown >= REFRESH:
                shown = now
                status.update(progress_text(record, goal))

        yield show


def progress_text(record: Step, goal: float) -> str:
    """Return one line: the step, the value, and the gradient against its goal."""
    return (
        f"step {record.step}   value {record.fun:.8g}   "
        f"gradient {record.gradient_norm:.2e} (goal {goal:.2e})"
    )

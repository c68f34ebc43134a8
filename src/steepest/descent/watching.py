"""What a descent shows while it runs: the user's callback, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from steepest.descent.history import Step
from steepest.descent.progress import ProgressDisplay
from steepest.descent.walk import Row, Watch
from steepest.errors import InputError
from steepest.objective import Objective

Callback: TypeAlias = Callable[[Step], Any]
"""Called with every point; a true answer stops the descent."""

Progress: TypeAlias = bool | Callable[[Step, float], Any] | None
"""True for a line on stderr, a callable for (point, goal of the gradient), None for silence."""


@contextmanager
def watching(
    callback: Callback | None,
    progress: Progress,
    objective: Objective,
    goal: float,
    steps: int | None = None,
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
    steps : int, optional
        How many steps are to be made, where that is known.

    Raises
    ------
    InputError
        If `callback` or `progress` cannot be called.
    """
    if callback is not None and not callable(callback):
        raise InputError(f"callback={callback!r} cannot be called: give a function of one step.")
    if progress is None or progress is False:
        yield _watch(callback, None, objective, goal)
    elif progress is True or isinstance(progress, ProgressDisplay):
        with ProgressDisplay() if progress is True else progress as show:
            show.begin(steps)
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
        if callback is None and isinstance(show, ProgressDisplay) and not show.is_due():
            return False
        record = Step.of(row, seconds, objective)
        if show is not None:
            show(record, goal)
        return callback is not None and bool(callback(record))

    return watch

"""The progress of passes over rows."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from steepest.descent.progress import Pace, ProgressDisplay, duration, in_short
from steepest.fitting.streaming.stream import Pass, Watcher


def watched(options: MutableMapping[str, Any], rows: int | None) -> Watcher | None:
    """Return what shows how far passes have come; None where that is not asked for.

    Parameters
    ----------
    options : mapping
        Of the descent, whose progress speaks of passes from now on.
    rows : int or None
        How many there are, where that is known.
    """
    progress = options.get("progress")
    if progress is True:
        progress = options["progress"] = ProgressDisplay()
    if not isinstance(progress, ProgressDisplay):
        return None
    display: ProgressDisplay = progress
    if rows is not None:
        display.pace = Pace(rows, rows)

    def watch(one: Pass) -> None:
        display.show(told(one))

    return watch


def told(one: Pass) -> str:
    """Return how far a pass has come.

    Examples
    --------
    >>> told(Pass(2, 5_000_000, 20_000_000, 0.5))
    'pass 2   25 %   10M rows/s   about 2 s left'
    >>> told(Pass(1, 300_000, None, 0.1))
    'pass 1   300k rows   3M rows/s'
    """
    speed = one.rows / max(one.seconds, 1e-9)
    if one.total is None:
        return f"pass {one.number}   {in_short(one.rows)} rows   {in_short(speed)} rows/s"
    left = duration((one.total - one.rows) / max(speed, 1e-9))
    share = one.rows / one.total
    return (
        f"pass {one.number}   {share:.0%}   {in_short(speed)} rows/s   about {left} left".replace(
            "%", " %", 1
        )
    )

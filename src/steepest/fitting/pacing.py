"""The progress of fits, in passes over the rows."""

from __future__ import annotations

from steepest.descent.progress import Pace, ProgressDisplay
from steepest.descent.watching import Progress
from steepest.fitting.batches import Batches
from steepest.fitting.rows import Rows


def paced(progress: Progress, rows: Rows, batches: Batches | None) -> Progress:
    """Return a progress that speaks of passes over the rows; one of the user's own as it is."""
    if progress is True:
        progress = ProgressDisplay()
    if isinstance(progress, ProgressDisplay):
        count = len(rows)
        if batches is None:
            progress.pace = Pace(count, count)
        else:
            progress.pace = Pace(count, batches.size, batches.epochs)
    return progress

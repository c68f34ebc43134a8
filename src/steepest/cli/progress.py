"""How far a long descent has come, on standard error."""

from __future__ import annotations

from steepest.descent.progress import ProgressDisplay

PATIENCE = 0.5
"""Seconds before the first word: most descents are over by then, and nothing flickers."""


def progress_line(quiet: bool) -> ProgressDisplay | None:
    """Return what shows progress, unless asked to be quiet."""
    return None if quiet else ProgressDisplay(PATIENCE)

"""Where a run is kept while it goes on, as the command line says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steepest.cli.places import check_places
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.descent.checkpoints.checkpoint import Checkpoint


def read_checkpoint(
    file: str | None, steps: int | None, seconds: float | None
) -> Checkpoint | None:
    """Return what ``--checkpoint`` and its options ask for.

    Raises
    ------
    InputError
        For a file that could not be written, and for options without a file.
    """
    if file is None:
        for option, value in (("steps", steps), ("seconds", seconds)):
            if value is not None:
                raise InputError(
                    f"--checkpoint-{option} {value} says how often, but not where: add"
                    " --checkpoint FILE."
                )
        return None
    check_places("--checkpoint", [file])
    from steepest.descent.checkpoints.checkpoint import Checkpoint

    return Checkpoint(file, steps, seconds)


def with_checkpoint(options: dict[str, Any]) -> dict[str, Any]:
    """Return options with one checkpoint in place of the three that describe it."""
    names = ("checkpoint", "checkpoint_steps", "checkpoint_seconds")
    described = [options.pop(name) for name in names]
    return {**options, "checkpoint": read_checkpoint(*described)}

"""What a run was asked for: kept in its checkpoint, so that it can be asked for again."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steepest.descent.checkpoints.checkpoint import Checkpoint
    from steepest.descent.checkpoints.journal import Journal


@dataclass
class Request:
    """A call of `minimize` or `fit`.

    Parameters
    ----------
    kind : {"minimize", "fit"}
        What was called.
    arguments : dict
        With which arguments.
    kept : Checkpoint, optional
        Where the run is kept, if it is.
    run : str, optional
        Which of the runs that were kept there it is.
    """

    kind: str
    arguments: dict[str, Any]
    kept: Checkpoint | None = None
    run: str | None = None


def keeping(checkpoint: Any, request: Request) -> AbstractContextManager[Journal | None]:
    """Return the context in which a run is kept; one of None where it is not."""
    if checkpoint is None:
        return nullcontext()
    # Most descents are over before a checkpoint would be written, and should not wait for this.
    from steepest.descent.checkpoints.journal import Journal
    from steepest.descent.checkpoints.resuming import journal_of

    journal = checkpoint if isinstance(checkpoint, Journal) else journal_of(checkpoint, request)
    request.kept, request.run = journal.checkpoint, journal.run
    return journal

"""What is asked for of the checkpoints of a run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from steepest.descent.options import POSITIVE_OR_NONE, STEPS_OR_NONE, check_options
from steepest.errors import InputError

SECONDS = 30.0
"""A crash costs half of this on average; writing costs a thousandth of it for most runs."""


@dataclass(frozen=True)
class Checkpoint:
    """Where and how often a run is kept, so that `resume` can go on with it.

    The first is written after so many steps or seconds, and a last one when the run ends, by
    Ctrl-C too. Where one takes long to write, later ones are rarer: at most a twentieth of the
    time is spent on them, unless steps are counted.

    Parameters
    ----------
    path : str or path
        The file. It is replaced at once when everything is written.
    every_steps : int, optional
        Write after every so many steps.
    every_seconds : float, optional
        Write after so many seconds; 30 where neither is given.

    Examples
    --------
    >>> Checkpoint("run.ckpt").interval
    30.0
    >>> Checkpoint("run.ckpt", every_steps=100).interval
    inf
    """

    path: str | Path
    every_steps: int | None = field(default=None, metadata=STEPS_OR_NONE)
    every_seconds: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    def __post_init__(self) -> None:
        check_options(self)
        if not isinstance(self.path, (str, os.PathLike)):
            raise InputError(f"A checkpoint goes to a file, not {self.path!r}: give its path.")

    @property
    def interval(self) -> float:
        """The seconds between two of them; inf where only steps count."""
        if self.every_seconds is not None:
            return float(self.every_seconds)
        return SECONDS if self.every_steps is None else float("inf")

    @property
    def file(self) -> Path:
        """The path."""
        return Path(self.path)

    def require_place(self) -> None:
        """Raise `InputError` where the file cannot be written, before the run begins."""
        folder = self.file.parent
        if self.file.is_dir():
            raise InputError(f"checkpoint={str(self.file)!r} is a folder: name a file in it.")
        if not folder.is_dir():
            raise InputError(
                f"checkpoint={str(self.file)!r} cannot be written: there is no folder "
                f"{str(folder)!r}. Create it first, or name another."
            )
        if not os.access(folder, os.W_OK):
            raise InputError(
                f"checkpoint={str(self.file)!r} cannot be written: the folder {str(folder)!r} is "
                "closed to you. Name another."
            )


def checkpoint_of(given: Any) -> Checkpoint:
    """Return what is asked for by a path, or by a `Checkpoint` as it is."""
    return given if isinstance(given, Checkpoint) else Checkpoint(given)

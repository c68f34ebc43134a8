"""Making sure that results can be written before the work that produces them begins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from steepest.errors import InputError, did_you_mean

STANDARD_OUTPUT = "-"


def check_plots(paths: Sequence[str], kind: str | None = None, size: int | None = None) -> None:
    """Raise an error for the first picture that could not be drawn or written.

    Parameters
    ----------
    paths : sequence of str
        What was given to ``--plot``.
    kind : str, optional
        What was given to ``--kind``.
    size : int, optional
        The number of variables, once it is known.

    Raises
    ------
    InputError
        As `check_places` does; and for a kind that is unknown, has nothing to draw to, or is
        not for so many variables.
    """
    if kind is not None and not paths:
        raise InputError(f"--kind {kind} says what to draw, but not where: add --plot FILE.")
    if not paths:
        return
    from steepest.figures.extract import check_kind
    from steepest.figures.output import SUFFIXES

    if kind is not None:
        check_kind(kind, size)
    check_places("--plot", paths, SUFFIXES)


def check_places(option: str, paths: Iterable[str], suffixes: Iterable[str] = ()) -> None:
    """Raise an error for the first path that could not be written.

    Parameters
    ----------
    option : str
        The option that named the paths, for error messages.
    paths : iterable of str
    suffixes : iterable of str
        What a name may end in; anything when empty.

    Raises
    ------
    InputError
        When the suffix is unknown, the folder is missing or closed, or the path is a folder.

    Examples
    --------
    >>> check_places("--plot", ["walk.html"], [".html", ".png"])
    """
    if not (paths := list(paths)):
        return
    # A slow import, and most commands write nothing.
    from pathlib import Path

    known = list(suffixes)
    for text in paths:
        path = Path(text)
        suffix = path.suffix.lower()
        if known and suffix not in known:
            raise InputError(
                f"{option} {text!r}: a file name here ends in {' or '.join(known)}."
                f"{did_you_mean(suffix, known)}"
            )
        if path.is_dir():
            raise InputError(f"{option} {text!r} is a folder; name a file in it.")
        if not path.parent.is_dir():
            raise InputError(
                f"{option} {text!r} cannot be written: there is no folder"
                f" {str(path.parent)!r}. Create it first, or name another."
            )
        if not os.access(path.parent, os.W_OK):
            raise InputError(
                f"{option} {text!r} cannot be written: the folder {str(path.parent)!r}"
                " is closed to you. Name another."
            )


def check_moving(paths: Sequence[str]) -> None:
    """Refuse to let pictures move, and what moves nowhere."""
    still = [path for path in paths if not path.lower().endswith(".html")]
    if still:
        raise InputError(f"--animate: {still[0]!r} is a picture and does not move: name a .html.")
    if not paths:
        raise InputError("--animate says how to draw, but not where: add --plot race.html.")

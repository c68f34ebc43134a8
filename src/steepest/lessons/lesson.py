"""The notebooks as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from steepest.errors import InputError, did_you_mean

SHELF = Path(__file__).parent
"""Where the notebooks are: beside this file, in a checkout as in an installed package."""


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook.

    Parameters
    ----------
    kind : str
        ``"markdown"`` or ``"code"``.
    source : str
        What is written in it.
    tags : tuple of str
        ``"answer"`` for code that computes the answer to an exercise, ``"check"`` for code that
        checks what the text claims. Both are folded where notebooks can be.
    """

    kind: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A notebook.

    Parameters
    ----------
    name : str
        That of its file, without ``.ipynb``.
    content : bytes
        The file.
    """

    name: str
    content: bytes

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells, from top to bottom."""
        return tuple(
            Cell(
                cell["cell_type"],
                "".join(cell["source"]),
                tuple(cell["metadata"].get("tags", ())),
            )
            for cell in json.loads(self.content)["cells"]
        )

    @property
    def title(self) -> str:
        """Its first line."""
        return self.cells[0].source.partition("\n")[0].removeprefix("# ")

    @property
    def summary(self) -> str:
        """The paragraph below its title."""
        return self.cells[0].source.split("\n\n")[1]


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return all lessons, in their order.

    Examples
    --------
    >>> [lesson.title for lesson in lessons()][0]
    '1. From a surface to a descent'
    """
    return tuple(Lesson(file.stem, file.read_bytes()) for file in sorted(SHELF.glob("*.ipynb")))


def lesson_named(name: str) -> Lesson:
    """Return a lesson; the name is looked up and never used as a path.

    Raises
    ------
    InputError
        For an unknown name.
    """
    known = {lesson.name: lesson for lesson in lessons()}
    if name not in known:
        raise InputError(
            f"There is no lesson {name!r}.{did_you_mean(name, known)}"
            f" Lessons are: {', '.join(known)}."
        )
    return known[name]


def copy_to(folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy the notebooks to a folder, but over none that is there: it may hold somebody's work.

    Parameters
    ----------
    folder : Path
        Made where it is not there.

    Returns
    -------
    written, kept : list of Path
        The copies, and the files that were there.

    Raises
    ------
    InputError
        Where the folder cannot be written to.
    """
    written, kept = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for lesson in lessons():
            file = folder / f"{lesson.name}.ipynb"
            try:
                with file.open("xb") as copy:
                    copy.write(lesson.content)
            except FileExistsError:
                kept.append(file)
            else:
                written.append(file)
    except OSError as error:
        raise InputError(
            f"The lessons cannot be copied to {folder} ({error.strerror}): name another folder."
        ) from error
    return written, kept

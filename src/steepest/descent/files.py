"""Writing files so that an earlier one is never lost half-way."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from steepest.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write_atomically(path: str | Path, content: str | bytes) -> None:
    """Write a file beside its target and rename it into place.

    Whatever goes wrong on the way, the target holds either all of the old or all of the new.
    What is not an ordinary file, such as ``/dev/stdout``, cannot be replaced and is written to.

    Parameters
    ----------
    path : str or path
        The target.
    content : str or bytes
        What to write; text is written as UTF-8.

    Raises
    ------
    InputError
        If the target cannot be written, with the reason the system gives.
    """
    # A heavy module for a process that writes nothing.
    from pathlib import Path

    target = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target.resolve(), data)
    except OSError as error:
        raise InputError(
            f"Cannot write {os.fspath(path)!r}: {error.strerror or error}. "
            "Give a file in a folder that exists and may be written to."
        ) from error


def _replace(target: Path, data: bytes) -> None:
    """Write a new file beside `target`, safely down to the disk, and rename it."""
    beside = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
        _sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Take the new name down to the disk as well, where the system can.

    The file is in its place by now, and some file systems have nothing to do for a folder.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

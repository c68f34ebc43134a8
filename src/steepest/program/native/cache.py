"""Compiled code on disk: one file for each function, found by all that it was made from."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

DIRECTORY = "STEEPEST_CACHE_DIR"
"""The variable of the environment that says where to keep compiled code."""

MOST_FILES = 200
"""Files kept; the one written longest ago goes first."""

SUFFIX = ".native"


def directory() -> Path:
    """Return where compiled code is kept: the user's own cache, as the system has it."""
    if chosen := os.environ.get(DIRECTORY):
        return Path(chosen)
    try:
        return _of_the_system()
    except RuntimeError:
        # A user without a home.
        return Path(gettempdir()) / "steepest"


def _of_the_system() -> Path:
    """Return where this system keeps what programs can make again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "steepest"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "steepest"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "steepest"


def is_ours(place: Path) -> bool:
    """Return whether nobody else can write there: what is read from it is run."""
    if sys.platform == "win32":
        return True
    facts = place.stat()
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def clear() -> int:
    """Delete all compiled code; return how many files it was."""
    return remove_oldest(directory(), f"*{SUFFIX}", 0) + remove_oldest(directory(), "*.part", 0)


def remove_oldest(place: Path, pattern: str, keep: int) -> int:
    """Delete all such files but the newest; another process may do the same meanwhile."""
    ages = []
    for file in place.glob(pattern):
        try:
            ages.append((file.stat().st_mtime, file))
        except OSError:
            continue
    gone = sorted(ages)[: max(0, len(ages) - keep)]
    for _, file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


class CodeFile:
    """One compiled function on disk, as Numba asks for it and hands it over.

    A file is written beside its place and renamed into it, and begins with the hash of the rest:
    another process sees the whole of it or nothing. What is damaged, cannot be read or is not
    ours counts as not there; what cannot be written is compiled again next time.

    Parameters
    ----------
    key : str
        Everything that the compiled code depends on, as text.
    """

    cache_path = None

    def __init__(self, key: str) -> None:
        self.path = directory() / f"{sha256(key.encode()).hexdigest()[:40]}{SUFFIX}"

    def is_there(self) -> bool:
        """Return whether there is a file; it may still turn out to be damaged."""
        return self.path.is_file()

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return what was compiled, ready to run; None where it has to be compiled."""
        from numba.core.compiler import CompileResult
        from numba.core.serialize import loads

        try:
            target.refresh()
            content = self.read()
            return None if content is None else CompileResult._rebuild(target, *loads(content))
        except Exception:
            # Numba's own formats are its own affair: what it cannot read, it compiles.
            return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep what was compiled, where that can be kept."""
        from numba.core.serialize import dumps

        # Code with addresses of this process in it is of no use to another.
        if compiled.library.has_dynamic_globals:
            return
        try:
            content = dumps(compiled._reduce())
        except Exception:
            return
        self.write(content)

    def read(self) -> bytes | None:
        """Return the content; None where it is damaged or not to be trusted."""
        try:
            if not is_ours(self.path.parent):
                return None
            data = self.path.read_bytes()
        except OSError:
            return None
        seal, content = data[:32], data[32:]
        return content if sha256(content).digest() == seal else None

    def write(self, content: bytes) -> None:
        """Put the content in its place at once."""
        place = self.path.parent
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_ours(place):
                return
            part = self.path.with_suffix(f".{os.urandom(4).hex()}.part")
            try:
                part.write_bytes(sha256(content).digest() + content)
                part.replace(self.path)
            finally:
                part.unlink(missing_ok=True)
            remove_oldest(place, f"*{SUFFIX}", MOST_FILES)
        except OSError:
            return

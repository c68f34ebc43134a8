"""What is handed over to be compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from steepest.errors import SteepestError


class NativeError(SteepestError):
    """Code that cannot be compiled; the text says why."""


class Module(NamedTuple):
    """A module to be compiled: its source, and the arrays that it refers to by name."""

    source: str
    data: Mapping[str, Any]

    @property
    def key(self) -> str:
        """All of it as text."""
        from hashlib import sha256

        contents = [
            f"{name} {part.dtype} {part.shape} {sha256(part.tobytes()).hexdigest()}"
            for name, part in self.data.items()
        ]
        return "\n".join([self.source, *contents])

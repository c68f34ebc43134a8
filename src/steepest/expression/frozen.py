"""Arrays as hashable attributes of a node."""

from __future__ import annotations

from typing import Any

import numpy as np


class FrozenArray:
    """A read-only array that hashes and compares by its content.

    Parameters
    ----------
    array : array_like
        The content; it is copied.
    """

    __slots__ = ("_key", "array")

    def __init__(self, array: Any) -> None:
        self.array = np.array(array)
        self.array.setflags(write=False)
        self._key = (self.array.dtype.str, self.array.shape, self.array.tobytes())

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FrozenArray) and self._key == other._key

    def __repr__(self) -> str:
        return f"FrozenArray({self.array!r})"


def thaw(value: Any) -> Any:
    """Return the array inside a `FrozenArray`, and anything else as it is."""
    return value.array if isinstance(value, FrozenArray) else value

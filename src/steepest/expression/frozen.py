"""Arrays as hashable attributes of a node."""

from __future__ import annotations

from typing import Any

import numpy as np

HASHED = 1024
"""So many numbers of an array, evenly spaced, make its hash."""


class FrozenArray:
    """A read-only array that hashes and compares by its content.

    Parameters
    ----------
    array : array_like
        The content; it is copied, unless it is a read-only array that owns its memory.
    """

    __slots__ = ("_hash", "array")

    def __init__(self, array: Any) -> None:
        self.array = frozen(array)
        # Of a large array some numbers tell it from most others; equality looks at all of them.
        some = self.array.ravel()[:: 1 + self.array.size // HASHED]
        self._hash = hash((self.array.dtype.str, self.array.shape, some.tobytes()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, FrozenArray) or self._hash != other._hash:
            return False
        ours, theirs = self.array, other.array
        if ours is theirs:
            return True
        if (ours.dtype, ours.shape) != (theirs.dtype, theirs.shape):
            return False
        # By bytes: 0.0 and -0.0 differ, and NaN is itself.
        word = np.uint64 if ours.itemsize == 8 else np.uint8
        return bool((ours.ravel().view(word) == theirs.ravel().view(word)).all())

    def __repr__(self) -> str:
        return f"FrozenArray({self.array!r})"


def frozen(array: Any) -> Any:
    """Return an array whose content cannot change: itself if it is one, else a copy."""
    if type(array) is np.ndarray and array.base is None:
        flags = array.flags
        if flags.c_contiguous and not flags.writeable:
            return array
    copy = np.array(array, order="C")
    copy.setflags(write=False)
    return copy


def thaw(value: Any) -> Any:
    """Return the array inside a `FrozenArray`, and anything else as it is."""
    return value.array if isinstance(value, FrozenArray) else value

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

    __slots__ = ("_hash", "array")

    def __init__(self, array: Any) -> None:
        self.array = np.array(array, order="C")
        self.array.setflags(write=False)
        self._hash = hash((self.array.dtype.str, self.array.shape, self.array.tobytes()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, FrozenArray) or self._hash != other._hash:
            return False
        ours, theirs = self.array, other.array
        if (ours.dtype, ours.shape) != (theirs.dtype, theirs.shape):
            return False
        # By bytes: 0.0 and -0.0 differ, and NaN is itself.
        return bool((ours.ravel().view(np.uint8) == theirs.ravel().view(np.uint8)).all())

    def __repr__(self) -> str:
        return f"FrozenArray({self.array!r})"


def thaw(value: Any) -> Any:
    """Return the array inside a `FrozenArray`, and anything else as it is."""
    return value.array if isinstance(value, FrozenArray) else value

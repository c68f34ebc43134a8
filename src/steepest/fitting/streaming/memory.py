"""Sizes of memory, as one writes them."""

from __future__ import annotations

import re

from steepest.errors import InputError

UNITS = {"": 1, "b": 1}
UNITS |= {f"{letter}b": 1000**k for k, letter in enumerate("kmgt", start=1)}
UNITS |= {f"{letter}ib": 1024**k for k, letter in enumerate("kmgt", start=1)}
UNITS |= {letter: 1024**k for k, letter in enumerate("kmgt", start=1)}
"""Bytes in a unit; GB is 10⁹ bytes, GiB (or G) 2³⁰."""

LEAST = 16 * 1024**2
"""With less than so many bytes not even one chunk can be read and added up."""

DEFAULT = 1024**3
"""1 GiB."""


def bytes_of(memory: str | float) -> float:
    """Return a size of memory in bytes.

    Parameters
    ----------
    memory : str or float
        Such as ``"1GiB"``, ``"500 MB"``, or bytes.

    Raises
    ------
    InputError
        For what is no size, and for less than 16 MiB.

    Examples
    --------
    >>> bytes_of("1GiB") == 2**30, bytes_of("20 MB") == 2e7, bytes_of(2**25) == 2**25
    (True, True, True)
    """
    if isinstance(memory, str):
        found = re.fullmatch(r"\s*([0-9.]+(?:e[0-9]+)?)\s*([a-z]*)\s*", memory.lower())
        if found is None or found[2] not in UNITS or found[1].count(".") > 1:
            raise InputError(f"memory={memory!r} is no size: write it like '1GiB' or '500MB'.")
        size = float(found[1]) * UNITS[found[2]]
    elif isinstance(memory, bool) or not isinstance(memory, (int, float)):
        raise InputError(f"memory={memory!r} is no size: write it like '1GiB', or give bytes.")
    else:
        size = float(memory)
    if not size >= LEAST:
        raise InputError(f"memory={memory!r} is too little to read rows in: give 16 MiB or more.")
    return size

"""The file of a checkpoint: a mark, a JSON header, raw arrays, and a checksum over all of it.

21 bytes     the mark
4, 8 bytes   version, length of the header (little-endian)
header       UTF-8 JSON; under "arrays" the dtype, shape, order and place of each array
arrays       their memory, one after the other
32 bytes     SHA-256 of everything before
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np

from steepest.descent.checkpoints.encoding import KINDS, Array, EncodingError
from steepest.descent.files import write_atomically
from steepest.errors import InputError

MARK = b"\x89STEEPEST CHECKPOINT\n"
"""Begins every file; its first byte is no text, so that no text file begins like this."""

VERSION = 1
NUMBERS = Struct("<IQ")
CHECKSUM = 32


def write(path: str | Path, header: dict[str, Any], arrays: list[Array]) -> None:
    """Write a checkpoint beside its target, down to the disk, and rename it into place.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_atomically(path, packed(header, arrays))


def packed(header: dict[str, Any], arrays: list[Array]) -> bytes:
    """Return a checkpoint as bytes."""
    described, parts, place = [], [], 0
    for array in arrays:
        # BLAS adds up in another order where the layout is another.
        by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
        memory = array.tobytes(order="F" if by_columns else "C")
        described.append(
            {
                "dtype": array.dtype.str,
                "shape": list(array.shape),
                "order": "F" if by_columns else "C",
                "place": place,
            }
        )
        parts.append(memory)
        place += len(memory)
    text = json.dumps({**header, "arrays": described}, allow_nan=False).encode()
    data = b"".join([MARK, NUMBERS.pack(VERSION, len(text)), text, *parts])
    return data + hashlib.sha256(data).digest()


def read(path: str | Path) -> tuple[dict[str, Any], list[Array]]:
    """Return the header and the arrays of a checkpoint.

    Raises
    ------
    InputError
        If the file cannot be read, is no checkpoint, is damaged, or from a newer version.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"Cannot read {str(path)!r}: {error.strerror or error}. Give a file that exists."
        ) from error
    if data[: len(MARK)] != MARK:
        raise InputError(
            f"{str(path)!r} is not a checkpoint: it does not begin as one. Give a file that a run "
            "with checkpoint=... or --checkpoint wrote; 'steepest show' reads those of "
            "Result.save or --save."
        )
    content, checksum = data[:-CHECKSUM], data[-CHECKSUM:]
    if hashlib.sha256(content).digest() != checksum:
        raise damaged(path, "its checksum is another than that of what is in it")
    version, _ = NUMBERS.unpack_from(content, len(MARK))
    if version != VERSION:
        raise InputError(
            f"{str(path)!r} is a checkpoint of format version {version}, and this steepest reads "
            f"version {VERSION}: update steepest."
        )
    try:
        return unpacked(content)
    except (EncodingError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged(path, str(error)) from error


def damaged(path: str | Path, why: str) -> InputError:
    """Return the error for a file that is not what was written."""
    return InputError(
        f"{str(path)!r} is a damaged checkpoint: {why}. It cannot be gone on from: take an "
        "earlier copy, or begin anew."
    )


def unpacked(content: bytes) -> tuple[dict[str, Any], list[Array]]:
    """Return the header and the arrays in the bytes before the checksum."""
    begin = len(MARK) + NUMBERS.size
    _, length = NUMBERS.unpack_from(content, len(MARK))
    header = json.loads(content[begin : begin + length].decode())
    if not isinstance(header, dict):
        raise EncodingError("its header is no object")
    memory = memoryview(content)[begin + length :]
    return header, [_array(one, memory) for one in header.pop("arrays")]


def _array(described: dict[str, Any], memory: memoryview) -> Array:
    """Return one array, with memory of its own."""
    dtype, shape, place = np.dtype(described["dtype"]), described["shape"], described["place"]
    if dtype.kind not in KINDS:
        raise EncodingError(f"an array of dtype {dtype}")
    if not all(type(one) is int and one >= 0 for one in (*shape, place)):
        raise EncodingError("an array whose shape or place is no whole number")
    end = place + math.prod(shape) * dtype.itemsize
    if end > len(memory):
        raise EncodingError("an array that goes beyond its end")
    flat = np.empty(math.prod(shape), dtype=dtype)
    flat.view(np.uint8)[:] = np.frombuffer(memory[place:end], np.uint8) if flat.size else 0
    return flat.reshape(shape, order="F" if described["order"] == "F" else "C")

"""Values as JSON and raw arrays, and back: every bit of a number is kept, and no code is run.

Known are numbers, text, tuples, lists, mappings by text, arrays, and the types that a codec is
told of. Anything else is refused, when it is written as when it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

KINDS = "biufc"
"""The kinds of arrays that are plain memory: truth values, whole and real and complex numbers."""


class EncodingError(Exception):
    """A value that cannot be kept, or data that stand for none."""


class Codec:
    """Turns values into JSON and arrays, and back.

    Parameters
    ----------
    types : iterable of type
        Named tuples and dataclasses that may occur, besides plain values.

    Examples
    --------
    >>> arrays = []
    >>> plain = Codec().encoded({"rate": 0.1, "x": (np.arange(2.0), float("nan"))}, arrays)
    >>> Codec().decoded(plain, arrays)
    {'rate': 0.1, 'x': (array([0., 1.]), nan)}
    """

    def __init__(self, types: Iterable[type] = ()) -> None:
        self.types: Mapping[str, type] = {name_of(kind): kind for kind in types}

    def encoded(self, value: Any, arrays: list[Array]) -> Any:
        """Return a value as JSON data; its arrays are appended to a list.

        Raises
        ------
        EncodingError
            For a value of a type that is not known.
        """
        if value is None or type(value) in {bool, int, str}:
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if type(value) is list:
            return [self.encoded(part, arrays) for part in value]
        if type(value) is tuple:
            return {"tuple": [self.encoded(part, arrays) for part in value]}
        if isinstance(value, (np.ndarray, np.generic)):
            return self._encoded_array(value, arrays)
        known = self.types.get(name_of(type(value)))
        if known is type(value):
            parts = {name: self.encoded(part, arrays) for name, part in _parts(value).items()}
            return {"type": name_of(known), "parts": parts}
        if isinstance(value, Mapping):
            if not all(type(name) is str for name in value):
                raise EncodingError("a mapping whose keys are not all text")
            return {"dict": [[name, self.encoded(value[name], arrays)] for name in value]}
        raise EncodingError(f"a value of the type {type(value).__qualname__}")

    def _encoded_array(self, value: Any, arrays: list[Array]) -> Any:
        """Return a reference to an array that is kept beside the JSON."""
        array = np.asarray(value)
        if array.dtype.kind not in KINDS:
            raise EncodingError(f"an array of dtype {array.dtype}")
        arrays.append(array)
        return {"scalar" if isinstance(value, np.generic) else "array": len(arrays) - 1}

    def decoded(self, plain: Any, arrays: list[Array]) -> Any:
        """Return the value that JSON data and arrays stand for.

        Raises
        ------
        EncodingError
            Where they stand for none.
        """
        if plain is None or isinstance(plain, (bool, int, float, str)):
            return plain
        if isinstance(plain, list):
            return [self.decoded(part, arrays) for part in plain]
        match plain:
            case {"float": "nan" | "inf" | "-inf" as text, **rest} if not rest:
                return float(text)
            case {"tuple": list(parts), **rest} if not rest:
                return tuple([self.decoded(part, arrays) for part in parts])
            case {"dict": list(pairs), **rest} if not rest:
                return dict([self._pair(pair, arrays) for pair in pairs])
            case {"array": int(place), **rest} if not rest and 0 <= place < len(arrays):
                return arrays[place]
            case {"scalar": int(place), **rest} if not rest and 0 <= place < len(arrays):
                if arrays[place].shape == ():
                    return arrays[place][()]
            case {"type": str(name), "parts": dict(parts), **rest} if not rest:
                return self._object(name, parts, arrays)
        raise EncodingError(f"no value: {str(plain)[:60]}")

    def _pair(self, pair: Any, arrays: list[Array]) -> tuple[str, Any]:
        """Return a name and what it stands for."""
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):
            raise EncodingError("no pair of a name and a value")
        return pair[0], self.decoded(pair[1], arrays)

    def _object(self, name: str, parts: dict[str, Any], arrays: list[Array]) -> Any:
        """Return an object of a type that this codec was told of."""
        kind = self.types.get(name)
        if kind is None:
            raise EncodingError(f"the type {name}, which is not known here")
        values = {part: self.decoded(value, arrays) for part, value in parts.items()}
        try:
            return kind(**values)
        except (TypeError, ValueError) as error:
            raise EncodingError(f"no {name}: {error}") from error


def name_of(kind: type) -> str:
    """Return what a type is called in a file: two of one name are in files of different names."""
    return f"{kind.__module__.rpartition('.')[-1]}.{kind.__qualname__}"


def _parts(value: Any) -> dict[str, Any]:
    """Return the fields of a named tuple or dataclass."""
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value) if one.init}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return dict(value._asdict())
    raise EncodingError(f"a value of the type {type(value).__qualname__}, which has no fields")

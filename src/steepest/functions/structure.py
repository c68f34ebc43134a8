"""The user's variables as one vector, and back: scalars, arrays of any shape, named parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.objective import Vector


@dataclass(frozen=True)
class Structure:
    """How the variables are laid out.

    Attributes
    ----------
    form : {"number", "array", "scalars", "names"}
        One number; one array; separate numbers x, y, ...; a mapping of names.
    names : tuple of str
        The names of the parts.
    shapes : tuple of tuple of int
        The shapes of the parts.
    dtype : str
        "float64", or "float32" where the user asked for it.
    """

    form: str
    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    dtype: str = "float64"

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of scalars in each part."""
        return tuple([math.prod(shape) for shape in self.shapes])

    @cached_property
    def size(self) -> int:
        """Number of scalars in all."""
        return sum(self.sizes)

    @property
    def element_names(self) -> tuple[str, ...]:
        """One name per scalar: "x", or "x[0]" for an element of an array."""
        return element_names(self.names, self.shapes)

    @cached_property
    def scalar(self) -> bool:
        """Whether every part is one number."""
        return not any(self.shapes)

    def parts(self, vector: Vector) -> list[Any]:
        """Return the parts of a vector, each in its shape (numbers for scalars)."""
        if self.scalar:
            return list(vector)
        if len(self.shapes) == 1:
            return [vector.reshape(self.shapes[0])]
        parts: list[Any] = []
        place = 0
        for shape, size in zip(self.shapes, self.sizes, strict=True):
            piece = vector[place : place + size]
            parts.append(piece.reshape(shape) if shape else piece[0])
            place += size
        return parts

    def restore(self, vector: Vector) -> Any:
        """Return a vector the way the user gave the start."""
        if self.form == "scalars":
            return np.array(vector)
        if self.scalar:
            parts = vector.tolist()
        else:
            parts = [np.array(p) if np.shape(p) else float(p) for p in self.parts(vector)]
        return dict(zip(self.names, parts, strict=True)) if self.form == "names" else parts[0]

    def flatten(self, parts: Sequence[Any]) -> Vector:
        """Return the parts as one vector."""
        if self.scalar:
            return np.array(parts, dtype=self.dtype).ravel()
        if len(parts) == 1:
            return np.array(parts[0], dtype=self.dtype).ravel()
        flat = [np.ravel(np.asarray(part, dtype=self.dtype)) for part in parts]
        return np.concatenate(flat) if flat else np.zeros(0)


@lru_cache(maxsize=16)
def element_names(names: tuple[str, ...], shapes: tuple[tuple[int, ...], ...]) -> tuple[str, ...]:
    """Return one name per scalar; a hundred thousand take as long to make as a short descent."""
    made = []
    for name, shape in zip(names, shapes, strict=True):
        if not shape:
            made.append(name)
        elif len(shape) == 1:
            made += [f"{name}[{place}]" for place in range(shape[0])]
        else:
            places = product(*[map(str, range(count)) for count in shape])
            made += [f"{name}[{', '.join(place)}]" for place in places]
    return tuple(made)


def read_start(
    x0: Any, variables: Sequence[str] = (), separate: bool = False
) -> tuple[Structure, Vector]:
    """Return the structure of a start, and the start as a vector.

    Parameters
    ----------
    x0 : number, sequence, array or mapping
        The user's start.
    variables : sequence of str, optional
        The names of the variables where they are known.
    separate : bool
        Whether the function takes its variables as separate numbers.

    Raises
    ------
    InputError
        Where the start does not fit the variables or holds something that is no number.
    """
    if isinstance(x0, Mapping):
        return _from_mapping(x0, variables, separate)
    array = _numbers(x0, "x0")
    dtype = "float32" if array.dtype == np.float32 else "float64"
    vector = np.array(array, dtype=dtype).ravel()
    if separate:
        if vector.size != len(variables):
            raise InputError(
                f"The start has {vector.size} number{'s' * (vector.size != 1)} and the function "
                f"has {len(variables)} variable{'s' * (len(variables) != 1)} "
                f"({', '.join(variables)}); give one number for each."
            )
        form = "number" if not array.ndim and len(variables) == 1 else "scalars"
        return Structure(form, tuple(variables), ((),) * vector.size, dtype), vector
    name = variables[0] if variables else "x"
    form = "array" if array.ndim else "number"
    return Structure(form, (name,), (array.shape,), dtype), vector


def _from_mapping(
    x0: Mapping[Any, Any], variables: Sequence[str], separate: bool
) -> tuple[Structure, Vector]:
    if separate:
        missing = [name for name in variables if name not in x0]
        if missing:
            raise InputError(
                f"The start gives no value for {', '.join(map(repr, missing))}; the variables are "
                f"{', '.join(variables)}."
            )
        unknown = [name for name in x0 if name not in variables]
        if unknown:
            from steepest.errors import did_you_mean

            hint = did_you_mean(str(unknown[0]), variables)
            raise InputError(
                f"The start names {unknown[0]!r}, which the function does not have; its variables "
                f"are {', '.join(variables)}.{hint}"
            )
    names = tuple(variables) if separate else tuple(x0)
    if not names:
        raise InputError("The start is empty; give a value for each variable.")
    nameless = [name for name in names if not isinstance(name, str)]
    if nameless:
        raise InputError(
            f"The start names a variable {nameless[0]!r}; names are texts, such as 'x'."
        )
    arrays = [_numbers(x0[name], name) for name in names]
    dtype = "float32" if all(array.dtype == np.float32 for array in arrays) else "float64"
    structure = Structure("names", names, tuple([array.shape for array in arrays]), dtype)
    return structure, structure.flatten(arrays)


def _numbers(value: Any, name: str) -> Any:
    """Return a start as an array of real numbers."""
    try:
        array = np.asarray(value)  # refuses lists of different lengths
        if array.dtype.kind not in "fiub":
            if any(part is None for part in array.flat):
                raise TypeError("None is no number")
            array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(
            f"The start {name} = {value!r} is not made of real numbers; give a number, a list, an "
            "array or a mapping of names to numbers."
        ) from None
    if not array.size:
        raise InputError(f"The start {name} is empty; give at least one number.")
    return array

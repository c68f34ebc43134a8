"""Values that record what is done to them: scalars and arrays that look like NumPy's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, apply, constant
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.structure import (
    concatenate,
    reshape,
    take,
    write,
)
from steepest.expression.tracing.protocol import (
    ARITHMETIC,
    Traced,
    is_traced,
    operator,
    unary,
)
from steepest.expression.tracing.session import Session

__all__ = ["TracedArray", "TracedScalar", "contains_traced", "is_traced", "lift", "wrap"]

MOST_OBJECTS = 256
"""Largest array that is handed out as an array of scalars, one node per element."""


class TracedScalar(Traced):
    """A traced number. Immutable, like NumPy's scalars."""

    __slots__ = ("_expression",)

    def __init__(self, session: Session, expression: Expression) -> None:
        self.session = session
        self._expression = expression

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """NumPy's scalar type, so that isinstance(x, float) says what it does for NumPy."""
        return self.dtype.type

    @property
    def expression(self) -> Expression:
        """The node."""
        return self._expression

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return as_objects(self, dtype)

    def __getitem__(self, key: Any) -> Any:
        if key is Ellipsis or (isinstance(key, tuple) and not key):
            return self
        if key is None:
            return wrap(self.session, reshape(self._expression, (1,)))
        raise IndexError("invalid index to scalar variable.")

    @property
    def T(self) -> TracedScalar:  # noqa: N802 - NumPy's name
        """The value itself."""
        return self

    real = T

    @property
    def imag(self) -> float:
        """Zero."""
        return 0.0

    def item(self) -> TracedScalar:
        """Return the value itself: it stays traced."""
        return self

    def copy(self) -> TracedScalar:
        """Return the value itself."""
        return self

    conjugate = conj = copy

    def tolist(self) -> TracedScalar:
        """Return the value itself."""
        return self

    def is_integer(self) -> bool:
        """Whether the number is whole."""
        return bool(self == np.floor(self))

    # Python's own roundings return whole numbers, which may serve as an index.
    def __trunc__(self) -> Any:
        return np.trunc(self).astype(int)

    def __floor__(self) -> Any:
        return np.floor(self).astype(int)

    def __ceil__(self) -> Any:
        return np.ceil(self).astype(int)

    def __round__(self, digits: int | None = None) -> Any:
        rounded = self.method("round", digits or 0)
        return rounded.astype(int) if digits is None else rounded

    def __format__(self, style: str) -> str:
        # Text is for people to read: the number as it is where the code is followed.
        return self.session.text(self._expression, style)

    def astype(self, dtype: Any, **_: Any) -> Any:
        """Return the value as another kind of number."""
        return cast(self, dtype)

    def flatten(self) -> Any:
        """Return an array of one element."""
        return self.method("ravel")


class TracedArray(Traced):
    """A traced array. Writing into it rebinds its node; views see the writing.

    A view holds no node of its own: it knows its base and the places in it.
    """

    __slots__ = ("_base", "_expression", "_places")

    def __init__(
        self,
        session: Session,
        expression: Expression,
        base: TracedArray | None = None,
        places: Any = None,
    ) -> None:
        self.session = session
        self._expression = expression
        self._base = base
        self._places = places

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """NumPy's array type, so that isinstance(x, np.ndarray) holds."""
        return np.ndarray

    @property
    def expression(self) -> Expression:
        """The node this array stands for now."""
        return self._expression if self._base is None else self._places(self._base.expression)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter([self[k] for k in range(len(self))])

    def __contains__(self, item: Any) -> bool:
        return bool((self == item).any())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return as_objects(self, dtype)

    def __getitem__(self, key: Any) -> Any:
        from steepest.expression.tracing.indexing import get_item

        return get_item(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        from steepest.expression.tracing.indexing import set_item

        set_item(self, key, value)

    def rebind(self, expression: Expression) -> None:
        """Let the array stand for another node of the same shape, and its base with it."""
        if self._base is None:
            self._expression = expression
            return
        base = self._base.expression
        where = np.arange(base.size).reshape(base.shape)
        places = self._places(constant(where)).value
        flat = write(
            reshape(base, (base.size,)),
            np.ravel(places),
            reshape(expression, (expression.size,)),
        )
        self._base.rebind(reshape(flat, base.shape))

    def view(self, places: Any) -> Any:
        """Return a view: ``places`` maps the base's node to the view's."""
        expression = places(self.expression)
        if not expression.shape:
            return TracedScalar(self.session, expression)
        return TracedArray(self.session, expression, self, places)

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """The array with its axes reversed."""
        return self.method("transpose")

    @property
    def real(self) -> TracedArray:
        """The array itself."""
        return self

    @property
    def flat(self) -> Any:
        """The elements one after another."""
        return self.method("ravel")

    def copy(self, order: str = "C") -> TracedArray:
        """Return an array of its own."""
        return TracedArray(self.session, self.expression)

    def conj(self) -> TracedArray:
        """Return the array itself: it is real."""
        return self

    conjugate = conj

    def flatten(self, order: str = "C") -> Any:
        """Return a one-dimensional copy."""
        return self.copy().method("ravel", order)

    def fill(self, value: Any) -> None:
        """Set every element to one value."""
        self[...] = value

    def sort(self, axis: int = -1, **_: Any) -> None:
        """Sort in place."""
        self[...] = self.method("sort", axis=axis)

    def item(self, *index: Any) -> Any:
        """Return one element; it stays traced."""
        flat = wrap(self.session, reshape(self.expression, (self.size,)))
        if not index:
            self._single()
            return flat[0]
        return self[index] if len(index) > 1 else flat[index[0]]

    def tolist(self) -> list[Any]:
        """Return the elements as nested lists; they stay traced."""
        return [row.tolist() for row in self]

    def astype(self, dtype: Any, **_: Any) -> Any:
        """Return the array as another kind of number."""
        return cast(self, dtype)


def _in_place(ufunc: np.ufunc) -> Any:
    def operate(self: TracedArray, other: Any) -> TracedArray:
        self[...] = ufunc(self, other)
        return self

    return operate


for _name, _ufunc in {**ARITHMETIC, "pow": np.power, "matmul": np.matmul}.items():
    setattr(TracedArray, f"__i{_name}__", _in_place(_ufunc))


# NumPy resolves ufuncs over arrays of objects through methods of the elements.
for _name in (
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log "
    "log2 log10 log1p sqrt cbrt fabs rint floor ceil trunc square reciprocal sign isnan isfinite "
    "isinf degrees radians deg2rad rad2deg logical_not"
).split():
    setattr(TracedScalar, _name, unary(getattr(np, _name)))
for _name in ("arctan2", "hypot", "logical_and", "logical_or", "copysign", "fmod"):
    setattr(TracedScalar, _name, operator(getattr(np, _name)))


def wrap(session: Session, expression: Expression) -> Any:
    """Return the traced scalar or array for a node."""
    if session.watching:
        session.watch(expression)
    if expression.shape:
        return TracedArray(session, expression)
    return TracedScalar(session, expression)


def lift(value: Any) -> Expression:
    """Return the node for anything numeric: traced, plain, or nested lists that mix both.

    Raises
    ------
    TracingError
        For complex numbers, text and other things that are not real numbers.
    """
    if isinstance(value, Expression):
        return value
    if is_traced(value):
        node: Expression = value.expression
        return node
    if isinstance(value, np.ndarray):
        return constant(value) if value.dtype != object else _lift_objects(value)
    if isinstance(value, list | tuple):
        if not contains_traced(value):
            return lift(np.asarray(value))
        pieces = [lift(item) for item in value]
        return concatenate([reshape(piece, (1, *piece.shape)) for piece in pieces])
    if value is None or isinstance(value, str | bytes):
        raise TracingError(f"{value!r} is not a number.")
    if isinstance(value, int) and abs(value) > 2**62:
        return constant(float(value))
    return constant(value)


def _lift_objects(array: Any) -> Expression:
    if not array.size:
        return constant(np.zeros(array.shape))
    pieces = [reshape(lift(element), (1,)) for element in array.ravel()]
    return reshape(concatenate(pieces), array.shape)


def contains_traced(value: Any) -> bool:
    """Whether a traced value stands anywhere in nested lists or arrays of objects."""
    if is_traced(value):
        return True
    if isinstance(value, list | tuple):
        return any(contains_traced(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(is_traced(item) for item in value.flat)
    return False


def as_objects(value: Traced, dtype: Any) -> Any:
    """Return a real NumPy array for code that insists on one: an array of traced scalars.

    What has no slope (a comparison, a count, an index) becomes an array of plain
    numbers, and a decision.
    """
    wanted = None if dtype is None else np.dtype(dtype)
    if wanted != np.dtype(object) and not value.session.moves(value.expression):
        return np.asarray(value.session.decide(value.expression), dtype=wanted)
    if wanted not in (None, np.dtype(object)) or value.size > MOST_OBJECTS:
        raise value.session.leak("a traced array is turned into an array of plain numbers here")
    result = np.empty(value.shape, dtype=object)
    for place in np.ndindex(value.shape):
        result[place] = TracedScalar(value.session, take(value.expression, place))
    return result


def cast(value: Traced, dtype: Any) -> Any:
    """Return ``value`` as booleans, integers or floating-point numbers."""
    wanted = np.dtype(dtype)
    if wanted.kind == "O":
        return as_objects(value, object)
    if not value.session.stores(wanted):
        raise value.session.leak(
            f"a traced value is turned into {wanted} here", "compute in float64 throughout"
        )
    if wanted.kind == "b":
        return wrap(value.session, apply(OPERATIONS["not_equal"], value.expression, 0))
    name = "integer" if wanted.kind == "i" else "real"
    if name == "real" and value.expression.kind == "f" and wanted != value.dtype:
        raise value.session.leak(f"a traced value changes between {value.dtype} and {wanted} here")
    return wrap(value.session, apply(OPERATIONS[name], value.expression))

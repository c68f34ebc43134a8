"""Stand-ins for NumPy's creation of arrays, and for `float`, that keep derivatives."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.expression.node import apply, constant
from steepest.expression.operations import OPERATIONS
from steepest.expression.operations.structure import reshape
from steepest.expression.tracing.session import Session, current_session, is_library
from steepest.expression.tracing.traced import (
    TracedArray,
    cast,
    contains_traced,
    is_traced,
    lift,
    wrap,
)

Replacement = Callable[..., Any]

NEW = "zeros ones empty full eye identity arange linspace tri tile repeat diag full_like".split()
NEW += "zeros_like ones_like empty_like copy".split()
CONVERTED = "array asarray asanyarray ascontiguousarray asarray_chkfinite".split()


def creating(original: Any) -> Replacement:
    """Replace a function that makes a new array, so that traced values can be written into it."""

    def create(*args: Any, **kwargs: Any) -> Any:
        session = current_session()
        made = original(*args, **kwargs)
        return made if session is None or called_from_library() else writable(session, made)

    return create


def writable(session: Session, made: Any) -> Any:
    """Return a traced array with the content of a plain one, if it holds real numbers."""
    if type(made) is np.ndarray and session.stores(made.dtype):
        return TracedArray(session, constant(made))
    return made


def converting(original: Any) -> Replacement:
    """Replace np.array and its relatives, which turn their argument into an array."""

    def convert(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        session = current_session()
        if session is None or called_from_library():
            return original(a, dtype, *args, **kwargs)
        if not contains_traced(a):
            return writable(session, original(a, dtype, *args, **kwargs))
        array: Any = TracedArray(session, lift(a))
        while array.ndim < kwargs.get("ndmin", 0):
            array = array[None]
        return array if dtype in (None, object) else cast(array, dtype)

    return convert


def iterating(original: Any) -> Replacement:
    """Replace np.fromiter."""

    def fromiter(values: Any, dtype: Any = float, *args: Any, **kwargs: Any) -> Any:
        session = current_session()
        if session is None:
            return original(values, dtype, *args, **kwargs)
        items = list(values)
        if not contains_traced(items):
            return original(items, dtype, *args, **kwargs)
        return cast(TracedArray(session, lift(items)), dtype)

    return fromiter


def called_from_library() -> bool:
    """Whether NumPy, SciPy or the standard library made the call: only user code is followed."""
    return is_library(sys._getframe(2).f_globals)


class _FloatType(type):
    """Lets a stand-in for a type answer isinstance and issubclass as the type does."""

    stands_for: type

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.stands_for)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.stands_for)

    def __call__(cls, value: Any = 0.0, *args: Any) -> Any:
        if is_traced(value) and value.size == 1:
            node = reshape(lift(value), ())
            return wrap(value.session, apply(OPERATIONS["real"], node))
        return cls.stands_for(value, *args)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.stands_for

    def __hash__(cls) -> int:
        return hash(cls.stands_for)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.stands_for, name)


class Float(metaclass=_FloatType):
    """`float`, except that a traced number stays traced."""

    stands_for = float
    dtype = np.dtype(np.float64)


class Float64(metaclass=_FloatType):
    """`numpy.float64`, except that a traced number stays traced."""

    stands_for = np.float64
    dtype = np.dtype(np.float64)


def replaced_creation() -> dict[Any, Any]:
    """Return what stands in for what, by the original."""
    table: dict[Any, Any] = {np.float64: Float64, float: Float}
    table |= {getattr(np, name): creating(getattr(np, name)) for name in NEW}
    table |= {getattr(np, name): converting(getattr(np, name)) for name in CONVERTED}
    table[np.fromiter] = iterating(np.fromiter)
    return table

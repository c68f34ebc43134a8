"""NumPy's functions on traced values: the registry, and how a call reaches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import cast, lift, wrap

Handler = Callable[..., Any]
AnyHandler = TypeVar("AnyHandler", bound=Handler)

FUNCTIONS: dict[Any, Handler] = {}
"""NumPy function -> what it does to expressions. Filled by the modules of functions."""

DECIDING: set[Any] = set()
"""Functions whose handler is given the session first, because it decides on values."""


TYPED: set[Any] = set()
"""Functions whose handler is given the dtype that was asked for."""


def handles(
    *functions: Any, decides: bool = False, typed: bool = False
) -> Callable[[AnyHandler], AnyHandler]:
    """Register a handler for NumPy functions."""

    def register(handler: AnyHandler) -> AnyHandler:
        for function in functions:
            FUNCTIONS[function] = handler
            if decides:
                DECIDING.add(function)
            if typed:
                TYPED.add(function)
        return handler

    return register


def call_function(session: Session, function: Any, args: Any, kwargs: Any) -> Any:
    """Do for traced values what ``function(*args, **kwargs)`` does for arrays."""
    from steepest.expression.tracing.ufuncs import write_out

    handler = FUNCTIONS.get(function)
    if handler is None:
        name = f"{function.__module__}.{function.__name__}"
        raise TracingError(f"The function {name} has no derivative rule here.")
    kwargs = dict(kwargs)
    out = kwargs.pop("out", None)
    dtype = kwargs.pop("dtype", None) if function not in TYPED else None
    result = handler(session, *args, **kwargs) if function in DECIDING else handler(*args, **kwargs)
    if dtype is not None:
        result = in_dtype(session, result, dtype)
    if out is not None:
        return write_out(session, out[0] if isinstance(out, tuple) else out, result)
    return wrap_all(session, result)


def in_dtype(session: Session, result: Expression, dtype: Any) -> Expression:
    """Return the result of a computation that was asked for in a type of number."""
    if np.dtype(dtype).kind == "i" and result.kind == "f":
        raise session.leak(f"{np.dtype(dtype)} is asked of traced numbers here")
    return lift(cast(wrap(session, result), dtype))


def wrap_all(session: Session, result: Any) -> Any:
    """Wrap every expression in a result."""
    if isinstance(result, Expression):
        return wrap(session, result)
    if type(result) in (list, tuple):
        return type(result)([wrap_all(session, part) for part in result])
    if isinstance(result, tuple):  # a named one
        return type(result)(*[wrap_all(session, part) for part in result])
    return result

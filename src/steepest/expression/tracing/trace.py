"""Following a function: the user's code is run on symbols, and the graph is what it did."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from types import FunctionType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, constant
from steepest.expression.tracing.copying import Copier
from steepest.expression.tracing.interception import intercepting
from steepest.expression.tracing.session import Guard, Leak, Session, describe, is_library
from steepest.expression.tracing.traced import is_traced, lift, wrap


class Trace(NamedTuple):
    """What a function does, as a graph.

    Attributes
    ----------
    output : Expression
        The result.
    guards : tuple of Guard
        The decisions on values that the code took; the graph is right where all hold.
    first_non_finite : str or None
        The line of code with the first result that is not finite, if that was asked for.
    shown : str
        Where the code made a number into text, from which it could read it back unseen; empty
        where that was nowhere.
    """

    output: Expression
    guards: tuple[Guard, ...]
    first_non_finite: str | None = None
    shown: str = ""


def trace(
    function: Callable[..., Any],
    arguments: Any,
    values: Mapping[Expression, Any],
    original: Any = None,
    watching: bool = False,
) -> Trace:
    """Follow ``function`` and return its graph.

    Parameters
    ----------
    function : callable
        Ordinary Python and NumPy code.
    arguments : callable
        ``arguments(symbol)`` returns the list of positional arguments, where
        ``symbol(expression)`` makes the traced value of a node.
    values : mapping of Expression to number or array
        Where the code is followed: the values of the variables.
    original : callable, optional
        The user's own function, where ``function`` only passes arguments on to it.
    watching : bool, default False
        Whether to look for the line with the first result that is not finite.

    Returns
    -------
    Trace
        The graph and the decisions it depends on.

    Raises
    ------
    TracingError
        Where the code cannot be followed, with file, line and reason.

    Notes
    -----
    The code is followed through NumPy's protocols first. If a traced value leaks
    into a plain number, it is followed again with array creation and `math`
    replaced (see `interception`), in every module in which a leak was seen, and
    then once more with the arrays it finds around it traced (see `copying`).
    """
    namespaces = globals_of(original or function)
    error: Exception | None = None
    for replacing, copying in ((False, False), (True, False), (True, True)):
        while True:
            session = Session(dict(values), watching=watching)
            context = intercepting(session, namespaces) if replacing else nullcontext()
            try:
                with context:
                    code = Copier(session).copy(function) if copying else function
                    result = session.run(code, arguments(partial(wrap, session)))
                if not session.leaks:
                    output = _output(session, result)
                    guards = tuple(session.guards)
                    return Trace(output, guards, session.first_non_finite, session.shown)
                error = session.leaks[0]
            except Exception as caught:  # whatever the symbols made the user's code raise
                error = session.leaks[0] if session.leaks else caught
            may_widen = replacing and not copying
            more = _new_namespaces(session, error, namespaces) if may_widen else []
            if not more:
                break
            namespaces += more
    raise as_tracing_error(error) from error


def globals_of(function: Any) -> list[dict[str, Any]]:
    """Return the global names of a function, method or callable object, if it is Python code."""
    while isinstance(function, partial):
        function = function.func
    inner = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(inner, FunctionType):
        inner = inspect.getattr_static(type(inner), "__call__", None)
    return [inner.__globals__] if isinstance(inner, FunctionType) else []


def _new_namespaces(
    session: Session, error: Exception, known: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the global names of a module in which something went wrong for the first time."""
    seen = {id(space) for space in known}
    spaces = [leak.frame_globals for leak in session.leaks if leak.frame_globals is not None]
    raised_in = _raised_in(error)
    if raised_in is not None:
        spaces.append(raised_in.tb_frame.f_globals)
    return [space for space in spaces if id(space) not in seen][:1]


def _output(session: Session, result: Any) -> Expression:
    """Return the node of what the function returned."""
    if result is None:
        raise TracingError(
            "The function returns None; it must return a number. Is a `return` missing?"
        )
    if isinstance(result, np.ndarray | list | tuple) or is_traced(result):
        return lift(result)
    return constant(result)


def as_tracing_error(error: Exception | None) -> TracingError:
    """Return an error of our family, with the line of the user's code that raised it."""
    if isinstance(error, Leak):
        return error
    step = None if error is None else _raised_in(error)
    place = describe(step.tb_frame.f_code.co_filename, step.tb_lineno) if step else ""
    name = "" if isinstance(error, TracingError) else f"{type(error).__name__}: "
    return TracingError(f"{place}{name}{error}")


def _raised_in(error: Exception) -> TracebackType | None:
    """Return where in the user's code an exception was raised."""
    found, step = None, error.__traceback__
    while step is not None:
        if not is_library(step.tb_frame.f_globals):
            found = step
        step = step.tb_next
    return found

"""Following a function: the user's code is run on symbols, and the graph is what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, constant
from steepest.expression.tracing.interception import intercepting
from steepest.expression.tracing.session import (
    NUMPY_CODE,
    OWN_CODE,
    Guard,
    Session,
    describe,
)
from steepest.expression.tracing.traced import is_traced, lift, wrap

MOST_RETRIES = 6


@dataclass(frozen=True)
class Trace:
    """What a function does, as a graph.

    Attributes
    ----------
    output : Expression
        The result.
    guards : tuple of Guard
        The decisions on values that the code took; the graph is right where all hold.
    first_non_finite : str or None
        The line of code with the first result that is not finite, if that was asked for.
    """

    output: Expression
    guards: tuple[Guard, ...]
    first_non_finite: str | None = None


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
    intercepted (see `interception`), in every module in which a leak was seen.
    """
    namespaces: list[dict[str, Any]] = []
    first: Exception | None = None
    for attempt in range(MOST_RETRIES):
        session = Session(dict(values), intercepting=attempt > 0, watching=watching)
        if attempt == 0:
            context: Any = nullcontext()
        else:
            context = intercepting(session, [*globals_of(original or function), *namespaces])
        try:
            with context, np.errstate(all="ignore"):
                result = function(*arguments(lambda node, s=session: wrap(s, node)))
            if not session.leaks:
                output = _output(session, result)
                return Trace(output, tuple(session.guards), session.first_non_finite)
            error: Exception = session.leaks[0]
        except (TracingError, TypeError, ValueError, AttributeError) as caught:
            error = session.leaks[0] if session.leaks else caught
        first = first or error
        more = _new_namespaces(session, namespaces)
        if attempt > 0 and not more:
            raise as_tracing_error(error)
        namespaces += more
    raise as_tracing_error(first)


def globals_of(function: Any) -> list[dict[str, Any]]:
    """Return the global names of a function or method, if it is Python code."""
    inner = getattr(function, "__func__", function)
    inner = getattr(inner, "__wrapped__", inner)
    if not callable(inner) or isinstance(inner, type):
        return []
    if "__globals__" not in dir(inner):
        inner = type(inner).__call__
    space = getattr(inner, "__globals__", None)
    return [space] if isinstance(space, dict) else []


def _new_namespaces(session: Session, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the global names of modules in which a leak was seen for the first time."""
    seen = {id(space) for space in known}
    spaces = [leak.frame_globals for leak in session.leaks if leak.frame_globals is not None]
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
    if isinstance(error, TracingError):
        return error
    place = ""
    if error is not None and error.__traceback__ is not None:
        place = _raised_at(error)
    return TracingError(f"{place}{error}")


def _raised_at(error: Exception) -> str:
    """Return where in the user's code an exception was raised, as the start of a sentence."""
    found = None
    step = error.__traceback__
    while step is not None:
        if not step.tb_frame.f_code.co_filename.startswith((OWN_CODE, NUMPY_CODE)):
            found = step
        step = step.tb_next
    if found is None:
        return ""
    return describe(found.tb_frame.f_code.co_filename, found.tb_lineno)

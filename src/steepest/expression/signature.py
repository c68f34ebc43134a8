"""How a user's callable wants to be called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def positional_parameters(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of the required positional parameters, None where they are unknown."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(
        [
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.kind in kinds and parameter.default is inspect.Parameter.empty
        ]
    )


def takes_separate_numbers(function: Callable[..., Any], count: int, extra: int = 0) -> bool:
    """Whether ``function`` takes ``count`` numbers (two or more) one by one.

    Parameters
    ----------
    function : callable
        The user's function.
    count : int
        How many variables there are.
    extra : int, default 0
        How many further arguments are passed after them.
    """
    names = positional_parameters(function)
    return names is not None and count >= 2 and len(names) - extra == count


def accepts(function: Callable[..., Any], count: int) -> bool:
    """Whether ``function`` can be called with ``count`` positional arguments, as far as known."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*[None] * count)
    except TypeError:
        return False
    return True

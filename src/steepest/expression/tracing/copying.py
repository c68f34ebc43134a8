"""Copies of the user's functions that see their constant arrays as traced ones.

`template.copy()` of an array that was made outside the function gives an array of
plain numbers, whatever is replaced meanwhile. In a copy of the function, whose
global and enclosed arrays are traced, it gives a traced array. The originals and
their modules stay as they are.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from types import CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from steepest.expression.tracing.creation import writable
from steepest.expression.tracing.session import LIBRARIES, Session


class Copier:
    """Copies functions, each once, together with the names they see.

    Parameters
    ----------
    session : Session
        The run that the copies are for.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.spaces: dict[int, dict[str, Any]] = {}
        self.copies: dict[int, Any] = {}

    def copy(self, value: Any) -> Any:
        """Return the copy of a function or of an array; anything else as it is."""
        match value:
            case np.ndarray():
                return self.once(value, lambda: writable(self.session, value))
            case FunctionType():
                return self.function(value)
            case MethodType():
                return MethodType(self.copy(value.__func__), self.instance(value.__self__))
            case partial():
                arguments = [self.copy(argument) for argument in value.args]
                return partial(self.copy(value.func), *arguments, **value.keywords)
        return self.instance(value) if callable(value) else value

    def instance(self, value: Any) -> Any:
        """Return a copy of an object of the user's, with its arrays traced."""
        if isinstance(value, type) or type(value).__module__.partition(".")[0] in LIBRARIES:
            return value
        made = copy(value)
        for name, content in getattr(made, "__dict__", {}).items():
            if isinstance(content, np.ndarray):
                made.__dict__[name] = self.copy(content)
        return made

    def once(self, value: Any, make: Any) -> Any:
        """Return the one copy of a value, made where there is none yet."""
        if id(value) not in self.copies:
            self.copies[id(value)] = make()
        return self.copies[id(value)]

    def function(self, function: FunctionType) -> Any:
        """Return a copy of a function."""
        if id(function) in self.copies:
            return self.copies[id(function)]
        cells = tuple([self.once(cell, CellType) for cell in function.__closure__ or ()])
        space = self.space(function)
        made = FunctionType(function.__code__, space, function.__name__, closure=cells)
        self.copies[id(function)] = made
        made.__defaults__ = tuple(map(self.copy, function.__defaults__ or ()))
        made.__kwdefaults__ = {k: self.copy(v) for k, v in (function.__kwdefaults__ or {}).items()}
        for cell, own in zip(function.__closure__ or (), cells, strict=True):
            own.cell_contents = self.copy(cell.cell_contents)
        return made

    def space(self, function: FunctionType) -> dict[str, Any]:
        """Return a copy of the global names of a function."""
        names = function.__globals__
        known = self.spaces.get(id(names))
        if known is None:
            known = self.spaces[id(names)] = dict(names)
            for name, value in names.items():
                own = isinstance(value, FunctionType) and value.__globals__ is names
                if own or isinstance(value, np.ndarray):
                    known[name] = self.copy(value)
        return known

"""Generated source that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Program:
    """A generated module: its source, the arrays it refers to, and its main function.

    Attributes
    ----------
    source : str
        Python that imports nothing of this library.
    function : callable
        The function that the source defines, ready to be called.
    plain : bool
        Whether it takes and returns plain numbers (True) or NumPy arrays.
    constants : mapping of str to array
        Arrays that the source refers to, too long to be written out.
    """

    source: str
    function: Callable[..., Any]
    plain: bool
    constants: Mapping[str, Any] = field(default_factory=dict)

    def run(self, arguments: Sequence[Any]) -> Any:
        """Call the function; in NumPy, what is not finite is a value and no warning."""
        if self.plain:
            return self.function(*arguments)
        with np.errstate(all="ignore"):
            return self.function(*arguments)


def run_module(source: str, title: str, constants: Mapping[str, Any]) -> dict[str, Any]:
    """Execute generated source and return its names.

    Parameters
    ----------
    source : str
        A module made by this package; never text of a user.
    title : str
        What tracebacks call it.
    constants : mapping of str to array
        Arrays too long to be written out.
    """
    names: dict[str, Any] = {"__name__": "generated", **constants}
    exec(compile(source, f"<{title}>", "exec"), names)
    return names

"""When to compile: the one rule, and what has been compiled in this process."""

from __future__ import annotations

from typing import Any

from steepest.program.native.compiling import (
    ONE_AT_A_TIME,
    compiled_evaluation,
    evaluation_file,
    is_installed,
)
from steepest.program.native.evaluation import write_evaluation
from steepest.program.native.module import NativeError
from steepest.program.writer import Graph

COMPILE_SECONDS = 3.0
"""What compiling costs: 2 s for a function, 5 s where this machine never compiled the driver."""

LOAD_SECONDS = 0.5
"""What loading Numba and a function compiled earlier costs at most."""

MOST_COUNTED = 256
"""Functions whose seconds are counted; the one that ran longest ago is forgotten first."""


class Compiler:
    """All functions that this process has compiled, and the seconds that Python spent on others.

    The rule: a function is compiled once Python has spent on its descents what compiling costs,
    or loading where it was compiled before. Whatever comes then, both together cost no more than
    two or three times what the better of the two would have.
    """

    def __init__(self) -> None:
        self._known: dict[Graph, Any] = {}
        self._spent: dict[Graph, float] = {}
        self._loadable: dict[Graph, bool] = {}

    def pays(self, graph: Graph, seconds: float) -> bool:
        """Return whether to compile, Python having spent so many more seconds on a function."""
        if graph in self._known:
            return not isinstance(self._known[graph], NativeError)
        if seconds == 0 or not is_installed():
            return False
        spent = self._spent[graph] = self._spent.pop(graph, 0.0) + seconds
        if len(self._spent) > MOST_COUNTED:
            del self._spent[next(iter(self._spent))]
        if spent < LOAD_SECONDS:
            return False
        if graph not in self._loadable:
            try:
                self._loadable[graph] = evaluation_file(write_evaluation(graph)).is_there()
            except NativeError as error:
                self._known[graph] = error
                return False
        return self._loadable[graph] or spent >= COMPILE_SECONDS

    def evaluation(self, graph: Graph) -> Any:
        """Return the function `evaluate(x, gradient) -> value`, compiled at most once.

        Raises
        ------
        NativeError
            Where it cannot be compiled; asked again, for the same reason.
        """
        with ONE_AT_A_TIME:
            if graph not in self._known:
                try:
                    self._known[graph] = compiled_evaluation(write_evaluation(graph))
                except NativeError as error:
                    self._known[graph] = error
            known = self._known[graph]
        if isinstance(known, NativeError):
            raise known
        return known


COMPILER = Compiler()
"""The compiled functions of this process: an explicit cache."""

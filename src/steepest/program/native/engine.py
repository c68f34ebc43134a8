"""When to compile: the one rule, and what has been compiled in this process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from steepest.program.native.cache import CodeFile
from steepest.program.native.compiling import (
    ONE_AT_A_TIME,
    compiled_descent,
    compiled_evaluation,
    compiled_rows,
    compiled_starts,
    descent_file,
    evaluation_file,
    is_installed,
    loop_file,
)
from steepest.program.native.evaluation import write_evaluation
from steepest.program.native.module import NativeError
from steepest.program.native.row_source import RowSource
from steepest.program.native.start_source import StartSource
from steepest.program.writer import Graph

COMPILE_SECONDS = 3.0
"""What compiling costs: 2 s for a function, 5 s where this machine never compiled the driver."""

ROW_SECONDS = 0.8
"""What compiling a loop over rows costs, loading Numba included."""

LOOP_SECONDS = 1.0
"""What compiling a descent of a few variables costs, loading Numba included."""

START_SECONDS = 2.0
"""What compiling descents from many starts costs, loading Numba included."""

LOAD_SECONDS = 0.5
"""What loading Numba and a function compiled earlier costs at most."""

MOST_COUNTED = 256
"""Functions whose seconds are counted; the one that ran longest ago is forgotten first."""


Work = TypeVar("Work")


class Compiler(ABC, Generic[Work]):
    """All of one kind that this process has compiled, and the seconds Python spent on others.

    The rule: something is compiled once Python has spent on it what compiling costs, or loading
    where it was compiled before. Whatever comes then, both together cost no more than two or three
    times what the better of the two would have.
    """

    def __init__(self) -> None:
        self._known: dict[Work, Any] = {}
        self._spent: dict[Work, float] = {}
        self._loadable: dict[Work, bool] = {}

    @property
    @abstractmethod
    def cost(self) -> float:
        """What compiling costs, in seconds."""

    @abstractmethod
    def file(self, work: Work) -> CodeFile:
        """Return the place on disk."""

    @abstractmethod
    def make(self, work: Work) -> Any:
        """Compile it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is compiled yet."""
        return not self._known

    def pays(self, work: Work, seconds: float) -> bool:
        """Return whether to compile, Python having spent so many more seconds."""
        if work in self._known:
            return not isinstance(self._known[work], NativeError)
        if seconds == 0 or not is_installed():
            return False
        spent = self._spent[work] = self._spent.pop(work, 0.0) + seconds
        if len(self._spent) > MOST_COUNTED:
            del self._spent[next(iter(self._spent))]
        if spent < LOAD_SECONDS:
            return False
        if work not in self._loadable:
            try:
                self._loadable[work] = self.file(work).is_there()
            except NativeError as error:
                self._known[work] = error
                return False
        return self._loadable[work] or spent >= self.cost

    def compiled(self, work: Work) -> Any:
        """Return what it is compiled, at most once.

        Raises
        ------
        NativeError
            Where it cannot be compiled; asked again, for the same reason.
        """
        with ONE_AT_A_TIME:
            if work not in self._known:
                try:
                    self._known[work] = self.make(work)
                except NativeError as error:
                    self._known[work] = error
            known = self._known[work]
        if isinstance(known, NativeError):
            raise known
        return known


class Evaluations(Compiler[Graph]):
    """Functions `evaluate(x, gradient) -> value`."""

    @property
    def cost(self) -> float:
        """What compiling costs, in seconds."""
        return COMPILE_SECONDS

    def file(self, work: Graph) -> CodeFile:
        """Return the place on disk."""
        return evaluation_file(write_evaluation(work))

    def make(self, work: Graph) -> Any:
        """Compile it."""
        return compiled_evaluation(write_evaluation(work))


class RowLoops(Compiler[RowSource]):
    """Loops over rows, which are the same for all data."""

    @property
    def cost(self) -> float:
        """What compiling costs, in seconds."""
        return ROW_SECONDS

    def file(self, work: RowSource) -> CodeFile:
        """Return the place on disk."""
        return loop_file(work)

    def make(self, work: RowSource) -> Any:
        """Compile it."""
        return compiled_rows(work)


class Loops(Compiler[str]):
    """Whole descents, each a module as text."""

    @property
    def cost(self) -> float:
        """What compiling costs, in seconds."""
        return LOOP_SECONDS

    def file(self, work: str) -> CodeFile:
        """Return the place on disk."""
        return descent_file(work)

    def make(self, work: str) -> Any:
        """Compile it; return what makes the first state besides."""
        return compiled_descent(work)


class StartLoops(Compiler[StartSource]):
    """Descents from many starts, which are the same for all starts and rates."""

    @property
    def cost(self) -> float:
        """What compiling costs, in seconds."""
        return START_SECONDS

    def file(self, work: StartSource) -> CodeFile:
        """Return the place on disk."""
        return loop_file(work)

    def make(self, work: StartSource) -> Any:
        """Compile it."""
        return compiled_starts(work)


COMPILER = Evaluations()
ROW_LOOPS = RowLoops()
LOOPS = Loops()
START_LOOPS = StartLoops()
"""What this process has compiled: explicit caches."""

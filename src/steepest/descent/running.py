"""What runs the loop of a generated descent: Python, compiled code, or one after the other.

They make the same rows, to the last bit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from itertools import islice
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from steepest.descent.flat_rows import FlatRows, Numbers
from steepest.descent.generated import DescentProgram
from steepest.descent.loop_source import GOES_ON, REASONS
from steepest.descent.stopping import Reason
from steepest.objective import Vector
from steepest.program.native.module import NativeError

COUNTED = 0.05
"""How many seconds of Python's are counted together; shorter descents never compile."""

COMPARED = 64
"""Rows of which the last must be the same by Python and by compiled code."""

LARGEST_TABLE = 4_000_000
"""Numbers in the table of one slice at most: 32 megabytes."""


class ProgramError(Exception):
    """Plain numbers raised where IEEE arithmetic has infinity or NaN."""


class Ending:
    """The rows of a program, and then the reason it returned."""

    reason: Reason | None = None

    def __init__(self, numbers: Generator[Numbers, None, str]) -> None:
        self._numbers = numbers

    def __iter__(self) -> Generator[Numbers, None, None]:
        try:
            self.reason = Reason[(yield from self._numbers)]
        except (ArithmeticError, ValueError) as error:
            raise ProgramError(str(error)) from error


class Running(ABC):
    """A descent on its way, and the rows that it has made.

    Parameters
    ----------
    program : DescentProgram
        What is run.
    start : sequence of float
        Where it starts.
    max_steps : int
        After how many steps it ends at the latest.
    rate : float
        The constant learning rate, NaN where it changes.
    """

    def __init__(
        self, program: DescentProgram, start: Sequence[float], max_steps: int, rate: float
    ) -> None:
        self.program, self.start = program, start
        self.max_steps, self.rate = max_steps, rate

    @abstractmethod
    def __len__(self) -> int:
        """Return how many rows there are."""

    @abstractmethod
    def more(self, count: int) -> Reason | None:
        """Make so many further rows; return why it ended with fewer."""

    @property
    @abstractmethod
    def rows(self) -> FlatRows:
        """All rows made so far."""

    @abstractmethod
    def keep(self, count: int) -> None:
        """Drop all rows but the first; there will be no more."""

    @property
    def engine(self) -> str:
        """What makes the rows."""
        return "python"


class Interpreted(Running):
    """The generator of a program, as Python runs it."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        self.table: list[Numbers] = []
        self.ending = Ending(self.program.descend(*self.start, self.max_steps))
        self.numbers = iter(self.ending)

    def __len__(self) -> int:
        return len(self.table)

    def more(self, count: int) -> Reason | None:
        """Make so many further rows; return why it ended with fewer."""
        self.table.extend(islice(self.numbers, count))
        return self.ending.reason

    @property
    def rows(self) -> FlatRows:
        """All rows made so far."""
        return FlatRows(self.table, len(self.start), self.rate)

    def keep(self, count: int) -> None:
        """Drop all rows but the first; there will be no more."""
        del self.table[count:]


class Compiled(Running):
    """The loop of a program, compiled by Numba when it first runs.

    Raises
    ------
    NativeError
        Where it cannot be compiled.
    """

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        first_state, self.descend = compiled(self.program)
        self.state = np.array(first_state(*self.start), dtype=np.float64)
        self.tables: list[Vector] = []
        self.count = 0
        self.reason: Reason | None = None

    def __len__(self) -> int:
        return self.count

    def more(self, count: int) -> Reason | None:
        """Make so many further rows; return why it ended with fewer."""
        if self.reason is not None:
            return self.reason
        width = self.program.loop.width
        table = np.empty((min(count, LARGEST_TABLE // width), width))
        filled, ended = self.descend(self.state, table, self.max_steps)
        self.tables.append(table[:filled])
        self.count += filled
        if ended != GOES_ON:
            self.reason = REASONS[ended]
        last = table[filled - 1, : 2 * len(self.start) + 1].tolist()
        if not all(map(isfinite, last)):
            raise ProgramError("a number that is not finite")
        return self.reason

    @property
    def rows(self) -> FlatRows:
        """All rows made so far."""
        if len(self.tables) > 1:
            self.tables = [np.concatenate(self.tables)]
        return FlatRows(self.tables[0], len(self.start), self.rate)

    def keep(self, count: int) -> None:
        """Drop all rows but the first; there will be no more."""
        self.tables, self.count = [self.rows.numbers[:count]], count

    @property
    def engine(self) -> str:
        """What makes the rows."""
        return "native"


def compiled(program: DescentProgram) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what starts a program and what runs it, compiled once in a process.

    Raises
    ------
    NativeError
        Where it cannot be compiled.
    """
    if program.compiled is None:
        # Most descents have nothing to compile, and should not wait for this to be loaded.
        from steepest.program.native.engine import LOOPS

        program.compiled = LOOPS.compiled(program.loop.text)
    return program.compiled


class Automatic(Running):
    """Python first, and compiled code from the start once that pays (see `native.engine`)."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        self.what = what
        self.running: Running = Compiled(*what) if self.program.agrees else Interpreted(*what)
        if self.pays():
            try:
                self.running.more(COMPARED)
                self.compile()
            except ProgramError:
                self.running = Interpreted(*what)

    def __len__(self) -> int:
        return len(self.running)

    def more(self, count: int) -> Reason | None:
        """Make so many further rows; return why it ended with fewer."""
        began = perf_counter()
        reason = self.running.more(count)
        if isinstance(self.running, Interpreted):
            self.program.uncounted += perf_counter() - began
            if reason is None and self.pays():
                self.compile()
        return reason

    def pays(self) -> bool:
        """Return whether to compile what Python runs so far."""
        program = self.program
        if program.agrees is not None:
            return False
        if program.compiled or program.uncounted < COUNTED:
            return program.compiled is not None
        from steepest.program.native.engine import LOOPS

        seconds, program.uncounted = program.uncounted, 0.0
        return LOOPS.pays(program.loop.text, seconds)

    def compile(self) -> None:
        """Let compiled code make all rows again, if they are the same, and go on from there."""
        program = self.program
        try:
            made = Compiled(*self.what)
            while len(made) < len(self) and made.more(len(self) - len(made)) is None:
                pass
        except (NativeError, ProgramError):
            program.agrees = False
            return
        # The library of a function may compute it in another way than Python.
        program.agrees = made.rows[-1] == self.rows[-1]
        if program.agrees:
            self.running = made

    @property
    def rows(self) -> FlatRows:
        """All rows made so far."""
        return self.running.rows

    def keep(self, count: int) -> None:
        """Drop all rows but the first; there will be no more."""
        self.running.keep(count)

    @property
    def engine(self) -> str:
        """What makes the rows."""
        return self.running.engine


ENGINES: dict[str, type[Running]] = {
    "python": Interpreted,
    "native": Compiled,
    "auto": Automatic,
}
"""What runs a program."""


def by_python(reason: str) -> str:
    """Return the notice for steps that were to be compiled and were not."""
    return f"The steps were made by Python, not by compiled code: {reason}"

"""Passes over the rows: whether Python makes the next one, or compiled code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from steepest.objective import Vector
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError

COUNTED = 0.05
"""So many seconds of Python's are counted together."""


@dataclass
class Passes:
    """The passes over the rows of one function: who makes them, and who made how many.

    Parameters
    ----------
    engine : {"auto", "native"}
        Who is to make them.
    find : callable
        Returns what makes them, `RowSums` or `RowColumns`; raises `NativeError` where nothing can.
    """

    engine: str
    find: Callable[[], Any]
    work: Any = None
    loop: Any = None
    refusal: str | None = None
    trusted: bool = False
    unreported: float = 0.0
    python: int = 0
    native: int = 0

    def ready(self) -> bool:
        """Return whether there is compiled code for the next pass; compile where it pays."""
        if self.loop is None and self.refusal is None and self.is_wanted():
            try:
                self.loop = ROW_LOOPS.compiled(self.found().source)
            except NativeError as error:
                self.refusal = str(error)
        return self.loop is not None

    def found(self) -> Any:
        """Return what is compiled and run, found once."""
        if self.work is None:
            self.work = self.find()
        return self.work

    def is_wanted(self) -> bool:
        """Return whether compiled code is asked for, or pays by the one rule there is."""
        if self.engine == "native":
            return True
        if self.python == 0:
            # What is compiled already is used at once.
            return not ROW_LOOPS.is_empty and self.pays(0.0)
        if self.unreported < COUNTED:
            return False
        seconds, self.unreported = self.unreported, 0.0
        return self.pays(seconds)

    def pays(self, seconds: float) -> bool:
        """Return whether to compile after so many more seconds of Python's."""
        try:
            return ROW_LOOPS.pays(self.found().source, seconds)
        except NativeError as error:
            self.refusal = str(error)
            return False

    def judge(self, right: bool) -> bool:
        """Take note of whether compiled code agrees with Python."""
        self.trusted = bool(right)
        if not right:
            self.loop, self.refusal = None, "compiled, the function has other values."
        return self.trusted

    def timed(self, question: Callable[[Vector], Any], x: Vector) -> Any:
        """Return Python's answer, and count it."""
        began = perf_counter()
        answer = question(x)
        self.unreported += perf_counter() - began
        self.python += 1
        return answer

    def run(self, x: Vector) -> Any:
        """Return what compiled code finds."""
        self.native += 1
        return self.found().run(self.loop, x)

"""Passes over much data: whether Python makes the next one, or compiled code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from steepest.program.native.engine import Compiler
from steepest.program.native.module import NativeError

COUNTED = 0.05
"""So many seconds of Python's are counted together."""


@dataclass
class Passes:
    """The passes of one kind: who makes them, and who made how many.

    Parameters
    ----------
    engine : {"auto", "python", "native"}
        Who is to make them.
    find : callable
        Returns what makes them, with a `source` to be compiled, and `run(loop, ...)`, which runs
        that; raises `NativeError` where nothing can.
    loops : Compiler
        Compiles such sources, and knows which are compiled.
    """

    engine: str
    find: Callable[[], Any]
    loops: Compiler[Any]
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
                self.loop = self.loops.compiled(self.found().source)
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
        if self.engine != "auto":
            return self.engine == "native"
        if self.python == 0:
            # What is compiled already is used at once.
            return not self.loops.is_empty and self.pays(0.0)
        if self.unreported < COUNTED:
            return False
        seconds, self.unreported = self.unreported, 0.0
        return self.pays(seconds)

    def pays(self, seconds: float) -> bool:
        """Return whether to compile after so many more seconds of Python's."""
        try:
            return self.loops.pays(self.found().source, seconds)
        except NativeError as error:
            self.refusal = str(error)
            return False

    def judge(self, right: bool) -> bool:
        """Take note of whether compiled code agrees with Python."""
        self.trusted = bool(right)
        if not right:
            self.loop, self.refusal = None, "compiled, the function has other values."
        return self.trusted

    def timed(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """Return Python's answer, and count it."""
        began = perf_counter()
        answer = question(*arguments)
        self.unreported += perf_counter() - began
        self.python += 1
        return answer

    def run(self, *arguments: Any) -> Any:
        """Return what compiled code finds."""
        self.native += 1
        return self.found().run(self.loop, *arguments)

    @property
    def made_by(self) -> str:
        """Who made the passes so far."""
        return maker(self.python, self.native)


def maker(python: int, native: int) -> str:
    """Return who made so many passes.

    >>> maker(0, 3), maker(1, 3)
    ('native', 'python and native')
    """
    if not native:
        return "python"
    return "python and native" if python else "native"

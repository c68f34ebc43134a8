"""A generated descent: its source, what runs, and what is known of it as compiled code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from steepest.descent.loop_source import LoopSource
from steepest.descent.methods import FirstOrderMethod
from steepest.descent.options import Schedule
from steepest.descent.stopping import Stop
from steepest.errors import SteepestError
from steepest.program.spelling import Arrays
from steepest.program.writer import Graph


class NoProgramError(SteepestError):
    """There is no program for this descent; the text says why."""


class Descent(NamedTuple):
    """What a program is written for.

    Attributes
    ----------
    graph : Graph
        The function.
    method : FirstOrderMethod
        A first-order rule in plain arithmetic.
    rate : float or schedule
        The learning rate.
    stop : Stop
        When to stop; only the rules of `steepest.stopping` can be written.
    """

    graph: Graph
    method: FirstOrderMethod
    rate: float | Schedule
    stop: Stop


@dataclass
class DescentProgram:
    """The program of a descent.

    Parameters
    ----------
    body : str
        The source of the generator `descend`, with its imports.
    ending : str
        The source that runs it from the command line; {start} stands for the start.
    descend : callable
        The generator function: (*start, max_steps) -> rows of numbers.
    arrays : bool
        Whether its variables are arrays.
    varying : bool
        Whether each row ends with the learning rate that led to it.
    write_loop : callable
        Writes the same for compiled code, of plain numbers.
    compiled : tuple, optional
        What was compiled of it, once it is: the function `first_state`, and the loop `descend`.
    agrees : bool, optional
        Whether that makes the same rows, to the last bit; None is not known.
    uncounted : float
        The seconds that Python has run it and that were not counted yet.
    """

    body: str
    ending: str
    descend: Any
    arrays: bool
    varying: bool
    write_loop: Callable[[], LoopSource]
    compiled: tuple[Callable[..., Any], Callable[..., Any]] | None = None
    agrees: bool | None = None
    uncounted: float = 0.0

    @cached_property
    def loop(self) -> LoopSource:
        """The loop as compiled code takes it."""
        return self.write_loop()

    def standalone(self, start: Sequence[Any], max_steps: int) -> str:
        """Return the whole program as text, for one start."""
        written = [
            Arrays().literal(part) if self.arrays and np.ndim(part) else repr(float(part))
            for part in start
        ]
        arguments = ", ".join([*written, f"max_steps={max_steps}"])
        return self.body + self.ending.replace("{start}", arguments, 1)

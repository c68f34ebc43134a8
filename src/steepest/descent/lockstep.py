"""Descents of one method from many starts, in compiled code, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from steepest.descent.methods.method import FirstOrderMethod
from steepest.descent.rules import traced_rule
from steepest.errors import TracingError
from steepest.expression.node import Expression, variable
from steepest.objective import Vector
from steepest.program.native.module import NativeError
from steepest.program.native.start_source import StartForm, write_starts

MOST_RATES = 1_000_000
"""Scheduled rates that are computed in advance at most."""


STEPS_TOGETHER = 10_000_000
"""Steps of all starts together that are made at most before Ctrl-C is heard: some 20 ms."""


class Ends(NamedTuple):
    """Where descents ended.

    Attributes
    ----------
    points, gradients : ndarray, shape (n, m)
    steps : ndarray, shape (m,)
        How many steps were made; one more than were allowed by those that have not arrived.
    """

    points: Vector
    gradients: Vector
    steps: Vector


class Lockstep:
    """A method at constant or scheduled rates on a function of numbers.

    Parameters
    ----------
    variables, slopes : sequence of Expression
        The variables and the gradient.
    method : FirstOrderMethod
        How each step is made.
    rate : float or schedule
        The learning rate.
    max_steps : int
        Steps allowed.
    tolerance : float
        A descent has arrived when no component of the gradient is larger.

    Raises
    ------
    NativeError
        Where the method or the function uses what compiled loops do not know.
    """

    def __init__(
        self,
        variables: Sequence[Expression],
        slopes: Sequence[Expression],
        method: FirstOrderMethod,
        rate: Any,
        max_steps: int,
        tolerance: float,
    ) -> None:
        if callable(rate) and max_steps > MOST_RATES:
            raise NativeError(f"{max_steps} scheduled rates are too many to be kept.")
        names = variable("the rate"), variable("the step")
        try:
            rule = traced_rule(method, variables, slopes, *names)
        except TracingError as error:
            raise NativeError(str(error)) from error
        self.source, numbers = write_starts(
            StartForm(
                variables,
                slopes,
                rule.moved,
                [memory.node for memory in rule.memory],
                [memory.initial for memory in rule.memory],
                rule.following,
                *names,
            )
        )
        rates = [rate(k) for k in range(max(1, max_steps))] if callable(rate) else [rate]
        self.numbers, self.rates = np.array(numbers), np.array(rates, dtype=np.float64)
        self.max_steps, self.tolerance = max_steps, tolerance

    def run(self, loop: Callable[..., Any], starts: Vector, max_steps: int | None = None) -> Ends:
        """Return where starts, shape (n, m), come to.

        Parameters
        ----------
        loop : callable
            `self.source` compiled.
        starts : ndarray, shape (n, m)
            A start in each column.
        max_steps : int, optional
            Fewer than are allowed.
        """
        n, count = starts.shape
        table = np.empty((2 * n + 1, count))
        table[:n] = starts
        steps = self.max_steps if max_steps is None else max_steps
        tiles = -(-count // self.source.width)
        together = max(1, STEPS_TOGETHER // (self.source.width * max(1, steps)))
        for first in range(0, tiles, together):
            last = min(first + together, tiles)
            loop(table, self.numbers, self.rates, self.tolerance, steps, first, last)
        return Ends(table[:n], table[n : 2 * n], table[2 * n])

"""Many descents at constant or scheduled rates, all in the same arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.descent.methods.method import FirstOrderMethod
from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.domain import Flags
from steepest.landscapes.field import Field
from steepest.objective import Vector
from steepest.program.spelling import Arrays
from steepest.program.writer import write_function

THINNED = 0.75
"""Starts that have arrived are put aside when no more than this share of a block still moves."""

Counts = npt.NDArray[np.int32]

Slopes = Callable[[Vector], Vector]
"""Columns of points, shape (n, m), to columns of gradients."""


@dataclass(frozen=True, eq=False)
class Rolled:
    """Where many descents ended.

    Parameters
    ----------
    ends : ndarray, shape (n, m)
    gradients : ndarray, shape (n, m)
        At the ends.
    steps : ndarray of int, shape (m,)
    arrived : ndarray of bool, shape (m,)
        Whether the gradient became as small as asked for.
    stopped : bool
        Whether some were still moving at the deadline.
    """

    ends: Vector
    gradients: Vector
    steps: Counts
    arrived: Flags
    stopped: bool


def slopes_of(field: Field) -> Slopes:
    """Return the gradient as a function of columns: a program of NumPy where there is one."""
    if field.graph is None:
        gradient = field.objective.gradient

        def one_by_one(columns: Vector) -> Vector:
            return np.array([gradient(point) for point in columns.T]).T

        return one_by_one
    program = write_function(
        field.graph,
        field.slopes,
        name="gradient",
        summary="Return the gradient.",
        result_names=[f"gradient_{node.name}" for node in field.graph.inputs],
        pack="list",
        dialect=Arrays(),
    )
    # Elements of an array are taken from one argument, and are columns themselves.
    structure = field.objective.structure

    def all_at_once(columns: Vector) -> Vector:
        result = np.empty_like(columns)
        for row, slope in zip(result, program.function(*_arguments(columns)), strict=True):
            row[:] = slope
        return result

    def _arguments(columns: Vector) -> list[Any]:
        if structure.scalar:
            return list(columns)
        ends = np.cumsum(structure.sizes)[:-1]
        return [
            piece if shape else piece[0]
            for piece, shape in zip(np.split(columns, ends), structure.shapes, strict=True)
        ]

    return all_at_once


def roll(
    slopes: Slopes,
    starts: Vector,
    method: FirstOrderMethod,
    rate: Any,
    max_steps: int,
    tolerance: float,
    deadline: Deadline = NEVER,
) -> Rolled:
    """Return where starts, shape (n, m), come to, all in the same arrays.

    A method's rule is arithmetic on arrays, elementwise: it does not mind that each column is a
    descent of its own.
    """
    count = starts.shape[1]
    ends, gradients = starts.copy(), np.zeros_like(starts)
    steps, arrived = np.full(count, max_steps, dtype=np.int32), np.zeros(count, dtype=bool)
    x, places = starts.copy(), np.arange(count)
    state = dict(method.initial_state(x))
    stopped = False
    with np.errstate(all="ignore"):
        for step in range(max_steps + 1):
            gradient = slopes(x)
            moving = largest_of(gradient) > tolerance
            still = not moving.all()
            if still:
                halted = places[~moving]
                fresh = ~arrived[halted]
                steps[halted[fresh]] = step
                arrived[halted] = True
            stopped = step < max_steps and deadline.passed
            last = step == max_steps or stopped
            if last or np.count_nonzero(moving) <= THINNED * moving.size:
                ends[:, places], gradients[:, places] = x, gradient
                if last or not moving.any():
                    steps[places[moving]] = step
                    stopped = stopped and bool(moving.any())
                    break
                places, x, gradient = places[moving], x[:, moving], gradient[:, moving]
                state = {
                    key: value[:, moving] if np.ndim(value) == 2 else value
                    for key, value in state.items()
                }
                still = False
            direction, following = method.direction(x, gradient, state, step + 1)
            state = dict(following)
            if still:
                direction[:, ~moving] = 0.0
            x += (rate(step) if callable(rate) else rate) * direction
    return Rolled(ends, gradients, steps, arrived, stopped)


def largest_of(columns: Vector) -> Vector:
    """Return the largest absolute component of every column; inf for what is not a number."""
    largest: Vector = np.abs(columns[0])
    for row in columns[1:]:
        np.maximum(largest, np.abs(row), out=largest)
    return largest

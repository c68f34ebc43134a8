"""A method walked for a number of steps, without a stop rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from steepest.descent.methods import Method
from steepest.descent.problem import Problem
from steepest.descent.stopping import MaxSteps
from steepest.descent.walk import Plan, numpy_walk
from steepest.objective import Objective, Vector


@dataclass(frozen=True)
class Path:
    """The points of a walk, from the start on."""

    x: Vector
    values: Vector
    gradients: Vector
    rates: Vector
    evaluations: Vector

    @property
    def end(self) -> Vector:
        return self.x[-1]


def walked(objective: Objective, method: Method, steps: int) -> Path:
    """Return the start and the points after it, fewer where the method can go no further."""
    problem = Problem(objective)
    rows = list(islice(numpy_walk(Plan(problem, method, MaxSteps(steps), steps)).rows, steps + 1))
    _, x, values, gradients, rates, _, evaluations = zip(*rows, strict=True)
    return Path(*map(np.array, (x, values, gradients, rates, evaluations)))

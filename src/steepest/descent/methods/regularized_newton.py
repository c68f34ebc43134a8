"""Newton's step, kept short where the quadratic model cannot be trusted."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.measures import epsilon_of, largest
from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.methods.subspace import Axes, axes_of
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector
from steepest.vectors import inner

ACCEPTED = 1e-4
"""The least share of the predicted fall with which a step is kept."""

CLEARLY = 0.9
"""There it must fall to this share of itself: near a minimum it does, at a kink it only drifts."""

SMALLEST = 1e-14
"""A predicted fall below this share of |f| is lost in rounding: there the gradient decides."""


class Memory(NamedTuple):
    """What a step leaves behind: the measure of length, and the scales of the variables."""

    size: float
    scale: Vector | float


@dataclass(frozen=True)
class RegularizedNewton(Method):
    """Go to the minimum of the quadratic model, made trustworthy by a measure of length.

    m(p) = f + g·p + ½ p·Hp. The Hessian is exact. Up to 100 variables it is made whole; beyond,
    Lanczos' recurrence asks for its products with vectors only. Within bounds the variables that
    the slope presses against a bound stay there, and the step is projected.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, needs_hessian=True)
    memory_types: ClassVar[tuple[type, ...]] = (Memory,)

    @abstractmethod
    def first_size(self, here: Iterate, scale: Vector | float) -> float:
        """Return the measure of length at the start."""

    @abstractmethod
    def regularized(self, axes: Axes, size: float) -> Vector:
        """Return the minimum of the regularised model, along its axes."""

    @abstractmethod
    def resized(self, size: float, ratio: float, length: float) -> float:
        """Return the next measure, from the ratio of the fall made to the one predicted."""

    def advance(self, problem: Problem, here: Iterate, memory: Memory | None = None) -> Trial:
        """Try steps, each shorter than the one before, until one is good enough to be kept."""
        size, scale = memory or (None, None)
        box = problem.box
        free = None if box is None else ~box.binding(here.x, here.gradient)
        if not problem.slope(here).any():
            return Trial(here, 0.0, False, memory)

        def solve(axes: Axes) -> Vector:
            return self.regularized(axes, size or self.first_size(here, axes.scale))

        axes = axes_of(problem, here, free, solve, scale)
        if axes is None:
            return Trial(here, 0.0, False, memory)
        size = size or self.first_size(here, axes.scale)
        while 0 < size < math.inf:
            y = self.regularized(axes, size)
            x = problem.project(here.x + axes.move(y).astype(here.x.dtype))
            if np.array_equal(x, here.x):
                return Trial(here, size, False, memory)
            there = problem.evaluate(x)
            ratio = _ratio(problem, here, there, axes.fall(x - here.x))
            length = math.hypot(*y)
            used, size = size, self.resized(size, ratio, length)
            if ratio > ACCEPTED:
                return Trial(there, used, True, Memory(size, axes.scale))
            if size == used:
                # Steps of the smallest number become no shorter.
                return Trial(here, size, False, memory)
        return Trial(here, 0.0, False, memory)


def _ratio(problem: Problem, here: Iterate, there: Iterate, predicted: float) -> float:
    """Return the fall made as a share of the one predicted; below 0 where it is none.

    Where both are lost in the rounding of f the slopes tell: it fell where the slope along the
    step was downhill and became steeper, as beside a maximum, or where the gradient became smaller.
    """
    if not (np.isfinite(there.value) and np.isfinite(there.gradient).all()):
        return -np.inf
    noise = SMALLEST * epsilon_of(here.x) / 2.2e-16 * abs(here.value)
    actual = here.value - there.value
    if predicted <= noise and abs(actual) <= noise:
        way = there.x - here.x
        steeper = inner(there.gradient, way) < inner(here.gradient, way) < 0
        flatter = largest(problem.slope(there)) <= CLEARLY * largest(problem.slope(here))
        return 1.0 if steeper or flatter else -np.inf
    return actual / predicted if predicted > 0 else -np.inf

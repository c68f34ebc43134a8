"""Newton's step, kept short where the quadratic model cannot be trusted."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from steepest.descent.measures import epsilon_of, largest
from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.methods.subspace import Axes, axes_of
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector

ACCEPTED = 1e-4
"""The least share of the predicted fall with which a step is kept."""

SMALLEST = 1e-14
"""A predicted fall below this share of |f| is lost in rounding: there the gradient decides."""


@dataclass(frozen=True)
class RegularizedNewton(Method):
    """Go to the minimum of the quadratic model, made trustworthy by a measure of length.

    m(p) = f + g·p + ½ p·Hp. The Hessian is exact. Up to 100 variables it is made whole; beyond,
    Lanczos' recurrence asks for its products with vectors only. Within bounds the variables that
    the slope presses against a bound stay there, and the step is projected.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, needs_hessian=True)

    @abstractmethod
    def first_size(self, here: Iterate) -> float:
        """Return the measure of length at the start."""

    @abstractmethod
    def regularized(self, axes: Axes, size: float) -> Vector:
        """Return the minimum of the regularised model, along its axes."""

    @abstractmethod
    def resized(self, size: float, ratio: float, length: float) -> float:
        """Return the next measure, from the ratio of the fall made to the one predicted."""

    def advance(self, problem: Problem, here: Iterate, memory: float | None = None) -> Trial:
        """Try steps, each shorter than the one before, until one is good enough to be kept."""
        size = self.first_size(here) if memory is None else memory
        box = problem.box
        free = None if box is None else ~box.binding(here.x, here.gradient)
        if not problem.slope(here).any():
            return Trial(here, size, False, size)
        axes = axes_of(problem, here, free, lambda axes: self.regularized(axes, size))
        if axes is None:
            return Trial(here, size, False, size)
        while True:
            move = (axes.basis @ self.regularized(axes, size)).astype(here.x.dtype)
            x = problem.project(here.x + move)
            if np.array_equal(x, here.x):
                return Trial(here, size, False, size)
            there = problem.evaluate(x)
            ratio = _ratio(problem, here, there, predicted_fall(axes, here, x - here.x))
            length = float(np.linalg.norm(move))
            used, size = size, self.resized(size, ratio, length)
            if ratio > ACCEPTED:
                return Trial(there, used, True, size)


def predicted_fall(axes: Axes, here: Iterate, move: Vector) -> float:
    """Return how far the model falls along a move in its space."""
    y = axes.basis.T @ move
    return -float(here.gradient @ move) - 0.5 * float(axes.curvatures @ (y * y))


def _ratio(problem: Problem, here: Iterate, there: Iterate, predicted: float) -> float:
    """Return the fall made as a share of the one predicted; below 0 where it is none."""
    if not (np.isfinite(there.value) and np.isfinite(there.gradient).all()):
        return -np.inf
    noise = SMALLEST * epsilon_of(here.x) / 2.2e-16 * abs(here.value)
    actual = here.value - there.value
    if predicted <= noise and abs(actual) <= noise:
        fell = largest(problem.slope(there)) < largest(problem.slope(here))
        return 1.0 if fell else -np.inf
    return actual / predicted if predicted > 0 else -np.inf

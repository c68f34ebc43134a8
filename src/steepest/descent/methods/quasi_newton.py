"""What BFGS and L-BFGS share: an inverse Hessian learned from the changes of the gradient."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from steepest.descent.measures import EPSILON
from steepest.descent.methods.method import Capabilities, DirectionMethod
from steepest.descent.methods.state import State
from steepest.descent.problem import Iterate, Problem
from steepest.descent.step_length import StepLength, StrongWolfe
from steepest.objective import Vector
from steepest.vectors import differences


@dataclass(frozen=True)
class QuasiNewton(DirectionMethod):
    """Go along -H g, where H is made to satisfy H y = s for the last steps.

    s = x_k - x_{k-1} and y = g_k - g_{k-1}. Within bounds the variables that the slope presses
    against a bound stay there, and H is that of the others (Bertsekas 1982).

    References
    ----------
    D. P. Bertsekas, "Projected Newton methods for optimization problems with simple constraints",
    SIAM Journal on Control and Optimization 20, 1982.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True)

    def own_step_length(self) -> StepLength:
        """Return the strong Wolfe search, which first tries the natural rate 1."""
        return StrongWolfe(natural=True)

    def direction(
        self, x: Vector, gradient: Vector, state: State, step: Any
    ) -> tuple[Vector, State]:
        """Return -H g."""
        state = self.with_last_step(x, gradient, state)
        return -self.inverse_times(state, gradient), state

    def direction_within(
        self, problem: Problem, here: Iterate, state: State, step: int
    ) -> tuple[Vector, State]:
        """Return -H g in the variables that no bound holds."""
        if problem.box is None:
            return self.direction(here.x, here.gradient, state, step)
        state = self.with_last_step(here.x, here.gradient, state)
        held = problem.box.binding(here.x, here.gradient)
        direction = -self.inverse_times(state, np.where(held, 0.0, here.gradient))
        return np.where(held, 0.0, direction), state

    def with_last_step(self, x: Vector, gradient: Vector, state: State) -> State:
        """Return the memory with the step that led here, if it showed positive curvature."""
        if "x" in state:
            change, bend = np.empty_like(x), np.empty_like(x)
            curvature, squared = differences(
                change, x, state["x"], bend, gradient, state["gradient"]
            )
            if is_curved(curvature, squared):
                state = self.learned(state, change, bend, curvature)
        return {**state, "x": x, "gradient": gradient}

    @abstractmethod
    def learned(self, state: State, change: Vector, bend: Vector, curvature: float) -> State:
        """Return the memory with one more pair s, y and sᵀy > 0."""

    @abstractmethod
    def inverse_times(self, state: State, vector: Vector) -> Vector:
        """Return H times a vector."""


def is_curved(curvature: float, squared: float) -> bool:
    """Return whether sᵀy, beside yᵀy, shows that f curves upwards along a step."""
    return curvature > EPSILON * squared


def cautious(gradient: Vector) -> Vector:
    """Return a gradient, made shorter than 1 where nothing is known of the curvature yet."""
    return gradient / max(1.0, float(np.abs(gradient).sum()))

"""A function on the face of its box: the variables that no bound holds, the others fixed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from steepest.descent.bounds import Box
from steepest.descent.measures import epsilon_of, largest
from steepest.descent.problem import Iterate, Problem
from steepest.objective import Objective, Vector


class Face:
    """An objective of the free variables alone, which is not evaluated outside the box.

    Parameters
    ----------
    objective : Objective
        The function of all variables.
    box : Box
        The bounds; a point outside is first projected.
    x : ndarray, shape (n,)
        The point that the face goes through.
    free : ndarray of bool, shape (n,)
        Which variables are free.
    """

    def __init__(
        self, objective: Objective, box: Box, x: Vector, free: npt.NDArray[np.bool_]
    ) -> None:
        self.whole, self.box, self.x, self.free = objective, box, x, free
        self.differentiation = objective.differentiation
        self.notices = objective.notices
        self.formula = None
        self.names = tuple(np.array(objective.names, dtype=object)[free])
        self.start = x[free]
        self.size = int(free.sum())

    def within(self, lower: Vector, upper: Vector) -> Objective:
        """Return the face itself, which keeps to its box already."""
        return self

    def lifted(self, part: Vector, rest: Vector | float = 0.0) -> Vector:
        """Return the vector of all variables that has `part` at the free ones."""
        whole = np.array(np.broadcast_to(rest, self.x.shape), dtype=self.x.dtype)
        whole[self.free] = part
        return whole

    def value(self, x: Vector) -> float:
        """Return f at the point of the box nearest to x."""
        return self.whole.value(self.box.project(self.lifted(x, self.x)))

    def values(self, points: Vector) -> Vector:
        """Return f at many points."""
        return np.array([self.value(point) for point in points])

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f and its gradient along the face."""
        point = self.box.project(self.lifted(x, self.x))
        value, gradient = self.whole.value_and_gradient(point)
        return value, gradient[self.free]

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at many points."""
        values, gradients = zip(*[self.value_and_gradient(x) for x in points], strict=True)
        return np.array(values), np.array(gradients)

    def started_at(self, start: Vector) -> Objective:
        """Return the face with another start."""
        return Face(self.whole, self.box, self.lifted(start, self.x), self.free)

    def hessian(self, x: Vector) -> Vector:
        """Return the rows and columns of the free variables."""
        whole = self.whole.hessian(self.box.project(self.lifted(x, self.x)))
        return whole[np.ix_(self.free, self.free)]

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian along the face times a vector."""
        point = self.box.project(self.lifted(x, self.x))
        return self.whole.hessian_vector(point, self.lifted(vector))[self.free]

    def is_sum_of_squares(self) -> bool:
        """Return whether residuals are known."""
        return self.whole.is_sum_of_squares()

    def residuals(self, x: Vector) -> Vector:
        """Return the residuals of the whole function."""
        return self.whole.residuals(self.lifted(x, self.x))

    def jacobian(self, x: Vector) -> Vector:
        """Return their derivatives by the free variables."""
        return self.whole.jacobian(self.lifted(x, self.x))[:, self.free]

    def restore(self, x: Vector) -> Any:
        """Return the free variables as they are."""
        return x

    def locate_non_finite(self, x: Vector) -> str | None:
        """Name what is not finite."""
        return self.whole.locate_non_finite(self.lifted(x, self.x))


def face_of(
    problem: Problem, here: Iterate, goal: float
) -> tuple[Objective, Vector, float, Vector]:
    """Return a function as its free variables see it: objective, point, value, gradient.

    Without bounds these are the function's own. A slope that counts as none, being at its goal
    or what rounding leaves of it, presses against no bound.
    """
    x, value, gradient = here
    box = problem.box
    if box is None:
        return problem.objective, x, value, gradient
    held = box.binding(x, gradient)
    if held.any():
        none = max(goal, slope_of_rounding(problem.objective, x, gradient))
        held = box.binding(x, np.where(np.abs(gradient) <= none, 0.0, gradient))
    free = ~held
    return Face(problem.objective, box, x, free), x[free], value, gradient[free]


def slope_of_rounding(objective: Objective, x: Vector, gradient: Vector) -> float:
    """Return ‖H s‖∞, s_i being 8 ε |x_i| with the sign of g_i: what the rounding of x leaves of g.

    Each variable counts by its own size. It is 0 where H is not finite.
    """
    size = largest(x)
    if size == 0:
        return 0.0
    change = largest(objective.hessian_vector(x, np.copysign(x / size, gradient)))
    return 8 * epsilon_of(gradient) * size * change if np.isfinite(change) else 0.0

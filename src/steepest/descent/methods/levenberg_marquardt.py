"""Levenberg and Marquardt's method for sums of squares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from steepest.descent.measures import EPSILON, largest, rounding
from steepest.descent.methods.method import Capabilities, Method
from steepest.descent.options import NOT_NEGATIVE, POSITIVE
from steepest.descent.problem import Iterate, Problem, Trial
from steepest.objective import Vector
from steepest.threads import in_one_thread

PROBE = 0.1
"""How far along the step, as a share of it, its acceleration is measured (Transtrum 2012)."""

ACCEPTED = 1e-4
"""The least share of the predicted fall for a step whose acceleration was too large to use."""


class Memory(NamedTuple):
    """What a step leaves behind: damping, its growth, scales, residuals and their Jacobian."""

    damping: float
    growth: float
    scale: Vector
    residuals: Vector
    jacobian: Vector


@dataclass(frozen=True)
class LevenbergMarquardt(Method):
    """Go to the minimum of the linearised residuals, damped where these cannot be trusted.

    f = ½ ‖r‖²;  (JᵀJ + μ D²) v = -Jᵀr;  x ← x + v + a. D holds the largest norm seen of each
    column of J, which makes the path independent of the units of x (Moré 1978). μ follows the
    ratio of the fall made to the one predicted (Nielsen 1999). a = -½ (JᵀJ + μ D²)⁻¹ Jᵀ r_vv is
    the geodesic acceleration, r_vv being the second derivative of r along v; it is used where it
    is shorter than `acceleration` / 2 of v, and cuts the number of steps in curved valleys
    (Transtrum and Sethna 2012).

    Converges to a stationary point for residuals with continuous derivatives; quadratically where
    the residuals vanish at the minimum and J has full rank there.

    Parameters
    ----------
    damping : float, default 1e-3
        The first μ, relative to the squared norms of the columns of J (Nielsen 1999).
    acceleration : float, default 0.75
        How long 2 ‖D a‖ / ‖D v‖ may be; 0 leaves the acceleration out (Transtrum and Sethna).

    References
    ----------
    J. J. Moré, "The Levenberg-Marquardt algorithm: implementation and theory", Lecture Notes in
    Mathematics 630, 1978.
    H. B. Nielsen, "Damping parameter in Marquardt's method", IMM-REP-1999-05, 1999.
    M. K. Transtrum, J. P. Sethna, "Improvements to the Levenberg-Marquardt algorithm for
    nonlinear least-squares minimization", arXiv 1201.5885, 2012.

    Examples
    --------
    >>> import steepest as st
    >>> result = st.minimize(
    ...     "(1 - x)**2 + (10*(y - x**2))**2", (-1.2, 1), method=LevenbergMarquardt()
    ... )
    >>> result.x.round(4).tolist(), result.success
    ([1.0, 1.0], True)
    """

    name: ClassVar[str] = "levenberg-marquardt"
    capabilities: ClassVar[Capabilities] = Capabilities(takes_bounds=True, needs_residuals=True)
    memory_types: ClassVar[tuple[type, ...]] = (Memory,)

    damping: float = field(default=1e-3, metadata=POSITIVE)
    acceleration: float = field(default=0.75, metadata=NOT_NEGATIVE)

    @property
    def phrase(self) -> str:
        """How long a step may be."""
        return "damped steps"

    def advance(self, problem: Problem, here: Iterate, memory: Memory | None = None) -> Trial:
        """Try steps, each more damped than the one before, until f falls."""
        damping, growth, scale, residuals, jacobian = memory or self._begun(problem, here)
        free = np.ones(here.x.size, dtype=bool)
        if problem.box is not None:
            free = ~problem.box.binding(here.x, here.gradient)
        if not np.isfinite(jacobian).all() or not here.gradient[free].any():
            return Trial(here, damping, False, memory)
        plane = _Plane(jacobian[:, free], scale[free])
        while True:
            step = plane.damped(damping)
            velocity = step.solve(residuals)
            bend = self._bend(problem, here, free, velocity, step, residuals)
            move = np.zeros_like(here.x)
            move[free] = velocity if bend is None else velocity + bend
            x = problem.project(here.x + move)
            if np.array_equal(x, here.x) or not np.isfinite(damping):
                return Trial(here, damping, False, memory)
            following = problem.residuals(x)
            fall = here.value - 0.5 * float(following @ following)
            predicted = step.predicted_fall(velocity, residuals)
            ratio = fall / predicted if predicted > 0 else -np.inf
            if predicted <= rounding(here.value, EPSILON):
                return self._by_slopes(problem, here, x, following, (damping, scale), memory)
            if fall > 0 and (bend is not None or ratio > ACCEPTED):
                shrink = max(1 / 3, 1 - (2 * ratio - 1) ** 3)
                there, jacobian = _seen(problem, x, following)
                scale = np.maximum(scale, np.linalg.norm(jacobian, axis=0))
                kept = Memory(damping * shrink, 2.0, scale, following, jacobian)
                return Trial(there, damping, True, kept)
            damping, growth = damping * growth, 2 * growth

    def _by_slopes(
        self,
        problem: Problem,
        here: Iterate,
        x: Vector,
        residuals: Vector,
        damped: tuple[float, Vector],
        memory: Memory | None,
    ) -> Trial:
        """Take a step whose fall is lost in rounding, where it halves the slope.

        Beside a minimum f tells places apart by √ε alone, and its slopes by ε.
        """
        damping, scale = damped
        if not np.isfinite(residuals).all():
            # A step within rounding may still leave what the function is defined on.
            return Trial(here, damping, False, memory)
        there, jacobian = _seen(problem, x, residuals)
        if not 2 * largest(problem.slope(there)) <= largest(problem.slope(here)):
            return Trial(here, damping, False, memory)
        scale = np.maximum(scale, np.linalg.norm(jacobian, axis=0))
        return Trial(there, damping, True, Memory(damping, 2.0, scale, residuals, jacobian))

    def _begun(self, problem: Problem, here: Iterate) -> Memory:
        """Return the memory at the start."""
        residuals, jacobian = problem.residuals(here.x), problem.jacobian(here.x)
        norms = np.linalg.norm(jacobian, axis=0)
        return Memory(self.damping, 2.0, np.where(norms > 0, norms, 1.0), residuals, jacobian)

    def _bend(
        self,
        problem: Problem,
        here: Iterate,
        free: Vector,
        velocity: Vector,
        step: _Step,
        residuals: Vector,
    ) -> Vector | None:
        """Return the geodesic acceleration; None where it is too long to be trusted."""
        if self.acceleration == 0:
            return np.zeros_like(velocity)
        probe = np.zeros_like(here.x)
        probe[free] = PROBE * velocity
        x = problem.project(here.x + probe)
        ahead = problem.residuals(x)
        if ahead.shape != residuals.shape or not np.isfinite(ahead).all():
            return None
        curvature = (2 / PROBE) * ((ahead - residuals) / PROBE - step.columns @ velocity)
        bend = 0.5 * step.solve(curvature)
        short = 2 * np.linalg.norm(step.scale * bend) <= self.acceleration * np.linalg.norm(
            step.scale * velocity
        )
        return bend if short else None


class _Plane:
    """The linearised residuals at one point, factored once by Householder's QR, J = Q R."""

    def __init__(self, columns: Vector, scale: Vector) -> None:
        self.columns, self.scale = columns, scale
        self.orthogonal, self.triangle = in_one_thread(np.linalg.qr, columns)

    def damped(self, damping: float) -> _Step:
        """Return the linear system of one trial."""
        return _Step(self, damping)


class _Step:
    """The damped linear system of one trial: as many equations as R has rows, and n more."""

    def __init__(self, plane: _Plane, damping: float) -> None:
        self.columns, self.scale, self.damping = plane.columns, plane.scale, damping
        self.onto_plane = plane.orthogonal
        stacked = np.vstack([plane.triangle, np.diag(np.sqrt(damping) * plane.scale)])
        orthogonal, self.triangle = in_one_thread(np.linalg.qr, stacked)
        self.orthogonal = orthogonal[: len(plane.triangle)]

    def solve(self, residuals: Vector) -> Vector:
        """Return the v that minimises ‖J v + r‖² + μ ‖D v‖²."""
        rotated = self.orthogonal.T @ (self.onto_plane.T @ residuals)
        return -np.asarray(in_one_thread(np.linalg.solve, self.triangle, rotated))

    def predicted_fall(self, velocity: Vector, residuals: Vector) -> float:
        """Return ½ v · (μ D² v - Jᵀr), the fall of the linearised f along v."""
        slope = self.columns.T @ residuals
        return 0.5 * float(velocity @ (self.damping * self.scale**2 * velocity - slope))


def _seen(problem: Problem, x: Vector, residuals: Vector) -> tuple[Iterate, Vector]:
    """Return a point with value and gradient from its residuals, and their Jacobian."""
    jacobian = problem.jacobian(x)
    gradient = (jacobian.T @ residuals).astype(x.dtype)
    return Iterate(x, 0.5 * float(residuals @ residuals), gradient), jacobian

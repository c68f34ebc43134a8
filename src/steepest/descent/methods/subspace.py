"""The quadratic model of a function in a space of few dimensions, along its principal axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from steepest.descent.problem import Iterate, Problem
from steepest.objective import Vector
from steepest.threads import in_one_thread

DENSE = 100
"""Up to so many variables the Hessian is made whole; beyond, only its products are asked for."""

MOST_VECTORS = 60
"""The largest Krylov space: more vectors rarely pay for their orthogonalisation."""

SLOWEST = 0.1
"""A scale falls to no less than this share of the one before."""

TINY = 1e-300
"""Keeps quotients finite."""

SHORT = 0.99
"""A step shorter than this share of its radius, along no slope, goes on to the border."""

CLOSE = 1e-6
"""How well the length of a step must agree with its radius, relative to it."""

MOST_TRIALS = 100
"""Trials of a shift; some five are usual."""

LOOK_EVERY = 4
"""After how many Lanczos steps the residual of the model's minimum is looked at."""

Radius: TypeAlias = Callable[[float], tuple[float, float]]
"""From the shift: how long the step may be, and the derivative of that by the shift."""

Solver: TypeAlias = Callable[["Axes"], Vector]
"""The minimum of a regularised model, in coordinates along its axes."""


class Axes(NamedTuple):
    """The model g·p + ½ p·Hp for D p = basis · y, in which it is a sum over the axes.

    Attributes
    ----------
    curvatures : ndarray, shape (k,)
        The eigenvalues of H in the space, ascending.
    slopes : ndarray, shape (k,)
        The gradient along each axis.
    basis : ndarray, shape (n, k)
        The axes, orthonormal.
    scale : ndarray, shape (n,), or float
        D, the units in which steps are measured.
    """

    curvatures: Vector
    slopes: Vector
    basis: Vector
    scale: Vector | float = 1.0

    def move(self, y: Vector) -> Vector:
        """Return the step p of coordinates y."""
        step: Vector = (self.basis @ y) / self.scale
        return step

    def fall(self, move: Vector) -> float:
        """Return how far the model falls along a step."""
        y = self.basis.T @ (self.scale * move)
        return -float(self.slopes @ y) - 0.5 * float(self.curvatures @ (y * y))

    def shifted(self, shift: float) -> Vector:
        """Return the minimiser of the model with shift/2 · ‖p‖² added."""
        y: Vector = -self.slopes / (self.curvatures + shift)
        return y

    def to_border(self, shift: float, radius: float) -> Vector:
        """Return the step with a shift, led on to the radius where the lowest axis is free.

        Where nothing pulls along an axis on which the model falls or is level, the shift alone
        leaves the step too short, and it goes to the border along that axis (Moré and Sorensen).
        """
        gaps = self.curvatures + shift
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            y = -self.slopes / gaps
        y = np.where(np.isfinite(y), y, 0.0)
        length = math.hypot(*y)
        if self.curvatures[0] <= 0 and length < SHORT * radius:
            y[0] += math.copysign(math.sqrt(radius * radius - length * length), -self.slopes[0])
        return y

    def shift_for(self, radius: Radius) -> float:
        """Return the shift λ ≥ max(0, -lowest curvature) whose step is as long as a radius.

        Newton's method on 1/radius - 1/length, which is nearly linear in λ (Reinsch 1971), kept
        in an interval. Where no such λ exists (the hard case) it is the least allowed one.

        Parameters
        ----------
        radius : callable
            Takes λ and returns the radius, which never falls with λ, and its derivative.
        """
        floor = max(0.0, -float(self.curvatures[0]))
        pulled = self.slopes != 0
        slopes, curvatures = self.slopes[pulled], self.curvatures[pulled]
        if not slopes.size:
            return floor
        size = math.hypot(*slopes)
        low, high = floor, math.inf
        target, growth = radius(floor)
        shift = floor + (math.sqrt(size / growth) if growth > 0 else size / max(target, TINY))
        for _ in range(MOST_TRIALS):
            gaps = curvatures + shift
            with np.errstate(divide="ignore", over="ignore", under="ignore"):
                step = slopes / gaps
            length = math.hypot(*step)
            target, growth = radius(shift)
            if not 0 < length < math.inf:
                break
            if abs(length - target) <= CLOSE * target:
                break
            low, high = (shift, high) if length > target else (low, shift)
            # Both the residual and its slope are taken times the length, because the powers of
            # a length that is very short vanish.
            fall = float(((step / length) ** 2 / gaps).sum()) + growth * (length / target) / target
            trial = shift + (length / target - 1) / fall if fall > 0 else math.nan
            if not low < trial < high:
                trial = floor + _between(low - floor, high - floor, size)
            if not low < trial < high or trial - floor <= TINY * size:
                break
            shift = trial
        return shift


def _between(low: float, high: float, size: float) -> float:
    """Return a number between two, by their orders of magnitude."""
    if high == math.inf:
        return 4 * max(low, TINY)
    return math.sqrt(max(low, 1e-16 * min(high, size)) * high)


def axes_of(
    problem: Problem,
    here: Iterate,
    free: npt.NDArray[np.bool_] | None,
    solve: Solver,
    scale: Vector | float | None = None,
) -> Axes | None:
    """Return the model at a point; None where the curvature is not finite.

    Parameters
    ----------
    problem : Problem
        The function.
    here : Iterate
        The point.
    free : ndarray of bool, optional
        The variables that may move; None is all.
    solve : callable
        Minimises a model; a Krylov space grows until that minimum is good in the whole space.
    scale : ndarray, shape (n,), optional
        The scales of the step before, for whole Hessians.
    """
    if here.x.size <= DENSE:
        return _dense(problem, here, free, scale)
    return _krylov(problem, here, free, solve)


def _dense(
    problem: Problem,
    here: Iterate,
    free: npt.NDArray[np.bool_] | None,
    before: Vector | float | None,
) -> Axes | None:
    """Return the model in the space of all variables."""
    hessian = np.asarray(problem.hessian(here.x), dtype=np.float64)
    if not np.isfinite(hessian).all():
        return None
    symmetric = (hessian + hessian.T) / 2
    scale = scale_of(hessian, before)
    with np.errstate(all="ignore"):
        slope, scaled = here.gradient / scale, symmetric / np.outer(scale, scale)
    if not (np.isfinite(slope).all() and np.isfinite(scaled).all()):
        # A curvature near the smallest number is no unit to measure by.
        scale = np.ones_like(scale)
        slope, scaled = here.gradient, symmetric
    if free is None:
        curvatures, basis = in_one_thread(np.linalg.eigh, scaled)
        return Axes(curvatures, basis.T @ slope, basis, scale)
    curvatures, own = in_one_thread(np.linalg.eigh, scaled[np.ix_(free, free)])
    basis = np.zeros((here.x.size, int(free.sum())))
    basis[free] = own
    return Axes(curvatures, basis.T @ slope, basis, scale)


def scale_of(hessian: Vector, before: Vector | float | None) -> Vector:
    """Return the scale of each variable, √|H_ii|: steps are then free of its units.

    A scale that collapses, as at an inflection, is kept at a share of the one before; variables
    that were never seen to bend have the scale of the others.
    """
    scale: Vector = np.sqrt(np.abs(np.diag(hessian)))
    if before is not None:
        scale = np.maximum(scale, SLOWEST * before)
    bent = scale[scale > 0]
    return np.where(scale > 0, scale, np.exp(np.log(bent).mean()) if bent.size else 1.0)


def _krylov(
    problem: Problem, here: Iterate, free: npt.NDArray[np.bool_] | None, solve: Solver
) -> Axes | None:
    """Return the model in the space of g, Hg, H²g, ..., by Lanczos' recurrence.

    Every new vector is made orthogonal to all before it, twice (Parlett 1980).
    """
    mask = 1.0 if free is None else free
    gradient = here.gradient * mask
    size = float(np.linalg.norm(gradient))
    goal = min(0.1, math.sqrt(size)) * size
    vectors = [gradient / size]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        product = problem.hessian_vector(here.x, vectors[-1]) * mask
        if not np.isfinite(product).all():
            return None
        diagonal.append(float(vectors[-1] @ product))
        for _ in range(2):
            for vector in vectors:
                product = product - float(vector @ product) * vector
        beside.append(float(np.linalg.norm(product)))
        count = len(diagonal)
        ends = beside[-1] <= 1e-12 * max(map(abs, diagonal)) or count >= MOST_VECTORS
        if ends or count % LOOK_EVERY == 0:
            axes, last = _axes_of_lanczos(diagonal, beside, vectors, size)
            # The residual of the whole model is what the next vector would add.
            if ends or beside[-1] * abs(float(last @ solve(axes))) <= goal:
                return axes
        vectors.append(product / beside[-1])


def _axes_of_lanczos(
    diagonal: list[float], beside: list[float], vectors: list[Vector], size: float
) -> tuple[Axes, Vector]:
    """Return the axes of a tridiagonal matrix, and the last component of each of them."""
    tridiagonal = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    curvatures, own = in_one_thread(np.linalg.eigh, tridiagonal)
    return Axes(curvatures, size * own[0], np.array(vectors).T @ own), own[-1]

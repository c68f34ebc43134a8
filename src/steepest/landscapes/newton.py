"""Newton's method for a zero of the gradient, from many starts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.domain import Flags
from steepest.landscapes.field import Field
from steepest.objective import Vector

FACTORS = np.array([1.0, 2.0, 3.0, 0.5, 0.1, 0.01])
"""Steps tried, in Newton's steps. At a zero of order m the gradient shrinks like a power, and
Newton's step is 1/m of what is needed: 2 and 3 find such degenerate points in full steps."""

LONGEST = 0.2
"""The longest step, in sides of the box; a longer one mostly leaves what it was aimed at."""

MARGIN = 0.05
"""How far outside the box a run may go, in sides, and still come back."""

SINGULAR = 1e-12
"""Curvatures below this share of the largest are rounding, and no step is divided by them."""

ARRIVED = 1e-7
"""The last step of a run that arrived is shorter than this, in sides of the box."""

ROUNDING = 1e-10
"""A gradient below this share of the curvature's size is no slope at all."""

STEPS = 60

BATCH = 8192
"""Runs that go together: few enough to ask after each of their steps whether time is up."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Where the runs ended that found a zero of the gradient.

    Parameters
    ----------
    points : ndarray, shape (m, n)
    gradients : ndarray, shape (m, n)
        The scaled gradients there.
    hessians : ndarray, shape (m, n, n)
        The scaled Hessians there.
    """

    points: Vector
    gradients: Vector
    hessians: Vector


def newton_runs(field: Field, starts: Vector, deadline: Deadline = NEVER) -> Runs:
    """Return the zeros of the gradient that damped Newton runs come to.

    Each step takes, of several multiples of Newton's step, the one with the smallest gradient;
    a run without any that makes it smaller has ended. It arrived if Newton's step is tiny there.
    Runs that have not come anywhere at the deadline are left out.
    """
    parts = []
    for begin in range(0, max(len(starts), 1), BATCH):
        parts.append(
            _run(field, np.array(starts[begin : begin + BATCH], dtype=np.float64), deadline)
        )
        if deadline.passed:
            break
    return Runs(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.gradients for part in parts]),
        np.concatenate([part.hessians for part in parts]),
    )


def _run(field: Field, x: Vector, deadline: Deadline) -> Runs:
    """Return where runs from some starts, which are overwritten, arrive."""
    domain = field.domain
    slopes = field.gradients(x)
    sizes = lengths(slopes)
    moving = np.isfinite(sizes) & (sizes > 0)
    for _ in range(STEPS):
        places = np.flatnonzero(moving)
        if not places.size or deadline.passed:
            break
        newton, _ = newton_steps(slopes[places], field.hessians(x[places]))
        here, step = x[places], newton * domain.width
        trials = here + FACTORS[:, None, None] * step
        room = MARGIN * domain.width
        np.clip(trials, domain.lower - room, domain.upper + room, out=trials)
        reached = field.gradients(trials.reshape(-1, domain.size)).reshape(trials.shape)
        fallen = lengths(reached)
        fallen[~np.isfinite(fallen)] = np.inf
        best = np.asarray(fallen.argmin(axis=0))
        each = np.arange(places.size)
        better: Flags = np.asarray(fallen[best, each] < sizes[places])
        kept = places[better]
        x[kept] = trials[best, each][better]
        slopes[kept] = reached[best, each][better]
        sizes[kept] = fallen[best, each][better]
        moving[places[~better]] = False
        moving[kept] = sizes[kept] > 0
    return _arrived(field, x, slopes)


def newton_steps(slopes: Vector, hessians: Vector) -> tuple[Vector, Vector]:
    """Return Newton's steps -H⁺g, none longer than `LONGEST`, and the part of g that H misses.

    H⁺ is the pseudo-inverse: along directions without curvature no step is made.
    """
    usable: Flags = np.asarray(np.isfinite(hessians).all(axis=(1, 2)))
    curvatures, directions = np.linalg.eigh(np.where(usable[:, None, None], hessians, 0.0))
    along = np.einsum("mij,mi->mj", directions, slopes)
    largest = np.abs(curvatures).max(axis=1, keepdims=True)
    curved = np.abs(curvatures) > SINGULAR * largest
    with np.errstate(all="ignore"):
        parts = np.where(curved, -along / curvatures, 0.0)
    missed = lengths(np.where(curved, 0.0, along))
    steps = np.einsum("mij,mj->mi", directions, parts)
    with np.errstate(all="ignore"):
        steps *= np.minimum(1.0, LONGEST / np.maximum(lengths(steps), 1e-300))[:, None]
    steps[~usable | ~np.isfinite(steps).all(axis=1)] = 0.0
    missed[~usable] = np.inf
    return steps, missed


def _arrived(field: Field, x: Vector, slopes: Vector) -> Runs:
    """Return the runs that ended at a zero of the gradient, and not where it is merely small."""
    finite = np.asarray(np.isfinite(slopes).all(axis=1))
    x, slopes = x[finite], slopes[finite]
    hessians = field.hessians(x)
    steps, missed = newton_steps(slopes, hessians)
    curvature = np.abs(np.where(np.isfinite(hessians), hessians, 0.0)).max(axis=(1, 2), initial=0.0)
    sizes = lengths(slopes)
    here = (lengths(steps) <= ARRIVED) & (missed <= ROUNDING * curvature)
    here &= (curvature > 0) | (sizes == 0)
    here |= sizes == 0
    here &= np.isfinite(field.values(x))
    return Runs(x[here], slopes[here], hessians[here])


def lengths(rows: Vector) -> Vector:
    """Return the Euclidean length along the last axis, without overflow at large slopes."""
    with np.errstate(all="ignore"):
        largest = np.abs(rows).max(axis=-1)
        safe = np.where(largest > 0, largest, 1.0)
        return np.asarray(np.sqrt(((rows / safe[..., None]) ** 2).sum(axis=-1)) * largest)

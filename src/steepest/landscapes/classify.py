"""What kind of critical point it is: by the eigenvalues, or else by the values around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from steepest.landscapes.degree import degree
from steepest.landscapes.domain import Flags
from steepest.landscapes.field import Field
from steepest.landscapes.newton import lengths, newton_runs
from steepest.objective import Vector

NEAR_SINGULAR = 1e-6
"""A Hessian that is singular this close by, in sides of the box, is singular at the point as far
as anybody can tell: there the eigenvalues are as large as the error in the point makes them."""

STEP = 1e-4
"""How far away the Hessian's change is looked at."""

ROUNDING = {True: 1e-11, False: 1e-6}
"""Eigenvalues below this share of the largest are zero: with exact Hessians, and without."""

RING = (3e-3, 1e-2)
"""The radii at which values around a degenerate point are compared, in sides of the box."""

AROUND = 720
"""Points on such a circle."""

ALONG = 2e-3
"""How far along a direction without curvature one goes to see whether more points lie there."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the values around a degenerate point show.

    Parameters
    ----------
    note : str
    index : int or None
    """

    note: str
    index: int | None


def degenerate(field: Field, points: Vector, curvatures: Vector) -> Flags:
    """Return which points have a Hessian that is singular, or is so right beside them.

    Parameters
    ----------
    field : Field
    points : ndarray, shape (m, n)
    curvatures : ndarray, shape (m, n)
        The eigenvalues of the scaled Hessians.

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    smallest, largest = np.abs(curvatures).min(axis=1), np.abs(curvatures).max(axis=1)
    singular = smallest <= ROUNDING[field.exact] * largest
    # |λ| / ‖dH‖ · STEP estimates the distance to the nearest singular Hessian.
    change = np.zeros(len(points))
    here = field.hessians(points)
    for axis in range(field.domain.size):
        for side in (-STEP, STEP):
            moved = points.copy()
            moved[:, axis] += side * field.domain.width[axis]
            turned = np.abs(field.hessians(moved) - here).max(axis=(1, 2))
            change = np.fmax(change, turned)
    if field.exact:
        singular |= smallest * STEP <= NEAR_SINGULAR * change
    return np.asarray(singular, dtype=bool)


def is_smooth(field: Field, point: Vector) -> bool:
    """Return whether the gradient goes to zero towards a point, from all sides within the box.

    It jumps at a kink, and at the edge of where f is defined it need not be small.
    """
    n = field.domain.size
    directions = np.vstack([np.eye(n), -np.eye(n)]) * field.domain.width
    directions = directions[field.domain.holds(point + 1e-7 * directions)]
    near, far = (lengths(field.gradients(point + r * directions)) for r in (1e-7, 1e-2))
    with np.errstate(invalid="ignore"):
        return bool(np.isfinite(near).all()) and not bool(((near > 0.3 * far) & (far > 0)).any())


def free_directions(field: Field, point: Vector, null: Vector) -> int:
    """Return the dimension of the curve or region of critical points that a point is part of.

    0 for an isolated one. Otherwise further zeros lie along some of the directions without
    curvature; where one lies exactly between these directions, too, they span a region, and
    else curves cross.

    Parameters
    ----------
    null : ndarray, shape (k, n)
        The directions, in sides of the box.
    """
    nearest = [min(_to_a_zero(field, point, side * way) for side in (-1, 1)) for way in null]
    free = null[[distance < np.inf for distance in nearest]]
    if len(free) < 2:
        return len(free)
    between = free.sum(axis=0) / np.sqrt(len(free))
    return len(free) if _to_a_zero(field, point, between) < 0.1 * ALONG else 1


def _to_a_zero(field: Field, point: Vector, direction: Vector) -> float:
    """Return how far a zero lies from where one step along a direction leads, in sides.

    Infinity where Newton's method leads back to the point, or nowhere.
    """
    width = field.domain.width
    start = point + ALONG * direction * width
    ended = newton_runs(field, start[None]).points
    if not len(ended):
        return np.inf
    back = float(lengths((ended[0] - point) / width))
    if not ALONG / 4 < back < 4 * ALONG:
        return np.inf
    return float(lengths((ended[0] - start) / width))


def beside(field: Field, point: Vector) -> str:
    """Say what the values beside a curve or region of critical points show."""
    generator = np.random.default_rng(0)
    around = generator.normal(size=(AROUND, field.domain.size))
    around /= lengths(around)[:, None]
    signs = _signs(field, point, RING[1] * around)
    lowest, highest = signs.min(), signs.max()
    if lowest == highest == 0:
        return "f is the same all around"
    if lowest >= 0:
        return "f is nowhere lower around it, as on the floor of a valley"
    return "f is nowhere higher around it" if highest <= 0 else "f falls to some sides of it"


def surroundings(field: Field, point: Vector) -> Surroundings:
    """Say what the values around a degenerate point show."""
    n = field.domain.size
    if n == 1:
        return _on_a_line(field, point)
    if n == 2:
        return _on_a_circle(field, point)
    generator = np.random.default_rng(0)
    around = generator.normal(size=(AROUND, n))
    around /= lengths(around)[:, None]
    return Surroundings(_judged([_signs(field, point, r * around) for r in RING]), None)


def _on_a_line(field: Field, point: Vector) -> Surroundings:
    sides = [_signs(field, point, r * np.array([[-1.0], [1.0]])) for r in RING]
    if sides[0].tolist() == sides[1].tolist() and sides[0].sum() == 0 and sides[0].any():
        return Surroundings("f rises through it: a level place on a slope", 0)
    left, right = sides[0].tolist()
    return Surroundings(_judged(sides), int(left + right) // 2)


def _on_a_circle(field: Field, point: Vector) -> Surroundings:
    angles = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    around = np.column_stack([np.cos(angles), np.sin(angles)])
    reach = [r * field.domain.width for r in RING]
    turns = {degree(field, None, point - side, point + side) for side in reach}
    index = turns.pop() if len(turns) == 1 else None
    signs = [_signs(field, point, r * around) for r in RING]
    changes = [int((s[s != 0] != np.roll(s[s != 0], 1)).sum()) for s in signs]
    if changes[0] == changes[1] > 4:
        count = changes[0] // 2
        named = " (a monkey saddle)" if count == 3 else ""
        note = f"f falls in {count} directions around it and rises between them{named}"
        return Surroundings(note, index)
    if changes[0] == changes[1] == 2:
        return Surroundings("f falls to one side and rises to the other", index)
    return Surroundings(_judged(signs), index)


def _signs(field: Field, point: Vector, offsets: Vector) -> Vector:
    """Return whether f is higher (1), lower (-1) or the same (0) at offsets in sides."""
    height = float(field.values(point[None])[0])
    change = field.values(point + offsets * field.domain.width) - height
    rounding = 1e-14 * max(abs(height), float(np.nanmax(np.abs(change), initial=0.0)))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sign(np.where(np.abs(change) > rounding, change, 0.0)))


def _judged(rings: list[Vector]) -> str:
    """Return what the signs of f around a point show, where rings of two sizes agree."""
    lowest, highest = min(ring.min() for ring in rings), max(ring.max() for ring in rings)
    if lowest == 1:
        return "f is higher all around: a minimum that second derivatives do not show"
    if highest == -1:
        return "f is lower all around: a maximum that second derivatives do not show"
    if lowest == -1 and highest == 1:
        return "f falls and rises around it, as at a saddle"
    if lowest == 0 and highest == 1:
        return "f is nowhere lower around it"
    if lowest == -1 and highest == 0:
        return "f is nowhere higher around it"
    return "f shows no difference around it"


SignWord = Literal["minimum", "maximum", "saddle"]


def kind_of(curvatures: Vector) -> SignWord:
    """Return the kind of a point none of whose eigenvalues is zero."""
    if (curvatures > 0).all():
        return "minimum"
    return "maximum" if (curvatures < 0).all() else "saddle"

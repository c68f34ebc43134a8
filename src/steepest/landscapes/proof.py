"""Showing that no critical point is missing, by interval arithmetic.

Around each point found, a box is sought in which the Krawczyk operator

    K(X) = p - Y g(p) + (I - Y H(X)) (X - p),    Y = H(p)⁻¹,

maps into the inside of X: such a box holds exactly one zero of the gradient g (Krawczyk 1969;
Moore, Kearfott and Cloud, "Introduction to Interval Analysis", 2009, chapter 8). The rest of the
domain is cut into cells until the bounds on g exclude 0 in each of them, or K(X) misses X.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.domain import Flags
from steepest.landscapes.enclosure import BATCH, Enclosure
from steepest.objective import Vector

FIRST_CELLS = {1: 64, 2: 16, 3: 6, 4: 4}
"""Cells along each side at the beginning, by the number of variables."""

MOST_CELLS = 100_000
"""Cells looked at in all, a second or so."""

NARROWEST = 2.0**-20
"""Cells are not cut below this share of the box: beside a degenerate point it would not help."""

RADII = 2.0 ** -np.arange(2.0, 24.0)
"""Half-widths of the boxes tried around a point, in sides of the domain, largest first."""


@dataclass(frozen=True, eq=False)
class Proof:
    """What could be shown.

    Parameters
    ----------
    isolated : ndarray of bool, shape (k,)
        Which of the points given exist, and are alone in a box around them.
    lower, upper : ndarray, shape (m, n)
        The cells that may hold further critical points.
    finished : bool
        Whether it looked at everything it wanted to.
    """

    isolated: Flags
    lower: Vector
    upper: Vector
    finished: bool

    def share(self, volume: float) -> float:
        """Return the share of a volume in which nothing could be shown."""
        return float((self.upper - self.lower).prod(axis=1).sum()) / volume


def prove(
    enclosure: Enclosure,
    points: Vector,
    most_cells: int = MOST_CELLS,
    deadline: Deadline = NEVER,
) -> Proof:
    """Return what can be shown of the critical points in the domain.

    Parameters
    ----------
    enclosure : Enclosure
    points : ndarray, shape (k, n)
        Zeros of the gradient that are not degenerate, found beforehand; they may lie a little
        outside the domain.
    most_cells : int, default 100000
        How many cells are looked at before it gives up.
    deadline : Deadline
        When it gives up at the latest.
    """
    domain = enclosure.field.domain
    boxes, isolated = _isolating_boxes(enclosure, points, deadline)
    lower, upper = _first_cells(domain.lower, domain.upper)
    narrow: list[tuple[Vector, Vector]] = []
    looked_at = 0
    while len(lower):
        if looked_at + len(lower) > most_cells or deadline.passed:
            narrow.append((lower, upper))
            break
        looked_at += len(lower)
        lower, upper = _outside(*_remaining(enclosure, lower, upper), boxes)
        tiny = ((upper - lower) <= NARROWEST * domain.width).all(axis=1)
        narrow.append((lower[tiny], upper[tiny]))
        lower, upper = _halved(lower[~tiny], upper[~tiny], domain.width)
    empty = np.empty((0, domain.size))
    return Proof(
        isolated,
        np.vstack([empty, *(low for low, _ in narrow)]),
        np.vstack([empty, *(high for _, high in narrow)]),
        finished=not len(lower),
    )


def _first_cells(lower: Vector, upper: Vector) -> tuple[Vector, Vector]:
    count = FIRST_CELLS.get(len(lower), 1)
    edges = [np.linspace(a, b, count + 1) for a, b in zip(lower, upper, strict=True)]
    below = np.stack(np.meshgrid(*[e[:-1] for e in edges], indexing="ij"), axis=-1)
    above = np.stack(np.meshgrid(*[e[1:] for e in edges], indexing="ij"), axis=-1)
    return below.reshape(-1, len(lower)), above.reshape(-1, len(lower))


def _halved(lower: Vector, upper: Vector, width: Vector) -> tuple[Vector, Vector]:
    """Cut every cell across its longest side."""
    axis = ((upper - lower) / width).argmax(axis=1)
    each = np.arange(len(lower))
    middle = (lower[each, axis] + upper[each, axis]) / 2
    left, right = upper.copy(), lower.copy()
    left[each, axis] = right[each, axis] = middle
    return np.vstack([lower, right]), np.vstack([left, upper])


def _outside(lower: Vector, upper: Vector, boxes: tuple[Vector, Vector]) -> tuple[Vector, Vector]:
    """Return the cells that do not lie within one of the boxes of the points."""
    order = np.argsort(lower[:, 0])
    lower, upper = lower[order], upper[order]
    left = np.ones(len(lower), dtype=bool)
    # Of many cells and boxes, only those are compared that begin beside each other.
    first, last = (np.searchsorted(lower[:, 0], side[:, 0]) for side in boxes)
    for low, high, begin, end in zip(*boxes, first, last, strict=True):
        near = slice(begin, end)
        left[near] &= ((lower[near] < low) | (upper[near] > high)).any(axis=1)
    return lower[left], upper[left]


def _remaining(enclosure: Enclosure, lower: Vector, upper: Vector) -> tuple[Vector, Vector]:
    """Return the cells that may hold a zero of the gradient, some of them made smaller."""
    slopes = enclosure.gradient(lower, upper)
    possible = ((slopes.low <= 0) & (slopes.high >= 0)).all(axis=1) & ~slopes.undefined
    lower, upper = lower[possible], upper[possible]
    parts = [
        _contracted(enclosure, lower[k : k + BATCH], upper[k : k + BATCH])
        for k in range(0, len(lower), BATCH)
    ]
    if not parts:
        return lower, upper
    return np.vstack([low for low, _ in parts]), np.vstack([high for _, high in parts])


def _contracted(enclosure: Enclosure, lower: Vector, upper: Vector) -> tuple[Vector, Vector]:
    """Return X ∩ K(X), which holds every zero in X; cells for which it is empty are gone."""
    low, high, whole = krawczyk(enclosure, (lower + upper) / 2, lower, upper)
    low = np.where(whole[:, None], np.maximum(lower, low), lower)
    high = np.where(whole[:, None], np.minimum(upper, high), upper)
    left = (low <= high).all(axis=1)
    return low[left], high[left]


def krawczyk(
    enclosure: Enclosure, centres: Vector, lower: Vector, upper: Vector
) -> tuple[Vector, Vector, Flags]:
    """Return the bounds of K(X), and where they are of use, for many boxes.

    All of it is bounds: of Y g(p) and Y H(X) too, whose sums are loosened by more than their
    rounding errors. Y itself may be any matrix.
    """
    width = enclosure.field.domain.width
    hessians, whole = enclosure.hessian(lower, upper)
    with np.errstate(all="ignore"):
        middle = np.where(whole[:, None, None], (hessians.low + hessians.high) / 2, 0.0)
    inverse, invertible = _inverses(middle)
    whole = whole & invertible
    slope = enclosure.gradient(centres, centres)
    n = centres.shape[1]
    with np.errstate(all="ignore"):
        step = _product(inverse, slope.low[:, :, None], slope.high[:, :, None])
        turned = _product(inverse, hessians.low, hessians.high)
        # |I - Y H| times the half-widths, in sides of the domain: X lies around p.
        defect = np.maximum(np.abs(np.eye(n) - turned[0]), np.abs(np.eye(n) - turned[1]))
        half = np.maximum(upper - centres, centres - lower) / width
        spread = (defect * half[:, None, :]).sum(axis=2) * (1 + 1e-14) + 1e-300
        low = centres - (step[1][:, :, 0] + spread) * width
        high = centres + (spread - step[0][:, :, 0]) * width
    rounding = 4 * np.spacing(np.abs(centres)) + 1e-15 * np.abs(high - low)
    whole = whole & np.isfinite(low).all(axis=1) & np.isfinite(high).all(axis=1)
    return low - rounding, high + rounding, whole


def _inverses(matrices: Vector) -> tuple[Vector, Flags]:
    """Return approximate inverses, and which of them are finite."""
    curvatures, directions = np.linalg.eigh(matrices)
    with np.errstate(all="ignore"):
        inverse = np.einsum("mij,mj,mkj->mik", directions, 1 / curvatures, directions)
    usable = np.isfinite(inverse).all(axis=(1, 2))
    return np.where(usable[:, None, None], inverse, 0.0), usable


def _product(matrices: Vector, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Bound Y [low, high] by its centre Y c and its radius |Y| r, for many matrices."""
    centre, radius = (low + high) / 2, (high - low) / 2
    product = matrices @ centre
    size = np.abs(matrices) @ (radius * (1 + 1e-15) + 2e-16 * np.abs(centre))
    error = size * (1 + 1e-14) + 1e-15 * (np.abs(matrices) @ np.abs(centre)) + 1e-300
    return product - error, product + error


def _isolating_boxes(
    enclosure: Enclosure, points: Vector, deadline: Deadline
) -> tuple[tuple[Vector, Vector], Flags]:
    """Return around each point the largest box found that holds one zero and no other."""
    width = enclosure.field.domain.width
    lows, highs = [np.empty((0, len(width)))], [np.empty((0, len(width)))]
    isolated = np.zeros(len(points), dtype=bool)
    for radius in RADII:
        left = np.flatnonzero(~isolated)
        if not left.size or deadline.passed:
            break
        centres = points[left]
        lower, upper = centres - radius * width, centres + radius * width
        low, high, whole = krawczyk(enclosure, centres, lower, upper)
        inside = whole & ((low > lower) & (high < upper)).all(axis=1)
        isolated[left[inside]] = True
        lows.append(lower[inside])
        highs.append(upper[inside])
    return (np.vstack(lows), np.vstack(highs)), isolated

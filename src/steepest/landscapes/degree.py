r"""The winding number of the gradient along the boundary of the box.

By the theorem of Poincaré and Hopf the indices of the critical points inside a region add up to
the degree of the gradient on its boundary: in the plane, to how often the gradient turns around
while one walks around the region. For one variable the degree on (a, b) is
(sign f'(b) - sign f'(a)) / 2.
"""

from __future__ import annotations

import numpy as np

from steepest.landscapes.domain import Flags
from steepest.landscapes.enclosure import Enclosure
from steepest.landscapes.field import Field
from steepest.objective import Vector

PIECES = 64
"""Pieces that each side is cut into at first."""

MOST_PIECES = 50_000
DEEPEST = 30

SMALL_TURN = np.pi / 5
"""Without interval arithmetic, a piece is halved until the gradient turns less than this."""


def degree(field: Field, enclosure: Enclosure | None, lower: Vector, upper: Vector) -> int | None:
    """Return what the indices of the critical points in a box add up to.

    Parameters
    ----------
    field : Field
    enclosure : Enclosure or None
        With it the number is certain: on every piece of the boundary the gradient is shown to
        keep to one side of a line through 0, so that it turns by less than half a turn.
    lower, upper : ndarray, shape (n,)

    Returns
    -------
    int or None
        None where the gradient vanishes or is not finite on the boundary, and for three
        variables and more.
    """
    if field.domain.size == 1:
        ends = np.sign(field.gradients(np.array([lower, upper]))[:, 0])
        usable = np.isfinite(ends).all() and (ends != 0).all()
        return int(ends[1] - ends[0]) // 2 if usable else None
    if field.domain.size != 2:
        return None
    starts, ends = _pieces(lower, upper)
    turned = 0.0
    used = 0
    for _ in range(DEEPEST):
        used += len(starts)
        if used > MOST_PIECES:
            return None
        turns, sure = _turns(field, enclosure, starts, ends)
        if not np.isfinite(turns).all():
            return None
        turned += float(turns[sure].sum())
        starts, ends = starts[~sure], ends[~sure]
        if not len(starts):
            return round(turned / (2 * np.pi))
        middle = (starts + ends) / 2
        starts, ends = np.vstack([starts, middle]), np.vstack([middle, ends])
    return None


def _pieces(lower: Vector, upper: Vector) -> tuple[Vector, Vector]:
    """Return the pieces of the boundary, anticlockwise: their starts and ends, shape (m, 2)."""
    (left, bottom), (right, top) = lower, upper
    corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    share = np.linspace(0, 1, PIECES, endpoint=False)[:, None]
    following = np.roll(corners, -1, axis=0)
    starts = np.vstack([a + share * (b - a) for a, b in zip(corners, following, strict=True)])
    return starts, np.roll(starts, -1, axis=0)


def _turns(
    field: Field, enclosure: Enclosure | None, starts: Vector, ends: Vector
) -> tuple[Vector, Flags]:
    """Return by how much the gradient turns on each piece, and where this is sure."""
    first, last = field.gradients(starts), field.gradients(ends)
    lost = ~(np.abs(first).max(axis=1) > 0) | ~(np.abs(last).max(axis=1) > 0)
    angles = [np.arctan2(slopes[:, 1], slopes[:, 0]) for slopes in (first, last)]
    turns = (angles[1] - angles[0] + np.pi) % (2 * np.pi) - np.pi
    turns[lost] = np.nan
    if enclosure is None:
        return turns, np.abs(turns) < SMALL_TURN
    slopes = enclosure.gradient(np.minimum(starts, ends), np.maximum(starts, ends))
    return turns, np.asarray(((slopes.low > 0) | (slopes.high < 0)).any(axis=1))

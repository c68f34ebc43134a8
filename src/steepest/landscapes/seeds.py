"""Where to start looking for critical points."""

from __future__ import annotations

import numpy as np

from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.field import Field
from steepest.objective import Vector

NODES = {1: 1025, 2: 65, 3: 17, 4: 9}
"""Points of the grid along each side, by the number of variables."""

NODES_SLOWLY = {1: 129, 2: 25, 3: 9, 4: 5}
"""The same where every point is evaluated by itself."""

CLOSER = {1: 9, 2: 5, 3: 3}
"""Points along each side of a cell that is looked at more closely."""

MOST_CELLS = 4000
"""So many cells at most are looked at more closely; where there are more, f is not smooth."""

RANDOM = 200
"""Random starts beside those of the grid, for quick functions; a fifth of them otherwise."""


def seeds(field: Field, generator: np.random.Generator, deadline: Deadline = NEVER) -> Vector:
    """Return starts for Newton's method, shape (m, n).

    The centres of the cells of a grid in which every component of the gradient changes its sign,
    or is not finite somewhere, cut smaller twice: Newton's method may leave a large cell for
    somewhere else. And random points, which find what a grid straddles.
    """
    domain = field.domain
    random = RANDOM if field.quick else RANDOM // 5
    spread = domain.lower + generator.random((random, domain.size)) * domain.width
    count = (NODES if field.quick else NODES_SLOWLY).get(domain.size, 0)
    if not count:
        return spread
    corners, sides = _sign_changes(field, domain.lower[None], domain.width, count)
    closer = CLOSER.get(domain.size, 0) if field.quick else 0
    found = [corners + sides / 2, spread]
    for _ in range(2):
        if closer and len(corners) <= MOST_CELLS and not deadline.passed:
            corners, sides = _sign_changes(field, corners, sides, closer)
            found.append(corners + sides / 2)
    return np.vstack(found)


def _sign_changes(
    field: Field, corners: Vector, sides: Vector, count: int
) -> tuple[Vector, Vector]:
    """Return the parts of cells in which all components of the gradient may vanish.

    Parameters
    ----------
    corners : ndarray, shape (m, n)
        The lowest corner of each cell.
    sides : ndarray, shape (n,)
        The sides of all of them.
    count : int
        Points along each side.

    Returns
    -------
    ndarray, ndarray
        Corners and sides of the parts.
    """
    n = len(sides)
    share = np.stack(np.meshgrid(*[np.linspace(0, 1, count)] * n, indexing="ij"), axis=-1)
    shape = (len(corners), *share.shape)
    nodes = (corners[:, None] + share.reshape(-1, n) * sides).reshape(shape)
    slopes = field.gradients(nodes.reshape(-1, n)).reshape(shape)
    lowest, highest, lost = slopes, slopes, ~np.isfinite(slopes)
    for axis in range(1, n + 1):
        # Each pass joins neighbours along one axis; after all of them, the corners of a part.
        near = tuple(slice(None, -1) if k == axis else slice(None) for k in range(n + 1))
        far = tuple(slice(1, None) if k == axis else slice(None) for k in range(n + 1))
        lowest = np.minimum(lowest[near], lowest[far])
        highest = np.maximum(highest[near], highest[far])
        lost = lost[near] | lost[far]
    changes = (((lowest <= 0) & (highest >= 0)) | lost).all(axis=-1)
    parts = sides / (count - 1)
    places = np.argwhere(changes)
    return corners[places[:, 0]] + places[:, 1:] * parts, parts

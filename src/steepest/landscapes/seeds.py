"""Where to start looking for critical points."""

from __future__ import annotations

import numpy as np

from steepest.landscapes.domain import Domain
from steepest.landscapes.field import Field
from steepest.objective import Vector

NODES = {1: 1025, 2: 65, 3: 17, 4: 9}
"""Points of the grid along each side, by the number of variables."""

NODES_SLOWLY = {1: 129, 2: 25, 3: 9, 4: 5}
"""The same where every point is evaluated by itself."""

RANDOM = 200
"""Random starts beside those of the grid, quick functions; a fifth of them otherwise."""


def seeds(field: Field, generator: np.random.Generator) -> Vector:
    """Return starts for Newton's method, shape (m, n).

    The centres of the cells of a grid in which every component of the gradient changes its sign,
    or is not finite somewhere; and random points, which find what a grid straddles.
    """
    domain = field.domain
    count = (NODES if field.quick else NODES_SLOWLY).get(domain.size, 0)
    random = RANDOM if field.quick else RANDOM // 5
    spread = domain.lower + generator.random((random, domain.size)) * domain.width
    if not count:
        return spread
    return np.vstack([_sign_changes(field, domain, count), spread])


def _sign_changes(field: Field, domain: Domain, count: int) -> Vector:
    """Return the centres of the cells in which all components of the gradient may vanish."""
    axes = domain.grid(count)
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    slopes = field.gradients(nodes.reshape(-1, domain.size)).reshape(nodes.shape)
    lowest, highest, lost = slopes.copy(), slopes.copy(), ~np.isfinite(slopes)
    for axis in range(domain.size):
        # Each pass joins neighbours along one axis; after all of them, the corners of a cell.
        near = tuple(slice(None, -1) if k == axis else slice(None) for k in range(domain.size))
        far = tuple(slice(1, None) if k == axis else slice(None) for k in range(domain.size))
        lowest = np.minimum(lowest[near], lowest[far])
        highest = np.maximum(highest[near], highest[far])
        lost = lost[near] | lost[far]
    changes = (((lowest <= 0) & (highest >= 0)) | lost).all(axis=-1)
    steps = domain.width / (count - 1)
    return np.asarray(domain.lower + (np.argwhere(changes) + 0.5) * steps)

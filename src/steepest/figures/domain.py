"""Which part of the plane a figure shows: the path, with room around it."""

from __future__ import annotations

import numpy as np

from steepest.objective import Vector

MARGIN = 0.5
"""Room on each side, as a fraction of the path's extent."""

NARROWEST = 0.8
"""A picture much narrower along one variable than the other hides the shape of the function."""

ROUNDING = 1e-14
"""A path shorter than this part of the coordinates is rounding, and no picture could show it."""

OUTGROWN = 10.0
"""A path that ends higher than it began leaves the picture at this many first-step extents."""


def points_in_view(points: Vector, values: Vector) -> int:
    """Return how many points, from the start on, belong in the picture.

    All of them when the walk ended no higher than it began. A walk that blew up is shown
    only as long as its extent is within `OUTGROWN` times that of its first step: its last
    points lie so far out that the start and the function around it would shrink to a dot.

    Parameters
    ----------
    points : ndarray, shape (k, n)
    values : ndarray, shape (k,)

    Returns
    -------
    int
        At least 1: the start is always in view.

    Examples
    --------
    >>> points = 5 * (-1.2) ** np.arange(60.0)[:, np.newaxis]
    >>> points_in_view(points, points[:, 0] ** 2)
    14
    """
    finite = np.isfinite(points).all(axis=1) & np.isfinite(values)
    usable = len(points) if finite.all() else int(finite.argmin())
    if usable == len(points) and values[-1] <= values[0]:
        return usable
    usable = max(usable, 1)
    lowest = np.minimum.accumulate(points[:usable])
    highest = np.maximum.accumulate(points[:usable])
    extents = (highest - lowest).max(axis=1)
    first_extent = extents[min(1, usable - 1)]
    # Extents never shrink, so the points within the limit are a prefix.
    return max(1, int((extents <= OUTGROWN * first_extent).sum()))


def choose_domain(points: Vector) -> Vector:
    """Return the rectangle that shows these points well.

    Parameters
    ----------
    points : ndarray, shape (k, n)
        The points in view.

    Returns
    -------
    ndarray, shape (n, 2)
        Lower and upper end along each variable.

    Examples
    --------
    >>> choose_domain(np.array([[0.0, 0.0], [1.0, 2.0]])).round(2).tolist()
    [[-0.5, 1.5], [-1.0, 3.0]]
    """
    lowest, highest = points.min(axis=0), points.max(axis=0)
    centre = (lowest + highest) / 2
    widths = (highest - lowest) * (1 + 2 * MARGIN)
    magnitude = np.maximum(np.abs(lowest), np.abs(highest))
    widest = float(widths.max())
    if widest <= ROUNDING * float(magnitude.max()):
        # Nothing moved: show the surroundings on the scale of the coordinates themselves.
        widths = 2 * np.where(magnitude > 0, magnitude, 1.0)
    else:
        # Twice the magnitude reaches across zero: wider than that would drown a variable
        # that lives on a smaller scale than the other. Rounding noise is no scale.
        natural = np.where(magnitude > 1e-12 * widest, 2 * magnitude, np.inf)
        widths = np.maximum(widths, np.minimum(NARROWEST * widest, natural))
    return np.column_stack([centre - widths / 2, centre + widths / 2])

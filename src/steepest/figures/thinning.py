"""Leave out points that nobody could see, so that long runs still draw at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from steepest.objective import Vector

MOST_POINTS = 2000
"""More than a screen has columns for."""

MOST_ALONG = 600
"""Points along each axis of a map: more than a figure of 800 pixels can show."""

Indices = npt.NDArray[np.intp]


def distinct_points(points: Vector, resolution: Vector, most: int = MOST_POINTS) -> Indices:
    """Return indices of points that differ visibly from the one kept before them.

    Parameters
    ----------
    points : ndarray, shape (k, n)
    resolution : ndarray, shape (n,)
        The smallest visible distance along each axis.
    most : int, default 2000
        How many points to keep at most.

    Returns
    -------
    ndarray of int
        In rising order, the first and last point always among them.

    Examples
    --------
    >>> points = np.array([[0.0], [0.001], [0.5], [1.0]])
    >>> distinct_points(points, np.array([0.01])).tolist()
    [0, 2, 3]
    """
    last = len(points) - 1
    cells = np.floor(points / resolution)
    moved = np.any(cells[1:] != cells[:-1], axis=1)
    kept = np.unique(np.concatenate([[0], np.flatnonzero(moved) + 1, [last]]))
    if len(kept) > most:
        kept = kept[np.linspace(0, len(kept) - 1, most, dtype=np.intp)]
    return kept.astype(np.intp)


def keep_spikes(series: Vector, most: int = MOST_POINTS) -> Indices:
    """Return indices that keep the shape of a series, its highest and lowest points included.

    Every bucket of neighbours gives its minimum and its maximum; taking every k-th point
    instead would drop the spikes that one looks for.

    Parameters
    ----------
    series : ndarray, shape (k,)
        NaN is never a minimum or a maximum.
    most : int, default 2000

    Returns
    -------
    ndarray of int
        In rising order, first and last included.

    Examples
    --------
    >>> series = np.zeros(10_000)
    >>> series[1234] = 5.0
    >>> 1234 in keep_spikes(series)
    True
    """
    size = len(series)
    if size <= most:
        return np.arange(size, dtype=np.intp)
    edges = np.linspace(0, size, most // 2, dtype=np.intp)
    low = np.where(np.isnan(series), np.inf, series)
    high = np.where(np.isnan(series), -np.inf, series)
    kept = {0, size - 1}
    for start, stop in pairwise(edges):
        kept.add(int(start + low[start:stop].argmin()))
        kept.add(int(start + high[start:stop].argmax()))
    return np.array(sorted(kept), dtype=np.intp)


def shown_along(count: int, most: int = MOST_ALONG) -> Indices:
    """Return indices of evenly chosen points along an axis, both ends among them.

    Examples
    --------
    >>> shown_along(5, 3).tolist()
    [0, 2, 4]
    """
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))

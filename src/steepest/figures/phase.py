"""The rates and momenta that suit a bowl: how much each step brings it nearer to its minimum."""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np

from steepest.errors import InputError
from steepest.figures.chart import Axes, Chart, Dots, Field, Item, Stroke
from steepest.figures.data import Caption
from steepest.objective import Vector

POINTS = 201

WORST = 1.2
"""Steps that multiply the distance by more than this are all drawn alike: they diverge."""


def contraction(rates: Vector, momenta: Vector, lowest: float, highest: float) -> Vector:
    """Return by how much a step of heavy ball multiplies the distance in the long run.

    x ← x - α f'(x) + β (x - x before) on λ/2 x² has the characteristic polynomial
    z² - (1 + β - α λ) z + β: its larger root in size is the factor. Of all curvatures λ of a bowl
    the lowest and the highest are the slowest.

    Parameters
    ----------
    rates, momenta : ndarray, shape (m,) and (k,)
        α and β.
    lowest, highest : float
        The ends of the curvatures λ.

    Returns
    -------
    ndarray, shape (k, m)

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4, 1964.

    Examples
    --------
    >>> contraction(np.array([1.0, 2.0]), np.array([0.0]), 0.5, 1.0).tolist()
    [[0.5, 1.0]]
    """
    factors = []
    for curvature in (lowest, highest):
        middle = 1 + momenta[:, np.newaxis] - rates * curvature
        inside = middle**2 - 4 * momenta[:, np.newaxis]
        real = (np.abs(middle) + np.sqrt(np.maximum(inside, 0.0))) / 2
        factors.append(np.where(inside >= 0, real, np.sqrt(momenta)[:, np.newaxis]))
    return np.maximum(*factors)


def phase_scene(
    lowest: float, highest: float, rate: float | None = None, momentum: float = 0.0
) -> Chart:
    """Extract the map of rate and momentum; `plot_phase` says what is what."""
    if not (isfinite(highest) and 0 < lowest <= highest):
        raise InputError(
            f"The curvatures {lowest!r} and {highest!r} are of no bowl: give two positive numbers, "
            "the lower one first."
        )
    rates, momenta = np.linspace(0, 4 / highest, POINTS), np.linspace(0, 0.999, POINTS)
    factors = contraction(rates, momenta, lowest, highest)
    root_low, root_high = sqrt(lowest), sqrt(highest)
    best_rate = 4 / (root_low + root_high) ** 2
    best_momentum = ((root_high - root_low) / (root_high + root_low)) ** 2
    best = sqrt(best_momentum)
    plain = (highest - lowest) / (highest + lowest)
    items: list[Item] = [
        _field(rates, momenta, factors),
        Stroke("diverges to the right", 2 * (1 + momenta) / highest, momenta, "other"),
        Dots(f"best: ×{best:.3g} a step", np.array([best_rate]), np.array([best_momentum]), "main"),
        Dots(
            f"best without momentum: ×{plain:.3g}",
            np.array([2 / (lowest + highest)]),
            np.array([0.0]),
            "trail",
        ),
    ]
    if rate is not None:
        here = float(contraction(np.array([rate]), np.array([momentum]), lowest, highest)[0, 0])
        items.append(Dots(f"yours: ×{here:.3g}", np.array([rate]), np.array([momentum]), "other"))
    words = Caption(
        f"Rate and momentum on a bowl with curvatures {lowest:.3g} to {highest:.3g}",
        f"condition number {highest / lowest:.4g}; best rate {best_rate:.3g} with momentum "
        f"{best_momentum:.3g}",
    )
    axes = Axes(
        ("learning rate", "momentum"),
        tuple(items),
        (0.0, 0.999),
        span=(0.0, float(rates[-1])),
    )
    return Chart(words, (axes,))


def _field(rates: Vector, momenta: Vector, factors: Vector) -> Field:
    """Return the factors as a map, from the best to where it diverges."""
    shown = np.minimum(factors, WORST)
    low = float(shown.min())
    levels = np.linspace(low, 1.0, 8)
    ticks = tuple((float(level), f"{level:.3g}") for level in [*levels[::2], 1.0])
    return Field("distance × a step", rates, momenta, shown, levels, (low, WORST), ticks)

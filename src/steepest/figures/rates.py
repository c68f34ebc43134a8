"""From an advice on learning rates to the plain data of a figure."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from steepest.figures.data import Band, Caption, Line, Mark, Rates, finite_or_nan
from steepest.figures.run import Advised
from steepest.objective import Vector

DECADE = 10.0
"""Values that span more than this get a logarithmic axis."""

FLOOR = 1e-16
"""Of the value at the start: what is less is rounding, and is drawn here."""

HEADROOM = 0.22
"""Room above the value at the start, of the height below it, for the names of the bands."""


def rates_scene(advice: Advised) -> Rates:
    """Extract the data of the figure of an advice.

    Parameters
    ----------
    advice : Advised
        What `suggest_rate` returned.

    Returns
    -------
    Rates
    """
    reached = finite_or_nan(advice.values)
    lowest = float(np.nanmin(np.append(reached, advice.start_value)))
    logarithmic = lowest >= 0 and advice.start_value > DECADE * lowest
    if logarithmic:
        reached = np.maximum(reached, FLOOR * advice.start_value)
        lowest = max(lowest, FLOOR * advice.start_value)
    place = int(np.argmin(np.abs(np.log(advice.rates / advice.rate))))
    return Rates(
        Caption(
            f"{advice.method}: take rate {advice.rate:.3g}",
            f"f after {advice.steps:,} steps with each of {len(advice.rates)} rates;"
            f" at the start it is {advice.start_value:.6g}",
        ),
        line=Line(f"f after {advice.steps:,} steps", advice.rates, reached),
        bands=_bands(advice.rates, advice.bands),
        start_value=advice.start_value,
        suggestion=Mark(f"take {advice.rate:.3g}", advice.rate, float(reached[place])),
        threshold=_threshold(advice),
        limits=_limits(lowest, advice.start_value, logarithmic),
        logarithmic=logarithmic,
    )


def _bands(rates: Vector, names: tuple[str, ...]) -> tuple[Band, ...]:
    """Return the stretches of one name, which meet halfway between two rates."""
    between = np.sqrt(rates[1:] * rates[:-1])
    edges = np.concatenate([rates[:1], between, rates[-1:]])
    bands, first = [], 0
    for name, stretch in groupby(names):
        last = first + len(list(stretch))
        bands.append(Band(name, float(edges[first]), float(edges[last])))
        first = last
    return tuple(bands)


def _threshold(advice: Advised) -> Mark | None:
    """Return where the curvature at the start makes rates unstable, by its familiar name."""
    if advice.stable is None:
        return None
    name = "2/L" if advice.method == "gradient-descent" else "threshold"
    return Mark(f"{name} = {advice.stable:.3g}", advice.stable, advice.start_value)


def _limits(lowest: float, start: float, logarithmic: bool) -> tuple[float, float]:
    """Return the ends of the axis of values: from the lowest to a little above the start's."""
    if logarithmic:
        decades = float(np.log10(start / lowest))
        return lowest / 10 ** (0.06 * decades), start * 10 ** (HEADROOM * decades)
    height = start - lowest or max(abs(start), 1.0)
    return lowest - 0.06 * height, start + HEADROOM * height

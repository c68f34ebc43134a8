"""Where to put contour levels and colours so that they show what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from steepest.objective import Vector

LEVELS = 14
"""About as many contour lines as the eye still follows."""

DECADES = 3
"""How far down towards the lowest value logarithmic levels reach."""


EMPTY = 0.4
"""Without a path, levels are logarithmic that would leave more of the picture without a line."""


@dataclass(frozen=True)
class Scale:
    """A range of values and the way levels are spread over it.

    A linear scale shows a value v as it is. A logarithmic one shows

    log₁₀(v - low + 10⁻³ (high - low)),

    the height above the lowest value, so that a narrow valley floor gets as many levels as
    the walls beside it.

    Parameters
    ----------
    low, high : float
        The range worth showing; values above `high` are cut off.
    logarithmic : bool, default False
    spacing : float, optional
        The distance of neighbouring levels on a linear scale; None chooses a round one.

    Examples
    --------
    >>> Scale(0.0, 70.0).levels().tolist()
    [5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0]
    """

    low: float
    high: float
    logarithmic: bool = False
    spacing: float | None = None

    def shown(self, values: Vector) -> Vector:
        """Return the coordinate in which levels and colours are evenly spaced."""
        if not self.logarithmic:
            return values
        # The clip keeps a path that dips below the coarse grid's lowest value on the scale.
        return np.asarray(np.log10(np.maximum(values - self.low, 0.0) + self._offset))

    def shown_ends(self) -> tuple[float, float]:
        """Return the ends of the range on the shown coordinate."""
        low, high = self.shown(np.array([self.low, self.high]))
        return float(low), float(high)

    def shown_levels(self) -> Vector:
        """Return the evenly spaced contour levels on the shown coordinate, in rising order."""
        if not self.logarithmic:
            if self.spacing is not None:
                return _between(self.low, self.high, self.spacing)
            return _multiples(self.low, self.high, (self.high - self.low) / LEVELS)
        bottom, top = log10(self._offset), log10(self.high - self.low)
        # Three a decade: close to the familiar 1, 2, 5.
        return np.arange(floor(3 * bottom) + 1, ceil(3 * top)) / 3

    def levels(self) -> Vector:
        """Return the contour levels as values of the function, in rising order."""
        if not self.logarithmic:
            return self.shown_levels()
        return np.asarray(self.low + 10.0 ** self.shown_levels() - self._offset)

    def ticks(self) -> tuple[Vector, list[str]]:
        """Return positions on the shown coordinate and their labels, for a colour bar."""
        if self.logarithmic:
            decades = np.arange(ceil(log10(self._offset)), ceil(log10(self.high - self.low)))
            values = np.asarray(self.low + 10.0**decades, dtype=np.float64)
        else:
            values = _multiples(self.low, self.high, 2 * (self.high - self.low) / LEVELS)
        return self.shown(values), [_label(value) for value in values]

    @property
    def label(self) -> str:
        """The name of the values: f, and how it is shown where that is not as it is."""
        return "f (logarithmic)" if self.logarithmic else "f"

    @property
    def _offset(self) -> float:
        return (self.high - self.low) * 10.0**-DECADES


def choose_scale(
    grid_values: Vector, paths: Sequence[tuple[Vector, Vector]], spacing: float | None = None
) -> Scale:
    """Choose the range and spacing of levels that show the path.

    The range reaches from the lowest value in sight to well above the highest point of the
    path, not to the tip of a wall that the descent never came near. Levels are logarithmic
    when linear ones would leave most of the path's length between two lines, as they do in
    the valley of Rosenbrock's function. Without a path, all of the picture takes its place.

    Parameters
    ----------
    grid_values : ndarray
        The function over the picture; NaN where it is not finite.
    paths : sequence of (points, values)
        The points, shape (k, n), and values, shape (k,), of each path in the picture.
    spacing : float, optional
        A distance of levels that was asked for; the scale is then linear.

    Returns
    -------
    Scale
    """
    on_grid = grid_values[np.isfinite(grid_values)]
    on_paths = np.concatenate([[], *(values[np.isfinite(values)] for _, values in paths)])
    everything = np.concatenate([on_grid, on_paths])
    if everything.size == 0:
        return Scale(0.0, 1.0, spacing=spacing)
    low, high = float(everything.min()), float(everything.max())
    climbed = float(on_paths.max()) - low if on_paths.size else 0.0
    # A walk that only met rounding noise says nothing of what is worth seeing above it.
    if climbed > 1e-9 * (high - low):
        high = min(high, low + 2.5 * climbed)
    # A scale that begins at zero reads better, where beginning there costs nothing.
    if 0 < low < 1e-2 * high:
        low = 0.0
    if not high > low:
        margin = 1e-3 * max(abs(low), 1.0)
        return Scale(low - margin, high + margin, spacing=spacing)
    if spacing is not None:
        return Scale(low, high, spacing=spacing)
    threshold = low + (high - low) / LEVELS
    hides = _hides_paths(threshold, paths) if paths else np.mean(on_grid < threshold) > EMPTY
    return Scale(low, high, logarithmic=bool(hides))


def _hides_paths(threshold: float, paths: Sequence[tuple[Vector, Vector]]) -> bool:
    """Tell whether most of the paths' length lies below a value."""
    hidden = total = 0.0
    for points, values in paths:
        lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
        hidden += float(lengths[values[:-1] < threshold].sum())
        total += float(lengths.sum())
    return hidden > 0.5 * total


def _multiples(low: float, high: float, rough_step: float) -> Vector:
    """Return multiples of a round number close to `rough_step`, strictly between the ends."""
    power = 10.0 ** floor(log10(rough_step))
    round_steps = [power * factor for factor in (1, 2, 2.5, 5, 10)]
    return _between(low, high, next(step for step in round_steps if step >= 0.999 * rough_step))


def _between(low: float, high: float, step: float) -> Vector:
    """Return the multiples of `step` strictly between the ends."""
    levels = np.arange(floor(low / step), ceil(high / step) + 1) * step
    # A quotient is rounded: 0.07 / 0.01 is more than 7.
    return np.asarray(levels[(levels > low) & (levels < high)])


def _label(value: float) -> str:
    """Return three significant digits: 8000 and 0.25, and powers, as 1e6, only far from one."""
    short = float(f"{value:.3g}")
    text = f"{short:.3g}" if abs(short) >= 1e5 else f"{short:g}"
    return text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")

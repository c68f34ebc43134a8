"""A function under the microscope: how far it is from its tangent plane as the window shrinks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from steepest.landscapes.field import Field
from steepest.objective import Vector

GRID = 41
"""Points along each side of a window of one or two variables."""

RANDOM = 1000
"""Points in a window of more variables."""

ROUNDING = 100 * float(np.finfo(np.float64).eps)
"""Deviations below this share of the values are rounding, and follow no law."""


@dataclass(frozen=True, eq=False)
class Window:
    """What is seen at one magnification.

    Parameters
    ----------
    magnification : float
        How many times narrower than the first window.
    half_width : float
        The window reaches so far from the point, along every variable.
    deviation : float
        The largest distance of f from its tangent plane in the window.
    tilt : float
        The largest change of the tangent plane itself in the window.
    axes : tuple of ndarray, shape (k,)
        The coordinates of the grid along each variable; empty for three variables and more.
    values, plane : ndarray, shape (k,) or (k, k)
        f and its tangent plane on the grid, ``[j, i]`` at (first[i], second[j]).
    """

    magnification: float
    half_width: float
    deviation: float
    tilt: float
    axes: tuple[Vector, ...]
    values: Vector
    plane: Vector

    @property
    def share(self) -> float:
        """The deviation as a share of the tilt: how curved the graph looks."""
        return self.deviation / self.tilt if self.tilt > 0 else math.inf


@dataclass(frozen=True, eq=False, repr=False)
class Microscope:
    """A function seen through smaller and smaller windows around a point.

    Parameters
    ----------
    x : ndarray, shape (n,)
    windows : tuple of Window
        From the widest to the narrowest.
    exponent : float
        The power of the window's width with which the deviation falls, fitted; NaN where the
        function is its tangent plane. Taylor's theorem makes it 2 where the curvature is not
        zero, and 3 or more where it is.
    """

    x: Vector
    windows: tuple[Window, ...]
    exponent: float

    @property
    def rows(self) -> list[tuple[float, float, float, float]]:
        """Magnification, half-width, deviation and share of every window."""
        return [(w.magnification, w.half_width, w.deviation, w.share) for w in self.windows]

    @property
    def text(self) -> str:
        """The law found, in a sentence."""
        if math.isnan(self.exponent):
            return "The function does not differ from its tangent plane by more than rounding."
        return (
            "The deviation from the tangent plane falls as the window's width to the power "
            f"{self.exponent:.3g}."
        )

    def __repr__(self) -> str:
        return f"<Microscope: {self.text}>"

    def __str__(self) -> str:
        lines = [f"{'window':>10}  {'deviation':>12}  {'of the tilt':>12}"]
        lines += [
            f"{width:>10.3g}  {deviation:>12.6g}  {share:>12.3g}".replace("inf", "  -")
            for _, width, deviation, share in self.rows
        ]
        return "\n".join([*lines, self.text])


def microscope(field: Field, point: Vector, windows: int, half_width: float | None) -> Microscope:
    """Look at a point through windows that are each 10 times narrower than the one before."""
    if half_width is None:
        # The largest power of ten that fits into half of the box.
        half_width = 10.0 ** math.floor(math.log10(float(field.domain.width.min()) / 2))
    height, slope = field.objective.value_and_gradient(point)
    seen = tuple(
        _window(field, point, height, slope, 10.0**k, half_width / 10.0**k) for k in range(windows)
    )
    return Microscope(point, seen, _exponent(seen, abs(height)))


def _window(
    field: Field, point: Vector, height: float, slope: Vector, magnification: float, half: float
) -> Window:
    n = field.domain.size
    axes: tuple[Vector, ...] = ()
    if n <= 2:
        offsets = np.linspace(-half, half, GRID)
        mesh = np.meshgrid(*[offsets] * n)
        steps = np.stack([part.ravel() for part in mesh], axis=1)
        axes = tuple(coordinate + offsets for coordinate in point)
    else:
        steps = half * np.random.default_rng(0).uniform(-1, 1, size=(RANDOM, n))
    # What x + step is after rounding decides, not the step that was meant.
    places = point + steps
    rise = (places - point) @ slope
    values, plane = field.values(places), height + rise
    with np.errstate(invalid="ignore"):
        deviation = np.abs(values - height - rise)
    finite = deviation[np.isfinite(deviation)]
    shape = (GRID,) * n if axes else (RANDOM,)
    return Window(
        magnification,
        half,
        float(finite.max(initial=0.0)),
        float(np.abs(rise).max()),
        axes,
        values.reshape(shape),
        plane.reshape(shape),
    )


def _exponent(windows: tuple[Window, ...], height: float) -> float:
    """Return the slope of log deviation against log width, rounding left out."""
    usable = [
        (math.log(w.half_width), math.log(w.deviation))
        for w in windows
        if w.deviation > ROUNDING * max(height, w.tilt, 1e-300)
    ]
    if len(usable) < 2:
        return math.nan
    # The law is a limit: the narrowest windows show it best.
    widths, deviations = np.array(usable[-3:]).T
    return float(np.polyfit(widths, deviations, 1)[0])

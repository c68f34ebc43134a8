"""From a landscape to the plain data of a figure: the function, and its critical points on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from steepest.descent.methods import title
from steepest.errors import InputError, did_you_mean
from steepest.figures.data import LIFT, Caption, Contours, Curve, Grid, Line, Surface, finite_or_nan
from steepest.figures.extract import CURVE_POINTS, GRID_POINTS, headline
from steepest.figures.marked import CRITICAL_COLOURS, BasinMap, BasinPanel, Marked, Marks
from steepest.figures.scale import choose_scale
from steepest.objective import Vector

if TYPE_CHECKING:
    from steepest.landscapes.basins import Basins
    from steepest.landscapes.domain import Domain
    from steepest.landscapes.landscape import Landscape
    from steepest.landscapes.points import CriticalPoint, CriticalPoints

KINDS = {"curve": 1, "surface": 2, "contours": 2}
"""The kinds of figure of a landscape, each with the number of variables it needs."""


def landscape_scene(
    land: Landscape, kind: str | None = None, found: CriticalPoints | None = None
) -> Marked:
    """Extract a function over a box with its critical points.

    Raises
    ------
    InputError
        For an unknown kind, or one that is not for so many variables.
    """
    domain = land.domain
    kind = kind or ("curve" if domain.size == 1 else "contours")
    check_kind(kind, domain.size)
    found = land.critical_points() if found is None else found
    more = " Further ones are not isolated." if found.continua else ""
    words = Caption(headline(land.objective.formula, domain.names), found.numbers + more)
    if kind == "curve":
        return _curve(land, found, words)
    grid = _grid(land)
    if kind == "contours":
        contours = Contours(words, grid, ())
        return Marked(contours, marks_of(found, None))
    surface = Surface(words, grid, ())
    return Marked(surface, marks_of(found, surface))


def basins_scene(land: Landscape, runs: Sequence[Basins]) -> BasinMap:
    """Extract the map of the basins of a function of two variables, one for each method."""
    domain = land.domain
    if domain.size != 2:
        raise InputError(
            f"A map of basins needs 2 variables, and this function has {domain.size}: read "
            "Basins.reached instead."
        )
    if not runs:
        raise InputError("There are no basins to draw: give what Landscape.basins returned.")
    points = runs[0].points
    if any(run.points is not points for run in runs):
        raise InputError("The basins are of different landscapes: draw those of one together.")
    places = sorted({place for run in runs for place in run.shares if place >= 0})
    # reached is -1 for none, which takes the last entry: 0.
    colours = np.zeros(len(points) + 1, dtype=np.float64)
    colours[places] = np.arange(1, len(places) + 1)
    labels = ("none", *(_label(points[place], domain) for place in places))
    words = Caption(headline(land.objective.formula, domain.names), _came(runs, len(places)))
    panels = tuple(_panel(run, colours) for run in runs)
    names = (domain.names[0], domain.names[1])
    return BasinMap(words, names, panels, labels, marks_of(points, None))


def _came(runs: Sequence[Basins], count: int) -> str:
    """Return what came of the starts, in a line."""
    points = f"{count} critical point{'s' * (count != 1)}"
    if len(runs) > 1:
        return f"Where the starts came to: {points} in all; darker, more steps."
    (run,) = runs
    share = 100 * (1 - run.shares.get(-1, 0.0))
    return (
        f"{title(run.method)}: {share:.4g} % of {run.reached.size:,} starts came to {points}; "
        "darker, more steps."
    )


def _panel(run: Basins, colours: Vector) -> BasinPanel:
    first, second = run.axes
    areas = colours[run.reached].T
    steps = np.asarray(run.steps.T, dtype=np.float64)
    return BasinPanel(title(run.method), first, second, areas, steps, _shade(steps, areas))


def _shade(steps: Vector, areas: Vector) -> Vector:
    """Return how dark each start is for its steps, from 0 to 1."""
    shade = np.zeros(steps.shape)
    arrived = areas > 0
    if not arrived.any():
        return shade
    # Steps range over powers of ten, and a few slow starts must not make all others look alike.
    counts = np.log1p(steps[arrived])
    low, high = np.percentile(counts, [1, 99])
    shade[arrived] = np.clip((counts - low) / (high - low), 0, 1) if high > low else 0
    return shade


def check_kind(kind: str, size: int | None) -> None:
    """Raise an error for an unknown kind, or one that is not for so many variables."""
    if kind not in KINDS:
        raise InputError(
            f"There is no figure of kind {kind!r} of a landscape.{did_you_mean(kind, KINDS)}"
            f" Kinds are: {', '.join(KINDS)}."
        )
    if size is not None and size != KINDS[kind]:
        needed = KINDS[kind]
        able = [repr(one) for one in KINDS if KINDS[one] == size]
        remedy = f"Use {' or '.join(able)}." if able else "Put numbers in place of some."
        raise InputError(
            f"A figure of kind {kind!r} needs {needed} variable{'s' * (needed > 1)}, and this"
            f" function has {size}. {remedy}"
        )


def _label(point: CriticalPoint, domain: Domain) -> str:
    return f"{point.kind} at {domain.told(point.x)}"


def _curve(land: Landscape, found: CriticalPoints, words: Caption) -> Marked:
    domain = land.domain
    x = np.linspace(domain.lower[0], domain.upper[0], CURVE_POINTS)
    with np.errstate(all="ignore"):
        y = finite_or_nan(land.objective.values(x[:, np.newaxis]))
    scale = choose_scale(y, [])
    margin = 0.06 * (scale.high - scale.low)
    limits = (scale.low - margin, scale.high + margin)
    name = domain.names[0]
    marks = tuple(
        replace(one, places=np.column_stack([one.places[:, 0], one.values]))
        for one in marks_of(found, None)
    )
    return Marked(Curve(words, name, Line(words.title, x, y), (), limits), marks)


def _grid(land: Landscape) -> Grid:
    domain = land.domain
    first, second = domain.grid(GRID_POINTS)
    mesh = np.meshgrid(first, second)
    points = np.column_stack([part.ravel() for part in mesh])
    with np.errstate(all="ignore"):
        values = finite_or_nan(land.objective.values(points)).reshape(mesh[0].shape)
    names = (domain.names[0], domain.names[1])
    return Grid(names, first, second, values, choose_scale(values, []))


def marks_of(found: Iterable[CriticalPoint], surface: Surface | None) -> tuple[Marks, ...]:
    """Return the points by kind, those inside before those on the boundary."""
    known = list(found)
    groups = []
    for boundary in (False, True):
        for kind in CRITICAL_COLOURS:
            points = [p for p in known if p.kind == kind and p.boundary == boundary]
            if not points:
                continue
            places = np.array([point.x for point in points])
            values = np.array([point.fun for point in points])
            heights = values
            if surface is not None:
                low, high = surface.grid.scale.shown_ends()
                heights = surface.grid.scale.shown(values) + 4 * LIFT * (high - low)
            groups.append(Marks(kind, boundary, places[:, :2], heights, values))
    return tuple(groups)

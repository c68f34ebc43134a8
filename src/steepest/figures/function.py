"""From a function alone, without a descent, to the plain data of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from steepest.errors import InputError, did_you_mean
from steepest.figures.data import Caption, Contours, Curve, Grid, Line, Path, Surface, finite_or_nan
from steepest.figures.extract import evaluate_grid, headline
from steepest.figures.scale import Scale, choose_scale
from steepest.functions import function as as_function
from steepest.objective import Objective, Vector

KINDS = {"curve": 1, "surface": 2, "contours": 2}
"""The kinds of figure of a function, each with the number of variables it needs."""

POINTS = {1: 601, 2: 241}
"""Points along each axis, by the number of variables."""

LEVELS = 41
"""Heights of a level plane, from the top of the picture to its bottom."""

MOST_POINTS = 4000
"""More along one axis than any screen shows, and a grid of them fits in memory."""

MOST_LINES = 1000
"""More lines than this run into each other."""

Domain: TypeAlias = Mapping[str, Sequence[float]] | npt.ArrayLike
Eye: TypeAlias = tuple[float, float, float]


def function_scene(
    function: Any,
    domain: Domain,
    points: int | None,
    kind: str | None,
    path: npt.ArrayLike | None,
    spacing: float | None,
    eye: Eye | None,
    level: bool = False,
) -> Curve | Surface | Contours:
    """Extract the data of a figure of a function; `plot_function` says what is what."""
    objective, ends = read_domain(function, domain)
    kind = kind or {1: "curve", 2: "surface"}.get(objective.size, "surface")
    _check_kind(kind, objective.size)
    if level and kind != "surface":
        raise InputError(f"A level plane cuts a surface, and this figure is of kind {kind!r}.")
    _check_numbers(points, spacing, ends)
    walked = () if path is None else (_path(objective, path),)
    axes = [np.linspace(low, high, points or POINTS[objective.size]) for low, high in ends]
    words = _caption(objective, ends)
    if kind == "curve":
        return _curve(objective, axes[0], walked, words)
    values = evaluate_grid(objective, axes[0], axes[1])
    # The domain was asked for as a whole: a path on it takes nothing away.
    scale = choose_scale(values, [], spacing)
    grid = Grid((objective.names[0], objective.names[1]), axes[0], axes[1], values, scale)
    if kind == "contours":
        return Contours(words, grid, walked)
    return Surface(words, grid, walked, eye, levels=_levels(scale) if level else None)


def _levels(scale: Scale) -> Vector:
    """Return the heights of a level plane, descending; what only rounding keeps from 0 is 0."""
    levels = np.linspace(scale.high, scale.low, LEVELS)
    return np.where(np.abs(levels) < 1e-6 * (scale.high - scale.low), 0.0, levels)


def read_domain(function: Any, domain: Domain) -> tuple[Objective, Vector]:
    """Return a function bound to a domain, and the domain's ends, shape (n, 2).

    Raises
    ------
    InputError
        When the domain is not a pair of rising finite numbers for each variable.
    """
    names = tuple(domain) if isinstance(domain, Mapping) else ()
    ends = _ends(list(domain.values()) if isinstance(domain, Mapping) else domain)
    for low, high in ends:
        if not (isfinite(low) and isfinite(high) and low < high):
            raise InputError(
                f"The domain holds ({low:g}, {high:g}), which is no interval:"
                " give a lower and a higher finite number."
            )
    known = as_function(function)
    wanted = known.variables
    if (names and set(names) != set(wanted)) or 1 < len(wanted) != len(ends):
        raise InputError(
            f"The domain gives ends for {', '.join(names) or f'{len(ends)} variables'}, and the"
            f" function's variables are {', '.join(wanted)}: give a pair for each of them."
        )
    middle = ends.mean(axis=1)
    if not names:
        return known.bind(middle), ends
    objective = known.bind(dict(zip(names, middle.tolist(), strict=True)))
    return objective, ends[[names.index(name) for name in objective.names]]


def _ends(pairs: Any) -> Vector:
    try:
        ends = np.atleast_2d(np.array(pairs, dtype=np.float64))
    except (TypeError, ValueError):
        ends = np.empty((0, 0))
    if ends.ndim != 2 or ends.shape[1] != 2 or len(ends) == 0:
        raise InputError(
            "The domain needs a lower and an upper end for each variable,"
            " such as {'x': (0, 6), 'y': (-1, 1)}."
        )
    return ends


def _check_kind(kind: str, size: int) -> None:
    if kind not in KINDS:
        raise InputError(
            f"There is no figure of kind {kind!r} of a function.{did_you_mean(kind, KINDS)}"
            f" Kinds are: {', '.join(KINDS)}."
        )
    needed = KINDS[kind]
    if size != needed:
        raise InputError(
            f"A figure of kind {kind!r} needs {needed} variable{'s' * (needed > 1)}, and this"
            f" function has {size}. Fix some of them, as in lambda x, y: f(x, y, 1.0)."
        )


def _check_numbers(points: int | None, spacing: float | None, ends: Vector) -> None:
    if points is not None and not 2 <= points <= MOST_POINTS:
        raise InputError(f"points={points!r} cannot be drawn: give 2 to {MOST_POINTS} an axis.")
    if spacing is None:
        return
    if not (isfinite(spacing) and spacing > 0):
        raise InputError(f"spacing={spacing!r} is no distance between lines: give one above 0.")
    if float(np.ptp(ends, axis=1).max()) > MOST_LINES * spacing:
        raise InputError(
            f"spacing={spacing!r} makes more than {MOST_LINES} lines; give a larger distance."
        )


def _path(objective: Objective, points: npt.ArrayLike) -> Path:
    through = np.array(points, dtype=np.float64)
    if through.ndim != 2 or through.shape[1] != objective.size or len(through) == 0:
        raise InputError(
            f"path has the shape {through.shape}; a path of k points in {objective.size}"
            f" variables has the shape (k, {objective.size}), as history.x has."
        )
    steps = np.arange(float(len(through)))
    return Path("path", steps, through, objective.values(through), complete=True)


def _caption(objective: Objective, ends: Vector) -> Caption:
    spans = [
        f"{name} from {low:.4g} to {high:.4g}"
        for name, (low, high) in zip(objective.names, ends, strict=True)
    ]
    return Caption(headline(objective.formula, objective.names), ", ".join(spans))


def _curve(objective: Objective, x: Vector, walked: tuple[Path, ...], words: Caption) -> Curve:
    with np.errstate(all="ignore"):
        y = finite_or_nan(objective.values(x[:, np.newaxis]))
    scale = choose_scale(y, [])
    margin = 0.06 * (scale.high - scale.low)
    limits = (scale.low - margin, scale.high + margin)
    return Curve(words, objective.names[0], Line(words.title, x, y), walked, limits)

"""From a finished descent to the plain data of a figure."""

from __future__ import annotations

import numpy as np

from steepest.errors import InputError, did_you_mean
from steepest.figures.data import (
    Caption,
    Contours,
    Curve,
    Grid,
    Line,
    Panels,
    Path,
    Race,
    Scene,
    Surface,
    finite_or_nan,
)
from steepest.figures.domain import choose_domain, points_in_view
from steepest.figures.panels import convergence_panels, traces_panel, value_panel
from steepest.figures.run import Compared, Evaluated, Run
from steepest.figures.scale import choose_scale
from steepest.figures.thinning import distinct_points
from steepest.objective import Vector

KINDS = {
    "curve": "the function and the iterates on it (one variable)",
    "surface": "the surface with the path on it (two variables)",
    "contours": "contour lines with the path (two variables)",
    "convergence": "value and gradient against steps",
    "traces": "every variable against steps",
    "overview": "convergence and traces together",
}
"""The kinds of figure, each with what it shows."""

GRID_POINTS = 241
"""Points along each axis of a grid: enough for the contours of a narrow valley."""

CURVE_POINTS = 601

PIXELS = 800
"""Resolution to which a path is kept."""


def scene(run: Run, kind: str | None = None) -> Scene:
    """Extract the data of one figure.

    Parameters
    ----------
    run : Run
        A finished descent.
    kind : str, optional
        One of `KINDS`. Default: the curve for one variable, the surface for two; the
        overview for more, and where the function itself is not at hand.

    Returns
    -------
    Scene

    Raises
    ------
    InputError
        For an unknown kind, or one that this descent has no picture of.
    """
    kind = kind or default_kind(run)
    check_kind(kind, len(run.history.names))
    match kind:
        case "curve":
            return curve(run)
        case "surface":
            return surface(run)
        case "contours":
            return contours(run)
        case "convergence":
            return Panels(caption(run), convergence_panels(run.history))
        case "traces":
            return Panels(caption(run), (traces_panel(run.history),))
        case _:
            panels = (*convergence_panels(run.history), traces_panel(run.history))
            return Panels(caption(run), panels)


def default_kind(run: Run) -> str:
    """Return the kind of figure that says most about a descent."""
    if run.objective is None:
        return "overview"
    return {1: "curve", 2: "surface"}.get(len(run.history.names), "overview")


def check_kind(kind: str, size: int | None) -> None:
    """Raise an error for an unknown kind, or one that is not for so many variables.

    Parameters
    ----------
    kind : str
    size : int or None
        The number of variables; None where it is not known yet.

    Raises
    ------
    InputError
    """
    if kind not in KINDS:
        raise InputError(
            f"There is no figure of kind {kind!r}.{did_you_mean(kind, KINDS)}"
            f" Kinds are: {', '.join(KINDS)}."
        )
    needed = {"curve": 1, "surface": 2, "contours": 2}.get(kind)
    if needed is not None and size not in (needed, None):
        raise InputError(
            f"A figure of kind {kind!r} needs {needed} variable{'s' * (needed > 1)},"
            f" and this function has {size}. Use 'convergence', 'traces' or 'overview'."
        )


def caption(run: Run) -> Caption:
    """Return the words above the figure of one descent."""
    first, last = float(run.history.fun[0]), float(run.history.fun[-1])
    steps = f"{run.nit:,} step{'s' * (run.nit != 1)}"
    best = f", best {run.fun:.6g}" if run.fun < last else ""
    return Caption(title(run), f"{run.method}: {steps}, f from {first:.6g} to {last:.6g}{best}")


def title(run: Run) -> str:
    """Return the formula, shortened to a line, or else f(x, y)."""
    return headline(run.objective.formula if run.objective else None, run.history.names)


def headline(formula: str | None, names: tuple[str, ...]) -> str:
    """Return a formula, shortened to a line, or else f(x, y)."""
    if formula is None:
        shown = names if len(names) <= 4 else (*names[:2], "…", names[-1])
        return f"f({', '.join(shown)})"
    return formula if len(formula) <= 64 else f"{formula[:63]}…"


def curve(run: Run) -> Curve:
    """Extract a function of one variable with its iterates."""
    count = points_in_view(run.history.x, run.history.fun)
    domain = choose_domain(run.history.x[:count])
    x = _along(domain[0], CURVE_POINTS)
    with np.errstate(all="ignore"):
        y = finite_or_nan(_function(run).values(x[:, np.newaxis]))
    path = path_of(run, count, domain)
    scale = choose_scale(y, [(path.points, path.values)])
    margin = 0.06 * (scale.high - scale.low)
    limits = (scale.low - margin, scale.high + margin)
    return Curve(caption(run), run.history.names[0], Line(title(run), x, y), (path,), limits)


def surface(run: Run) -> Surface:
    """Extract a function of two variables with the path on it."""
    seen = contours(run)
    return Surface(seen.caption, seen.grid, seen.paths)


def contours(run: Run) -> Contours:
    """Extract a function of two variables from above, with the path."""
    count = points_in_view(run.history.x, run.history.fun)
    domain = choose_domain(run.history.x[:count])
    path = path_of(run, count, domain)
    return Contours(caption(run), grid_over(run, domain, (path,)), (path,))


def path_of(run: Run, count: int, domain: Vector) -> Path:
    """Extract the first `count` points of a descent, without those that could not be seen."""
    history = run.history
    resolution = (domain[:, 1] - domain[:, 0]) / PIXELS
    kept = distinct_points(history.x[:count], resolution)
    return Path(
        name=run.method,
        steps=history.step[kept],
        points=history.x[kept],
        values=history.fun[kept],
        complete=count == len(history.x),
    )


def grid_over(run: Run, domain: Vector, paths: tuple[Path, ...]) -> Grid:
    """Evaluate the function of a descent over a rectangle."""
    first = _along(domain[0], GRID_POINTS)
    second = _along(domain[1], GRID_POINTS)
    values = evaluate_grid(_function(run), first, second)
    scale = choose_scale(values, [(path.points, path.values) for path in paths])
    names = run.history.names
    return Grid((names[0], names[1]), first, second, values, scale)


def evaluate_grid(objective: Evaluated, first: Vector, second: Vector) -> Vector:
    """Evaluate a function of two variables on a grid.

    Parameters
    ----------
    objective : Evaluated
    first, second : ndarray, shape (m,) and (k,)
        The coordinates along the two axes.

    Returns
    -------
    ndarray, shape (k, m)
        ``values[j, i]`` is f(first[i], second[j]); NaN where f is not finite.
    """
    X, Y = np.meshgrid(first, second)
    # A rectangle around the path may reach where the function is not defined.
    with np.errstate(all="ignore"):
        values = objective.values(np.column_stack([X.ravel(), Y.ravel()]))
    return finite_or_nan(values).reshape(X.shape)


def race(comparison: Compared) -> Scene:
    """Extract several descents in one figure.

    Parameters
    ----------
    comparison : Compared
        At least one descent; all on one function.

    Returns
    -------
    Scene
        Paths from above beside progress for two variables, progress alone otherwise.
    """
    runs = comparison.results
    any_run = next(iter(runs.values()))
    words = Caption(title(any_run), f"{len(runs)} methods from one start")
    progress = value_panel([(name, run.history) for name, run in runs.items()])
    if len(any_run.history.names) != 2 or any_run.objective is None:
        return Panels(words, (progress,))
    counts = {name: points_in_view(run.history.x, run.history.fun) for name, run in runs.items()}
    in_view = [run.history.x[: counts[name]] for name, run in runs.items()]
    domain = choose_domain(np.concatenate(in_view))
    paths = tuple(path_of(run, counts[name], domain) for name, run in runs.items())
    return Race(words, Contours(words, grid_over(any_run, domain, paths), paths), progress)


def _along(ends: Vector, count: int) -> Vector:
    return np.linspace(ends[0], ends[1], count)


def _function(run: Run) -> Evaluated:
    if run.objective is None:
        raise InputError(
            "Only the steps of this run are at hand, not its function."
            " Draw 'convergence', 'traces' or 'overview' instead."
        )
    return run.objective

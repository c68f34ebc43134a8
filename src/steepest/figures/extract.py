"""From a finished descent to the plain data of a figure."""

from __future__ import annotations

import numpy as np

from steepest.errors import InputError, did_you_mean
from steepest.figures.data import (
    Animation,
    Caption,
    Contours,
    Curve,
    Grid,
    Line,
    Minimum,
    Panels,
    Path,
    Race,
    Surface,
    finite_or_nan,
)
from steepest.figures.domain import choose_domain, points_in_view
from steepest.figures.panels import convergence_panels, traces_panel, value_panel
from steepest.figures.run import Bounded, Compared, Evaluated, Run
from steepest.figures.scale import choose_scale
from steepest.figures.scene import Scene
from steepest.figures.thinning import distinct_points
from steepest.objective import Vector

KINDS = {
    "curve": "the function and the iterates on it (one variable)",
    "tangents": "the curve with the tangent at each step (one variable)",
    "cobweb": "where each point leads (one variable)",
    "surface": "the surface with the path on it (two variables)",
    "contours": "contour lines with the path (two variables)",
    "directions": "contour lines with the slope along the path, and the curvature (two variables)",
    "step": "one step from inside (two variables)",
    "convergence": "value and gradient against steps",
    "traces": "every variable against steps",
    "overview": "convergence and traces together",
}
"""The kinds of figure, each with what it shows."""

NEEDED = {
    "curve": 1,
    "tangents": 1,
    "cobweb": 1,
    "surface": 2,
    "contours": 2,
    "directions": 2,
    "step": 2,
}
"""The kinds that are for so many variables alone."""

GRID_POINTS = 241
"""Points along each axis of a grid: enough for the contours of a narrow valley."""

CURVE_POINTS = 601

MOST_FRAMES = 120
"""Pictures of an animation: at the usual pace eight seconds."""

MOST_MINIMA = 30
"""More marks than this hide the function."""

RIM = 0.07
"""How much of what lies beyond a bound is shown, of the width within the bounds."""

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
        case "tangents" | "cobweb" | "directions":
            from steepest.figures import walks

            return {
                "tangents": walks.tangents,
                "cobweb": walks.cobweb,
                "directions": walks.directions,
            }[kind](run)
        case "step":
            raise InputError("The kind 'step' shows one step from inside: name it, as in step=3.")
        case "convergence":
            return Panels(caption(run), convergence_panels(run.history))
        case "traces":
            return Panels(caption(run), (traces_panel(run.history),))
        case _:
            panels = (*convergence_panels(run.history), traces_panel(run.history))
            return Panels(caption(run), panels)


def default_kind(run: Run) -> str:
    """Return the kind of figure that says most about a descent."""
    if run.objective is None or _fixed(run):
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
    needed = NEEDED.get(kind)
    if needed is not None and size not in (needed, None):
        raise InputError(
            f"A figure of kind {kind!r} needs {needed} variable{'s' * (needed > 1)},"
            f" and this function has {size}. Use {_listed(size)}."
        )


def _listed(size: int | None) -> str:
    """Return the kinds of a function of so many variables, in words."""
    *others, last = [repr(kind) for kind in KINDS if NEEDED.get(kind, size) == size]
    return f"{', '.join(others)} or {last}"


def caption(run: Run) -> Caption:
    """Return the words above the figure of one descent."""
    first, last = float(run.history.fun[0]), float(run.history.fun[-1])
    steps = f"{run.nit:,} step{'s' * (run.nit != 1)}"
    best = f", best {run.fun:.6g}" if run.fun < last else ""
    found = f", the lowest of {len(run.minima)} minima" if len(run.minima) > 1 else ""
    words = f"{run.method}: {steps}, f from {first:.6g} to {last:.6g}{best}{found}"
    return Caption(title(run), words)


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
    domain = _view(run, run.history.x[:count])
    x = _along(_within(run, domain)[0], CURVE_POINTS)
    with np.errstate(all="ignore"):
        y = finite_or_nan(function_of(run).values(x[:, np.newaxis]))
    path = path_of(run, count, domain)
    scale = choose_scale(y, [] if run.minima else [(path.points, path.values)])
    margin = 0.06 * (scale.high - scale.low)
    return Curve(
        caption(run),
        run.history.names[0],
        Line(title(run), x, y),
        (path,),
        limits=(scale.low - margin, scale.high + margin),
        view=domain,
        minima=_minima(run),
    )


def surface(run: Run) -> Surface:
    """Extract a function of two variables with the path on it."""
    seen = contours(run)
    return Surface(seen.caption, seen.grid, seen.paths, view=seen.view, minima=seen.minima)


def contours(run: Run) -> Contours:
    """Extract a function of two variables from above, with the path."""
    count = points_in_view(run.history.x, run.history.fun)
    domain = _view(run, run.history.x[:count])
    path = path_of(run, count, domain)
    grid = grid_over(run, _within(run, domain), (path,))
    return Contours(caption(run), grid, (path,), domain, _minima(run))


def _view(run: Run, points: Vector) -> Vector:
    """Return what the picture shows: these points, the minima of a search, a rim of the bounds.

    Raises
    ------
    InputError
        Where the two bounds of a variable are one.
    """
    if fixed := _fixed(run):
        raise InputError(
            f"The bounds leave {fixed[0]} no room, and there is nothing to draw along it:"
            " draw 'convergence', 'traces' or 'overview' instead."
        )
    domain = choose_domain(np.vstack([points, *(one.position for one in run.minima[:MOST_MINIMA])]))
    return domain if run.box is None else _with_rim(domain, run.box)


def _with_rim(domain: Vector, box: Bounded) -> Vector:
    """Return a domain that reaches no further beyond the bounds than is needed to see them."""
    lower, upper = np.maximum(domain[:, 0], box.lower), np.minimum(domain[:, 1], box.upper)
    rim = RIM * (upper - lower)
    return np.column_stack(
        [np.maximum(domain[:, 0], lower - rim), np.minimum(domain[:, 1], upper + rim)]
    )


def _within(run: Run, domain: Vector) -> Vector:
    """Return the part of a domain that the bounds leave: elsewhere the function is not asked."""
    if run.box is None:
        return domain
    lower, upper = np.maximum(domain[:, 0], run.box.lower), np.minimum(domain[:, 1], run.box.upper)
    return np.column_stack([lower, upper])


def _fixed(run: Run) -> list[str]:
    """Return the variables whose two bounds are one."""
    if run.box is None:
        return []
    ends = zip(run.history.names, run.box.lower, run.box.upper, strict=True)
    return [name for name, low, high in ends if not low < high]


def _minima(run: Run) -> tuple[Minimum, ...]:
    """Return the lowest minima that a search found, where there are several."""
    return tuple(
        Minimum(rank, tuple(one.position.tolist()), one.fun, one.starts)
        for rank, one in enumerate(run.minima[:MOST_MINIMA], start=1)
    )


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
    values = evaluate_grid(function_of(run), first, second)
    # The last steps of a search say nothing of what is worth seeing between its minima.
    walked = [] if run.minima else [(path.points, path.values) for path in paths]
    scale = choose_scale(values, walked)
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


def animation(comparison: Compared) -> Animation:
    """Extract several descents in one figure, to be shown step by step.

    While there are few steps each of them is shown; of many, fewer and fewer, as the quick
    methods are there long before the slow ones.
    """
    last = max(int(run.history.step[-1]) for run in comparison.results.values())
    if last < MOST_FRAMES:
        return Animation(race(comparison), tuple(range(last + 1)))
    steps = np.unique(np.geomspace(1, last, MOST_FRAMES - 1).round().astype(int))
    return Animation(race(comparison), (0, *steps.tolist()))


def race(comparison: Compared) -> Race | Panels:
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
    words = caption(any_run)
    if len(runs) > 1:
        words = Caption(title(any_run), f"{len(runs)} methods from one start")
    progress = value_panel([(name, run.history) for name, run in runs.items()])
    if len(any_run.history.names) != 2 or any_run.objective is None or _fixed(any_run):
        return Panels(words, (progress,))
    counts = {name: points_in_view(run.history.x, run.history.fun) for name, run in runs.items()}
    in_view = [run.history.x[: counts[name]] for name, run in runs.items()]
    domain = choose_domain(np.concatenate(in_view))
    domain = domain if any_run.box is None else _with_rim(domain, any_run.box)
    paths = tuple(path_of(run, counts[name], domain) for name, run in runs.items())
    grid = grid_over(any_run, _within(any_run, domain), paths)
    return Race(words, Contours(words, grid, paths, domain), progress)


def _along(ends: Vector, count: int) -> Vector:
    return np.linspace(ends[0], ends[1], count)


def function_of(run: Run) -> Evaluated:
    """Return the function of a descent; refuse one whose steps alone were kept."""
    if run.objective is None:
        raise InputError(
            "Only the steps of this run are at hand, not its function."
            " Draw 'convergence', 'traces' or 'overview' instead."
        )
    return run.objective

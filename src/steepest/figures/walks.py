"""Figures of one descent that show how its steps come about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from steepest.descent.inside import Share
from steepest.descent.inside import inside_step as descent_step
from steepest.errors import InputError, did_you_mean
from steepest.figures.chart import Arrow, Axes, Chart, Dots, Field, Item, Role, Stroke
from steepest.figures.data import Animation, Caption, Grid, finite_or_nan
from steepest.figures.extract import (
    CURVE_POINTS,
    animation,
    caption,
    contours,
    curve,
    evaluate_grid,
    function_of,
    scene,
)
from steepest.figures.panels import convergence_panels
from steepest.figures.run import Run
from steepest.figures.scale import choose_scale
from steepest.figures.scene import Scene
from steepest.objective import Vector

MOST_TANGENTS = 8
"""More tangents than this hide each other."""

MOST_ARROWS = 10
"""Arrows of the slope along a path."""

ARROW = 0.12
"""The longest of these, of the width of the picture."""

STEP_POINTS = 121
"""Points along each axis of the map around one step."""

ADDED: dict[Share, str] = {
    "gradient": "−rate · gradient =",
    "momentum": "momentum adds",
    "scaling": "scaling adds",
    "curvature": "curvature adds",
    "memory and scaling": "memory and scaling add",
}
"""What is said of the parts of a step."""

AGAINST = ("steps", "evaluations", "seconds")
"""What progress can be drawn against."""


def run_scene(
    run: Run,
    kind: str | None = None,
    step: int | None = None,
    against: str | None = None,
    animate: bool = False,
) -> Scene | Animation:
    """Extract the data of one figure; `plot_result` says what is what."""
    check_options(kind, step, against, animate)
    if animate:
        return animation(_Alone({run.method: run}))
    if step is not None:
        return inside_step(run, step)
    return scene(run, kind) if against is None else progress(run, against)


def check_options(kind: str | None, step: int | None, against: str | None, animate: bool) -> None:
    """Refuse options that belong to another kind of figure; see `plot_result`."""
    if (kind == "step") != (step is not None):
        raise InputError(
            "The kind 'step' shows one step from inside: give that kind and the number of a step."
        )
    if against is not None and kind != "convergence":
        other = f", not {kind!r}" if kind else ": give that as well"
        raise InputError(f"against={against!r} belongs to the kind 'convergence'{other}.")
    if against is not None and against not in AGAINST:
        raise InputError(
            f"against={against!r} is none of {', '.join(AGAINST)}.{did_you_mean(against, AGAINST)}"
        )
    if animate and kind not in (None, "contours"):
        raise InputError(
            f"What moves is drawn from above, as contours, not as {kind!r}: leave kind out."
        )


@dataclass(frozen=True)
class _Alone:
    """One descent as a race with itself."""

    results: Mapping[str, Run]


def tangents(run: Run) -> Chart:
    """Return a function of one variable with the tangent at each of the first steps."""
    drawn = curve(run)
    low, high = drawn.span()
    history = run.history
    count = min(len(history.step), MOST_TANGENTS)
    reach = (high - low) / 8
    items: list[Item] = [Stroke("f", drawn.line.x, drawn.line.y, "before")]
    for row in range(count):
        x, value, slope = history.x[row, 0], history.fun[row], history.gradient[row, 0]
        across = np.array([x - reach, x + reach])
        items.append(Stroke("tangents", across, value + slope * (across - x), "trail"))
    path = drawn.paths[0]
    items.append(Dots(path.name, path.points[:, 0], path.values, "main"))
    words = caption(run)
    shown = f"the tangent at each of the first {count} points: each step goes down along it"
    axes = Axes((drawn.name, "f"), tuple(items), drawn.limits, span=(low, high))
    return Chart(Caption(words.title, shown), (axes,))


def cobweb(run: Run) -> Chart:
    """Return where each point of one variable leads: x of the next step against x.

    With one learning rate the next point is g(x) = x - rate · f'(x); the minimum is where g
    crosses the diagonal, and steps converge to it where g is less steep than that.
    """
    x = run.history.x[:, 0]
    drawn = curve(run)
    low, high = drawn.span()
    along = np.linspace(low, high, CURVE_POINTS)
    items: list[Item] = [Stroke("next = this", along, along, "reference")]
    rates = run.history.rate[1:]
    steady = len(rates) > 0 and bool(np.all(rates == rates[0])) and run.method == "gradient-descent"
    if steady:
        with np.errstate(all="ignore"):
            _, slopes = function_of(run).values_and_gradients(along[:, np.newaxis])
        items.append(
            Stroke(
                "x − rate · f′(x)", along, finite_or_nan(along - rates[0] * slopes[:, 0]), "before"
            )
        )
    corners = np.repeat(x, 2)
    items.append(Stroke("steps", corners[:-1], corners[1:], "main"))
    words = caption(run)
    name = drawn.name
    axes = Axes(
        (name, f"{name} after the step"), tuple(items), (low, high), span=(low, high), even=True
    )
    return Chart(
        Caption(words.title, "each step goes up to the curve, and across to the diagonal"), (axes,)
    )


def directions(run: Run) -> Chart:
    """Return the map of a descent with the slope along it, and the axes of its curvature."""
    drawn = contours(run)
    across, along = drawn.spans()
    path = drawn.paths[0]
    items: list[Item] = [
        field_of(drawn.grid),
        Stroke(path.name, path.points[:, 0], path.points[:, 1]),
    ]
    rows = np.unique(np.linspace(0, len(path.points) - 1, MOST_ARROWS).astype(int))
    _, slopes = function_of(run).values_and_gradients(path.points[rows])
    width = min(across[1] - across[0], along[1] - along[0])
    longest = float(np.linalg.norm(slopes, axis=1).max()) or 1.0
    for point, slope in zip(path.points[rows], slopes, strict=True):
        # Roots of lengths: the slopes along a path differ by powers of ten.
        size = float(np.linalg.norm(slope))
        move = -slope / (size or 1.0) * ARROW * width * (size / longest) ** 0.5
        items.append(Arrow("down the slope", _pair(point), _pair(point + move), "trail"))
    items += eigen_axes(function_of(run).hessian(path.points[-1]), path.points[-1], width)
    items.append(Dots("end", path.points[-1:, 0], path.points[-1:, 1], "main"))
    axes = Axes(drawn.grid.names, tuple(items), along, span=across, even=_is_even(across, along))
    words = caption(run)
    return Chart(Caption(words.title, f"{words.subtitle}; arrows go straight down"), (axes,))


def eigen_axes(hessian: Vector, point: Vector, width: float) -> list[Stroke]:
    """Return the directions of most and least curvature at a point, as long as a bowl is wide.

    Parameters
    ----------
    hessian : ndarray, shape (2, 2)
    point : ndarray, shape (2,)
    width : float
        Of the picture; the longer axis takes about half of it.
    """
    if not np.isfinite(hessian).all():
        return []
    values, directions = np.linalg.eigh((hessian + hessian.T) / 2)
    if not np.abs(values).any():
        return []
    lengths = 1 / np.sqrt(np.maximum(np.abs(values), 1e-6 * np.abs(values).max()))
    lengths *= 2 * ARROW * width / lengths.max()
    items: list[Stroke] = []
    for value, length, direction in zip(values, lengths, directions.T, strict=True):
        ends = np.array([point - length * direction, point + length * direction])
        items.append(Stroke(f"curvature {value:.3g}", ends[:, 0], ends[:, 1], "other"))
    return items


def inside_step(run: Run, step: int) -> Chart:
    """Return one step of a descent of two variables: what the slope gave, and what else.

    Raises
    ------
    InputError
        For another number of variables, and a step that was not made or kept.
    """
    names = run.history.names
    if len(names) != 2:
        raise InputError(
            f"One step is drawn of two variables, and this function has {len(names)}: read "
            "its numbers in history.rows()."
        )
    inside = descent_step(run, step)
    before, after, move = inside.before, inside.after, inside.move
    places = before + np.cumsum([np.zeros(2), *inside.parts.values()], axis=0)
    middle, reach = (
        (places.max(axis=0) + places.min(axis=0)) / 2,
        float(np.ptp(places, axis=0).max()),
    )
    reach = reach or 1e-3 * max(1.0, float(np.abs(before).max()))
    grid = _grid_around(run, middle, 0.9 * reach)
    items: list[Item] = [field_of(grid)]
    for (share, vector), tail, head in zip(
        inside.parts.items(), places[:-1], places[1:], strict=True
    ):
        role: Role = "trail" if share == "gradient" else "other"
        items.append(Arrow(f"{ADDED[share]} {_numbers(vector)}", _pair(tail), _pair(head), role))
    items.append(Arrow(f"the step = {_numbers(move)}", _pair(before), _pair(after), "main"))
    items.append(Dots("before", before[:1], before[1:], "data"))
    items.append(Dots("after", after[:1], after[1:], "main"))
    words = (
        f"step {step} of {run.method}, rate {inside.rate:.4g}: "
        f"from {_numbers(before)} to {_numbers(after)}, f changes by {inside.change:.4g}"
    )
    axes = Axes(
        grid.names,
        tuple(items),
        (float(grid.second[0]), float(grid.second[-1])),
        span=(float(grid.first[0]), float(grid.first[-1])),
        even=True,
    )
    return Chart(Caption(caption(run).title, words), (axes,))


def progress(run: Run, against: str) -> Chart:
    """Return value and gradient against steps, evaluations or seconds."""
    history = run.history
    x = {
        "steps": np.asarray(history.step, dtype=np.float64),
        "evaluations": np.asarray(history.evaluations, dtype=np.float64),
        "seconds": history.seconds,
    }[against]
    axes = [
        Axes(
            (against, panel.label),
            tuple(
                Stroke(line.name, np.interp(line.x, history.step, x), line.y)
                for line in panel.lines
            ),
            logarithmic=panel.logarithmic,
        )
        for panel in convergence_panels(history)
    ]
    return Chart(caption(run), tuple(axes))


def field_of(grid: Grid) -> Field:
    """Return the map of a function."""
    scale = grid.scale
    places, labels = scale.ticks()
    return Field(
        "f",
        grid.first,
        grid.second,
        scale.shown(grid.values),
        scale.shown_levels(),
        scale.shown_ends(),
        tuple(zip(map(float, places), labels, strict=True)),
    )


def _grid_around(run: Run, middle: Vector, reach: float) -> Grid:
    """Return the function over a square."""
    first, second = (np.linspace(one - reach, one + reach, STEP_POINTS) for one in middle)
    values = evaluate_grid(function_of(run), first, second)
    names = run.history.names
    return Grid((names[0], names[1]), first, second, values, choose_scale(values, []))


def _is_even(across: tuple[float, float], along: tuple[float, float]) -> bool:
    """Return whether one unit can be drawn equally long on both axes."""
    ratio = (across[1] - across[0]) / (along[1] - along[0])
    return 0.5 < ratio < 2


def _pair(point: Vector) -> tuple[float, float]:
    first, second = point.tolist()
    return first, second


def _numbers(point: Vector) -> str:
    """Return a pair of numbers in few digits."""
    return f"({', '.join(f'{value:.3g}' for value in point)})"

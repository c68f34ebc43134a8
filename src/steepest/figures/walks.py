"""Figures of one descent that show how its steps come about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from steepest.errors import InputError, did_you_mean
from steepest.figures.chart import Arrow, Axes, Chart, Dots, Field, Item, Stroke
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
    if animate and kind is not None:
        raise InputError("What moves is drawn from above: leave kind out.")


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
    items += _eigen_axes(run, path.points[-1], width)
    items.append(Dots("end", path.points[-1:, 0], path.points[-1:, 1], "main"))
    axes = Axes(drawn.grid.names, tuple(items), along, span=across, even=_is_even(across, along))
    words = caption(run)
    return Chart(Caption(words.title, f"{words.subtitle}; arrows go straight down"), (axes,))


def _eigen_axes(run: Run, point: Vector, width: float) -> list[Item]:
    """Return the directions of most and least curvature at a point, as long as a bowl is wide."""
    hessian = function_of(run).hessian(point)
    if not np.isfinite(hessian).all():
        return []
    values, directions = np.linalg.eigh((hessian + hessian.T) / 2)
    if not np.abs(values).any():
        return []
    lengths = 1 / np.sqrt(np.maximum(np.abs(values), 1e-6 * np.abs(values).max()))
    lengths *= 2 * ARROW * width / lengths.max()
    items: list[Item] = []
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
    history = run.history
    if len(history.names) != 2:
        raise InputError(
            f"One step is drawn of two variables, and this function has {len(history.names)}: read "
            "its numbers in history.rows()."
        )
    rows = np.flatnonzero(history.step == step)
    if not rows.size or rows[0] == 0:
        last = int(history.step[-1])
        raise InputError(f"There is no step {step!r}: steps 1 to {last} were made.")
    row = int(rows[0])
    before, after = history.x[row - 1], history.x[row]
    rate = float(history.rate[row])
    slope = -rate * history.gradient[row - 1]
    rest = after - before - slope
    corners = np.array([before, after, before + slope])
    middle, reach = (
        (corners.max(axis=0) + corners.min(axis=0)) / 2,
        float(np.ptp(corners, axis=0).max()),
    )
    reach = reach or 1e-3 * max(1.0, float(np.abs(before).max()))
    grid = _grid_around(run, middle, 0.9 * reach)
    items: list[Item] = [field_of(grid)]
    items.append(
        Arrow(
            f"−rate · gradient = {_numbers(slope)}", _pair(before), _pair(before + slope), "trail"
        )
    )
    if np.linalg.norm(rest) > 1e-9 * np.linalg.norm(after - before):
        items.append(
            Arrow(
                f"memory and scaling add {_numbers(rest)}",
                _pair(before + slope),
                _pair(after),
                "other",
            )
        )
    items.append(
        Arrow(f"the step = {_numbers(after - before)}", _pair(before), _pair(after), "main")
    )
    items.append(Dots("before", before[:1], before[1:], "data"))
    items.append(Dots("after", after[:1], after[1:], "main"))
    fall = history.fun[row] - history.fun[row - 1]
    words = (
        f"step {step} of {run.method}, rate {rate:.4g}: "
        f"from {_numbers(before)} to {_numbers(after)}, f changes by {fall:.4g}"
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

"""A search for the lowest of several minima: many starts, and every distinct end polished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from steepest.descent.bounds import Box, box_of
from steepest.descent.choices import chosen_stop
from steepest.descent.descend import descend
from steepest.descent.many_starts import Sampler, roll_down, sampled_starts
from steepest.descent.measures import largest
from steepest.descent.options import COUNT, require
from steepest.descent.problem import Problem
from steepest.descent.result import Result
from steepest.descent.stopping import AnyOf, Gradient, Stop
from steepest.errors import NonFiniteError
from steepest.objective import Objective, Vector

SAME = 1e-4
"""Ends count as one minimum that differ by less than this share of max(1, ‖x‖∞)."""

MOST_POLISHED = 200
"""So many ends at most are followed to their bottoms, the lowest first."""


@dataclass(frozen=True)
class Minimum:
    """One minimum that a search found.

    Parameters
    ----------
    x : scalar, ndarray or dict
        The point, in the structure of the start.
    fun : float
        f(x).
    starts : int
        From how many starts it was reached.
    position : ndarray, shape (n,)
        x as a flat vector.
    """

    x: Any
    fun: float
    starts: int
    position: Vector = field(repr=False)


@dataclass(frozen=True)
class Search:
    """What many starts found.

    Parameters
    ----------
    minima : tuple of Minimum
        Every distinct minimum, the lowest first.
    starts : int
        How many descents there were.
    lost : int
        How many of them ended nowhere: not finite, without bound, or not at a minimum.
    evaluations : int
        Values of f in all, those of the descents and of their polishing.
    """

    minima: tuple[Minimum, ...]
    starts: int
    lost: int
    evaluations: int


def search(
    objective: Objective,
    method: Any,
    starts: int | Sequence[Any] | Sampler,
    *,
    bounds: Any = None,
    seed: int | None = None,
    **options: Any,
) -> Result:
    """Return the lowest of the minima that are reached from many starts.

    All starts roll down together, in arrays; then every place that they come to is followed to
    its bottom by the method, the lowest first. Which of several minima are found depends on the
    starts alone: there is no proof that the lowest of all is among them.

    Parameters
    ----------
    objective : Objective
        The function and its start, which is always one of the starts.
    method : str, Method or None
        As in `minimize`.
    starts : int, array or callable
        See `sampled_starts`.
    bounds : optional
        As in `minimize`.
    seed : int, optional
        Of the starts; None is 0.
    **options
        As in `descend`.

    Returns
    -------
    Result
        The descent to the lowest minimum; `Result.search` holds all that were found.
    """
    box = box_of(bounds, objective.names, objective.start)
    seed = 0 if seed is None else seed
    require("seed", seed, COUNT, "minimize")
    points = sampled_starts(starts, objective, box, seed)
    bounded = objective if box is None else objective.within(box.lower, box.upper)
    rolled = roll_down(bounded, points, box)
    options = {**options, "stop": _as_from_the_start(bounded, box, options)}
    ends = _groups(rolled.points, rolled.values)
    found: list[tuple[Result, int]] = []
    evaluations, lost = rolled.evaluations, int((~np.isfinite(rolled.values)).sum())
    for members in ends[:MOST_POLISHED]:
        result = _polished(bounded, rolled.points[members[0]], method, bounds, seed, options)
        if result is None:
            lost += len(members)
            continue
        evaluations += result.nfev
        found.append((result, len(members)))
        lost += 0 if result.success else len(members)
    lost += sum(len(members) for members in ends[MOST_POLISHED:])
    if not found:
        raise NonFiniteError(
            f"None of the {len(points)} starts has a finite value and gradient: give starts or "
            "bounds where the function is defined."
        )
    minima = _distinct(found)
    best = min((result for result, _ in found), key=lambda result: result.fun)
    summary = Search(minima, len(points), lost, evaluations)
    return replace(best, search=summary, start=objective.restore(objective.start))


def _as_from_the_start(objective: Objective, box: Box | None, options: dict[str, Any]) -> Stop:
    """Return the stop rule, with the gradient at the user's start as its yardstick."""
    tol = options.pop("tol", None)
    rule = chosen_stop(options.pop("stop", None), tol, options.get("max_steps"))
    problem = Problem(objective, box)
    first = largest(problem.slope(problem.evaluate(objective.start)))
    if not (np.isfinite(first) and first > 0):
        return rule
    parts = [
        replace(part, first=first) if isinstance(part, Gradient) and part.first is None else part
        for part in rule.parts
    ]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _polished(
    objective: Objective, start: Vector, method: Any, bounds: Any, seed: int, options: Any
) -> Result | None:
    """Return the descent from one end; None where it cannot begin."""
    try:
        return descend(objective.started_at(start), method, bounds=bounds, seed=seed, **options)
    except NonFiniteError:
        return None


def _groups(points: Vector, values: Vector) -> list[list[int]]:
    """Return which starts came to the same place, the lowest place first."""
    groups: list[list[int]] = []
    for place in np.argsort(values, kind="stable"):
        if not np.isfinite(values[place]):
            break
        for group in groups:
            if _same(points[group[0]], points[place], 1e-2):
                group.append(int(place))
                break
        else:
            groups.append([int(place)])
    return groups


def _distinct(found: list[tuple[Result, int]]) -> tuple[Minimum, ...]:
    """Return the minima, those that polishing showed to be the same joined."""
    kept: list[tuple[Result, int]] = []
    for result, count in sorted(found, key=lambda one: one[0].fun):
        if not result.success or result.verdict.kind in ("saddle", "maximum"):
            continue
        for place, (other, before) in enumerate(kept):
            if _same(other.position, result.position, SAME):
                kept[place] = (other, before + count)
                break
        else:
            kept.append((result, count))
    return tuple(Minimum(result.x, result.fun, count, result.position) for result, count in kept)


def _same(a: Vector, b: Vector, share: float) -> bool:
    """Return whether two points differ by less than a share of their size."""
    return largest(np.asarray(a - b)) <= share * max(1.0, largest(np.asarray(a)))

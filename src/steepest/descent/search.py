"""A search for the lowest of several minima: many starts, and every distinct end polished."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.bounds import Box, box_of
from steepest.descent.choices import chosen_limits, chosen_stop
from steepest.descent.descend import descend
from steepest.descent.history import Step
from steepest.descent.loop import Limits
from steepest.descent.many_starts import ROLLING, Sampler, roll_down, sampled_starts
from steepest.descent.measures import largest
from steepest.descent.options import COUNT, require
from steepest.descent.problem import Problem
from steepest.descent.result import Result
from steepest.descent.stopping import AnyOf, Gradient, Reason, Stop, named
from steepest.descent.walk import Plan, Row, Walk, numpy_walk
from steepest.descent.watching import Callback
from steepest.errors import NonFiniteError
from steepest.objective import Objective, Vector

if TYPE_CHECKING:
    from steepest.descent.elsewhere import Elsewhere

SAME = 1e-4
"""Ends count as one minimum that differ by less than this share of max(1, ‖x‖∞)."""

NEAR = 1e-2
"""Starts are followed together that came this near to each other, as a share of max(1, ‖x‖∞)."""

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

    Examples
    --------
    >>> import steepest as st
    >>> found = st.minimize("x**4 - 3*x**2 + x", {"x": 1}, bounds={"x": (-3, 3)}, starts=20)
    >>> [(round(minimum.fun, 4), minimum.starts) for minimum in found.minima]
    [(-3.5139, 10), (-1.0702, 10)]
    """

    x: Any
    fun: float
    starts: int
    position: Vector = field(repr=False, compare=False)


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
    unfollowed : int, default 0
        How many were not followed to their ends: 200 places are at most, the lowest, and fewer
        where a limit was reached or the callback asked to stop.
    seconds : float, default 0
        The time that the whole search took.

    Examples
    --------
    >>> import steepest as st
    >>> found = st.minimize("x**4 - 3*x**2 + x", {"x": 1}, bounds={"x": (-3, 3)}, starts=20)
    >>> found.search.starts, found.search.lost, len(found.search.minima)
    (20, 0, 2)
    """

    minima: tuple[Minimum, ...]
    starts: int
    lost: int
    evaluations: int
    unfollowed: int = 0
    seconds: float = 0.0


def search(
    objective: Objective,
    method: Any,
    starts: int | Sequence[Any] | Sampler,
    *,
    bounds: Any = None,
    seed: int | None = None,
    max_seconds: float | None = None,
    max_evaluations: int | None = None,
    elsewhere: Elsewhere | None = None,
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
    starts : int, array, list of mappings or callable
        See `sampled_starts`.
    bounds : optional
        As in `minimize`.
    seed : int, optional
        Of the starts; None is 0.
    max_seconds, max_evaluations : float and int, optional
        Limits on the whole search; half of them at most go into the common descent.
    elsewhere : Elsewhere, optional
        The workers that follow the ends to their bottoms.
    **options
        As in `descend`, for each end that is followed.

    Returns
    -------
    Result
        The descent to the lowest minimum; `Result.search` holds all that were found.
    """
    began = perf_counter()
    box = box_of(bounds, objective.names, objective.start)
    seed = 0 if seed is None else seed
    require("seed", seed, COUNT, "minimize")
    points = sampled_starts(starts, objective, box, seed)
    bounded = objective if box is None else objective.within(box.lower, box.upper)
    asked: list[Step] = []
    if callable(options.get("callback")):
        options["callback"] = _heard(options["callback"], asked)
    budget = _Budget.of(max_seconds, max_evaluations)
    rolled = roll_down(bounded, points, box, budget.half())
    budget.evaluations -= rolled.evaluations
    options = {**options, "stop": _as_from_the_start(bounded, box, options)}
    found: list[tuple[Result, int]] = []
    followed = int((~np.isfinite(rolled.values)).sum())
    interrupted = rolled.interrupted
    if interrupted:
        options["walker"] = _ending_at_once
        # No checkpoint holds the common descent: it is made again.
        options["journal"] = None
    groups = _groups(rolled.points, rolled.values)
    lowest = [rolled.points[members[0]] for members in groups]
    options |= {"bounds": bounds, "seed": seed}
    if elsewhere is None or interrupted:
        ends = _ends(bounded, lowest, method, options, budget)
    else:
        ends = elsewhere.from_starts(lowest, method, bounded, {**options, **budget.rest()})
    for members in groups:
        if found and (budget.is_spent() or interrupted or asked):
            break
        result = next(ends)
        followed += len(members)
        if result is not None:
            budget.evaluations -= result.nfev
            found.append((result, len(members)))
            interrupted = interrupted or result.reason is Reason.INTERRUPTED
    if not found:
        raise NonFiniteError(
            f"None of the {len(points)} starts has a finite value and gradient: give starts or "
            "bounds where the function is defined."
        )
    minima = _distinct(found)
    best = min((result for result, _ in found), key=lambda result: result.fun)
    if interrupted:
        best = _interrupted(best)
    lost = followed - sum(minimum.starts for minimum in minima)
    evaluations = rolled.evaluations + sum(result.nfev for result, _ in found)
    return replace(
        best,
        search=Search(
            *(minima, len(points), lost, evaluations, len(points) - followed),
            seconds=perf_counter() - began,
        ),
        start=objective.restore(objective.start),
        options={
            **best.options,
            "max_seconds": max_seconds,
            "max_evaluations": max_evaluations,
        },
    )


@dataclass
class _Budget:
    """What is left of the time and of the evaluations for the whole search.

    Parameters
    ----------
    deadline : float
        On the clock of `perf_counter`; inf where there is none.
    evaluations : float
        How many are left; inf where there is no limit.
    """

    deadline: float
    evaluations: float

    @classmethod
    def of(cls, max_seconds: float | None, max_evaluations: int | None) -> _Budget:
        """Return the whole of what the user allows; raise `InputError` for what is no limit."""
        limits = chosen_limits(named("gradient"), None, max_seconds, max_evaluations)
        return cls(perf_counter() + limits.seconds, limits.evaluations)

    def half(self) -> Limits:
        """Return the limits of the common descent."""
        seconds = (self.deadline - perf_counter()) / 2
        return ROLLING._replace(seconds=seconds, evaluations=max(1.0, self.evaluations / 2))

    def rest(self) -> dict[str, float | int | None]:
        """Return the limits of the next descent, which may make one evaluation at least."""
        seconds = max(self.deadline - perf_counter(), 1e-9)
        return {
            "max_seconds": None if seconds == math.inf else seconds,
            "max_evaluations": (
                None if self.evaluations == math.inf else max(1, int(self.evaluations))
            ),
        }

    def is_spent(self) -> bool:
        """Return whether nothing is left."""
        return self.evaluations < 1 or perf_counter() >= self.deadline


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


def _heard(callback: Callback, asked: list[Step]) -> Callback:
    """Return a callback that notes where it asked to stop.

    A descent that is at its end anyway does not tell.
    """

    def noting(step: Step) -> Any:
        answer = callback(step)
        if answer:
            asked.append(step)
        return answer

    return noting


def _ends(
    objective: Objective,
    starts: Sequence[Vector],
    method: Any,
    options: dict[str, Any],
    budget: _Budget,
) -> Iterator[Result | None]:
    """Yield the descent from every start when it is asked for; None where it cannot begin."""
    for start in starts:
        try:
            yield descend(objective.started_at(start), method, **{**options, **budget.rest()})
        except NonFiniteError:
            yield None


def _ending_at_once(plan: Plan) -> Walk:
    """Return a walk that is interrupted at its start."""

    def rows() -> Generator[Row, None, Reason]:
        yield next(numpy_walk(plan).rows)
        raise KeyboardInterrupt

    return Walk(rows())


def _interrupted(best: Result) -> Result:
    """Return the lowest result of a search that was interrupted, which is said of it as well."""
    reason = Reason.INTERRUPTED
    message = reason.value + best.message.removeprefix(best.reason.value)
    status = list(Reason).index(reason) + 1
    return replace(best, reason=reason, as_asked=False, status=status, message=message)


def _groups(points: Vector, values: Vector) -> list[list[int]]:
    """Return which starts came to the same place, the lowest places first, as many as count.

    A place is the lowest start that is near no lower one, with all others that are near it.
    """
    order = np.argsort(values, kind="stable")
    left = order[np.isfinite(values[order])]
    groups: list[list[int]] = []
    while left.size and len(groups) < MOST_POLISHED:
        lowest = points[left[0]]
        apart = np.abs(points[left] - lowest).max(axis=1)
        near = apart <= NEAR * max(1.0, largest(lowest))
        groups.append(left[near].tolist())
        left = left[~near]
    return groups


def _distinct(found: list[tuple[Result, int]]) -> tuple[Minimum, ...]:
    """Return the minima, those that polishing showed to be the same joined."""
    kept: list[tuple[Result, int]] = []
    for result, count in sorted(found, key=lambda one: one[0].fun):
        if not result.success or result.verdict.kind in ("saddle", "maximum"):
            continue
        for place, (other, before) in enumerate(kept):
            if _same(other.position, result.position):
                kept[place] = (other, before + count)
                break
        else:
            kept.append((result, count))
    return tuple(Minimum(result.x, result.fun, count, result.position) for result, count in kept)


def _same(a: Vector, b: Vector) -> bool:
    """Return whether two points differ by less than a small share of their size."""
    return largest(np.asarray(a - b)) <= SAME * max(1.0, largest(np.asarray(a)))

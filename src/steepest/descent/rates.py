"""A learning rate that would have held, where one was too large."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

import numpy as np

from steepest.descent.curvature import largest_curvature
from steepest.descent.loop import Limits, Outcome, follow
from steepest.descent.methods import DirectionMethod
from steepest.descent.problem import Iterate
from steepest.descent.step_length import Constant
from steepest.descent.stopping import MaxSteps, Reason
from steepest.descent.walk import Plan, numpy_walk

TRIAL_STEPS = 100
"""For how many steps a rate must hold: too large a one on a bowl is called within these."""

HALVINGS = 30
"""How often a rate is halved before the search is given up."""


class HoldingRate(NamedTuple):
    """A rate that was run from the same start, stayed bounded and settled low.

    Attributes
    ----------
    rate : float
        The rate.
    steps : int
        For how many steps it was run.
    threshold : float or None
        The rate above which the curvature at the best point lets the method diverge, where both
        are known.
    """

    rate: float
    steps: int
    threshold: float | None


def rate_that_holds(plan: Plan, outcome: Outcome) -> HoldingRate | None:
    """Return a learning rate with which the same descent stays bounded, found by running it.

    The first candidate is half the threshold that the curvature at the best point sets for the
    method, or a tenth of the rate where the method has no known threshold; it is halved until a
    run from the same start stays below its ceiling and settles low. These runs take no longer
    than the descent itself did, or one second.

    Parameters
    ----------
    plan : Plan
        The descent that failed.
    outcome : Outcome
        What came of it.

    Returns
    -------
    HoldingRate or None
        None where the rate was not given by the user, or none was found in time.
    """
    method = plan.method
    if not (isinstance(method, DirectionMethod) and isinstance(method.length, Constant)):
        return None
    if outcome.last[0] == 0:
        return None
    rate = outcome.last[4]
    threshold = _threshold(plan, outcome)
    candidate = rate / 10 if threshold is None else min(threshold, rate) / 2
    deadline = perf_counter() + max(1.0, outcome.seconds[-1])
    for _ in range(HALVINGS):
        limits = Limits(TRIAL_STEPS, seconds=deadline - perf_counter())
        if limits.seconds <= 0:
            break
        if _holds(plan, replace(method, learning_rate=candidate), limits):
            return HoldingRate(candidate, TRIAL_STEPS, threshold)
        candidate /= 2
    return None


def _threshold(plan: Plan, outcome: Outcome) -> float | None:
    """Return the rate at which the method begins to diverge at the best point."""
    curvature = largest_curvature(plan.objective, np.asarray(outcome.best[1], dtype=np.float64))
    if curvature is None or not curvature > 0:
        return None
    return plan.method.stable_rate(curvature)


def _holds(plan: Plan, method: DirectionMethod, limits: Limits) -> bool:
    """Return whether a run with this rate stays bounded and settles low.

    The last steps must keep all but a hundredth of the fall to the lowest point seen: a rate
    just below the one that diverges may swing across a minimum for ever.
    """
    trial = plan.again(method, MaxSteps(limits.steps), limits.steps)
    walk = numpy_walk(trial)
    first = next(walk.rows)
    rate = method.first_rate(Iterate(plan.objective.start, first[2], np.asarray(first[3])))
    outcome = follow(first, walk, trial.stop, limits, rate)
    if outcome.reason not in {Reason.MAX_STEPS, Reason.NO_FURTHER_FALL}:
        return False
    lowest = outcome.best[2]
    return max(row[2] for row in outcome.rows[-10:]) <= lowest + 0.01 * (first[2] - lowest)

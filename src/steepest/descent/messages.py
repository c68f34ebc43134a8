"""Why a descent ended, as one message: the reason's sentence, and the numbers of this run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from steepest.descent.loop import Outcome
from steepest.descent.methods import DirectionMethod, Method
from steepest.descent.rates import HoldingRate
from steepest.descent.stationarity import Stationarity
from steepest.descent.stopping import Reason
from steepest.descent.walk import Row
from steepest.errors import NonFiniteError
from steepest.objective import Objective, Vector


def message_of(
    objective: Objective,
    method: Method,
    outcome: Outcome,
    found: Stationarity,
    holding: HoldingRate | None,
) -> str:
    """Return why a descent ended.

    Parameters
    ----------
    objective : Objective
        The function, which can name what made it not finite.
    method : Method
        What made the steps; the rate is spoken of where it has one.
    outcome : Outcome
        What came of the loop.
    found : Stationarity
        What is known of the gradient at the best point.
    holding : HoldingRate, optional
        After a mishap, a learning rate that was run and held.

    Returns
    -------
    str
    """
    return " ".join([outcome.reason.value, *_details(objective, method, outcome, found, holding)])


def _details(
    objective: Objective,
    method: Method,
    outcome: Outcome,
    found: Stationarity,
    holding: HoldingRate | None,
) -> Iterator[str]:
    """Yield the sentences that hold for this run alone."""
    step, _, value, _, rate, _, _ = outcome.last
    first_value = outcome.rows[0][2]
    rated = f", with learning rate {rate:.6g}" if isinstance(method, DirectionMethod) else ""
    if outcome.reason in {Reason.DIVERGED, Reason.UNBOUNDED}:
        yield (f"It went from {first_value:.6g} at the start to {value:.6g} at step {step}{rated}.")
    elif outcome.reason is Reason.NOT_FINITE:
        cause = objective.locate_non_finite(_last_finite_point(outcome))
        place = f"This was at step {step}{rated}"
        yield f"{place}: {cause}." if cause else f"{place}."
    elif outcome.reason is Reason.GRADIENT and not found.shown and outcome.best[0] != step:
        yield (
            f"That was at step {step}, with value {value:.6g}. The best point, step "
            f"{outcome.best[0]} with value {outcome.best[2]:.6g}, is lower; there {found.text}."
        )
        return
    else:
        yield f"At the best point, step {outcome.best[0]}, {found.text}."
        return
    yield f"The best point, step {outcome.best[0]} with value {outcome.best[2]:.6g}, is kept."
    if holding is not None:
        yield (
            f"Suggested: learning_rate={holding.rate:.6g}, which held when run from the same "
            f"start for {holding.steps} steps."
        )
        if holding.threshold is not None and holding.threshold <= rate:
            yield f"The curvature at the best point allows rates below {holding.threshold:.4g}."


def require_finite_start(objective: Objective, first: Row) -> None:
    """Raise `NonFiniteError` where a descent cannot begin.

    Raises
    ------
    NonFiniteError
        If the value or the gradient at the start is not finite, naming what made it so.
    """
    _, x, value, gradient, *_ = first
    if np.isfinite(value) and np.isfinite(gradient).all():
        return
    place = ", ".join(
        f"{name}={component:.6g}" for name, component in zip(objective.names[:6], x, strict=False)
    )
    what = f"the value is {value}" if not np.isfinite(value) else "the gradient is not finite"
    cause = objective.locate_non_finite(np.asarray(x, dtype=np.float64))
    raise NonFiniteError(
        f"A descent cannot begin at {place}: {what} there{f' ({cause})' if cause else ''}. "
        "Start where the function and its gradient are finite."
    )


def _last_finite_point(outcome: Outcome) -> Vector:
    """Return the last point whose coordinates are finite: the function failed there or after."""
    points = (np.asarray(row[1], dtype=np.float64) for row in reversed(outcome.rows))
    return next(point for point in points if np.isfinite(point).all())

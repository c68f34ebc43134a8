"""What a fit says of itself: its constants, how good it is, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steepest.fitting.quality import remarks
from steepest.objective import Vector

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit

MOST_SHOWN = 12
"""How many constants are listed."""


def explanation(fit: Fit) -> str:
    """Return in a few lines what was fitted, how well, and how it ended."""
    rows = f"{fit.criterion.count} rows"
    if fit.dropped:
        rows += f" ({fit.dropped} left out, in which a number was missing)"
    lines = [
        f"Fitted {fit.model.text} to {rows}.",
        *_constants(fit),
        _goodness(fit),
        *_penalties(fit),
        *([] if fit.criterion.loss.scores else remarks(fit)),
        _ending(fit),
        *(f"Note: {notice}" for notice in fit.notices),
    ]
    return "\n".join(lines)


def _constants(fit: Fit) -> list[str]:
    """Return one line for each parameter, and why errors are missing."""
    errors, restrictions = fit.standard_errors, fit.criterion.restrictions
    lines = []
    for name, value in list(fit.parameters.items())[:MOST_SHOWN]:
        if np.ndim(value):
            lines.append(f"  {name}: {np.size(value)} numbers of shape {np.shape(value)}")
        elif name in restrictions.fixed:
            lines.append(f"  {name} = {value:.10g} (fixed)")
        else:
            text = f"{value:.10g}" if errors is None else with_error(value, errors[name])
            tie = restrictions.ties.get(name)
            lines.append(f"  {name} = {text}" + (f" (tied: {tie.text})" if tie else ""))
    left = len(fit.parameters) - MOST_SHOWN
    if left > 0:
        lines.append(f"  and {left} more")
    if errors is None:
        lines.append(f"No standard errors: {fit.why_no_errors}.")
    return lines


def _goodness(fit: Fit) -> str:
    """Return loss and what it means."""
    loss, rows = fit.criterion.loss, fit.criterion.rows
    parts = [f"{name_of_loss(fit)} = {fit.loss:.6g}"]
    if not loss.scores:
        # A model that explains nothing leaves a rounding error, of either sign.
        parts.append(f"R² = {round(fit.r_squared, 12) + 0.0:.6g}")
    if loss.squares and fit.absolute_sigma:
        parts.append(f"reduced χ² = {fit.reduced_chi_squared:.4g}")
    if loss.name in ("log", "hinge", "cross_entropy"):
        parts.append(f"{_share_right(loss.name, fit.fitted, rows.target):.1%} classified right")
    return ", ".join([*parts, f"{fit.degrees_of_freedom} degrees of freedom."])


def name_of_loss(fit: Fit) -> str:
    """Return what the loss is called where rows count differently."""
    name = fit.criterion.loss.name
    if fit.criterion.rows.weights is None:
        return name
    return "χ²" if name == "sse" and fit.absolute_sigma else f"weighted {name}"


def _penalties(fit: Fit) -> list[str]:
    """Return what the parameters were pulled by."""
    penalty = fit.criterion.penalty
    parts = [
        f"{kind} of {', '.join(f'{name} ({share:g})' for name, share in shares.items())}"
        for kind, shares in (("l1", penalty.l1), ("l2", penalty.l2))
        if shares
    ]
    if not parts:
        return []
    zeros = [name for name in penalty.l1 if not np.any(fit.parameters[name])]
    gone = f" It set {', '.join(zeros)} to 0." if zeros else ""
    return [f"Penalised: {', '.join(parts)}; {penalty(fit.free):.6g} in all.{gone}"]


def _ending(fit: Fit) -> str:
    """Return how the descent ended."""
    steps, calls = fit.result.nit, fit.result.nfev
    how = (
        f"{fit.result.method} in {steps} step{'s' * (steps != 1)}, {calls} "
        f"evaluation{'s' * (calls != 1)}"
    )
    if fit.success:
        return f"Converged: {how}."
    if fit.epochs and fit.result.as_asked:
        return _last_epochs(fit)
    begun = "Ended" if fit.result.as_asked else "Not converged"
    return f"{begun}: {how}. {fit.result.message}"


def _last_epochs(fit: Fit) -> str:
    """Return how a fit by batches ended."""
    last = fit.epochs[-1]
    text = (
        f"Ended as asked: {fit.result.method} in {last.number} epochs, {fit.result.nit} "
        f"steps; the loss of the last epoch was {last.loss:.6g}."
    )
    losses = [one.held_out_loss for one in fit.epochs if one.held_out_loss is not None]
    if not losses:
        return text
    best = int(np.argmin(losses))
    waited = f" {last.number - best - 1} more lowered it no further." * (best + 1 < last.number)
    return (
        f"{text} The rows held out had their least loss, {losses[best]:.6g}, after epoch "
        f"{best + 1}, whose parameters these are.{waited}"
    )


def _share_right(name: str, scores: Vector, target: Vector) -> float:
    """Return the share of rows whose class has the highest score."""
    if name == "cross_entropy":
        return float(np.mean(np.argmax(scores, axis=1) == target))
    return float(np.mean((scores > 0) == (target > (0.5 if name == "log" else 0.0))))


def with_error(value: float, error: float) -> str:
    """Return a value and its error, the error to two digits and the value to as many places.

    Examples
    --------
    >>> with_error(2.51269, 0.01221), with_error(7123456.0, 1240.0), with_error(-1e-9, 0.1)
    ('2.513 ± 0.012', '7123500 ± 1200', '0.00 ± 0.10')
    """
    if not 0 < error < np.inf:
        return f"{value:.10g} ± {error:g}"
    places = 1 - int(np.floor(np.log10(error)))
    if -6 <= places <= 8:
        shown = max(places, 0)
        # Adding 0 takes the sign from a zero.
        return f"{round(value, places) + 0.0:.{shown}f} ± {round(error, places):.{shown}f}"
    digits = max(1, places + int(np.floor(np.log10(abs(value) or error))) + 1)
    return f"{value:.{digits}g} ± {error:.2g}"

"""Lines against the step number: value, gradient, variables."""

from __future__ import annotations

import numpy as np

from steepest.figures.data import Line, Panel, finite_or_nan
from steepest.figures.run import Walked
from steepest.figures.thinning import keep_spikes
from steepest.objective import Vector

MOST_TRACES = 12
"""More lines than this cannot be told apart."""


def convergence_panels(history: Walked) -> tuple[Panel, ...]:
    """Extract value and gradient norm against steps."""
    gradient = _progress("‖∇f‖∞", [("gradient", history.step, history.gradient_norm)])
    return value_panel([("value", history)]), gradient


def value_panel(histories: list[tuple[str, Walked]]) -> Panel:
    """Extract the height above the best value of all, or the value where that says nothing."""
    finite = np.concatenate([finite_or_nan(history.fun) for _, history in histories])
    best = float(np.nanmin(finite)) if np.isfinite(finite).any() else 0.0
    above = [(name, history.step, history.fun - best) for name, history in histories]
    panel = _progress("f − best f", above)
    if panel.logarithmic:
        return panel
    values = [(name, history.step, history.fun) for name, history in histories]
    return Panel("f", tuple(_line(*series) for series in values), logarithmic=False)


def traces_panel(history: Walked) -> Panel:
    """Extract every variable against steps; of many variables, those that moved most."""
    travelled = np.ptp(np.where(np.isfinite(history.x), history.x, 0.0), axis=0)
    shown = np.sort(np.argsort(-travelled, kind="stable")[:MOST_TRACES])
    lines = tuple(_line(history.names[i], history.step, history.x[:, i]) for i in shown)
    hidden = len(history.names) - len(lines)
    label = f"variables ({hidden:,} that moved less not shown)" if hidden else "variables"
    return Panel(label, lines, logarithmic=False)


def _progress(label: str, series: list[tuple[str, Vector, Vector]]) -> Panel:
    """Return a panel with a logarithmic axis where the numbers span more than a decade."""
    everything = np.concatenate([y for _, _, y in series])
    positive = everything[np.isfinite(everything) & (everything > 0)]
    logarithmic = bool(positive.size > 1 and positive.max() > 10 * positive.min())
    # A logarithm has no place for zero: such points are left out of the line.
    shown = [(name, x, np.where(y > 0, y, np.nan) if logarithmic else y) for name, x, y in series]
    return Panel(label, tuple(_line(*one) for one in shown), logarithmic)


def _line(name: str, x: Vector, y: Vector) -> Line:
    kept = keep_spikes(finite_or_nan(y))
    return Line(name, x[kept], finite_or_nan(y)[kept])

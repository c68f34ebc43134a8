"""Is this gradient right? Exact or hand-written derivatives against central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.derivative.numerical import CENTRAL_STEP
from steepest.functions.bound import BoundFunction
from steepest.functions.objectives import objective
from steepest.objective import Vector

TOLERANCE = 1e-6
"""Error that counts as agreement, relative to max(|gradient|, FLOOR)."""

FLOOR = 1e-2
"""Below this size, and relative to the largest component, errors count absolutely."""

STEPS = (1.0, 10.0, 100.0, 0.1)
"""Factors by which the step of the differences is varied; the best agreement counts."""


@dataclass(frozen=True)
class GradientCheckRow:
    """One partial derivative, checked.

    Attributes
    ----------
    name : str
        The variable.
    gradient, numerical : float
        The derivative under test, and its central difference.
    error : float
        Their distance.
    allowed : float
        The largest distance that counts as agreement.
    """

    name: str
    gradient: float
    numerical: float
    error: float
    allowed: float

    @property
    def agrees(self) -> bool:
        """Whether the two agree."""
        return bool(np.isfinite(self.error) and self.error <= self.allowed)


@dataclass(frozen=True)
class GradientCheck:
    """The result of `check_gradient`.

    Attributes
    ----------
    rows : tuple of GradientCheckRow
        One for each variable.
    verdict : str
        The outcome in a sentence.

    Examples
    --------
    >>> import steepest as st
    >>> report = st.check_gradient("x**3 - 4*x - y**2", [1.8, -1])
    >>> report.agrees, report.verdict, len(report.rows)
    (True, 'The gradient agrees with central differences in both variables.', 2)
    """

    rows: tuple[GradientCheckRow, ...]
    verdict: str

    @property
    def agrees(self) -> bool:
        """Whether every partial derivative agrees."""
        return all(row.agrees for row in self.rows)

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        width = max([len(row.name) for row in self.rows] + [8])
        lines = [f"{'variable':<{width}}  {'gradient':>14}  {'numerical':>14}  {'error':>8}"]
        for row in self.rows[:20]:
            mark = "" if row.agrees else "  <- differs"
            lines.append(
                f"{row.name:<{width}}  {row.gradient:>14.8g}  {row.numerical:>14.8g}  "
                f"{row.error:>8.1e}{mark}"
            )
        if len(self.rows) > 20:
            lines.append(f"... and {len(self.rows) - 20} more")
        return "\n".join([*lines, self.verdict])

    __repr__ = __str__


def check_gradient(
    fun: Any, x: Any, jac: Callable[..., Any] | None = None, args: tuple[Any, ...] = ()
) -> GradientCheck:
    """Compare a gradient with central differences, component by component.

    Parameters
    ----------
    fun : callable, formula or Function
        The function.
    x : number, sequence, array or mapping
        Where.
    jac : callable, optional
        The gradient to check; by default the one this library derives.
    args : tuple, optional
        Further arguments of ``fun`` and ``jac``.

    Returns
    -------
    GradientCheck
        True where all agree; prints as a table with a verdict.

    Notes
    -----
    A component agrees when its error is at most 1e-6 max(|gradient|, 0.01), or what
    rounding of the function's values makes of the difference, whichever is larger.
    Several steps are tried and the closest difference is taken.

    Examples
    --------
    >>> print(check_gradient("x**3 - 4*x - y**2", [1.8, -1]).verdict)
    The gradient agrees with central differences in both variables.
    """
    bound = objective(fun, x, args, jac)
    gradient = np.asarray(bound.gradient(bound.start), dtype=np.float64)
    value = abs(bound.value(bound.start))
    largest = np.max(np.abs(gradient), initial=0.0, where=np.isfinite(gradient))
    floor = max(FLOOR, FLOOR * float(largest))
    rows = []
    for i, name in enumerate(bound.names):
        numerical, noise = _closest(bound.value, bound.start, i, float(gradient[i]), value)
        error = abs(float(gradient[i]) - numerical)
        allowed = max(TOLERANCE * max(abs(float(gradient[i])), floor), noise)
        rows.append(GradientCheckRow(name, float(gradient[i]), numerical, error, allowed))
    return GradientCheck(tuple(rows), _verdict(rows))


def check_along(objective: BoundFunction, x: Vector) -> str | None:
    """Compare a gradient with a central difference along one direction, the same every time.

    Returns
    -------
    str or None
        What is wrong, as a sentence; None where the two agree or cannot be compared.
    """
    direction = np.random.default_rng(0).choice([-1.0, 1.0], x.size)
    gradient = np.asarray(objective.value_and_gradient(x)[1], dtype=np.float64)
    expected = float(gradient @ direction)

    if objective.lower is not None and objective.upper is not None:
        # Variables without room on both sides keep still.
        reach = max(STEPS) * CENTRAL_STEP
        inside = (x - reach >= objective.lower) & (x + reach <= objective.upper)
        direction = np.where(inside, direction, 0.0)
        expected = float(gradient @ direction)

    def along(t: Vector) -> float:
        return objective.value(x + float(t[0]) * direction)

    numerical, noise = _closest(along, np.zeros(1), 0, expected, abs(objective.value(x)))
    allowed = max(1e-4 * float(np.max(np.abs(gradient), initial=FLOOR)), noise)
    if not np.isfinite([numerical, expected]).all() or abs(numerical - expected) <= allowed:
        return None
    return (
        f"The gradient given as jac does not fit the function at the start: along one direction "
        f"it says {expected:.6g}, and differences of the function say {numerical:.6g}. "
        "check_gradient(fun, x0, jac) shows which variable it is."
    )


def _closest(
    value: Callable[[Vector], float], x: Vector, i: int, target: float, size: float
) -> tuple[float, float]:
    """Return the central difference closest to ``target``, and the rounding noise in it."""
    best, noise = np.nan, 0.0
    for factor in STEPS:
        step = factor * CENTRAL_STEP * max(1.0, abs(float(x[i])))
        forward, backward = x.astype(np.float64), x.astype(np.float64)
        forward[i] += step
        backward[i] -= step
        slope = (value(forward) - value(backward)) / float(forward[i] - backward[i])
        if np.isnan(best) or abs(slope - target) < abs(best - target):
            best, noise = slope, 4 * float(np.finfo(float).eps) * size / step
    return best, noise


def _verdict(rows: list[GradientCheckRow]) -> str:
    wrong = [row for row in rows if not row.agrees]
    count = len(rows)
    where = "in the variable" if count == 1 else "in both variables"
    if not wrong:
        where = where if count <= 2 else f"in all {count} variables"
        return f"The gradient agrees with central differences {where}."
    worst = max(wrong, key=lambda row: row.error if np.isfinite(row.error) else np.inf)
    ratio = worst.gradient / worst.numerical if worst.numerical else np.nan
    ratio = ratio if np.isfinite(ratio) else 0.0
    hint = ""
    if np.isclose(ratio, -1, rtol=1e-4):
        hint = " It has the wrong sign."
    elif np.isclose(ratio, round(ratio), rtol=1e-4) and 2 <= round(ratio) <= 10:
        hint = f" It is {round(ratio)} times too large."
    elif ratio and np.isclose(1 / ratio, round(1 / ratio), rtol=1e-4) and round(1 / ratio) >= 2:
        hint = f" It is {round(1 / ratio)} times too small."
    return (
        f"The gradient differs from central differences in {len(wrong)} of {count} "
        f"variable{'s' * (count != 1)}, most in {worst.name}: {worst.gradient:.6g} against "
        f"{worst.numerical:.6g}.{hint} Either it is wrong, or the function has a kink here."
    )

"""Whether a point has been shown to be stationary: its gradient is zero, as far as can be told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from steepest.descent.face import face_of, slope_of_rounding
from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.problem import Iterate, Problem
from steepest.objective import Objective, Vector

PROBE = 1e-3
"""How far, relative to max(1, |x|), f is probed where its numerical gradient is exactly 0."""

TURNS = (1e-14, 1e-12, 1e-10, 1e-8, 1e-6)
"""How far, relative to max(1, |x|), a kink is looked for where a descent stood still."""


class Stationarity(NamedTuple):
    """What is known of the gradient at a point.

    Attributes
    ----------
    shown : bool
        Whether the point was shown to be stationary.
    gradient_norm : float
        ‖g‖∞ there.
    goal : float
        What ‖g‖∞ had to come down to.
    text : str
        The evidence, as a part of a sentence.
    kink : bool, default False
        Whether the slope was seen to turn beside the point, so that no gradient there is small.
    """

    shown: bool
    gradient_norm: float
    goal: float
    text: str
    kink: bool = False


# A curvature that overflows is not finite, and shows nothing.
@np.errstate(over="ignore", invalid="ignore")
def judge(
    problem: Problem, here: Iterate, goal: float, standstill: bool, closely: bool = True
) -> Stationarity:
    """Judge whether a point is stationary.

    It is, where one of these holds:

    1. The gradient is at its goal, ‖g‖∞ ≤ goal. A numerical gradient of exactly 0 must stand
       one more test: f must not fall on one side only, a thousandth of x away. Where f is
       computed in single precision, differences can be 0 on a slope.
    2. The gradient is what the rounding of x leaves of it, ‖g‖∞ ≤ ‖H s‖∞, where s_i is
       8 ε |x_i| with the sign of g_i: floats near x have no smaller one.
    3. The descent stood still, the fall that is left, ‖g‖∞² / (2 L), is below the rounding of f,
       L being the curvature along g, and f really is not lower at half, once and twice the
       distance 1/L down the slope.

    Parameters
    ----------
    problem : Problem
        The function; within bounds, g is the projected gradient, and only the variables that
        no bound holds are looked at.
    here : Iterate
        The point.
    goal : float
        The goal for ‖g‖∞.
    standstill : bool
        Whether the descent ended because it could go no lower.
    closely : bool, default True
        Whether to look at more than the goal. Steps on parts of a function, each with a gradient
        of its own, never come as near as rounding.

    Returns
    -------
    Stationarity
    """
    size = largest(problem.slope(here))
    objective, x, value, gradient = face_of(problem, here, goal)
    epsilon = epsilon_of(gradient)
    if size <= goal:
        if size == 0 and objective.differentiation == "numerical":
            hidden = _hidden_slope(objective, x, value)
            if hidden is not None:
                return Stationarity(False, size, goal, hidden)
        return Stationarity(True, size, goal, f"the gradient is {size:.3g} (goal {goal:.3g})")
    above = f"the gradient is {size:.3g}, above its goal of {goal:.3g}"
    if not np.isfinite(size):
        return Stationarity(False, size, goal, f"the gradient is {size}")
    if size == 0 or not gradient.any() or not closely:
        return Stationarity(False, size, goal, above)
    # Where it did not stand still, one product with the Hessian mostly says it all.
    if not standstill and size > slope_of_rounding(objective, x, gradient):
        return Stationarity(False, size, goal, above)
    # In two steps, since the squares of a large gradient overflow.
    down = gradient / largest(gradient)
    down /= np.linalg.norm(down)
    curvature = float(np.linalg.norm(objective.hessian_vector(x, down)))
    if standstill:
        turn = _turn(objective, x, down, curvature / size)
        if turn is not None:
            text = f"{above}, but within {turn:.0e} down the slope it turns uphill: a kink"
            return Stationarity(False, size, goal, text, kink=True)
    if not (np.isfinite(curvature) and curvature > 0):
        return Stationarity(False, size, goal, above)
    if size <= slope_of_rounding(objective, x, gradient):
        text = f"the gradient is {size:.3g}, which is what the rounding of x leaves of it"
        return Stationarity(True, size, goal, text)
    fall = size * size / (2 * curvature)
    noise = rounding(value, epsilon)
    if (
        standstill
        and fall <= noise
        and not _falls(objective, x, value - noise, gradient / curvature)
    ):
        text = (
            f"the gradient is {size:.3g}, and the fall of about {fall:.1g} that is left "
            f"is below the rounding of the value {value:.6g}"
        )
        return Stationarity(True, size, goal, text)
    return Stationarity(False, size, goal, above)


def _falls(objective: Objective, x: Vector, bound: float, move: Vector) -> bool:
    """Return whether f is below a bound at half, once or twice a move down the slope."""
    return any(objective.value(x - share * move) < bound for share in (0.5, 1.0, 2.0))


def _turn(objective: Objective, x: Vector, down: Vector, bend: float) -> float | None:
    """Return how far down the slope it turns uphill although the curvature does not explain it.

    Parameters
    ----------
    down : ndarray, shape (n,)
        Up the slope, of length 1; the way is against it.
    bend : float
        The curvature along it as a share of the slope: a smooth slope turns at 1 / bend.
    """
    for share in TURNS:
        distance = share * max(1.0, largest(x))
        if not distance * bend < 0.5:
            return None
        _, beyond = objective.value_and_gradient(x - distance * down)
        if float(beyond @ down) < 0:
            return distance
    return None


def _hidden_slope(objective: Objective, x: Vector, value: float) -> str | None:
    """Say along which variable f falls on one side only; None where it does nowhere."""
    # Differences below this may be the rounding of a function that computes in float32.
    noise = 1e-6 * abs(value)
    for i, name in enumerate(objective.names):
        step = np.zeros(objective.size)
        step[i] = PROBE * max(1.0, abs(x[i]))
        below = [objective.value(x + side * step) < value - noise for side in (-1, 1)]
        if below[0] != below[1]:
            return (
                "the numerical gradient is 0, but f is lower at "
                f"{name} {'-' if below[0] else '+'} {step[i]:.3g}: "
                "it is too coarse for differences so small"
            )
    return None

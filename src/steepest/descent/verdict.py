"""What was found: a minimum, a saddle, a maximum, something flat, or nothing stationary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steepest.descent.conditioning import conditioning, is_positive
from steepest.descent.curvature import LANCZOS_STEPS, extremes, is_dense, symmetric_hessian
from steepest.descent.face import face_of
from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.problem import Iterate, Problem
from steepest.descent.stationarity import Stationarity
from steepest.objective import Objective, Vector
from steepest.threads import in_one_thread

KINDS = ("minimum", "saddle", "maximum", "flat", "not stationary", "undetermined")

SHOWN_EIGENVALUES = 50
"""Up to so many variables a verdict lists the eigenvalues."""

PROBES = (1e-3, 1e-2)
"""How far, relative to max(1, ‖x‖∞), f is probed along directions without curvature."""

FAR = 1e-2
"""Of max(1, ‖x‖∞): a minimum that a longer Newton step points at is not here."""

UPHILL = 1e-3
"""Of the slope at the point: a steeper rise ahead shows that the function turns uphill."""

AHEAD = (1, 4, 16, 64)
"""How many times as far as Newton's step the function is looked at, whether it turns uphill."""


@dataclass(frozen=True)
class Verdict:
    """What kind of point was found, with the numbers behind it.

    Parameters
    ----------
    kind : str
        One of ``"minimum"``, ``"saddle"``, ``"maximum"``, ``"flat"`` (level in every
        direction), ``"not stationary"``, ``"undetermined"``.
    text : str
        The same in a sentence, with the evidence.
    gradient_norm : float
        ‖g‖∞ at the point.
    goal : float
        What it had to come down to.
    eigenvalues : tuple of float, optional
        Of the Hessian, ascending, for up to 50 variables; None where they were not needed.
    scaling : str, optional
        What the condition number says of the valley and of the variables' units, where it is
        worth a word.
    """

    kind: str
    text: str
    gradient_norm: float
    goal: float
    eigenvalues: tuple[float, ...] | None = None
    scaling: str | None = None

    def __str__(self) -> str:
        return self.text


def verdict_of(problem: Problem, here: Iterate, found: Stationarity) -> Verdict:
    """Say what a point is.

    The signs of the Hessian's eigenvalues decide. In directions whose eigenvalue cannot be told
    from 0, f itself is probed. Beyond 200 variables (50 where derivatives are numerical) only the
    extreme eigenvalues are estimated,
    which can prove a saddle but not a minimum.

    Parameters
    ----------
    problem : Problem
        The function; variables that a bound holds are left as they are.
    here : Iterate
        The point.
    found : Stationarity
        What is known of the gradient.

    Returns
    -------
    Verdict
    """
    numbers = (found.gradient_norm, found.goal)
    if not found.shown:
        opening = "Not shown to be stationary" if found.kink else "Not a stationary point"
        return Verdict("not stationary", f"{opening}: {found.text}.", *numbers)
    objective, x, value, gradient = face_of(problem, here, found.goal)
    if not objective.size:
        corner = "every variable is held at a bound"
        return Verdict("minimum", _sentence("minimum", found, corner), *numbers)
    if not is_dense(objective):
        kind, curvatures = _judged_by_extremes(objective, x, value)
        return Verdict(kind, _sentence(kind, found, curvatures), *numbers)
    hessian = symmetric_hessian(objective, x)
    if hessian is None:
        kind, curvatures = "undetermined", "the Hessian there is not finite"
        return Verdict(kind, _sentence(kind, found, curvatures), *numbers)
    eigenvalues, eigenvectors = in_one_thread(np.linalg.eigh, hessian)
    noise = _noise(objective, x, value, float(np.abs(eigenvalues).max()))
    uncertain = np.abs(eigenvalues) <= noise
    # Sure also of directions whose curvature is small beside the largest.
    positive = objective.differentiation != "numerical" and is_positive(hessian)
    if positive:
        uncertain[:] = False
    level = eigenvectors.T[uncertain]
    changes = [_bend(objective, x, value, gradient, direction) for direction in level]
    rises = bool((eigenvalues > noise).any()) or any(up for up, _ in changes)
    falls = bool((eigenvalues < -noise).any()) or any(down for _, down in changes)
    kind = {
        (True, True): "saddle",
        (True, False): "minimum",
        (False, True): "maximum",
        (False, False): "flat",
    }[rises, falls]
    curvatures = _described(eigenvalues, len(level), sum(not (u or d) for u, d in changes))
    shown = tuple(eigenvalues.tolist()) if objective.size <= SHOWN_EIGENVALUES else None
    if positive and problem.box is None:
        kind, ahead = _looked_ahead(objective, x, gradient, hessian)
        curvatures += ahead
    scaling = conditioning(hessian, objective.names) if kind == "minimum" else None
    return Verdict(kind, _sentence(kind, found, curvatures), *numbers, shown, scaling)


# Far out a function may overflow.
@np.errstate(all="ignore")
def _looked_ahead(
    objective: Objective, x: Vector, gradient: Vector, hessian: Vector
) -> tuple[str, str]:
    """Return what a place is that curves upwards, and where, if far off, its minimum is.

    A gradient at its goal may be that of a minimum some way off, or of none: where f falls like eˣ,
    or like the loss of a classifier that tells its classes apart without fail, gradient and
    curvature become small together, and no point is ever nearer to a minimum.
    """
    step = -np.asarray(in_one_thread(np.linalg.solve, hessian, gradient), dtype=np.float64)
    distance = largest(step)
    if not FAR * max(1.0, largest(x)) < distance < np.inf:
        return "minimum", ""
    text = f", which places the minimum {distance:.3g} away"
    for times in AHEAD:
        _, slope = objective.value_and_gradient(x + times * step)
        # Along other directions than that of the fall the step may go a little too far.
        if not slope @ step <= UPHILL * abs(gradient @ step):
            return "minimum", f"{text}: a smaller tol goes nearer"
    return "undetermined", f"{text}, but {AHEAD[-1]} times as far it still falls: it may have none"


def _noise(objective: Objective, x: Vector, value: float, top: float) -> float:
    """Return the size below which an eigenvalue cannot be told from 0.

    Exact second derivatives carry rounding relative to the largest one. Differences with the
    best step, about the fourth root of ε, also carry about √ε |f| of the value's own rounding.
    """
    if objective.differentiation != "numerical":
        return 1e-8 * top
    return max(1e-4 * top, 1e-6 * abs(value) / max(1.0, largest(x)) ** 2)


def _bend(
    objective: Objective, x: Vector, value: float, gradient: Vector, direction: Vector
) -> tuple[bool, bool]:
    """Return whether f rises above, and falls below, its tangent along ± a direction."""
    noise = rounding(value, epsilon_of(gradient))
    for share in PROBES:
        distance = share * max(1.0, largest(x))
        bends = [
            objective.value(x + side * distance * direction)
            - (value + side * distance * float(gradient @ direction))
            for side in (-1, 1)
        ]
        up, down = (max(bends) > noise), (min(bends) < -noise)
        if up or down:
            return up, down
    return False, False


def _judged_by_extremes(objective: Objective, x: Vector, value: float) -> tuple[str, str]:
    """Return the kind that the extreme eigenvalues prove, and what they are."""
    ends = extremes(objective, x)
    if ends is None:
        return "undetermined", "the Hessian there is not finite"
    lowest, highest = ends
    noise = _noise(objective, x, value, max(abs(lowest), abs(highest)))
    span = f"from {lowest:.3g} to {highest:.3g}"
    seen = f"the curvatures seen in {LANCZOS_STEPS} Lanczos steps go {span}"
    if lowest < -noise and highest > noise:
        return "saddle", seen
    return "undetermined", f"{seen}, which proves no sign for all {objective.size} directions"


def _described(eigenvalues: Vector, uncurved: int, level: int) -> str:
    """Return the eigenvalues and what probing the uncurved directions showed."""
    n = len(eigenvalues)
    if n == 1:
        text = f"the second derivative is {eigenvalues[0]:.3g}"
        which = "it"
    else:
        text = f"the curvatures go from {eigenvalues[0]:.3g} to {eigenvalues[-1]:.3g}"
        which = f"{uncurved} of {n}"
    if uncurved > 0:
        text += f"; {which} cannot be told from 0, so that values around the point decide"
    if 0 < level < n:
        text += f"; along {level} of {n} directions the function is level as far as was probed"
    return text


def _sentence(kind: str, found: Stationarity, curvatures: str) -> str:
    """Return a verdict in words."""
    opening = {
        "minimum": "A minimum",
        "saddle": "A saddle, not a minimum: the function falls on some sides and rises on others",
        "maximum": "A maximum, not a minimum",
        "flat": "A flat place: the function does not change around it",
        "undetermined": "A stationary point of undetermined kind",
    }[kind]
    return f"{opening}: {found.text}, and {curvatures}."

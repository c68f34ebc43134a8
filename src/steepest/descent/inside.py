"""One step from inside: what the gradient gave, and what the method made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from steepest.descent.measures import largest
from steepest.errors import InputError
from steepest.objective import Vector

Share = Literal["gradient", "momentum", "scaling", "curvature", "memory and scaling"]

OWN: dict[str, Share] = {
    "momentum": "momentum",
    "nesterov": "momentum",
    "conjugate-gradient": "momentum",
    "rmsprop": "scaling",
    "adagrad": "scaling",
    "l-bfgs": "curvature",
    "bfgs": "curvature",
    "newton": "curvature",
}
"""What methods that do a single thing with the gradient do."""

WITHOUT_LENGTH = ("newton",)
"""Methods whose steps are no multiples of a rate: the gradient counts as it is."""

ROUNDING = 1e-9
"""A part below this share of the step is none."""


class Kept(Protocol):
    """The columns of a history that one step is read from."""

    @property
    def step(self) -> Any:
        """The number of each point."""

    @property
    def x(self) -> Vector:
        """The points, shape (k + 1, n)."""

    @property
    def fun(self) -> Vector:
        """The values."""

    @property
    def gradient(self) -> Vector:
        """The gradients, shape (k + 1, n)."""

    @property
    def rate(self) -> Vector:
        """The rate of the step that led to each point."""


class Stepped(Protocol):
    """A descent."""

    @property
    def history(self) -> Kept:
        """Its points."""

    @property
    def method(self) -> str:
        """The method's name."""

    @property
    def options(self) -> Mapping[str, Any]:
        """The method's options."""

    @property
    def box(self) -> Any:
        """The bounds, where there are any."""


@dataclass(frozen=True, eq=False)
class InsideStep:
    """One step, taken apart.

    Parameters
    ----------
    number : int
        Of the step, from 1 up.
    rate : float
    before, after : ndarray, shape (n,)
        The points it leads from and to.
    values : tuple of float
        f at both.
    gradient : ndarray, shape (n,)
        Where it begins.
    parts : dict of str to ndarray
        What adds up to the step: under ``"gradient"`` minus the rate times the gradient, and
        then, as far as the method does it, what ``"momentum"``, ``"scaling"`` and ``"curvature"``
        change of it; ``"memory and scaling"`` where these cannot be told apart.
    """

    number: int
    rate: float
    before: Vector
    after: Vector
    values: tuple[float, float]
    gradient: Vector
    parts: Mapping[Share, Vector]

    @property
    def move(self) -> Vector:
        """The step itself."""
        return self.after - self.before

    @property
    def change(self) -> float:
        """What the step changed of f."""
        return self.values[1] - self.values[0]

    @property
    def promised(self) -> float:
        """What it would have changed if the slope had stayed as it was: g · step."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.gradient @ self.move)


@np.errstate(over="ignore", invalid="ignore")
def inside_step(run: Stepped, number: int) -> InsideStep:
    """Take one step of a descent apart.

    Raises
    ------
    InputError
        For a step that was not made, or not kept.
    """
    history = run.history
    rows = np.flatnonzero(history.step == number)
    if not rows.size or rows[0] == 0:
        last = int(history.step[-1])
        made = f"steps 1 to {last} were made" if last else "none was made"
        raise InputError(f"There is no step {number!r}: {made}.")
    row = int(rows[0])
    before, after = history.x[row - 1], history.x[row]
    rate = float(history.rate[row])
    slope = -(1.0 if run.method in WITHOUT_LENGTH else rate) * history.gradient[row - 1]
    rest = after - before - slope
    parts: dict[Share, Vector] = {"gradient": slope}
    # Points are rounded, which a short step far from 0 must not show as a part of its own.
    rounding = 4 * np.finfo(np.float64).eps * largest(before)
    if largest(rest) > ROUNDING * largest(after - before) + rounding:
        parts |= _own(run, row, slope, rest)
    values = (float(history.fun[row - 1]), float(history.fun[row]))
    return InsideStep(number, rate, before, after, values, history.gradient[row - 1], parts)


def _own(run: Stepped, row: int, slope: Vector, rest: Vector) -> dict[Share, Vector]:
    """Return what the method adds to the slope, by what it does."""
    history, options = run.history, run.options
    if options.get("weight_decay") or run.box is not None:
        return {"memory and scaling": rest}
    if run.method == "adam":
        weights = options["beta1"] ** np.arange(row)[::-1]
        # Freed of its bias, Adam's mean is the weighted mean of all gradients so far.
        mean = np.average(history.gradient[:row], axis=0, weights=weights)
        momentum = -float(history.rate[row]) * mean - slope
        return {"momentum": momentum, "scaling": rest - momentum}
    if run.method == "rmsprop" and options.get("momentum"):
        return {"memory and scaling": rest}
    return {OWN.get(run.method, "memory and scaling"): rest}

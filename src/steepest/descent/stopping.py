"""Why a descent ends: the reasons, and the rules one can ask for.

Examples
--------
>>> rule = Gradient(1e-8) | MaxSteps(500)
>>> named("no-descent")
NoDescent()
>>> Reason.DIVERGED.as_asked
False
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from steepest.descent.measures import epsilon_of, largest, rounding
from steepest.descent.options import COUNT, NUMBER, POSITIVE, POSITIVE_OR_NONE, check_options
from steepest.errors import InputError, did_you_mean
from steepest.objective import Vector

__all__ = ["AnyOf", "Gradient", "MaxSteps", "NoDescent", "Reason", "Stop", "Value", "named"]


def __dir__() -> list[str]:
    return sorted(__all__)


TOLERANCE = 1e-6
"""The default tolerance of `Gradient`: a gradient a millionth of the first, or of 1."""

PATIENCE = 10
"""How many steps without progress end a descent.

A value that falls by one unit in the last place a step has fallen by more than `rounding`, which
is four to eight such units, within eight steps. Ten steps without progress therefore mean that
it does not even fall by that.
"""


class Reason(Enum):
    """Why a descent ended: a full sentence that says what to try next.

    Examples
    --------
    >>> import steepest as st
    >>> st.minimize("x**2", 1.0, learning_rate=1.1).reason.name
    'DIVERGED'
    >>> Reason.DIVERGED.value
    'The value grew without bound; take a smaller learning rate.'
    """

    GRADIENT = "The gradient became as small as asked for; a smaller tolerance would go on."
    NO_DESCENT = (
        "The value did not fall any more, which was to end it; "
        "a smaller learning rate may still lower it."
    )
    VALUE = "The value reached its target; a lower target would go on."
    NO_FURTHER_FALL = (
        "The value falls no further within the rounding of this arithmetic; "
        "take this point, or rescale or shift the function so that its differences show."
    )
    HELD_OUT = (
        "The loss of the rows held out stopped falling; their best parameters are returned, "
        "and more patience would go on."
    )
    CALLBACK = "The callback asked to stop; let it return None or False to go on."
    MAX_STEPS = (
        "The last of the allowed steps was made; raise max_steps to go on, "
        "or try another learning rate or method."
    )
    MAX_EVALUATIONS = (
        "The allowed evaluations were used up; raise max_evaluations to go on, "
        "or try another learning rate or method."
    )
    MAX_SECONDS = (
        "The allowed time was used up; raise max_seconds to go on, "
        "or try another learning rate or method."
    )
    DIVERGED = "The value grew without bound; take a smaller learning rate."
    UNBOUNDED = (
        "The value fell without bound, so that there seems to be no minimum on this side; "
        "start elsewhere, or check the sign of the function."
    )
    NOT_FINITE = (
        "The value or the gradient was not a finite number; "
        "take a smaller learning rate, or start elsewhere."
    )
    INTERRUPTED = "The run was interrupted; result.resume() goes on, or a new start from its point."

    @property
    def as_asked(self) -> bool:
        """Whether a run that ends so ended as it was asked to.

        `MAX_STEPS` is not among these: only the result knows whether a number of steps was the
        goal or a limit.
        """
        return self in {
            Reason.GRADIENT,
            Reason.NO_DESCENT,
            Reason.VALUE,
            Reason.NO_FURTHER_FALL,
            Reason.HELD_OUT,
            Reason.CALLBACK,
        }


Check: TypeAlias = Callable[[int, float, "Vector | Sequence[float]"], "Reason | None"]
"""Called with the step, the value and the gradient of every accepted point, the start included."""


@dataclass(frozen=True)
class Stop(ABC):
    """A rule that says when a descent is done; rules are combined with ``|``.

    Examples
    --------
    >>> import steepest as st
    >>> rule = st.stopping.Gradient(1e-8) | st.stopping.MaxSteps(3)
    >>> st.minimize("x**2", 1.0, learning_rate=0.1, stop=rule).nit
    3
    """

    @abstractmethod
    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run that starts with this value and gradient."""

    @property
    def parts(self) -> tuple[Stop, ...]:
        """The rules that this one is made of."""
        return (self,)

    def __or__(self, other: Stop) -> Stop:
        return AnyOf((*self.parts, *other.parts))


@dataclass(frozen=True)
class Gradient(Stop):
    """Stop where the gradient is small, or where no further fall can be had.

    ‖g‖∞ ≤ tolerance · min(1, ‖g_0‖∞), g_0 being the gradient at the start: small in itself and
    small beside where one came from, so that multiplying f by a small number ends nothing early.

    A goal below the rounding of f is never met. The rule therefore also stops, with
    `Reason.NO_FURTHER_FALL`, after `PATIENCE` steps in which neither the value moved by more
    than its rounding, 4 ε |f|, nor the gradient became smaller than before. A swinging or rising
    value is no such standstill.

    At a kink with the value 0, as of |x|, there is always less to come, and it is worth nothing.
    So the value counts as at least what a bowl would have left, (f_0 - f) ‖g‖² / max ‖g‖²: in a
    bowl with the value 0 that is |f|, and where the slope stays steep it is the fall so far.

    Parameters
    ----------
    tolerance : float, default 1e-6
        The goal for the gradient relative to min(1, ‖g_0‖∞).
    first : float, optional
        Taken for ‖g_0‖∞, as where a descent goes on from the end of another.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2", 1.0, learning_rate=0.25, stop=Gradient(1e-3))
    >>> abs(walk.jac) <= 1e-3, walk.nit
    (True, 11)
    """

    tolerance: float = field(default=TOLERANCE, metadata=POSITIVE)
    first: float | None = field(default=None, metadata=POSITIVE_OR_NONE)

    def __post_init__(self) -> None:
        check_options(self)

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run, with its goal and its count of idle steps."""
        goal = self.goal(gradient)
        epsilon = epsilon_of(gradient)
        first = reference = value
        smallest, steepest = float("inf"), 0.0
        idle = 0

        def check(step: int, value: float, gradient: Vector | Sequence[float]) -> Reason | None:
            nonlocal reference, smallest, steepest, idle
            size = largest(gradient)
            if size <= goal:
                return Reason.GRADIENT
            steepest = max(steepest, size)
            left = max(abs(reference), abs(first - value) * (size / steepest) ** 2)
            if size < smallest or abs(value - reference) > rounding(left, epsilon):
                reference, smallest, idle = value, min(size, smallest), 0
                return None
            idle += 1
            return Reason.NO_FURTHER_FALL if idle >= PATIENCE else None

        return check

    def goal(self, gradient: Vector | Sequence[float]) -> float:
        """Return what ‖g‖∞ must come down to from this first gradient."""
        return self.tolerance * min(1.0, largest(gradient) if self.first is None else self.first)


@dataclass(frozen=True)
class NoDescent(Stop):
    """Stop at the first value that is not below the one before; that point is kept as the last.

    This says nothing about the gradient: with too large a learning rate the value stops falling
    far from any minimum.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2", 1.0, learning_rate=1.0, stop=NoDescent())
    >>> walk.nit, walk.reason.name, walk.success
    (1, 'NO_DESCENT', False)
    """

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run, with its memory of the last value."""
        previous = float("inf")

        def check(step: int, value: float, gradient: Vector | Sequence[float]) -> Reason | None:
            nonlocal previous
            falls = value < previous
            previous = value
            return None if falls else Reason.NO_DESCENT

        return check


@dataclass(frozen=True)
class MaxSteps(Stop):
    """Stop after exactly so many steps.

    Parameters
    ----------
    steps : int
        How many; 0 evaluates the start alone.

    Examples
    --------
    >>> import steepest as st
    >>> st.minimize("x**2", 1.0, learning_rate=0.25, stop=MaxSteps(4)).history.x[:, 0].tolist()
    [1.0, 0.5, 0.25, 0.125, 0.0625]
    """

    steps: int = field(metadata=COUNT)

    def __post_init__(self) -> None:
        check_options(self)

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run."""
        return lambda step, value, gradient: Reason.MAX_STEPS if step >= self.steps else None


@dataclass(frozen=True)
class Value(Stop):
    """Stop at the first value that is not above a target.

    Parameters
    ----------
    target : float
        The value to reach.

    Examples
    --------
    >>> import steepest as st
    >>> walk = st.minimize("x**2", 1.0, learning_rate=0.25, stop=Value(0.01))
    >>> walk.fun, walk.reason.name
    (0.00390625, 'VALUE')
    """

    target: float = field(metadata=NUMBER)

    def __post_init__(self) -> None:
        check_options(self)

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run."""
        return lambda step, value, gradient: Reason.VALUE if value <= self.target else None


@dataclass(frozen=True)
class AnyOf(Stop):
    """Stop as soon as one of several rules does; the first of them names the reason.

    Parameters
    ----------
    rules : tuple of Stop
        The rules, in the order in which they are asked.

    Examples
    --------
    >>> rule = MaxSteps(100) | Value(0.0)
    >>> rule.parts
    (MaxSteps(steps=100), Value(target=0.0))
    """

    rules: tuple[Stop, ...]

    @property
    def parts(self) -> tuple[Stop, ...]:
        """The rules that this one is made of."""
        return self.rules

    def begin(self, value: float, gradient: Vector | Sequence[float]) -> Check:
        """Return the check of one run, which asks every rule at every point."""
        checks = [rule.begin(value, gradient) for rule in self.rules]

        def check(step: int, value: float, gradient: Vector | Sequence[float]) -> Reason | None:
            answers = [one(step, value, gradient) for one in checks]
            return next((answer for answer in answers if answer is not None), None)

        return check


def named(name: str, *, tolerance: float | None = None, steps: int | None = None) -> Stop:
    """Return the stop rule of a name.

    Parameters
    ----------
    name : {"gradient", "no-descent", "max-steps"}
        The rule.
    tolerance : float, optional
        For ``"gradient"``; None takes the default of `Gradient`.
    steps : int, optional
        For ``"max-steps"``, which needs it.

    Returns
    -------
    Stop

    Raises
    ------
    InputError
        For an unknown name, and for ``"max-steps"`` without a number of steps.

    Examples
    --------
    >>> named("max-steps", steps=100)
    MaxSteps(steps=100)
    """
    if name == "gradient":
        return Gradient(TOLERANCE if tolerance is None else tolerance)
    if name == "no-descent":
        return NoDescent()
    if name == "max-steps":
        if steps is None:
            raise InputError(
                "stop='max-steps' runs a given number of steps, and none was given: "
                "add max_steps, as in max_steps=1000."
            )
        return MaxSteps(steps)
    names = ("gradient", "no-descent", "max-steps")
    raise InputError(
        f"There is no stop rule {name!r}.{did_you_mean(str(name), names)} "
        f"The rules are {', '.join(names)}, or give an object such as stopping.Value(0.0)."
    )

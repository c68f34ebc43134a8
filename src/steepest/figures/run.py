"""What a figure needs to know of a descent, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from steepest.descent.inside import Kept, Stepped
from steepest.objective import Vector


class Evaluated(Protocol):
    """A function that can be looked at away from the path."""

    @property
    def formula(self) -> str | None:
        """The formula as text, where there is one."""

    def values(self, points: Vector) -> Vector:
        """Return f at each of m points, shape ``(m, n)``, as shape ``(m,)``."""

    def values_and_gradients(self, points: Vector) -> tuple[Vector, Vector]:
        """Return f and its gradient at each of m points, shapes ``(m,)`` and ``(m, n)``."""

    def hessian(self, x: Vector) -> Vector:
        """Return the second derivatives at a point, shape ``(n, n)``."""


class Walked(Kept, Protocol):
    """The steps that were kept."""

    @property
    def names(self) -> tuple[str, ...]:
        """One readable name per variable."""

    @property
    def evaluations(self) -> Any:
        """Values asked for so far, shape ``(k,)``."""

    @property
    def seconds(self) -> Vector:
        """Time so far, shape ``(k,)``."""

    @property
    def gradient_norm(self) -> Vector:
        """Largest absolute component of each gradient, shape ``(k,)``."""


class Bounded(Protocol):
    """The box that a descent kept within."""

    @property
    def lower(self) -> Vector:
        """The lower ends, shape ``(n,)``; -inf where a side is open."""

    @property
    def upper(self) -> Vector:
        """The upper ends."""


class Found(Protocol):
    """A minimum that a search found."""

    @property
    def position(self) -> Vector:
        """The point, shape ``(n,)``."""

    @property
    def fun(self) -> float:
        """The value there."""

    @property
    def starts(self) -> int:
        """From how many starts it was reached."""


class Run(Stepped, Protocol):
    """A finished descent."""

    @property
    def history(self) -> Walked:
        """The steps, from the start to the last."""

    @property
    def objective(self) -> Evaluated | None:
        """The function, or None where only its trace was kept."""

    @property
    def nit(self) -> int:
        """How many steps were taken."""

    @property
    def fun(self) -> float:
        """The best value."""

    @property
    def box(self) -> Bounded | None:
        """The bounds, where there are any."""

    @property
    def minima(self) -> Sequence[Found]:
        """Every distinct minimum of a search, the lowest first; none of a single descent."""

    def explain(self) -> str:
        """Return what happened and what was found, in words."""


class Advised(Protocol):
    """How many learning rates did from one start."""

    @property
    def rate(self) -> float:
        """The suggested rate."""

    @property
    def stable(self) -> float | None:
        """The rate above which the curvature at the start makes the method unstable."""

    @property
    def rates(self) -> Vector:
        """The rates that were tried, ascending, shape ``(m,)``."""

    @property
    def values(self) -> Vector:
        """What each came to, shape ``(m,)``; infinite where it diverged."""

    @property
    def bands(self) -> tuple[str, ...]:
        """For each rate "slow", "good", "oscillating" or "diverging"."""

    @property
    def start_value(self) -> float:
        """The value at the start."""

    @property
    def method(self) -> str:
        """The method's name."""

    @property
    def steps(self) -> int:
        """How many steps each rate was run for."""

    def explain(self) -> str:
        """Return the suggestion and the bands in words."""


class Compared(Protocol):
    """Several descents on one function."""

    @property
    def results(self) -> Mapping[str, Run]:
        """The descents by method name, in the order asked for."""

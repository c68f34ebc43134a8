"""What is said of a critical point, and of all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

from steepest.landscapes.sureness import Sureness
from steepest.objective import Vector

Kind = Literal["minimum", "maximum", "saddle", "degenerate"]

KINDS: tuple[Kind, ...] = ("minimum", "maximum", "saddle", "degenerate")

PLURALS: dict[str, str] = {
    "minimum": "minima",
    "maximum": "maxima",
    "saddle": "saddles",
    "degenerate": "degenerate points",
}


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A point at which the gradient is zero.

    Parameters
    ----------
    kind : {"minimum", "maximum", "saddle", "degenerate"}
        By the signs of the eigenvalues; degenerate where one of them is zero, to rounding.
    x : ndarray, shape (n,)
    fun : float
        f(x).
    eigenvalues : ndarray, shape (n,)
        Of the Hessian, rising.
    directions : ndarray, shape (n, n)
        Its eigenvectors, one column for each eigenvalue.
    boundary : bool
        Whether the point lies on the boundary of the box.
    index : int or None
        How often the gradient turns around once on a small circle about the point: 1 at minima
        and maxima, -1 at saddles of two variables, (-1)^k with k negative eigenvalues in general.
        None for degenerate points of three variables and more.
    note : str
        What else can be said of a degenerate point, from the values around it.
    """

    kind: Kind
    x: Vector
    fun: float
    eigenvalues: Vector
    directions: Vector = field(repr=False)
    boundary: bool
    index: int | None = field(repr=False)
    note: str = ""


@dataclass(frozen=True, eq=False)
class Continuum:
    """Critical points that are not isolated: a whole curve or region of them.

    Parameters
    ----------
    dimension : int
        1 for a curve, 2 for a piece of surface, n for a region of the box.
    fun : float
        The value of f on it.
    examples : ndarray, shape (k, n)
        Points of it, some or all of those met.
    note : str
        What it is, in a sentence.
    """

    dimension: int
    fun: float
    examples: Vector
    note: str


@dataclass(frozen=True, eq=False, repr=False)
class CriticalPoints(Sequence[CriticalPoint]):
    """Every critical point found, those inside first, and how sure it is that none is missing.

    Parameters
    ----------
    points : tuple of CriticalPoint
        The isolated ones: inside minima, maxima, saddles, degenerate points, each by value; then
        those on the boundary.
    continua : tuple of Continuum
        Curves and regions of critical points.
    sureness : Sureness
    names : tuple of str
    """

    points: tuple[CriticalPoint, ...]
    continua: tuple[Continuum, ...]
    sureness: Sureness
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.points)

    @overload
    def __getitem__(self, place: int) -> CriticalPoint: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[CriticalPoint, ...]: ...
    def __getitem__(self, place: int | slice) -> CriticalPoint | tuple[CriticalPoint, ...]:
        return self.points[place]

    def __iter__(self) -> Iterator[CriticalPoint]:
        return iter(self.points)

    @property
    def inside(self) -> tuple[CriticalPoint, ...]:
        """Those that are not on the boundary."""
        return tuple(point for point in self.points if not point.boundary)

    @property
    def boundary(self) -> tuple[CriticalPoint, ...]:
        """Those on the boundary of the box."""
        return tuple(point for point in self.points if point.boundary)

    def of(self, kind: Kind) -> tuple[CriticalPoint, ...]:
        """Return those of a kind inside the box."""
        return tuple(point for point in self.inside if point.kind == kind)

    def count(self, value: object) -> int:
        """Return how many inside points are of a kind; or how often a point is here."""
        if isinstance(value, str):
            return sum(point.kind == value for point in self.inside)
        return sum(point is value for point in self.points)

    @property
    def numbers(self) -> str:
        """The numbers of each kind, in a sentence or two."""
        inside = f"Inside: {_counted(self.inside)}."
        if not self.boundary:
            return inside
        return f"{inside} On the boundary: {_counted(self.boundary)}."

    @property
    def summary(self) -> str:
        """The numbers of each kind, and what is not isolated."""
        return " ".join([self.numbers, *(continuum.note for continuum in self.continua)])

    def __repr__(self) -> str:
        return f"<CriticalPoints: {self.numbers}>"

    def __str__(self) -> str:
        return f"{self.summary} {self.sureness.text}"


def _counted(points: Sequence[CriticalPoint]) -> str:
    """Return such as "2 minima and 1 saddle"."""
    counts = [(sum(point.kind == kind for point in points), kind) for kind in KINDS]
    words = [
        f"{number} {(kind if kind != 'degenerate' else 'degenerate point')}"
        if number == 1
        else f"{number} {PLURALS[kind]}"
        for number, kind in counts
        if number
    ]
    if len(words) < 2:
        return words[0] if words else "no critical points"
    return f"{', '.join(words[:-1])} and {words[-1]}"

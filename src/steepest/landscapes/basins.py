"""Which critical point a descent comes to, from every start of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.descent.choices import chosen_engine
from steepest.descent.methods import named, title
from steepest.descent.methods.method import FirstOrderMethod, Method
from steepest.descent.options import COUNT, POSITIVE, require
from steepest.errors import InputError
from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.domain import Domain
from steepest.landscapes.field import Field
from steepest.landscapes.newton import lengths
from steepest.landscapes.points import CriticalPoints
from steepest.landscapes.rollers import Roller
from steepest.landscapes.rolling import Counts, Rolled, Slopes, largest_of, slopes_of
from steepest.objective import Vector
from steepest.program.native.chunks import processors, shared

BLOCK = 6144
"""Starts that descend together: few enough for their arrays to stay in the cache, and for threads
to end at about the same time; a multiple of the usual tiles of compiled code."""

ARRIVED = 1e-7
"""A start has arrived when the gradient is this share of the typical one in the box."""

SAME = 1e-3
"""A start that has arrived came to the critical point within this distance, in sides."""

NEAR = 0.25
"""Starts that are still moving belong to a minimum within this share of the distance from it to
its nearest neighbour, if downhill leads to it."""

STARTS = {1: 1001, 2: 201, 3: 41, 4: 15}
"""Starts along each side of the box, by the number of variables."""

STARTS_SLOWLY = {1: 101, 2: 21, 3: 7, 4: 4}
"""The same where every point is evaluated by itself."""

MOST_STARTS = 10_000_000


@dataclass(frozen=True, eq=False)
class Targets:
    """The points that descents may come to.

    Parameters
    ----------
    places : ndarray, shape (k, n)
    radii : ndarray, shape (k,)
        How near a descent that still moves must be to belong to a minimum; 0 for other points.
    width : ndarray, shape (n,)
        The sides of the box, in which distances are measured.
    """

    places: Vector
    radii: Vector
    width: Vector

    @classmethod
    def of(cls, points: CriticalPoints, domain: Domain) -> Targets:
        """Return the critical points as targets."""
        places = np.array([point.x for point in points]).reshape(-1, domain.size)
        radii = np.zeros(len(places))
        # One by one: the distances between ten thousand points do not fit in memory.
        for k, point in enumerate(points):
            if point.kind == "minimum":
                apart = lengths((places - places[k]) / domain.width)
                apart[k] = 1.0
                radii[k] = NEAR * min(1.0, float(apart.min()))
        return cls(places, radii, domain.width)

    def reached(self, rolled: Rolled) -> Counts:
        """Return the place of the point that each descent came to, or -1."""
        reached = np.full(rolled.ends.shape[1], -1, dtype=np.int32)
        with np.errstate(all="ignore"):
            for number, (place, radius) in enumerate(zip(self.places, self.radii, strict=True)):
                offset = rolled.ends - place[:, None]
                squared = ((offset / self.width[:, None]) ** 2).sum(axis=0)
                here = rolled.arrived & (squared < SAME**2)
                if radius:
                    homeward = (offset * rolled.gradients).sum(axis=0) >= 0
                    here |= homeward & (squared < radius**2)
                reached[here] = number
        return reached


@dataclass(frozen=True, eq=False, repr=False)
class Basins:
    """Where descents from a grid of starts came to.

    Parameters
    ----------
    axes : tuple of ndarray, shape (k,)
        The coordinates of the starts along each variable.
    reached : ndarray of int, shape (k,) * n
        For the start (x[i], y[j], ...) at ``[i, j, ...]`` the place in `points` of the critical
        point that it came to; -1 where it came to none, or left the box.
    steps : ndarray of int, of the same shape
        How many steps it took; the most that were made where it was still moving.
    points : CriticalPoints
    method : str
        The name of the method.
    rate : float or schedule
        The learning rate.
    engine : str
        What made the steps: "python", "native", or both.
    stopped : bool
        Whether a limit of time ended the descents that were still moving.
    """

    axes: tuple[Vector, ...]
    reached: Counts
    steps: Counts
    points: CriticalPoints
    method: str
    rate: Any
    engine: str = "python"
    stopped: bool = False

    @property
    def shares(self) -> dict[int, float]:
        """The share of the starts that came to each point: place in `points` -> share."""
        places, counts = np.unique(self.reached, return_counts=True)
        return {
            int(k): int(count) / self.reached.size for k, count in zip(places, counts, strict=True)
        }

    @property
    def text(self) -> str:
        """What came of the starts, in words."""
        rate = f" at rate {self.rate:.6g}" if isinstance(self.rate, float | int) else ""
        nowhere = self.shares.get(-1, 0.0)
        arrived = [place for place in self.shares if place >= 0]
        counted = (
            f"{title(self.method)}{rate} from {self.reached.size:,} starts: "
            f"{100 * (1 - nowhere):.4g} % came to {len(arrived)} critical "
            f"point{'s' * (len(arrived) != 1)}, {100 * nowhere:.4g} % to none."
        )
        if not self.stopped:
            return counted
        return f"{counted} The limit of time ended those that were still moving."

    def __repr__(self) -> str:
        return f"<Basins: {self.text}>"

    def __str__(self) -> str:
        return self.text


def basins(
    field: Field,
    critical: CriticalPoints,
    method: str | Method,
    learning_rate: Any,
    points: int | None,
    max_steps: int,
    engine: str,
    deadline: Deadline = NEVER,
) -> Basins:
    """Descend from every point of a grid; `Landscape.basins` says what is what."""
    require("max_steps", max_steps, COUNT, "basins")
    chosen_engine(engine)
    rule = named(method) if isinstance(method, str) else method
    if not isinstance(rule, FirstOrderMethod):
        raise InputError(
            f"method={method!r} has no basins of this kind: give a first-order method, such as "
            "'gradient-descent', 'momentum' or 'adam'."
        )
    n = field.domain.size
    count = (STARTS if field.quick else STARTS_SLOWLY).get(n, 3) if points is None else points
    require("points", count, COUNT, "basins")
    if count < 2 or count**n > MOST_STARTS:
        raise InputError(
            f"points={count} along each of {n} sides are {count**n:,} starts: give 2 or more, and "
            f"no more than {MOST_STARTS:,} in all."
        )
    rate = _rate(field, rule, learning_rate)
    axes = tuple(field.domain.grid(count))
    return descended(field, critical, rule, rate, axes, max_steps, engine, deadline)


def _rate(field: Field, rule: FirstOrderMethod, asked: Any) -> Any:
    """Return the learning rate: the one asked for, or the method's, or 1/L."""
    if asked is not None and not callable(asked):
        require("learning_rate", asked, POSITIVE, "basins")
    for rate in (asked, rule.learning_rate, rule.default_rate):
        if rate is not None:
            return rate
    largest = _largest_curvature(field)
    return 1 / largest if largest > 0 else 1.0


def _largest_curvature(field: Field) -> float:
    """Return the largest size of an eigenvalue of the Hessian at random points of the box."""
    domain = field.domain
    spread = np.random.default_rng(0).random((1000 if field.quick else 50, domain.size))
    hessians = field.hessians(domain.lower + spread * domain.width)
    hessians = hessians / np.outer(domain.width, domain.width)
    usable = hessians[np.isfinite(hessians).all(axis=(1, 2))]
    return float(np.abs(np.linalg.eigvalsh(usable)).max(initial=0.0))


def descended(
    field: Field,
    points: CriticalPoints,
    method: FirstOrderMethod,
    rate: Any,
    axes: tuple[Vector, ...],
    max_steps: int,
    engine: str,
    deadline: Deadline = NEVER,
) -> Basins:
    """Descend from every point of a grid, and say which critical point each start came to."""
    mesh = np.meshgrid(*axes, indexing="ij")
    starts = np.ascontiguousarray([part.ravel() for part in mesh])
    slopes = slopes_of(field)
    tolerance = ARRIVED * _typical(field, slopes)
    roller = Roller(field, slopes, method, rate, max_steps, tolerance, engine)
    targets = Targets.of(points, field.domain)
    reached = np.empty(starts.shape[1], dtype=np.int32)
    steps = np.empty(starts.shape[1], dtype=np.int32)
    stopped = []

    def one_block(number: int) -> None:
        block = slice(number * BLOCK, (number + 1) * BLOCK)
        rolled = roller.roll(starts[:, block], deadline)
        reached[block], steps[block] = targets.reached(rolled), rolled.steps
        stopped.append(rolled.stopped)

    # NumPy and compiled code let threads work side by side; code of the user's own is run by one.
    threads = 1 if field.graph is None else processors()
    shared(one_block, -(-starts.shape[1] // BLOCK), threads)
    shape = tuple(len(axis) for axis in axes)
    return Basins(
        axes,
        reached.reshape(shape),
        steps.reshape(shape),
        points,
        method.name,
        rate,
        roller.passes.made_by,
        any(stopped),
    )


def _typical(field: Field, slopes: Slopes) -> float:
    """Return the median of the largest component of the gradient over the box."""
    generator = np.random.default_rng(0)
    places = field.domain.lower + generator.random((200, field.domain.size)) * field.domain.width
    with np.errstate(all="ignore"):
        sizes = largest_of(slopes(np.ascontiguousarray(places.T)))
    sizes = sizes[np.isfinite(sizes)]
    return float(np.median(sizes)) if sizes.size else 1.0

"""Every critical point in a box: found by Newton's method, told apart, and counted twice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from steepest.landscapes.classify import (
    Surroundings,
    beside,
    degenerate,
    free_directions,
    is_smooth,
    kind_of,
    surroundings,
)
from steepest.landscapes.deadline import Deadline
from steepest.landscapes.degree import degree
from steepest.landscapes.enclosure import Enclosure, enclosure_of
from steepest.landscapes.field import Field
from steepest.landscapes.newton import SINGULAR, lengths, newton_runs
from steepest.landscapes.points import KINDS, Continuum, CriticalPoint, CriticalPoints, Kind
from steepest.landscapes.proof import MOST_CELLS, Proof, prove
from steepest.landscapes.seeds import seeds
from steepest.landscapes.verdict import Evidence, sureness
from steepest.objective import Vector

SAME = 1e-6
"""Runs that end this close together, in sides of the box, found the same point."""

SAME_DEGENERATE = 1e-3
"""The same for degenerate points, at which Newton's method ends less precisely."""

HAIR = 1e-14
"""Differences below this, in sides of the box, are rounding."""

ON_BOUNDARY = 1e-9
"""A point this close to a side of the box, in sides, lies on it."""

MOST_SINGULAR = 1000
"""So many degenerate ends are kept: more of them are parts of a curve or region."""

MOST_EXAMINED = 40
"""So many degenerate ends are examined at first for being parts of a curve or region."""

NOT_LOOKED_AROUND = Surroundings("there was no time to look at the values around it", None)

ROUNDS = 3
"""How often the search is repeated where something shows that a point is missing."""

MOST_SEEDS = 4000
"""More starts than these in one further round would not be worth their time."""


@dataclass(frozen=True, eq=False)
class Found:
    """The zeros of the gradient that were met, in and a little around the box.

    Parameters
    ----------
    regular : ndarray, shape (k, n)
        Those with an invertible Hessian.
    singular : ndarray, shape (l, n)
        Isolated ones without.
    continua : tuple of Continuum
    """

    regular: Vector
    singular: Vector
    continua: tuple[Continuum, ...]


def critical_points(
    field: Field,
    seed: int = 0,
    most_cells: int = MOST_CELLS,
    max_seconds: float | None = None,
) -> CriticalPoints:
    """Return every critical point found in the field's box, and how sure it is that these are all.

    Newton runs from a grid find them. Then they are counted: cells in which interval arithmetic
    cannot exclude a further point are searched again, and so is the box, with more random starts,
    while the indices of the points do not add up to the winding number of the gradient.
    """
    domain = field.domain
    deadline = Deadline.after(max_seconds)
    generator = np.random.default_rng(seed)
    enclosure = enclosure_of(field)
    ends = newton_runs(field, seeds(field, generator, deadline), deadline).points
    found = _told_apart(field, ends, deadline)
    searched = not deadline.passed
    for attempt in range(ROUNDS):
        proof = None
        if enclosure is not None and not found.continua:
            proof = prove(enclosure, found.regular, most_cells, deadline)
        listed = _listed(field, found, deadline)
        evidence = _evidence(field, enclosure, found, listed, proof)
        evidence = replace(evidence, searched=searched, stopped=deadline.passed)
        if evidence.nothing_missing or evidence.stopped or found.continua or attempt == ROUNDS - 1:
            break
        starts = _further_starts(field, proof, 400 * 3**attempt, generator)
        known = np.vstack([found.regular, found.singular])
        ends = np.vstack([known, newton_runs(field, starts, deadline).points])
        more = _told_apart(field, ends, deadline)
        if deadline.passed:
            # What is proved is proved of the points that were there.
            evidence = replace(evidence, stopped=True)
            break
        if len(more.regular) + len(more.singular) == len(known) and evidence.agrees is not False:
            break
        found = more
    return CriticalPoints(tuple(listed), found.continua, sureness(evidence), domain.names)


def _further_starts(
    field: Field, proof: Proof | None, count: int, generator: np.random.Generator
) -> Vector:
    """Return random starts, and those where interval arithmetic could not decide."""
    domain = field.domain
    count = count if field.quick else count // 10
    starts = domain.lower + generator.random((count, domain.size)) * domain.width
    if proof is None:
        return starts
    centres = (proof.lower + proof.upper) / 2
    return np.vstack([centres[:: 1 + len(centres) // MOST_SEEDS], starts])


def _told_apart(field: Field, ends: Vector, deadline: Deadline) -> Found:
    """Return the distinct points among the ends of runs, isolated ones and others apart."""
    width = field.domain.width
    hessians = field.hessians(ends)
    usable = np.isfinite(hessians).all(axis=(1, 2))
    ends, hessians = ends[usable], hessians[usable]
    flat = degenerate(field, ends, np.asarray(np.linalg.eigvalsh(hessians), dtype=np.float64))
    singular = ends[flat]
    singular = singular[:: 1 + len(singular) // MOST_SINGULAR]
    candidates = _distinct(field, singular, SAME_DEGENERATE)
    examined, dimensions = _examined(field, candidates, deadline)
    isolated = examined[dimensions == 0]
    isolated = isolated[[is_smooth(field, point) for point in isolated]].reshape(-1, len(width))
    continua = _gathered(field, examined, dimensions)
    regular = _distinct(field, ends[~flat], SAME)
    if len(isolated):
        # Runs that stopped short of a degenerate point look like points with small curvatures.
        distance = np.linalg.norm((regular[:, None] - isolated) / width, axis=2).min(axis=1)
        regular = regular[distance > SAME_DEGENERATE]
    return Found(regular, isolated, continua)


def _examined(field: Field, candidates: Vector, deadline: Deadline) -> tuple[Vector, Vector]:
    """Return degenerate points, and the dimension of what each is part of: 0 if isolated.

    A curve or region gives many candidates, of which some are enough to tell.
    """
    shuffled = candidates[np.random.default_rng(0).permutation(len(candidates))]
    dimensions: list[int] = []
    for point in shuffled:
        enough = len(dimensions) == MOST_EXAMINED and any(dimensions)
        if enough or deadline.passed:
            break
        dimensions.append(_dimension(field, point))
    return shuffled[: len(dimensions)], np.array(dimensions, dtype=int)


def _distinct(field: Field, ends: Vector, tolerance: float) -> Vector:
    """Return one point of each cluster, that with the smallest gradient."""
    sizes = lengths(field.gradients(ends))
    ends = ends[np.argsort(sizes, kind="stable")]
    places = ends / field.domain.width
    # Only those beside each other along the first variable are compared.
    order = np.argsort(places[:, 0])
    along = places[order, 0]
    begins = np.searchsorted(along, places[:, 0] - tolerance, "left")
    stops = np.searchsorted(along, places[:, 0] + tolerance, "right")
    left = np.ones(len(places), dtype=bool)
    kept = []
    for k, place in enumerate(places):
        if left[k]:
            kept.append(k)
            near = order[begins[k] : stops[k]]
            left[near] &= np.abs(places[near] - place).max(axis=1) > tolerance
    return _tidied(field, ends[kept])


def _tidied(field: Field, points: Vector) -> Vector:
    """Return points of which what is rounding is put right: 1e-30 for 0, a hair off the boundary.

    Only where the gradient is then no larger than rounding leaves it anyway.
    """
    domain = field.domain
    hair = HAIR * domain.width
    tidy = np.where(np.abs(points) <= hair, 0.0, points)
    tidy = np.where(np.abs(points - domain.lower) <= hair, domain.lower, tidy)
    tidy = np.where(np.abs(points - domain.upper) <= hair, domain.upper, tidy)
    curvature = np.abs(field.hessians(points)).max(axis=(1, 2), initial=0.0)
    small = lengths(field.gradients(tidy)) <= 2 * HAIR * curvature
    return np.where(small[:, None], tidy, points)


def _dimension(field: Field, point: Vector) -> int:
    """Return along how many directions a degenerate point has critical points beside it."""
    curvatures, directions = np.linalg.eigh(field.hessians(point[None])[0])
    null = np.abs(curvatures) <= max(1e-6 * float(np.abs(curvatures).max()), 10 * SINGULAR)
    if not null.any():
        null = np.abs(curvatures) == np.abs(curvatures).min()
    return free_directions(field, point, directions[:, null].T)


def _gathered(field: Field, points: Vector, dimensions: Vector) -> tuple[Continuum, ...]:
    """Return curves and regions: points that are not isolated, by dimension and value."""
    inside = field.domain.holds(points, ON_BOUNDARY) & (dimensions > 0)
    points, dimensions = points[inside], dimensions[inside]
    values = field.values(points)
    rounding = 1e-9 * _height(field)
    continua = []
    while len(points):
        same = np.abs(values - values[0]) <= rounding
        # Where a curve crosses another one, more directions look free than along it.
        usual = int(np.bincount(dimensions[same]).argmax())
        continua.append(_continuum(field, usual, points[same & (dimensions == usual)]))
        points, dimensions, values = points[~same], dimensions[~same], values[~same]
    return tuple(continua)


def _height(field: Field) -> float:
    """Return how large f is in the box, by a coarse grid of its diagonals."""
    domain = field.domain
    shares = np.linspace(0, 1, 33)[:, None]
    diagonal = domain.lower + shares * domain.width
    crossing = np.where(np.arange(domain.size) % 2, diagonal[::-1], diagonal)
    values = np.abs(field.values(np.vstack([diagonal, crossing])))
    return float(values[np.isfinite(values)].max(initial=1e-300))


def _continuum(field: Field, dimension: int, members: Vector) -> Continuum:
    names = field.domain.names
    value = float(field.values(members[:1])[0])
    value = 0.0 if abs(value) <= HAIR * _height(field) else value
    what = "curve" if dimension == 1 else "region" if dimension == len(names) else "surface"
    place = ", ".join(f"{name} = {v:.4g}" for name, v in zip(names, members[0] + 0.0, strict=True))
    note = (
        f"Not isolated: a whole {what} of critical points with f = {value:.6g}, or several, "
        f"passes through {place}; {beside(field, members[0])}."
    )
    return Continuum(dimension, value, members, note)


def _listed(field: Field, found: Found, deadline: Deadline) -> list[CriticalPoint]:
    """Return the isolated points in the box, in the order in which they are told."""
    regular, singular = (
        places[field.domain.holds(places, ON_BOUNDARY)]
        for places in (found.regular, found.singular)
    )
    points = [
        _described(field, point, hessian, None)
        for point, hessian in zip(regular, field.hessians(regular), strict=True)
    ]
    for point, hessian in zip(singular, field.hessians(singular), strict=True):
        around = NOT_LOOKED_AROUND if deadline.passed else surroundings(field, point)
        points.append(_described(field, point, hessian, around))
    return sorted(
        points, key=lambda p: (p.boundary, KINDS.index(p.kind), round(p.fun, 9), p.x.tolist())
    )


def _described(
    field: Field, point: Vector, scaled: Vector, around: Surroundings | None
) -> CriticalPoint:
    """Return a point with its scaled Hessian and, for a degenerate one, what is around it."""
    domain = field.domain
    with np.errstate(all="ignore"):
        hessian = scaled / np.outer(domain.width, domain.width)
    eigenvalues, directions = np.linalg.eigh(hessian)
    room = ON_BOUNDARY * domain.width
    boundary = bool((np.minimum(point - domain.lower, domain.upper - point) <= room).any())
    curvatures = np.asarray(np.linalg.eigvalsh(scaled), dtype=np.float64)
    index: int | None = (-1) ** int((curvatures < 0).sum())
    kind: Kind = "degenerate"
    note = ""
    if around is None:
        kind = kind_of(curvatures)
    else:
        index, note = around.index, around.note
    value = field.objective.value(point)
    return CriticalPoint(kind, point, value, eigenvalues + 0.0, directions, boundary, index, note)


def _evidence(
    field: Field,
    enclosure: Enclosure | None,
    found: Found,
    listed: list[CriticalPoint],
    proof: Proof | None,
) -> Evidence:
    """Return what speaks for nothing being missing."""
    domain = field.domain
    inside = [point for point in listed if not point.boundary]
    indices = [point.index for point in inside]
    known = [index for index in indices if index is not None]
    index_sum = sum(known) if len(known) == len(indices) and domain.size < 3 else None
    winding = None
    if not (found.continua or field.kinked):
        inset = 0.0
        if len(inside) < len(listed):
            depths = [
                float((np.minimum(p.x - domain.lower, domain.upper - p.x) / domain.width).min())
                for p in inside
            ]
            inset = min([1e-3, *(depth / 2 for depth in depths)])
        room = inset * domain.width
        winding = degree(field, enclosure, domain.lower + room, domain.upper - room)
    undecided, near_singular = None, False
    if proof is not None:
        undecided = proof.share(float(domain.width.prod()))
        near_singular = bool(len(proof.lower)) and _all_near(proof, found.singular, domain.width)
    return Evidence(
        variables=domain.size,
        inside=len(inside),
        boundary=len(listed) - len(inside),
        singular=sum(point.kind == "degenerate" for point in listed),
        continua=len(found.continua),
        index_sum=index_sum,
        winding=winding,
        bounded=proof is not None,
        undecided=undecided,
        cells=0 if proof is None else len(proof.lower),
        all_isolated=proof is not None and bool(proof.isolated.all()),
        near_singular=near_singular,
        kinked=field.kinked,
        numerical=not field.exact,
    )


def _all_near(proof: Proof, singular: Vector, width: Vector) -> bool:
    """Return whether all that is undecided lies beside degenerate points."""
    if not len(singular):
        return False
    centres = (proof.lower + proof.upper) / 2
    distance = np.abs((centres[:, None] - singular) / width).max(axis=2).min(axis=1)
    return bool((distance < 1e-2).all())

"""Planes through functions of many variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steepest.descent.result import Result
from steepest.errors import InputError, did_you_mean
from steepest.landscapes.domain import Domain
from steepest.landscapes.field import Field
from steepest.objective import Vector
from steepest.threads import in_one_thread

POINTS = 101
ROOM = 0.25
"""How much of a path's extent is shown around it."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Where a slice lies.

    Parameters
    ----------
    labels : tuple of str
        What its two axes are.
    origin : ndarray, shape (n,)
        The point at the coordinates (0, 0).
    directions : ndarray, shape (2, n)
        Along its axes.
    limits : ndarray, shape (2, 2)
        The lower and upper end of each coordinate.
    """

    labels: tuple[str, str]
    origin: Vector
    directions: Vector
    limits: Vector


@dataclass(frozen=True, eq=False)
class PathOnPlane:
    """How well a plane shows a path.

    Parameters
    ----------
    coordinates : ndarray, shape (k, 2)
        The path projected onto the plane.
    explained : ndarray, shape (2,)
        The share of the path's variance that each axis holds.
    distances : ndarray, shape (k,)
        How far the path is from the plane.
    values : ndarray, shape (k,)
        f on the path.
    shown : ndarray, shape (k,)
        f on the plane below or above it, as the picture shows it.
    """

    coordinates: Vector
    explained: Vector
    distances: Vector
    values: Vector
    shown: Vector

    @property
    def text(self) -> str:
        """How well, in words."""
        farthest = int(self.distances.argmax())
        apart = int(np.nan_to_num(np.abs(self.values - self.shown)).argmax())
        share = 100 * float(self.explained.sum())
        words = f"The plane holds {share:.4g} % of the path's variance."
        if self.distances[farthest] <= 1e-9 * max(1e-300, float(np.abs(self.coordinates).max())):
            return f"{words} The path lies in it."
        return (
            f"{words} They part most at step {farthest}, by {self.distances[farthest]:.4g}; at "
            f"step {apart} f is {self.values[apart]:.6g} on the path and {self.shown[apart]:.6g} "
            "on the plane."
        )


@dataclass(frozen=True, eq=False, repr=False)
class Slice:
    """A function on a plane.

    Parameters
    ----------
    plane : Plane
    first, second : ndarray, shape (m,)
        The coordinates along the two axes of the plane.
    values : ndarray, shape (m, m)
        ``values[j, i]`` is f at (first[i], second[j]).
    path : PathOnPlane or None
        The path that chose the plane.
    text : str
        What the plane is, and how well it shows the path.
    """

    plane: Plane
    first: Vector
    second: Vector
    values: Vector
    path: PathOnPlane | None
    text: str

    def __repr__(self) -> str:
        return f"<Slice: {self.text}>"

    def __str__(self) -> str:
        return self.text


def cut(
    field: Field, along: Sequence[str] | str | Result | None, at: Vector | None, points: int
) -> Slice:
    """Return f on a plane; `Landscape.slice` says which."""
    domain = field.domain
    if domain.size < 2:
        raise InputError("A slice is a plane, and this function has one variable: plot() it.")
    if isinstance(along, Result):
        if at is not None:
            raise InputError("The plane of a path goes through its end: leave at= out.")
        path = along.history.x
        if path.shape[1] != domain.size:
            raise InputError(
                f"The path is of {path.shape[1]} variables, and this landscape has {domain.size}: "
                "give a descent on this function."
            )
        plane, shares = along_path(path)
        words = (
            f"The plane of the path's two principal components, with {100 * shares[0]:.4g} % and "
            f"{100 * shares[1]:.4g} % of its variance."
        )
        return on_plane(field, plane, points, path, words)
    point = domain.middle if at is None else at
    if along == "eigen":
        plane = along_eigenvectors(field, point)
        words = f"The plane of the stiffest and softest directions at {domain.told(point)}."
    else:
        names = domain.names[:2] if along is None else along
        plane = along_variables(domain, names, point)
        words = f"The plane along {names[0]} and {names[1]} through {domain.told(point)}."
    return on_plane(field, plane, points, None, words)


def on_plane(field: Field, plane: Plane, points: int, path: Vector | None, words: str) -> Slice:
    """Return a function on a plane, and how a path lies to it."""
    first, second = (np.linspace(low, high, points) for low, high in plane.limits)
    mesh = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)
    values = field.values(plane.origin + mesh @ plane.directions).reshape(points, points)
    seen = None if path is None else _seen(field, plane, path)
    text = words if seen is None else f"{words} {seen.text}"
    return Slice(plane, first, second, values, seen, text)


def along_variables(domain: Domain, names: Sequence[str], point: Vector) -> Plane:
    """Return the plane along two variables, as large as the box."""
    for name in names:
        if name not in domain.names:
            raise InputError(
                f"along={tuple(names)!r} names {name!r}, which is no variable."
                f"{did_you_mean(str(name), domain.names)} They are {', '.join(domain.names)}."
            )
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"along={tuple(names)!r} spans no plane: name two different variables.")
    places = [domain.names.index(name) for name in names]
    limits = np.array([(domain.lower[k] - point[k], domain.upper[k] - point[k]) for k in places])
    return Plane((names[0], names[1]), point, np.eye(domain.size)[places], limits)


def along_eigenvectors(field: Field, point: Vector) -> Plane:
    """Return the plane of the stiffest and the softest direction, within the box."""
    eigenvalues, directions = in_one_thread(np.linalg.eigh, field.objective.hessian(point))
    chosen = directions[:, [-1, 0]].T
    domain = field.domain
    room = np.minimum(point - domain.lower, domain.upper - point)
    if (room <= 0).any():
        room = domain.width / 2
    with np.errstate(divide="ignore"):
        reach = (room / np.abs(chosen)).min(axis=1)
    labels = tuple(f"along λ = {eigenvalues[k]:.4g}" for k in (-1, 0))
    return Plane((labels[0], labels[1]), point, chosen, np.column_stack([-reach, reach]))


def along_path(path: Vector) -> tuple[Plane, Vector]:
    """Return the plane of the two principal components of a path, and the share of each.

    The components are those of the steps' ends about the last point, which is the origin, so
    that the plane goes through where the path ends (Li et al., "Visualizing the loss landscape of
    neural nets", 2018, section 7).
    """
    end = path[-1]
    offsets = path - end
    _, sizes, components = in_one_thread(np.linalg.svd, offsets, full_matrices=True)
    variances = np.zeros(path.shape[1])
    variances[: len(sizes)] = sizes**2
    total = variances.sum()
    if not total > 0:
        raise InputError(
            "The path does not move, so that it has no plane; give along=(name, name)."
        )
    # Of a direction, either sign will do: the path shall come from the positive side.
    chosen = components[:2] * np.where(components[:2] @ offsets[0] < 0, -1.0, 1.0)[:, None]
    shadow = offsets @ chosen.T
    low, high = shadow.min(axis=0), shadow.max(axis=0)
    extent = np.maximum(high - low, 0.2 * float((high - low).max()))
    limits = np.column_stack([low - ROOM * extent, high + ROOM * extent])
    labels = ("first principal component", "second principal component")
    return Plane(labels, end, chosen, limits), variances[:2] / total


def _seen(field: Field, plane: Plane, path: Vector) -> PathOnPlane:
    offsets = path - plane.origin
    coordinates = offsets @ plane.directions.T
    shadow = coordinates @ plane.directions
    total = float((offsets**2).sum())
    explained = (coordinates**2).sum(axis=0) / (total if total > 0 else 1.0)
    return PathOnPlane(
        coordinates,
        explained,
        np.linalg.norm(offsets - shadow, axis=1),
        field.values(path),
        field.values(plane.origin + shadow),
    )

"""A sum of squares around a point, from one pass over the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from steepest.expression.squares import squares_of
from steepest.fitting.criterion import Criterion
from steepest.fitting.kernel import RowKernel
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import read_start
from steepest.objective import Vector
from steepest.program.native.module import NativeError
from steepest.program.native.rows import RowForm
from steepest.threads import in_one_thread

CHUNK = 65_536
"""Rows that are looked at together: some columns of them fit into the processor's cache."""

DEGENERATE = 1e-8
"""A column is kept from vanishing by this share of its length, where others can replace it."""


@dataclass(frozen=True)
class Linearised:
    """Σ r² near a point θ₀, r ≈ r₀ + J (θ - θ₀), without its rows.

    [J, r₀] = Q T with orthonormal columns of Q: the triangle T has all that least squares need,
    and that of many rows is the triangle of those of their parts, one below the other.

    Parameters
    ----------
    triangle : ndarray, shape (k, p + 1), k ≤ p + 1
        T.
    rows : int
        How many residuals there are.

    References
    ----------
    J. Demmel, L. Grigori, M. Hoemmen, J. Langou, "Communication-optimal parallel and sequential
    QR and LU factorizations", SIAM Journal on Scientific Computing 34, 2012.
    """

    triangle: Vector
    rows: int

    @classmethod
    def of(cls, jacobian: Vector, residuals: Vector) -> Linearised:
        """Return that of residuals, shape (m,), and their derivatives, shape (m, p)."""
        joined = np.column_stack([jacobian, residuals])
        if not np.isfinite(joined).all():
            return cls(np.full((1, joined.shape[1]), np.nan), len(residuals))
        return cls(triangle_of(joined), len(residuals))

    @classmethod
    def at(cls, function: BoundFunction, point: Vector) -> Linearised:
        """Return that of a function f = ½ ‖√2 r‖² around a point."""
        root = np.sqrt(2.0)
        with np.errstate(over="ignore", invalid="ignore"):
            return cls.of(function.jacobian(point) / root, function.residuals(point) / root)

    @classmethod
    def of_products(cls, products: Vector, coordinates: Vector, rows: int) -> Linearised:
        """Return that of products, which tell all where columns are nearly orthonormal.

        Parameters
        ----------
        products : ndarray, shape (k,)
            The entries of [J R⁻¹, r₀]ᵀ [J R⁻¹, r₀] on and above the diagonal.
        coordinates : ndarray, shape (p, p)
            R.
        rows : int
            How many residuals there are.
        """
        size = len(coordinates) + 1
        if not np.isfinite(products).all():
            return cls(np.full((1, size), np.nan), rows)
        gram = symmetric(products, size)
        scale = np.sqrt(np.maximum(np.diag(gram), 0.0))
        scale = np.where(scale > 0, scale, 1.0)
        values, axes = in_one_thread(np.linalg.eigh, gram / np.outer(scale, scale))
        root = np.sqrt(np.maximum(values, 0.0))[:, np.newaxis] * axes.T * scale
        back = np.eye(size)
        back[:-1, :-1] = coordinates
        return cls(triangle_of(root @ back), rows)

    def joined(self, other: Linearised) -> Linearised:
        """Return that of the rows of both."""
        both = np.vstack([self.triangle, other.triangle])
        if not np.isfinite(both).all():
            return Linearised(np.full((1, both.shape[1]), np.nan), self.rows + other.rows)
        return Linearised(triangle_of(both), self.rows + other.rows)

    @property
    def finite(self) -> bool:
        """Whether everything is."""
        return bool(np.isfinite(self.triangle).all())

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return int(self.triangle.shape[1]) - 1

    @property
    def slopes(self) -> Vector:
        """R with RᵀR = JᵀJ, shape (k, p)."""
        return self.triangle[:, :-1]

    @property
    def residuals(self) -> Vector:
        """Qᵀ r₀, shape (k,), with Rᵀ Qᵀ r₀ = Jᵀ r₀."""
        return self.triangle[:, -1]

    @property
    def squares(self) -> float:
        """Σ r₀²."""
        return float(self.residuals @ self.residuals)

    def least(self) -> tuple[Vector, Vector]:
        """Return δ for which ‖r₀ - J δ‖ is least, shape (p,), and what is left of Qᵀ r₀.

        Where J is singular, δ is the shortest in units of the columns' lengths.
        """
        lengths = np.linalg.norm(self.slopes, axis=0)
        lengths = np.where(lengths > 0, lengths, 1.0)
        slopes = self.slopes / lengths
        move, left = np.zeros(self.size), self.residuals
        # Solved twice: the second time for the rounding that the first one left.
        for _ in range(2):
            further = in_one_thread(np.linalg.lstsq, slopes, left, rcond=None)[0]
            move, left = move + further, left - slopes @ further
        return move / lengths, left

    def depend_on_each_other(self, share: float) -> bool:
        """Return whether columns of equal length would have a smaller singular value than this."""
        lengths = np.linalg.norm(self.slopes, axis=0)
        if not lengths.all():
            return True
        singular = in_one_thread(np.linalg.svd, self.slopes / lengths, compute_uv=False)
        return len(singular) < self.size or bool(singular[-1] <= share * singular[0])


class Around(NamedTuple):
    """Squared errors around a point."""

    point: Vector
    squares: Linearised

    def moved(self, x: Vector) -> Linearised:
        """Return them around another point, where residuals are linear."""
        slopes, residuals = self.squares.slopes, self.squares.residuals
        there = residuals + slopes @ (x - self.point)
        return Linearised(np.column_stack([slopes, there]), self.squares.rows)


def triangle_of(columns: Vector) -> Vector:
    """Return the R of columns Q R."""
    return np.asarray(in_one_thread(np.linalg.qr, columns, mode="r"))


def kept_from_vanishing(triangle: Vector) -> Vector:
    """Return a triangle that can be inverted, even where columns depend on each other."""
    lengths = np.linalg.norm(triangle, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return triangle_of(np.vstack([triangle, np.diag(DEGENERATE * lengths)]))


def symmetric(products: Vector, size: int) -> Vector:
    """Return the matrix whose entries on and above the diagonal are given."""
    matrix = np.zeros((size, size))
    matrix[np.triu_indices(size)] = products
    return np.asarray(matrix + np.triu(matrix, 1).T)


def unlikeness(products: Vector, size: int) -> float:
    """Return the condition number of `size` columns, from products as in `Linearised.of_products`.

    >>> float(unlikeness(np.array([4.0, 0.0, 7.0, 1.0, 7.0, 9.0]), 2))
    2.0
    """
    if not np.isfinite(products).all():
        return 1.0
    values = in_one_thread(np.linalg.eigvalsh, symmetric(products, size + 1)[:size, :size])
    small = float(max(values[0], 0.0))
    return float(np.sqrt(values[-1] / small)) if small else np.inf


def linearised(parts: Iterable[BoundFunction]) -> Linearised | None:
    """Return a sum of squares around the start of its parts.

    Parameters
    ----------
    parts : iterable of BoundFunction
        The sums of squares of some rows each, see `squares_in_chunks`.

    Returns
    -------
    Linearised or None
        None where the model cannot be followed.
    """
    whole: Linearised | None = None
    for part in parts:
        if not part.is_sum_of_squares():
            return None
        found = Linearised.at(part, np.asarray(part.start))
        whole = found if whole is None else whole.joined(found)
    return whole


def squares_in_chunks(criterion: Criterion, values: Mapping[str, Any]) -> Iterator[BoundFunction]:
    """Yield the squared errors of the rows, chunk by chunk, in an order that is always the same.

    Parameters
    ----------
    criterion : Criterion
        Its plain squares are meant, whatever its loss.
    values : mapping
        The free parameters, from which the functions start.
    """
    squares, rows = criterion.squares(), criterion.rows
    if len(rows) <= CHUNK:
        yield squares.objective(values)
        return
    kernel = RowKernel(squares, *read_start(values))
    # Of equal size, so that one program serves all of them, or all but the last.
    size = -(-len(rows) // -(-len(rows) // CHUNK))
    if not goes_by_rows(kernel.of(rows.take(slice(0, size)))):
        yield squares.objective(values)
        return
    for first in range(0, len(rows), size):
        yield kernel.of(rows.take(slice(first, first + size)))


def goes_by_rows(function: BoundFunction) -> bool:
    """Return whether each residual of a sum of squares depends on its own row alone.

    A model that takes the mean of a column has another one in every chunk.
    """
    if not isinstance(function, GraphFunction):
        return True
    graph = function.branches.at(function.parts(function.start)).arrays
    try:
        form = RowForm(graph)
        for root in squares_of(graph.output) or ():
            form.column(root)
    except NativeError:
        return False
    return not any(node.is_constant for node in form.columns)

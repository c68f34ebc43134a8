"""Squared errors of many rows around any point, from one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from steepest.fitting.linearised import (
    Linearised,
    kept_from_vanishing,
    symmetric,
    triangle_of,
    unlikeness,
)
from steepest.objective import Vector
from steepest.program.native.chunks import summed
from steepest.program.native.row_gram import RowGram
from steepest.program.native.row_source import RowSource
from steepest.program.native.shared_rows import SharedRows
from steepest.threads import in_one_thread

SAMPLE = 4096
"""Rows, evenly spaced, that tell which coordinates are good ones."""

DEPENDENT = 1e-8
"""A smaller share of a column's length beside the others is left to Householder's method."""

ALIKE = 10.0
"""Condition number of the columns up to which their products keep all but two of their digits."""

CLOSE = 1e-9
"""How well compiled code must agree with Python on the sample."""


class RowSquares:
    """What Householder's triangle of all rows tells, as accurately, from products of columns.

    A sample gives coordinates in which the columns are nearly orthonormal. Products of such columns
    and of residuals hold all digits: no condition number is squared.

    Parameters
    ----------
    gram : RowGram
        The products.
    sample, rows : SharedRows
        Some of the rows, and all of them.

    References
    ----------
    Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa, T. Fukaya, "Roundoff error analysis of the
    CholeskyQR2 algorithm", Electronic Transactions on Numerical Analysis 44, 2015.
    """

    def __init__(self, gram: RowGram, sample: SharedRows, rows: SharedRows) -> None:
        self.gram, self.sample, self.rows = gram, sample, rows

    @classmethod
    def of(cls, gram: RowGram) -> RowSquares:
        """Return those of the rows that a Gram matrix was made for."""
        return cls(gram, gram.rows.every(-(-gram.rows.count // SAMPLE)), gram.rows)

    @property
    def source(self) -> RowSource:
        """The loop that adds up the products."""
        return self.gram.source

    def seen(self, x: Vector) -> Linearised:
        """Return the squared errors of the sample."""
        columns = self.gram.columns(x, self.sample)
        return Linearised.of(columns[:, :-1], columns[:, -1])

    def coordinates(self, x: Vector) -> Vector | None:
        """Return R with J R⁻¹ nearly orthonormal in the sample; None where that is not finite."""
        seen = self.seen(x)
        return kept_from_vanishing(triangle_of(seen.slopes)) if seen.finite else None

    def run(self, loop: Callable[..., Any] | None, x: Vector) -> Linearised | None:
        """Return the squared errors around a point; None where products would lose digits.

        Parameters
        ----------
        loop : callable or None
            `self.source` compiled; without it NumPy makes the pass.
        x : ndarray, shape (n,)
            The point.
        """
        coordinates = self.coordinates(x)
        if coordinates is None:
            return None
        # What few rows have a sample misses: the first pass then tells what the second one needs.
        for _ in range(2):
            products = self.products(loop, x, coordinates, self.rows)
            squares = Linearised.of_products(products, coordinates, self.rows.count)
            if not squares.finite:
                return None
            if unlikeness(products, squares.size) <= ALIKE:
                return squares
            if squares.depend_on_each_other(DEPENDENT):
                return None
            coordinates = triangle_of(squares.slopes)
        return None

    def products(
        self, loop: Callable[..., Any] | None, x: Vector, coordinates: Vector, rows: SharedRows
    ) -> Vector:
        """Return the entries of [J R⁻¹, r]ᵀ [J R⁻¹, r] on and above the diagonal."""
        turn = np.asarray(in_one_thread(np.linalg.inv, coordinates))
        return summed(self.gram.parts(loop, x, turn, rows))

    def agrees(self, loop: Callable[..., Any], x: Vector) -> bool:
        """Return whether compiled code finds in the sample what NumPy finds there."""
        coordinates = self.coordinates(x)
        if coordinates is None:
            return False
        found, expected = (
            symmetric(self.products(one, x, coordinates, self.sample), len(coordinates) + 1)
            for one in (loop, None)
        )
        lengths = np.sqrt(np.diag(expected))
        return bool((np.abs(found - expected) <= CLOSE * np.outer(lengths, lengths)).all())

"""Squared errors of many rows as a few numbers that stand for them at every point."""

from __future__ import annotations

from collections import deque

import numpy as np

from steepest.fitting.linearised import Around, Linearised
from steepest.fitting.native import RowsFunction
from steepest.fitting.row_squares import RowSquares
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.passes import Passes
from steepest.program.native.row_gram import RowGram

MANY = 32_768
"""Rows from which it pays: with fewer their columns stay in the cache, and NumPy is as quick by
these; with ten times as many it takes half the time, and compiled code a tenth."""

KEPT = 12
"""Points that are remembered: the one that a descent has come to, and those seen from there."""


class CondensedRows(RowsFunction):
    """A sum of squares whose residuals and their derivatives are n + 1 numbers in place of m.

    They are T with TᵀT = [J, r]ᵀ [J, r], which is all that a step of least squares needs, from one
    pass over the rows that stores nothing. Those of two points cannot be compared one by one.

    Parameters
    ----------
    followed : GraphFunction
        The sum of squares.
    engine : {"auto", "python", "native"}
        Who is to add up the rows.
    squares : RowSquares
        Makes the passes.
    """

    def __init__(self, followed: GraphFunction, engine: str, squares: RowSquares) -> None:
        super().__init__(followed, engine)
        self.products = Passes(engine, lambda: squares, ROW_LOOPS, work=squares)
        self.squares = squares
        self.known: deque[Around] = deque(maxlen=KEPT)

    @property
    def passes(self) -> tuple[Passes, ...]:
        """What passes there are."""
        return (*super().passes, self.products)

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        value = 0.5 * self.linearised(x).squares
        return value if np.isfinite(value) else super().value(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient."""
        around = self.linearised(x)
        if not around.finite:
            return super().value_and_gradient(x)
        return 0.5 * around.squares, around.slopes.T @ around.residuals

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian times a vector, by a difference of gradients where passes are quick.

        The verdict on an end asks for two, of which it needs some digits: four passes in all. Where
        there are bounds, which differences might leave, it is exact.
        """
        if self.products.trusted and self.lower is None:
            return BoundFunction.hessian_vector(self, x, vector)
        return super().hessian_vector(x, vector)

    def residuals(self, x: Vector) -> Vector:
        """Return numbers that stand for the residuals, shape (k,), k ≤ n + 1, with f = ½ ‖r‖²."""
        return self.linearised(x).residuals

    def jacobian(self, x: Vector) -> Vector:
        """Return their derivatives, shape (k, n)."""
        return self.linearised(x).slopes

    def linearised(self, x: Vector) -> Linearised:
        """Return the squared errors around a point, by one pass where they are not known there."""
        for known in self.known:
            if np.array_equal(known.point, x):
                return known.squares
        found = self.passed(x)
        if found is None:
            found = Linearised.of(super().jacobian(x), super().residuals(x))
        self.known.append(Around(np.array(x), found))
        return found

    def passed(self, x: Vector) -> Linearised | None:
        """Return the squared errors by products; None where these would lose digits."""
        products = self.products
        # Compared where the descent began: there everything is finite.
        if products.ready() and (
            products.trusted or products.judge(self.squares.agrees(products.loop, self.start))
        ):
            found: Linearised | None = products.run(x)
            return found
        self.say_why_not(self.products)
        by_numpy: Linearised | None = self.products.timed(self.squares.run, None, x)
        return by_numpy


def condensed(objective: BoundFunction, engine: str) -> CondensedRows | None:
    """Return a sum of squares of many rows in this form; None where it has another one, or few.

    Parameters
    ----------
    objective : BoundFunction
        The sum.
    engine : {"auto", "python", "native"}
        Who is to add up the rows.
    """
    if not isinstance(objective, GraphFunction) or not objective.is_sum_of_squares():
        return None
    if objective.structure.dtype != "float64":
        return None
    parts = objective.parts(objective.start)
    branch = objective.branches.at(parts)
    if branch.residuals is None or branch.residuals.graph.plain:
        return None
    roots = branch.residuals.roots
    if sum(root.size for root in roots) < MANY:
        return None
    try:
        gram = RowGram(branch.arrays, roots, branch.known(parts).__getitem__)
    except NativeError:
        return None
    return CondensedRows(objective, engine, RowSquares.of(gram))

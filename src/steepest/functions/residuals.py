"""The residuals of a function that is a sum of squares, with their Jacobian, as programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression, constant, topological_order, variable
from steepest.expression.operations.reductions import total
from steepest.expression.squares import squares_of
from steepest.functions.branches import Branch
from steepest.objective import Vector
from steepest.program.compiled import Program
from steepest.program.writer import write_function

MOST_ENTRIES = 1000
"""Up to so many entries a Jacobian is written out in plain numbers."""


class Residuals:
    """r(x) with f(x) = ½ ‖r(x)‖² and its Jacobian, for one branch of a function.

    Parameters
    ----------
    branch : Branch
        The branch, whose graph is a sum of squares.
    roots : sequence of Expression
        What is squared and added.
    """

    def __init__(self, branch: Branch, roots: Sequence[Expression]) -> None:
        self.branch = branch
        self.graph = branch.graph if branch.graph.plain else branch.arrays._replace(plain=False)
        self.roots = [constant(math.sqrt(2)) * root for root in roots]

    @classmethod
    def of(cls, branch: Branch) -> Residuals | None:
        """Return the residuals of a branch; None where it is no sum of squares."""
        inputs = branch.graph.inputs
        if branch.graph.plain:
            roots = squares_of(branch.graph.output)
            if roots is not None and len(roots) * len(inputs) <= MOST_ENTRIES:
                return cls(branch, roots)
        roots = squares_of(branch.arrays.output)
        if roots is None:
            return None
        found = cls(branch, roots)
        found.graph = branch.arrays._replace(plain=False)
        return found

    @cached_property
    def program(self) -> Program:
        """The program of the residuals."""
        return write_function(
            self.graph,
            self.roots,
            name="residuals",
            summary="Return what is squared and added.",
            result_names=[f"residual_{k}" for k in range(len(self.roots))],
            pack="list",
        )

    @cached_property
    def entries_program(self) -> Program:
        """The program of the Jacobian, row by row; for plain graphs."""
        rows = [gradient(root, self.graph.inputs) for root in self.roots]
        count = len(self.graph.inputs)
        return write_function(
            self.graph,
            bare([entry for row in rows for entry in row]),
            name="jacobian",
            summary="Return the derivatives of the residuals, row by row.",
            result_names=[f"slope_{i}_{j}" for i in range(len(rows)) for j in range(count)],
            pack="list",
        )

    @cached_property
    def columns_program(self) -> Program:
        """The program of the Jacobian, column by column, for variables that are single numbers.

        g(u) = Jᵀu is linear in u, so that the gradient of its j-th entry by u is column j. Written
        together, the columns share what they have in common.
        """
        seeds = self.seeds
        slopes = [constant(0.0)] * len(self.graph.inputs)
        for root, seed in zip(self.roots, seeds, strict=True):
            pulled = gradient(root, self.graph.inputs, seed)
            slopes = [slope + one for slope, one in zip(slopes, pulled, strict=True)]
        columns = [column for slope in slopes for column in gradient(slope, seeds)]
        return write_function(
            self.graph,
            bare(columns),
            name="jacobian",
            summary="Return the derivatives of the residuals, column by column.",
            result_names=[f"column_{name}" for name in self.branch.input_names() for _ in seeds],
            pack="list",
        )

    @cached_property
    def seeds(self) -> list[Expression]:
        """A variable of the shape of each residual."""
        return [variable(f"the seed of {k}", root.shape) for k, root in enumerate(self.roots)]

    @cached_property
    def product_program(self) -> Program:
        """The program of the Jacobian times a vector, for graphs of arrays.

        With g(u) = Jᵀu, which is linear in u, the product J v is the gradient of g(u)·v by u.
        """
        seeds = self.seeds
        product = constant(0.0)
        for root, seed in zip(self.roots, seeds, strict=True):
            pulled = gradient(root, self.graph.inputs, seed)
            for slope, vector in zip(pulled, self.branch.product_vectors, strict=True):
                product = product + total(slope * vector.node)
        return write_function(
            self.graph,
            bare(gradient(product, seeds)),
            name="jacobian_vector",
            summary="Return the Jacobian of the residuals times a vector.",
            result_names=[f"product_{k}" for k in range(len(seeds))],
            extra=self.branch.product_vectors,
            pack="list",
        )

    @cached_property
    def couplings(self) -> list[set[int]]:
        """For every input, the inputs on which the derivatives of the residuals by it depend."""
        product = constant(0.0)
        for root, seed in zip(self.roots, self.seeds, strict=True):
            product = product + total(root * seed)
        places = {node: place for place, node in enumerate(self.graph.inputs)}
        return [
            {places[node] for node in topological_order([slope]) if node in places}
            for slope in gradient(product, self.graph.inputs)
        ]

    def flat(self, parts: Sequence[Any]) -> Vector:
        """Return residuals of all shapes as one vector."""
        shaped = [
            np.ravel(part if np.shape(part) == root.shape else np.broadcast_to(part, root.shape))
            for part, root in zip(parts, self.roots, strict=True)
        ]
        return np.concatenate(shaped, dtype=np.float64)

    def columns(self, entries: Sequence[Any]) -> Vector:
        """Return what `columns_program` returned as one array, shape (m, n)."""
        sizes = [root.size for root in self.roots]
        ends = np.cumsum([0, *sizes]).tolist()
        rows = np.empty((len(entries) // len(sizes), ends[-1]))
        for place, entry in enumerate(entries):
            row, k = divmod(place, len(sizes))
            rows[row, ends[k] : ends[k + 1]].reshape(self.roots[k].shape)[...] = entry
        return rows.T

"""Functions made of sums over rows: what each row adds to them, and what comes of the sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from steepest.expression.node import Expression, apply, constant, topological_order, variable
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import is_plain
from steepest.program.writer import Graph

ARRAYS = "some of its variables are arrays, and no factors of tables."

PRODUCTS = ("matmul", "dot", "vdot", "inner")
"""Of two columns: the sum of the products of their rows."""


class Predictor(NamedTuple):
    """A linear predictor Xβ.

    Attributes
    ----------
    table : Expression
        X, shape (m, k), a constant or data.
    coefficients : Expression
        β, a variable of shape (k,).
    in_a_row : Expression
        The variable that it is in a row.
    """

    table: Expression
    coefficients: Expression
    in_a_row: Expression


@dataclass
class RowForm:
    """A graph of numbers and columns, taken apart at its sums over the rows.

    f(θ) = F(S₁, ..., S_k, θ) with Sⱼ = Σᵢ hⱼ(θ, row i). A column of shape (m,) becomes the number
    that it has in a row, and so does a linear predictor. Variables that are arrays belong to no
    row: only their predictors do.

    Parameters
    ----------
    graph : Graph
        The function, of arrays.

    Attributes
    ----------
    count : int
        m.
    columns : dict of Expression to Expression
        The columns, variables or constants, and the variable that each is in a row.
    fixed : dict of Expression to Expression
        Constants that are handed to the loop with θ, and the variable of each, so that the same
        loop serves others: the widths of losses, the numbers of a formula.
    terms : list of Expression
        hⱼ, of numbers.
    sums : list of Expression
        A variable for each Sⱼ.
    predictors : dict of Expression to Predictor
        The products of a table and a variable.

    Raises
    ------
    NativeError
        Where the function is not of this kind.
    """

    graph: Graph
    count: int = 0
    columns: dict[Expression, Expression] = field(default_factory=dict)
    fixed: dict[Expression, Expression] = field(default_factory=dict)
    terms: list[Expression] = field(default_factory=list)
    sums: list[Expression] = field(default_factory=list)
    predictors: dict[Expression, Predictor] = field(default_factory=dict)
    in_a_row: dict[Expression, Expression] = field(default_factory=dict)
    # Arrays of variables and what is made of them, which belong to no row; and tables.
    apart: set[Expression] = field(default_factory=set)
    of_arrays: set[Expression] = field(default_factory=set)
    tables: set[Expression] = field(default_factory=set)
    # What depends on sums, and can therefore be no part of a row.
    after: set[Expression] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.graph.guards:
            raise NativeError("the function decides on values (if, max, an index).")
        if any(node.ndim > 1 for node in self.variables):
            raise NativeError("some of its variables are arrays of several dimensions.")
        self.apart.update(node for node in self.variables if node.shape)

    def outer(self) -> Expression:
        """Return F, where the function is made of sums over rows."""
        found = self.taken(self.graph.output)
        if self.graph.output.shape or not self.terms:
            raise NativeError("the function is no sum over rows.")
        return found

    def column(self, node: Expression) -> Expression:
        """Return what a column of the graph is in a row."""
        found = self.taken(node)
        if node.ndim != 1 or self.terms:
            raise NativeError("what is squared is no column, or depends on sums over all rows.")
        return found

    def only_column(self, roots: Sequence[Expression]) -> Expression:
        """Return what the one column that is squared is in a row, of numbers alone."""
        self.require_numbers()
        if len(roots) != 1:
            raise NativeError("it is made of several sums of squares.")
        return self.column(roots[0])

    @property
    def numbers(self) -> list[float]:
        """The constants that are handed to the loop."""
        return [float(node.value) for node in self.fixed]

    @property
    def variables(self) -> list[Expression]:
        """The variables."""
        return [parameter.node for parameter in self.graph.variables]

    @property
    def parameters(self) -> list[Expression]:
        """The variables that are numbers, and may be part of a row."""
        return [node for node in self.variables if not node.shape]

    def taken(self, output: Expression) -> Expression:
        """Return a node of the graph as one of numbers."""
        for node in topological_order([output]):
            if node not in self.in_a_row:
                self.in_a_row[node] = self.of(node)
        return self.in_a_row[output]

    def of(self, node: Expression) -> Expression:
        """Return what a node is in a row; of what is no array, what it is."""
        inputs = [self.in_a_row[child] for child in node.inputs]
        if node.is_variable or node.is_constant:
            return self.leaf(node)
        over_rows = [child for child in node.inputs if child.shape]
        if any(child in self.tables for child in over_rows):
            return self.predicted(node)
        if any(child in self.apart for child in over_rows):
            return self.without_rows(node, inputs)
        if node.shape:
            self.check_rows(node)
        return self.over_rows(node, inputs, over_rows)

    def over_rows(
        self, node: Expression, inputs: list[Expression], over_rows: list[Expression]
    ) -> Expression:
        """Return what an operation on columns and numbers is in a row."""
        name, late = node.operation.name, any(one in self.after for one in inputs)
        if node.operation.elementwise:
            if node.shape and any(one in self.of_arrays for one in inputs):
                raise NativeError(ARRAYS)
            if node.shape and late:
                raise NativeError("what a row adds depends on sums over all rows.")
            found = apply(node.operation, *inputs, **node.options)
            if late:
                self.after.add(found)
            return found
        if not node.shape and len(over_rows) == len(inputs) and not late:
            if name in ("sum", "mean"):
                total = self.added(inputs[0])
                return self.late(total / float(self.count)) if name == "mean" else total
            if name in PRODUCTS and len(inputs) == 2:
                return self.added(inputs[0] * inputs[1])
        raise NativeError(f"its loops over rows do not know {name!r} of such shapes.")

    def predicted(self, node: Expression) -> Expression:
        """Return what the product of a table and a variable is in a row."""
        if node.operation.name not in ("matmul", "dot") or len(node.inputs) != 2:
            raise NativeError(f"its loops over rows do not know {node.operation.name!r} of tables.")
        table, coefficients = node.inputs
        if table not in self.tables or coefficients not in self.variables or node.ndim != 1:
            raise NativeError("a table is no factor of a variable.")
        self.check_rows(node)
        one = variable(f"predictor {len(self.predictors)}")
        self.predictors[node] = Predictor(table, coefficients, one)
        return one

    def without_rows(self, node: Expression, inputs: list[Expression]) -> Expression:
        """Return a node that is made of variables which are arrays."""
        if any(child.shape and child not in self.apart for child in node.inputs):
            raise NativeError(ARRAYS)
        if any(one in self.after for one in inputs):
            raise NativeError("variables that are arrays are met by sums over all rows.")
        found = apply(node.operation, *inputs, **node.options)
        if not node.shape:
            self.of_arrays.add(found)
            return self.late(found)
        self.apart.add(node)
        return found

    def check_rows(self, node: Expression) -> None:
        """Refuse arrays that are no columns of the same length."""
        if node.ndim != 1 or self.count not in (0, node.size):
            raise NativeError(f"an array of shape {node.shape} is no column of it.")
        self.count = node.size

    def leaf(self, node: Expression) -> Expression:
        """Return a variable or constant in a row."""
        if node.ndim == 2:
            self.tables.add(node)
            return node
        if node.shape and node.is_constant:
            first = node.value.flat[0].item()
            node = constant(first) if node.equals_constant(first) else node
        if not node.shape:
            return node if node.is_variable or is_plain(node.value) else self.hidden(node)
        if node in self.apart:
            return node
        self.check_rows(node)
        if node not in self.columns:
            self.columns[node] = variable(f"column {len(self.columns)}")
        return self.columns[node]

    def hidden(self, number: Expression) -> Expression:
        """Return the variable that stands for a constant."""
        if number not in self.fixed:
            self.fixed[number] = variable(f"number {len(self.fixed)}")
        return self.fixed[number]

    def added(self, term: Expression) -> Expression:
        """Return the variable that stands for a sum over the rows."""
        if term not in self.terms:
            self.terms.append(term)
            self.sums.append(variable(f"sum {len(self.sums)}"))
        return self.late(self.sums[self.terms.index(term)])

    def late(self, node: Expression) -> Expression:
        """Return a node, remembered as one that depends on sums."""
        self.after.add(node)
        return node

    def require_numbers(self) -> None:
        """Refuse variables that are arrays."""
        if self.apart:
            raise NativeError(ARRAYS)

    def arrays(self, data: Callable[[Expression], Any]) -> list[Any]:
        """Return the columns, `data` giving those that are variables."""
        return [node.value if node.is_constant else data(node) for node in self.columns]

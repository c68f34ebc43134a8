"""A followed function at work: one program per branch of the user's code.

Where the code decides on values (an `if`, a `max`, an index), the graph that was
followed holds for one outcome of the decisions. The program checks them; where
they differ, another known branch is tried, and else the code is followed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.derivative.reverse import bare, careful, gradient, hessian_vector
from steepest.errors import TracingError
from steepest.expression.node import Expression, evaluate, topological_order, variable
from steepest.expression.operations.structure import take
from steepest.expression.tracing.trace import Trace
from steepest.program.compiled import Program
from steepest.program.writer import Graph, Parameter, as_graph, as_plain_graph, write_function

if TYPE_CHECKING:
    from steepest.functions.residuals import Residuals

MOST_BRANCHES = 64
"""Branches kept; a function that decides differently at every point forgets the oldest."""


MOST_WRITTEN = 400
"""Operations of the gradient times variables, up to which second derivatives are written out.

That takes some 20 µs an operation to write, and 5 ms in all; products with unit vectors take
2 ms to write and 30 µs each to run.
"""


class Branch:
    """One outcome of the decisions: a graph, and the programs made from it on demand."""

    def __init__(
        self, parameters: Sequence[Parameter], trace: Trace, plain: bool, data: int = 0
    ) -> None:
        self.arrays = as_graph(parameters, trace.output, trace.guards, data)
        written_out = as_plain_graph(self.arrays) if plain else None
        self.graph: Graph = written_out or self.arrays._replace(plain=False)
        self.programs: dict[Any, Any] = {}
        self.shown = trace.shown

    @cached_property
    def value_program(self) -> Program:
        """The program of the value alone."""
        return write_function(
            self.graph,
            [self.graph.output],
            name="value",
            summary="Return the value.",
            result_names=["value"],
        )

    @cached_property
    def gradient_expressions(self) -> list[Expression]:
        """The gradient, one expression per input of the graph."""
        return gradient(self.graph.output, self.graph.inputs)

    @cached_property
    def gradient_program(self) -> Program:
        """The program of the value and the gradient."""
        slopes = bare(self.gradient_expressions)
        separate = all(not parameter.node.shape for parameter in self.graph.variables)
        return write_function(
            self.graph,
            [self.graph.output, *slopes],
            name="value_and_gradient",
            summary="Return the value and its gradient.",
            result_names=["value", *[f"gradient_{name}" for name in self.input_names()]],
            pack="value and tuple" if separate else "value and list",
        )

    @cached_property
    def residuals(self) -> Residuals | None:
        """What is squared and added, where the function is a sum of squares."""
        from steepest.functions.residuals import Residuals

        return Residuals.of(self)

    def input_names(self) -> list[str]:
        """Return the names of the graph's inputs."""
        return [node.name for node in self.graph.inputs]

    @cached_property
    def writes_hessian(self) -> bool:
        """Whether the Hessian is written out entry by entry; else it is made of products."""
        if not self.graph.plain:
            return False
        count = len(topological_order(self.gradient_expressions))
        return count * len(self.graph.inputs) <= MOST_WRITTEN

    @cached_property
    def hessian_program(self) -> Program:
        """The program of the Hessian, row by row; for plain graphs."""
        rows = [gradient(slope, self.graph.inputs) for slope in self.gradient_expressions]
        entries = bare([entry for row in rows for entry in row])
        names = [f"hessian_{a}_{b}" for a in self.input_names() for b in self.input_names()]
        return write_function(
            self.graph,
            entries,
            name="hessian",
            summary="Return the second derivatives, row by row.",
            result_names=names,
            pack="list",
        )

    @cached_property
    def product_vectors(self) -> list[Parameter]:
        """The vector that the Hessian is multiplied by, in the layout of the parameters."""
        return [
            Parameter(f"vector_{p.name}", variable(f"the vector of {p.name}", p.node.shape))
            for p in self.arrays.variables
        ]

    @cached_property
    def product_expressions(self) -> list[Expression]:
        """The Hessian times a vector, one expression per parameter."""
        vectors = [vector.node for vector in self.product_vectors]
        return hessian_vector(self.arrays.output, self.arrays.inputs, vectors)

    @cached_property
    def product_program(self) -> Program:
        """The program of the Hessian times a vector; for graphs of arrays."""
        return write_function(
            self.arrays._replace(plain=False),
            bare(self.product_expressions),
            name="hessian_vector",
            summary="Return the Hessian times a vector.",
            result_names=[f"product_{p.name}" for p in self.arrays.variables],
            extra=self.product_vectors,
            pack="list",
        )

    def agrees(self, parts: Sequence[Any]) -> bool:
        """Whether every decision comes out the same at another place."""
        guards = self.arrays.guards
        if not guards:
            return True
        values = evaluate([g.expression for g in guards], self.known(parts))
        return all(guard.holds(value) for guard, value in zip(guards, values, strict=True))

    def known(self, parts: Sequence[Any]) -> dict[Expression, Any]:
        """Return the values of the parameters by node."""
        nodes = [parameter.node for parameter in self.arrays.parameters]
        return dict(zip(nodes, map(np.asarray, parts), strict=True))

    @cached_property
    def careful_gradient(self) -> list[Expression]:
        """The gradient in which zero wins over infinity, see `careful`."""
        slopes = gradient(self.arrays.output, self.arrays.inputs)
        return careful(slopes, [self.arrays.output])

    def carefully(self, parts: Sequence[Any], derivatives: bool = True) -> tuple[Any, list[Any]]:
        """Return value and gradient by IEEE rules, kinks and masked infinities included."""
        wanted = [self.arrays.output, *(self.careful_gradient if derivatives else [])]
        value, *slopes = evaluate(wanted, self.known(parts))
        return value, slopes

    def careful_product(self, parts: Sequence[Any], vectors: Sequence[Any]) -> list[Any]:
        """Return the Hessian times a vector, in which zero wins over infinity."""
        known = self.known(parts)
        known |= {p.node: v for p, v in zip(self.product_vectors, vectors, strict=True)}
        return evaluate(careful(self.product_expressions, [self.arrays.output]), known)

    def jacobian(self, parts: Sequence[Any]) -> list[Any]:
        """Return the Jacobian of an array result, one array per parameter."""
        flat = self.arrays.output
        rows = []
        for place in np.ndindex(flat.shape):
            slopes = gradient(take(flat, place), self.arrays.inputs)
            rows.append(evaluate(careful(slopes, [flat]), self.known(parts)))
        columns = zip(*rows, strict=True)
        return [
            np.array(column).reshape(flat.shape + np.shape(part))
            for column, part in zip(columns, parts, strict=True)
        ]


RECENT, MOST_CONSTANTS = 16, 2**18
"""So many branches outlive their functions, each with no more numbers than this in it."""


def branch_of(parameters: Sequence[Parameter], trace: Trace, plain: bool, data: int) -> Branch:
    """Return a branch: for the same graph, with the programs that were written of it.

    Who tries learning rates or methods asks for the same function again and again, and to write
    the programs of its derivatives takes longer than many a descent.
    """
    if trace.guards:
        return Branch(parameters, trace, plain, data)
    constants = [node for node in topological_order([trace.output]) if node.is_constant]
    if sum(node.size for node in constants) > MOST_CONSTANTS:
        return Branch(parameters, trace, plain, data)
    return _recent(tuple(parameters), trace.output, trace.shown, plain, data)


@lru_cache(maxsize=RECENT)
def _recent(
    parameters: tuple[Parameter, ...], output: Expression, shown: str, plain: bool, data: int
) -> Branch:
    """Return the branch of a graph without decisions."""
    return Branch(parameters, Trace(output, (), shown=shown), plain, data)


BESIDE = (1e-6, 1e-3)
"""How far beside a place a function is looked at again whose numbers left the graph as text."""


def beside(parts: Sequence[Any], share: float) -> list[Any]:
    """Return a place beside another one."""
    return [np.asarray(part + share * np.maximum(1.0, np.abs(part)))[()] for part in parts]


def through_text(place: str) -> str:
    """Say that numbers went through text at a place in the code."""
    return (
        f"{place.removeprefix(': ')}numbers are made into text here, and what is read back from "
        "text no graph can follow; compute with the numbers themselves."
    )


class Branches:
    """Every branch of a function that was met so far.

    Parameters
    ----------
    names, shapes : sequences
        The parameters.
    follow : callable
        ``follow(parameters, parts, watching=False)`` follows the user's code at a place.
    plain : bool, default True
        Whether programs may be written out in plain numbers, which are float64: short arrays are
        quicker so, and longer to write.
    data : int, default 0
        How many of the parameters, the last ones, are data: no derivatives are taken by them.
    """

    def __init__(
        self,
        names: Sequence[str],
        shapes: Sequence[tuple[int, ...]],
        follow: Callable[..., Trace],
        plain: bool = True,
        data: int = 0,
    ) -> None:
        self.parameters = [
            Parameter(name, variable(name, shape))
            for name, shape in zip(names, shapes, strict=True)
        ]
        self.follow = follow
        self.plain = plain
        self.data = data
        self.known: list[Branch] = []
        self.programs: dict[Any, Any] = {}

    def at(self, parts: Sequence[Any]) -> Branch:
        """Return the branch for a place, followed anew where none is known."""
        for place, branch in enumerate(self.known):
            if branch.agrees(parts):
                if place:
                    self.known.insert(0, self.known.pop(place))
                return branch
        trace = self.follow(self.parameters, parts)
        if self.known and trace.shown:
            self._require_no_way_through_text(trace, parts)
        branch = branch_of(self.parameters, trace, self.plain, self.data)
        self.known.insert(0, branch)
        del self.known[MOST_BRANCHES:]
        return branch

    def _require_no_way_through_text(self, trace: Trace, parts: Sequence[Any]) -> None:
        """Refuse a graph that holds numbers which the code read back from text.

        They are other numbers at another place; what is only shown leaves the graph as it is.
        """
        other = self.follow(self.parameters, beside(parts, BESIDE[0]))
        if other.guards == trace.guards and other.output is not trace.output:
            raise TracingError(through_text(trace.shown))

    @property
    def first(self) -> Branch | None:
        """The branch used last: the likeliest one, whose program checks itself."""
        return self.known[0] if self.known else None

"""Functions of vectors made of sums over their elements: what each place adds to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from steepest.expression.node import Expression, topological_order, variable
from steepest.program.native.module import NativeError
from steepest.program.native.rows import RowForm


class Load(NamedTuple):
    """Which element of all variables a number is in place i: begin + i · stride.

    Attributes
    ----------
    node : Expression
        The number, a variable.
    begin, stride : int
    """

    node: Expression
    begin: int
    stride: int


@dataclass
class ElementForm(RowForm):
    """A graph of vectors, taken apart at its sums: f(x) = F(S₁, ..., S_k, single elements of x).

    Sⱼ = Σᵢ hⱼ(elements of x, data), the elements lying at begin + i · stride, as slices of x do.

    Attributes
    ----------
    loads : dict
        The elements that terms read, by the variable and the slice.
    singles : dict
        Single elements, by variable and place.

    Raises
    ------
    NativeError
        Where the function is not of this kind.
    """

    loads: dict[tuple[int, int], Load] = field(default_factory=dict)
    singles: dict[int, Load] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.graph.guards:
            raise NativeError("the function decides on values (if, max, an index).")
        self.begins: dict[Expression, int] = {}
        place = 0
        for parameter in self.graph.parameters:
            self.begins[parameter.node] = place
            place += prod(parameter.node.shape)
        self.size = place

    @property
    def parameters(self) -> list[Expression]:
        """The single elements, of which F is a function."""
        return [load.node for load in self.singles.values()]

    def of(self, node: Expression) -> Expression:
        """Return what a node is in place i; of what is no array, what it is."""
        if node in self.begins:
            if node.ndim == 1:
                return self.load(self.begins[node], 1)
            if not node.shape:
                return self.single(self.begins[node])
            raise NativeError(f"a variable has the shape {node.shape}.")
        if node.operation.name == "getitem" and node.inputs[0] in self.begins:
            return self.part(node)
        for child in node.inputs:
            if child in self.begins and child.shape:
                self.check_rows(child)
        return super().of(node)

    def predicted(self, node: Expression) -> Expression:
        """Refuse products with tables."""
        raise NativeError("it multiplies by a table.")

    def part(self, node: Expression) -> Expression:
        """Return what a slice or a single element of a variable is."""
        source = node.inputs[0]
        match node.options["index"].key:
            case (slice() as taken,) if source.ndim == 1:
                self.check_rows(node)
                begin, _, stride = taken.indices(source.size)
                if stride > 0:
                    return self.load(self.begins[source] + begin, stride)
            case (int(place),) if source.ndim == 1:
                return self.single(self.begins[source] + place % source.size)
        raise NativeError("it takes other parts of a variable than slices and elements.")

    def load(self, begin: int, stride: int) -> Expression:
        """Return the variable that stands for an element in place i."""
        if (begin, stride) not in self.loads:
            node = variable(f"element {begin} {stride}")
            self.loads[begin, stride] = Load(node, begin, stride)
        return self.loads[begin, stride].node

    def single(self, place: int) -> Expression:
        """Return the variable that stands for a single element, which F depends on."""
        if place not in self.singles:
            node = self.late(variable(f"single {place}"))
            self.singles[place] = Load(node, place, 1)
        return self.singles[place].node

    def read(self) -> list[Load]:
        """Return the elements that terms depend on; a whole vector may only be there for parts."""
        used = set(topological_order(self.terms))
        return [load for load in self.loads.values() if load.node in used]

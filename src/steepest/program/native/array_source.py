"""The source of graphs of arrays: loops over elements and products by BLAS, in their own buffers.

What an element is made of becomes a function of numbers, which a loop calls where an array is
needed: by a product, by a sum, or more than once. Arrays of one shape that follow each other have
one loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from steepest.expression.node import Expression, apply, constant, topological_order, variable
from steepest.program.native.module import NativeError
from steepest.program.native.numbers import write_numbers

Shape = tuple[int, ...]

REDUCTIONS = {"sum": "0.0", "max": "-np.inf", "min": "np.inf"}
"""What makes fewer numbers of many, and what each begins with."""

GATHERED = {
    "sum": "{0} += {1}",
    "max": "{0} = maximum({0}, {1})",
    "min": "{0} = minimum({0}, {1})",
}

IMPORTS = """import numpy as np
from steepest.program.native.elementary.choices import maximum, minimum
"""


class ArraySource:
    """Statements that compute arrays, and what they need.

    Parameters
    ----------
    given : mapping of Expression to str
        The names of contiguous arrays, and of numbers, that are known.
    prefix : str
        What names that are made here begin with.

    Attributes
    ----------
    buffers : dict of str to tuple of int
        Arrays that the statements write into, by shape.
    lines, functions : list of str
        The statements; and the source of the functions that they call.
    called : list of str
        The names of these functions.
    data : dict of str to array
        Constants that the statements name.
    """

    def __init__(self, given: Mapping[Expression, str], prefix: str) -> None:
        self.names, self.prefix, self.numbers = dict(given), prefix, count()
        self.kept: set[Expression] = set()
        self.buffers: dict[str, Shape] = {}
        self.lines: list[str] = []
        self.functions: list[str] = []
        self.called: list[str] = []
        self.data: dict[str, Any] = {}

    def write(self, results: Sequence[tuple[Expression, str]]) -> None:
        """Write statements that compute results into arrays, or numbers, of these names.

        Raises
        ------
        NativeError
            Where an operation is not known.
        """
        order = topological_order([node for node, _ in results], self.names)
        self.kept = kept_arrays(order, [node for node, _ in results])
        targets: dict[Expression, str] = {}
        for node, target in results:
            if node in self.kept and not is_view(node):
                targets.setdefault(node, target)
        waiting = [node for node in order if node in self.kept]
        while waiting:
            together = self.together(waiting)
            del waiting[: len(together)]
            self.compute(together, targets)
        for node, target in results:
            if targets.get(node) != target:
                self.loop([node], [target])

    def together(self, waiting: Sequence[Expression]) -> list[Expression]:
        """Return the first array, and those behind it that the same loop can compute."""
        found = [waiting[0]]
        if is_elementwise(waiting[0]):
            for node in waiting[1:]:
                alike = is_elementwise(node) and node.shape == waiting[0].shape
                if not (alike and self.is_ready(node, found)):
                    break
                found.append(node)
        return found

    def is_ready(self, node: Expression, found: Sequence[Expression]) -> bool:
        """Return whether all that elements of an array are made of is known, or found with it."""
        todo = list(node.inputs)
        while todo:
            child = todo.pop()
            if child.is_constant or child in self.names or child in found:
                continue
            if child in self.kept:
                return False
            todo.extend(child.inputs)
        return True

    def compute(self, nodes: Sequence[Expression], targets: Mapping[Expression, str]) -> None:
        """Write what computes arrays of one shape, or one array that is not elementwise."""
        node, name = nodes[0], nodes[0].operation.name
        if is_view(node):
            self.names[node] = self.view(node)
            return
        written = [targets.get(one) or self.fresh(one.shape) for one in nodes]
        if name == "matmul":
            self.product(node, written[0])
        elif name in REDUCTIONS:
            self.reduction(node, written[0])
        elif is_elementwise(node):
            self.loop(nodes, written)
        else:
            raise NativeError(f"loops over arrays do not know {name!r}.")
        self.names |= dict(zip(nodes, written, strict=True))

    def fresh(self, shape: Shape) -> str:
        """Return the name of a new array, or number."""
        name = f"{self.prefix}_{next(self.numbers)}"
        if shape:
            self.buffers[name] = shape
        return name

    def array(self, node: Expression) -> str:
        """Return the name of an array that is known, or of a constant."""
        if node not in self.names:
            name = f"{self.prefix}_data_{len(self.data)}"
            self.data[name] = np.ascontiguousarray(node.value, dtype=np.float64)
            self.names[node] = name
        return self.names[node]

    def view(self, node: Expression) -> str:
        """Return the name of an array's elements in another shape."""
        of, source = node.inputs[0], self.array(node.inputs[0])
        turned = source.endswith(".T")
        if node.operation.name == "transpose" and node.ndim == 2:
            return source.removesuffix(".T") if turned else f"{source}.T"
        if node.operation.name != "transpose" and node.shape and of.shape and not turned:
            name = f"{self.prefix}_{next(self.numbers)}"
            self.lines.append(f"{name} = {source}.reshape({node.shape})")
            return name
        raise NativeError(f"an array of shape {of.shape} is no view of shape {node.shape}.")

    def product(self, node: Expression, name: str) -> None:
        """Write a product of matrices and vectors."""
        a, b = node.inputs
        if not {a.ndim, b.ndim} <= {1, 2}:
            raise NativeError(f"a product of shapes {a.shape} and {b.shape} is none of matrices.")
        factors = f"{self.array(a)}, {self.array(b)}"
        product = f"np.dot({factors}, {name})" if node.shape else f"{name} = np.dot({factors})"
        self.lines.append(product)

    def reduction(self, node: Expression, name: str) -> None:
        """Write a sum, or the largest or smallest, over some of the axes."""
        (of,), axes, operation = node.inputs, node.options["axis"], node.operation.name
        kept = [axis for axis in range(of.ndim) if axis not in axes]
        places = ["0" if axis in axes else f"i{axis}" for axis in range(of.ndim)]
        places = places if node.options["keepdims"] else [f"i{axis}" for axis in kept]
        target = f"{name}[{', '.join(places)}]" if node.shape else name
        (element,) = self.elements([of], of.shape)
        begin, step = REDUCTIONS[operation], GATHERED[operation]
        at_once = kept == list(range(len(kept)))
        total = "total" if at_once and node.shape else target
        outer = [f"for i{axis} in range({of.shape[axis]}):" for axis in kept]
        inner = [f"for i{axis} in range({of.shape[axis]}):" for axis in axes]
        if at_once:
            self.lines += nested(outer, [f"{total} = {begin}"])
            indent = "    " * len(outer)
            self.lines += [indent + line for line in nested(inner, [step.format(total, element)])]
            self.lines += [f"{indent}{target} = {total}"] if total != target else []
        else:
            # The last axis stays: its numbers are gathered side by side.
            every = [f"for i{axis} in range({size}):" for axis, size in enumerate(of.shape)]
            self.lines += nested(outer, [f"{target} = {begin}"])
            self.lines += nested(every, [step.format(target, element)])

    def loop(self, nodes: Sequence[Expression], names: Sequence[str]) -> None:
        """Write a loop that computes arrays element by element."""
        shape = nodes[0].shape
        index = ", ".join([f"i{axis}" for axis in range(len(shape))])
        targets = [f"{name}[{index}]" if shape else name for name in names]
        sources = self.elements(nodes, shape)
        every = [f"for i{axis} in range({size}):" for axis, size in enumerate(shape)]
        self.lines += nested(every, [f"{', '.join(targets)} = {', '.join(sources)}"])

    def elements(self, nodes: Sequence[Expression], shape: Shape) -> list[str]:
        """Return the source of elements of arrays, inside a loop over a shape.

        It is one call if there are several, or if an element is more than one that is known.
        """
        leaves: dict[Expression, Expression] = {}
        found = [self.in_a_place(node, nodes, leaves) for node in nodes]
        read = [self.element(leaf, shape) for leaf in leaves]
        if len(found) == 1 and found[0].is_variable:
            return read
        name = f"{self.prefix}_part_{len(self.called)}"
        arguments = list(leaves.values())
        self.functions.append(write_numbers(name, "Return one element.", arguments, found))
        self.called.append(name)
        call = f"{name}({', '.join(read)})"
        return [call] if len(nodes) > 1 else [f"{call}[0]"]

    def in_a_place(
        self,
        output: Expression,
        computed: Sequence[Expression],
        leaves: dict[Expression, Expression],
    ) -> Expression:
        """Return what one element of an array is made of, as numbers."""
        stops = self.names.keys() | (self.kept - set(computed))
        found: dict[Expression, Expression] = {}

        def known(node: Expression) -> Expression:
            if node in found:
                return found[node]
            if node.is_constant and is_uniform(node):
                return constant(node.value.flat[0].item() if node.shape else node.value)
            return leaves.setdefault(node, variable(f"element {len(leaves)}"))

        for node in topological_order([output], stops):
            if is_elementwise(node):
                children = [known(child) for child in node.inputs]
                spread = node.operation.name == "broadcast_to"
                same = children[0] if spread else apply(node.operation, *children, **node.options)
                found[node] = same
        return known(output)

    def element(self, leaf: Expression, shape: Shape) -> str:
        """Return the source of an array's element, inside a loop over a shape."""
        name = self.array(leaf)
        if not leaf.shape:
            return name
        first = len(shape) - leaf.ndim
        places = ["0" if size == 1 else f"i{first + axis}" for axis, size in enumerate(leaf.shape)]
        if name.endswith(".T"):
            name, places = name.removesuffix(".T"), places[::-1]
        return f"{name}[{', '.join(places)}]"


def kept_arrays(order: Sequence[Expression], results: Sequence[Expression]) -> set[Expression]:
    """Return the nodes that are computed once and for all; the others where they are used."""
    uses: Counter[Expression] = Counter()
    needed = set(results)
    for node in order:
        uses.update(set(node.inputs))
        alone = not (is_elementwise(node) or node.operation.name in REDUCTIONS)
        for child in node.inputs:
            over = node.inputs[0].shape if node.operation.name in REDUCTIONS else node.shape
            if alone or child.shape != over:
                needed.add(child)
    return {
        node
        for node in order
        if not (node.is_constant or node.is_variable)
        and (node in needed or uses[node] > 1 or not is_elementwise(node))
    }


def is_elementwise(node: Expression) -> bool:
    """Return whether an element of an array is made of single elements of others."""
    leaf = node.is_variable or node.is_constant
    return not leaf and (node.operation.elementwise or node.operation.name == "broadcast_to")


def is_view(node: Expression) -> bool:
    """Return whether the elements of an array are those of another, in the same order or turned."""
    name = node.operation.name
    if name in ("getitem", "scatter"):
        index = node.options["index"]
        parts = index.key if index.is_basic else (0,)
        return all(part is None or part == slice(None) for part in parts)
    return name in ("reshape", "transpose")


def is_uniform(node: Expression) -> bool:
    """Return whether all elements of a constant are the same."""
    return not node.shape or bool((node.value == node.value.flat[0]).all())


def nested(headers: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return lines below headers that are each inside the one before."""
    opened = ["    " * depth + header for depth, header in enumerate(headers)]
    return [*opened, *["    " * len(headers) + line for line in lines]]

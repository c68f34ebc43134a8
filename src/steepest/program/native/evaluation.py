"""The source of value and gradient as compiled code takes it: on flat vectors, in place."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression, topological_order
from steepest.program.native.element_source import write_elements
from steepest.program.native.module import Module, NativeError
from steepest.program.native.rows import PRODUCTS
from steepest.program.spelling import Arrays, Text
from steepest.program.writer import Graph, write_function


class CompiledArrays(Arrays):
    """NumPy's spelling, but for what Numba compiles slowly, adds up carelessly or does not know."""

    def spell(self, node: Expression, inputs: list[Text]) -> Text:
        """Return the source of a node."""
        source = _spelled(node, [text.source for text in inputs])
        return super().spell(node, inputs) if source is None else Text(source)

    def names_used(self, nodes: Iterable[Expression]) -> set[str]:
        """Return the names in the spelling of some nodes, and those of our own loops."""
        return {"add", "alone", "put", "spread", "total"} | super().names_used(nodes)

    def placed(self, target: str, sign: str, piece: Expression, source: str) -> str:
        """Return the statement that writes a piece into an array, or adds it there."""
        if piece.ndim != 1 or ":" not in target:
            return super().placed(target, sign, piece, source)
        return f"{'put' if sign == '=' else 'add'}({target}, {source})"

    def header(self, body: str) -> list[str]:
        """Import NumPy and our own loops."""
        ours = "from steepest.program.native.words import add, alone, put, spread, total"
        return [*super().header(body), ours]


def _spelled(node: Expression, inputs: list[str]) -> str | None:
    """Return the source of a node where it is another one than NumPy's."""
    options = node.options
    match node.operation.name:
        case "sum" if not node.shape:
            return f"total({inputs[0] if node.inputs[0].ndim == 1 else f'np.ravel({inputs[0]})'})"
        case "reshape" if not node.shape:
            return f"({inputs[0]}).item()"
        case "reshape" if not node.inputs[0].shape:
            return f"np.full({node.shape}, {inputs[0]})"
        case "reshape":
            return f"np.ascontiguousarray({inputs[0]}).reshape({node.shape})"
        case "concatenate":
            return f"np.concatenate(({', '.join(inputs)},), axis={options['axis']})"
        case "scatter" if node.ndim == 1:
            match options["index"].key:
                case (slice() as part,) if node.inputs[0].ndim == 1:
                    begin, _, stride = part.indices(node.size)
                    return f"spread({inputs[0]}, {node.size}, {begin}, {stride})"
                case (int(place),):
                    return f"alone({inputs[0]}, {node.size}, {place % node.size})"
    return None


LARGEST_MATRIX = 500_000
"""Numbers of a matrix by which compiled code multiplies. With larger ones the product is all the
work, and NumPy's BLAS makes better use of the processors than the one that Numba calls: on two of
them compiled steps took 1.5 times as long as Python's (measured)."""


def require_small_matrices(graph: Graph) -> None:
    """Refuse products with large matrices, which are NumPy's affair."""
    products = [
        node for node in topological_order([graph.output]) if node.operation.name in PRODUCTS
    ]
    factors = [factor for node in products for factor in node.inputs]
    if any(factor.ndim > 1 and factor.size > LARGEST_MATRIX for factor in factors):
        raise NativeError("NumPy multiplies by large matrices on all processors.")


def write_evaluation(graph: Graph) -> Module:
    """Return a module with the function `evaluate(x, gradient) -> value`.

    Parameters
    ----------
    graph : Graph
        The function, of arrays.

    Raises
    ------
    NativeError
        Where the function decides on values.
    """
    if graph.guards:
        raise NativeError("the function decides on values (if, max, an index).")
    try:
        return write_elements(graph)
    except NativeError:
        return write_arrays(graph)


def write_arrays(graph: Graph) -> Module:
    """Return the same with an array for every step that is used more than once."""
    require_small_matrices(graph)
    program = write_function(
        graph._replace(plain=False),
        [graph.output, *bare(gradient(graph.output, graph.inputs))],
        name="value_and_gradient",
        summary="Return the value and its gradient.",
        result_names=["value", *[f"gradient_{node.name}" for node in graph.inputs]],
        pack="value and tuple",
        dialect=CompiledArrays(),
    )
    lines, arguments, place = [], [], 0
    for number, parameter in enumerate(graph.parameters):
        shape = parameter.node.shape
        end = place + prod(shape)
        slope = f"slopes[{number}]"
        if not shape:
            arguments.append(f"x[{place}]")
            lines.append(f"    gradient[{place}] = {slope}")
        elif len(shape) == 1:
            arguments.append(f"x[{place}:{end}]")
            lines.append(f"    put(gradient[{place}:{end}], {slope})")
        else:
            arguments.append(f"x[{place}:{end}].reshape({shape})")
            lines.append(f"    put(gradient[{place}:{end}], np.ravel({slope}))")
        place = end
    call = f"    value, slopes = value_and_gradient({', '.join(arguments)})"
    opening = '    """Return the value; write the gradient."""'
    wrapper = ["", "", "def evaluate(x, gradient):", opening, call, *lines, "    return value", ""]
    return Module(program.source + "\n".join(wrapper), program.constants)

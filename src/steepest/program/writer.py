"""Whole functions from graphs: the module text that computes a value and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from steepest.expression.node import Expression, topological_order, variable
from steepest.expression.tracing.session import Guard
from steepest.program.compiled import Program, run_module
from steepest.program.emission import Emitter, can_be_plain
from steepest.program.naming import Names
from steepest.program.scalars import MOST_SCALARS, to_scalars
from steepest.program.spelling import Arrays, Dialect, PlainNumbers, joined

MICROSECONDS_PER_NUMBER = 0.03
MICROSECONDS_PER_CALL = 0.8
"""What an operation on Python floats costs, and one on a small NumPy array (measured)."""


class Parameter(NamedTuple):
    """One argument of a generated function.

    Attributes
    ----------
    name : str
        Its name.
    node : Expression
        The variable it is in the graph.
    """

    name: str
    node: Expression

    def elements(self) -> Any:
        """Return an object array of the scalar variables it consists of."""
        result = np.empty(self.node.shape, dtype=object)
        for place in np.ndindex(self.node.shape):
            suffix = "".join([f"_{i}" for i in place])
            result[place] = variable(self.name + suffix) if place else self.node
        return result


class Graph(NamedTuple):
    """A followed function: parameters, result, decisions; as arrays or as plain numbers.

    Attributes
    ----------
    parameters : tuple of Parameter
        The arguments.
    inputs : tuple of Expression
        The variables to differentiate by: the parameters' nodes, or their elements.
    output : Expression
        The result.
    guards : tuple of Guard
        The decisions.
    plain : bool
        Whether every node is one number.
    data : int
        How many of the parameters, the last ones, are no variables: nothing is differentiated by
        them.
    """

    parameters: tuple[Parameter, ...]
    inputs: tuple[Expression, ...]
    output: Expression
    guards: tuple[Guard, ...]
    plain: bool
    data: int = 0

    @property
    def variables(self) -> tuple[Parameter, ...]:
        """The parameters that are no data."""
        return self.parameters[: len(self.parameters) - self.data]


def as_graph(
    parameters: Sequence[Parameter], output: Expression, guards: Sequence[Guard], data: int = 0
) -> Graph:
    """Return the graph of arrays, as it was followed."""
    nodes = tuple([parameter.node for parameter in parameters])
    scalar = all(not node.shape for node in nodes)
    roots = [output, *[guard.expression for guard in guards]]
    plain = scalar and can_be_plain(roots)
    inputs = nodes[: len(nodes) - data]
    return Graph(tuple(parameters), inputs, output, tuple(guards), plain, data)


def as_plain_graph(graph: Graph) -> Graph | None:
    """Return the same graph written out in plain numbers, where that is possible and quicker."""
    if graph.plain or graph.output.shape or graph.data:
        return graph if graph.plain else None
    if sum(parameter.node.size for parameter in graph.parameters) > MOST_SCALARS:
        return None
    elements = {parameter.node: parameter.elements() for parameter in graph.parameters}
    inputs = tuple([one for node in elements.values() for one in node.ravel()])
    if len(set(inputs)) < len(inputs):  # x[0] is called x_0, and another variable is, too
        return None
    roots = [graph.output, *[guard.expression for guard in graph.guards]]
    written = to_scalars(roots, elements)
    if written is None:
        return None
    scalars = [one.item() for one in written if not one.shape]
    if len(scalars) != len(written) or not can_be_plain(scalars):
        return None
    calls = len([node for node in topological_order(roots) if not node.is_constant])
    if len(topological_order(scalars)) * MICROSECONDS_PER_NUMBER > calls * MICROSECONDS_PER_CALL:
        return None
    guards = tuple(
        [Guard(s, guard.outcome) for s, guard in zip(scalars[1:], graph.guards, strict=True)]
    )
    return Graph(graph.parameters, inputs, scalars[0], guards, True)


def write_function(
    graph: Graph,
    results: Sequence[Expression],
    *,
    name: str,
    summary: str,
    result_names: Sequence[str],
    extra: Sequence[Parameter] = (),
    pack: str = "value",
    dialect: Dialect | None = None,
) -> Program:
    """Write and compile a function that computes ``results``.

    Parameters
    ----------
    graph : Graph
        Where the parameters and decisions come from.
    results : sequence of Expression
        What to return.
    name, summary : str
        Name and docstring of the function.
    result_names : sequence of str
        What to call each result in the source.
    extra : sequence of Parameter, optional
        Arguments besides the graph's (the vector of a Hessian-vector product).
    pack : {"value", "list", "value and list", "value and tuple"}
        The shape of what is returned: the first result, a list of all, or both.
    dialect : Dialect, optional
        How operations are spelled; the one of the graph by default.
    """
    parameters = [*graph.parameters, *extra]
    dialect = dialect or (PlainNumbers() if graph.plain else Arrays())
    roots = [*[guard.expression for guard in graph.guards], *results]
    names = Names(dialect.names_used(topological_order(roots)))
    signature = [names.own(parameter.name) for parameter in parameters]
    inputs, opening = _unpacked(parameters, signature, graph.plain, names)
    wanted = dict(zip(results, result_names, strict=True))
    emitter = Emitter(dialect, inputs, roots, names, wanted)
    for guard in graph.guards:
        emitter.guard(guard)
    returned = _results(emitter, results, result_names)
    closing = f"return {_packed(returned, pack)}"
    body = [f'"""{summary}"""', *opening, *emitter.lines, closing]
    text = joined(body)
    header = dialect.header(text)
    lead = "\n".join([*header, "", "", ""]) if header else ""
    source = f"{lead}def {name}({', '.join(signature)}):\n{text}\n"
    function = run_module(source, name, emitter.constants)[name]
    return Program(source, function, graph.plain, emitter.constants)


def _unpacked(
    parameters: Sequence[Parameter], signature: Sequence[str], plain: bool, names: Names
) -> tuple[dict[Expression, str], list[str]]:
    """Return the names of all variables, and the lines that take arrays apart."""
    inputs: dict[Expression, str] = {}
    lines = []
    for parameter, name in zip(parameters, signature, strict=True):
        if not plain or not parameter.node.shape:
            inputs[parameter.node] = name
            continue
        parts = []
        for element in parameter.elements().ravel():
            inputs[element] = names.own(element.name)
            parts.append(inputs[element])
        if parts:
            lines.append(f"{', '.join(parts)}{',' if len(parts) == 1 else ''} = {name}")
    return inputs, lines


def _results(emitter: Emitter, results: Sequence[Expression], wanted: Sequence[str]) -> list[str]:
    """Give every result a statement of its own, unless it is a name or number already."""
    returned = []
    for result, name in zip(results, wanted, strict=True):
        source = emitter.source(result)
        if emitter.text[result].is_atom or len(results) == 1:
            returned.append(source)
            continue
        fresh = emitter.names.fresh(name)
        emitter.lines.append(f"{fresh} = {source}")
        returned.append(fresh)
    return returned


def _packed(returned: list[str], pack: str) -> str:
    if pack == "value":
        return returned[0]
    if pack == "list":
        return f"[{', '.join(returned)}]"
    first, *others = returned
    if pack == "value and tuple":
        return f"{first}, ({', '.join(others)}{',' if len(others) == 1 else ''})"
    return f"{first}, [{', '.join(others)}]"

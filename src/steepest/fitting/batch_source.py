"""The source of steps on batches: one is made, a batch gathered, its loss differentiated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from steepest.derivative.reverse import bare, gradient
from steepest.descent.methods import FirstOrderMethod
from steepest.descent.rules import Memory, traced_rule
from steepest.expression.node import Expression, variable
from steepest.program.native.array_source import IMPORTS, ArraySource, Shape, nested
from steepest.program.native.module import Module, NativeError
from steepest.program.native.width import IMPORT, WIDEST
from steepest.program.writer import Graph

LINE = 8
"""Numbers of a cache line."""


class BatchSource(NamedTuple):
    """A module with the function `steps`, and what it must be given.

    Attributes
    ----------
    module : Module
        Source and constants.
    arrays, numbers : tuple of str
        What the method remembers, as it calls these: vectors of shape (n,), and numbers.
    functions : tuple of str
        The functions of numbers, which are written out where they are called.
    columns : tuple of int
        How many dimensions each column has.
    scratch : int
        How many numbers its buffers have room for.
    """

    module: Module
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    functions: tuple[str, ...]
    columns: tuple[int, ...]
    scratch: int


def write_steps(graph: Graph, method: FirstOrderMethod) -> BatchSource:
    """Return the source of steps of a method on the loss of batches.

    Parameters
    ----------
    graph : Graph
        The loss of a batch, of arrays; its data are the columns of the batch.
    method : FirstOrderMethod
        At a rate that is given.

    Raises
    ------
    NativeError
        Where there is none.
    """
    if graph.guards:
        raise NativeError("the function decides on values (if, max, an index).")
    variables = [parameter.node for parameter in graph.variables]
    columns = [one.node for one in graph.parameters if one.node not in variables]
    loss, opening = _loss(graph, variables, columns)
    size = sum(prod(node.shape) for node in variables)
    rule, memory = _rule(method, size)
    arrays = tuple(one.key for one in memory if one.node.shape)
    numbers = tuple(one.key for one in memory if not one.node.shape)
    data = {**loss.data, **rule.data}
    inside = [
        "x, slope, following, next_slope = points[k], slopes[k], points[k + 1], slopes[k + 1]",
        *[
            f"now_{j}, after_{j} = memory[k % 2, {j}], memory[1 - k % 2, {j}]"
            for j in range(len(arrays))
        ],
        *[f"own_{j} = numbers[k % 2, {j}]" for j in range(len(numbers))],
        "step, rate = begin + k, rates[k]",
        *rule.lines,
        *_gathered(columns),
        *opening,
        *loss.lines,
        "values[k + 1] = value",
        "check = 0.0 * value",
        *nested([f"for i0 in range({size}):"], ["check += 0.0 * next_slope[i0]"]),
        "if check != 0.0:",
        "    return k",
    ]
    buffers = {**loss.buffers, **rule.buffers}
    buffers |= {f"batch_{k}": node.shape for k, node in enumerate(columns)}
    rooms, scratch = _rooms(buffers)
    handed = ["begin", "places", "rates", "points", "values", "slopes", "memory", "numbers"]
    handed += ["scratch", *[f"all_{k}" for k in range(len(columns))]]
    lines = [
        f"def steps({', '.join(handed)}):",
        '    """Make a step for every batch; return how many led to what is finite."""',
        f"    {WIDEST}",
        *[f"    {line}" for line in rooms],
        *["    " + line for line in nested(["for k in range(places.shape[0]):"], inside)],
        "    return places.shape[0]",
    ]
    functions = [*loss.functions, *rule.functions]
    text = "\n".join([IMPORTS, IMPORT, *[f"\n{one}\n\n" for one in functions], *lines, ""])
    called = (*loss.called, *rule.called)
    dimensions = tuple(node.ndim for node in columns)
    return BatchSource(Module(text, data), arrays, numbers, called, dimensions, scratch)


def _rooms(buffers: Mapping[str, Shape]) -> tuple[list[str], int]:
    """Return the lines that give every buffer its part of one vector, and the length of that."""
    lines, place = [], 0
    for name, shape in buffers.items():
        end = place + prod(shape)
        lines.append(f"{name} = scratch[{place}:{end}].reshape({shape})")
        # Each begins where a cache line does.
        place = -(-end // LINE) * LINE
    return lines, place


def _loss(
    graph: Graph, variables: Sequence[Expression], columns: Sequence[Expression]
) -> tuple[ArraySource, list[str]]:
    """Return what computes the loss and its gradient, and the lines that name variables."""
    given = {node: f"batch_{k}" for k, node in enumerate(columns)}
    results, opening, place = [], [], 0
    for k, node in enumerate(variables):
        end = place + prod(node.shape)
        given[node], target = f"variable_{k}", f"slope_{k}"
        if node.shape:
            opening.append(f"variable_{k} = following[{place}:{end}].reshape({node.shape})")
            opening.append(f"slope_{k} = next_slope[{place}:{end}].reshape({node.shape})")
        else:
            opening.append(f"variable_{k} = following[{place}]")
            target = f"next_slope[{place}]"
        results.append(target)
        place = end
    source = ArraySource(given, "loss")
    slopes = bare(gradient(graph.output, variables))
    source.write([(graph.output, "value"), *zip(slopes, results, strict=True)])
    return source, opening


def _rule(method: FirstOrderMethod, size: int) -> tuple[ArraySource, list[Memory]]:
    """Return what computes the point after a step, and what the method remembers."""
    x, slope = variable("the point", (size,)), variable("the slope", (size,))
    rate, step = variable("the rate"), variable("the step")
    rule = traced_rule(method, [x], [slope], rate, step)
    given = {x: "x", slope: "slope", rate: "rate", step: "step"}
    targets: list[str] = []
    counts = {True: 0, False: 0}
    for one in rule.memory:
        vector = bool(one.node.shape)
        place, counts[vector] = counts[vector], counts[vector] + 1
        given[one.node] = f"now_{place}" if vector else f"own_{place}"
        targets.append(f"after_{place}" if vector else f"numbers[1 - k % 2, {place}]")
    source = ArraySource(given, "rule")
    source.write(
        [*zip(rule.following, targets, strict=True), *[(one, "following") for one in rule.moved]]
    )
    return source, rule.memory


def _gathered(columns: Sequence[Expression]) -> list[str]:
    """Return the lines that gather the rows of a batch."""
    lines = []
    for k, node in enumerate(columns):
        inner = [f"i{axis}" for axis in range(1, node.ndim)]
        headers = [f"for i0 in range({node.shape[0]}):"]
        lines += nested(headers, [f"place_{k} = places[k, i0]"])
        loops = [f"for i{axis} in range({node.shape[axis]}):" for axis in range(1, node.ndim)]
        target = f"batch_{k}[{', '.join(['i0', *inner])}]"
        source = f"all_{k}[{', '.join([f'place_{k}', *inner])}]"
        lines += ["    " + line for line in nested(loops, [f"{target} = {source}"])]
    return lines

"""The order and form of updates in a generated program, and what it measures a gradient by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steepest.expression.node import Expression, apply, constant, topological_order
from steepest.expression.operation import OPERATIONS
from steepest.expression.operations.reductions import total
from steepest.program.emission import Emitter


def moved(x: Expression, rate: Expression, direction: Expression) -> Expression:
    """Return x + rate * direction, a minus sign pulled to the front (exact in floating point)."""
    positive, sign = pulled_sign(direction)
    step = apply(OPERATIONS["multiply"], rate, positive)
    return apply(OPERATIONS["subtract" if sign < 0 else "add"], x, step)


def pulled_sign(node: Expression) -> tuple[Expression, int]:
    """Return a node without the minus signs of its factors, and their product."""
    name = node.operation.name
    if name == "negative":
        inner, sign = pulled_sign(node.inputs[0])
        return inner, -sign
    if name in ("multiply", "divide"):
        left, first = pulled_sign(node.inputs[0])
        right, second = pulled_sign(node.inputs[1])
        if first * second < 0 or first < 0:
            return apply(node.operation, left, right), first * second
    return node, 1


def take_lines(emitter: Emitter) -> list[str]:
    """Return the lines written so far and start anew."""
    lines, emitter.lines = emitter.lines, []
    return lines


def in_place(emitter: Emitter, updates: dict[str, Expression]) -> Iterator[str]:
    """Yield an assignment for every update, in an order in which no old value is lost.

    Where a later update needs the old value of a name, the new one gets a name of its
    own first, and the old name takes it over in the end.
    """
    pending = list(updates.items())
    delayed: list[tuple[str, str]] = []
    for place, (name, node) in enumerate(pending):
        later = [other for _, other in pending[place + 1 :]]
        known = {n: 0 for n in emitter.text if emitter.text[n].source != name}
        old = [n for n in emitter.text if emitter.text[n].source == name and n is not node]
        known[node] = 0
        needed = any(n in topological_order(later, known) for n in old)
        target = emitter.names.fresh(f"next_{name}") if needed else name
        emitter.assign(target, node)
        yield from take_lines(emitter)
        if needed:
            delayed.append((name, target))
    for name, target in delayed:
        yield f"{name} = {target}"


def squared_length(slopes: Sequence[Expression]) -> Expression:
    """Return the squared length of a gradient."""
    length = constant(0.0)
    for slope in slopes:
        square = apply(OPERATIONS["power"], slope, 2)
        length = apply(OPERATIONS["add"], length, total(square) if square.shape else square)
    return length


def largest_component(slopes: Sequence[Expression]) -> Expression:
    """Return the largest component of a gradient."""
    parts = []
    for slope in slopes:
        size = apply(OPERATIONS["absolute"], slope)
        axes = tuple(range(size.ndim))
        parts.append(apply(OPERATIONS["max"], size, axis=axes, keepdims=False) if axes else size)
    largest = parts[0]
    for part in parts[1:]:
        largest = apply(OPERATIONS["maximum"], largest, part)
    return largest

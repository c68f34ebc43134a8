"""From graphs to statements: the body of a generated program.

Each node that is used once is written where it is used; a node used more often
gets a name that says what it is. Decisions (guards) are checked in the order in
which the user's code took them, before anything that depends on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from steepest.expression.node import Expression, topological_order
from steepest.expression.tracing.session import Guard
from steepest.program.accumulation import Accumulation, accumulations
from steepest.program.naming import Names
from steepest.program.spelling import Arrays, Dialect, PlainNumbers, Text, counted, is_product

LONGEST = 68
"""Longest piece of source, in characters, that is written inside another."""


class Emitter:
    """Writes the statements that compute some results.

    Parameters
    ----------
    dialect : Dialect
        How operations are spelled.
    inputs : mapping of Expression to str
        The names (or other source) of nodes that are known already.
    outputs : sequence of Expression
        Everything that will be asked for; decides what is shared.
    names : Names, optional
        Hands out names.
    wanted : mapping of Expression to str, optional
        What certain nodes are to be called.
    """

    def __init__(
        self,
        dialect: Dialect,
        inputs: Mapping[Expression, str],
        outputs: Sequence[Expression],
        names: Names | None = None,
        wanted: Mapping[Expression, str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.names = names or Names(inputs.values())
        self.wanted = dict(wanted or {})
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self.text: dict[Expression, Text] = {node: Text(name) for node, name in inputs.items()}
        self.uses = Counter(
            child for node in topological_order(outputs, self.text) for child in node.inputs
        )
        self.uses.update(outputs)
        self.sums: dict[Expression, Accumulation] = {}
        self.absorbed: set[Expression] = set()
        if isinstance(dialect, Arrays):
            order = topological_order(outputs, self.text)
            self.sums, self.absorbed = accumulations(order, self.uses)
        self.atomic = self.must_be_names(outputs)

    def must_be_names(self, outputs: Sequence[Expression]) -> set[Expression]:
        """Return the nodes whose source is repeated by the spelling of what uses them."""
        atomic = set()
        for node in topological_order(outputs, self.text):
            if node.is_variable or node.is_constant:
                continue
            template = self.dialect.template(node) or ""
            for place, child in enumerate(node.inputs):
                if counted(template, place) > 1 or (place == 0 and is_product(node)):
                    atomic.add(child)
        return atomic

    def source(self, output: Expression) -> str:
        """Write what ``output`` needs and return its source."""
        for node in topological_order([output], self.text):
            self.text[node] = self.written(node)
        return self.text[output].source

    def assign(self, name: str, node: Expression) -> None:
        """Write ``name = ...`` and use that name for the node from here on."""
        for child in node.inputs:
            self.source(child)
        if node in self.sums and node not in self.text:
            self.accumulated(node, name)
            return
        text = self.text.get(node) or self.spelled(node)
        if text.source != name:
            self.lines.append(f"{name} = {text.source}")
        self.text[node] = Text(name)

    def spelled(self, node: Expression) -> Text:
        """Return the source of one node whose inputs are written."""
        if node.is_constant:
            return self.constant(node)
        return self.dialect.spell(node, [self.operand(node, child) for child in node.inputs])

    def written(self, node: Expression) -> Text:
        """Return the source of one node, named by a statement where that is better."""
        if node in self.absorbed:
            return Text("")  # written by the sum that it is a part of
        if node in self.sums:
            name = self.names.fresh(self.wanted.get(node, "total"))
            self.accumulated(node, name)
            return Text(name)
        text = self.spelled(node)
        if node.is_constant:
            return text
        if (self.uses[node] > 1 or node in self.atomic or len(text.source) > LONGEST) and (
            not text.is_atom
        ):
            if node in self.wanted:
                name = self.names.fresh(self.wanted[node])
            else:
                name = self.names.describing(node, [self.text[c].source for c in node.inputs])
            self.lines.append(f"{name} = {text.source}")
            return Text(name)
        return text

    def accumulated(self, node: Expression, name: str) -> None:
        """Write a sum of pieces into one array, which has that name from here on."""
        assert isinstance(self.dialect, Arrays)
        accumulation = self.sums[node]
        if accumulation.whole is None:
            shape = node.shape[0] if node.ndim == 1 else node.shape
            self.lines.append(f"{name} = np.zeros({shape})")
        else:
            self.lines.append(f"{name} = {self.text[accumulation.whole].source}")
        for place, piece in enumerate(accumulation.pieces):
            sign = "=" if accumulation.whole is None and place == 0 else "+="
            index = piece.options["index"].source
            source = self.operand(piece, piece.inputs[0]).source
            self.lines.append(
                self.dialect.placed(f"{name}[{index}]", sign, piece.inputs[0], source)
            )
        self.text[node] = Text(name)

    def operand(self, node: Expression, child: Expression) -> Text:
        """Return the source of an input; whole numbers stay whole as exponents only."""
        if child.is_constant and not child.shape and node.operation.name != "power":
            return self.dialect.number(child.value, whole=node.kind != "f")
        return self.text[child]

    def constant(self, node: Expression) -> Text:
        """Return a literal, or a name for a constant array."""
        if not node.shape:
            return self.dialect.number(node.value, whole=True)
        assert isinstance(self.dialect, Arrays)
        literal = self.dialect.array(node.value)
        if literal is not None and self.uses[node] <= 1:
            return Text(literal)
        if literal is not None:
            name = self.names.fresh("data")
            self.lines.append(f"{name} = {literal}")
            return Text(name)
        name = self.names.fresh("data")
        self.constants[name] = node.value
        return Text(name)

    def guard(self, guard: Guard) -> None:
        """Write the check of one decision; where it fails, the program returns None."""
        outcome = guard.outcome
        source = self.source(guard.expression)
        if guard.expression.shape:
            name = self.names.fresh("decided")
            self.constants[name] = outcome
            self.lines.append(f"if not np.array_equal({source}, {name}):")
        elif guard.expression.kind == "b":
            self.lines.append(f"if {source}:" if not outcome else f"if not ({source}):")
        else:
            self.lines.append(f"if {source} != {self.dialect.number(outcome, whole=True).source}:")
        self.lines.append("    return None")


def can_be_plain(outputs: Sequence[Expression]) -> bool:
    """Whether all of a graph can be written with plain numbers."""
    dialect = PlainNumbers()
    return all(
        not node.shape
        and (node.is_variable or node.is_constant or dialect.template(node) is not None)
        for node in topological_order(outputs)
    )

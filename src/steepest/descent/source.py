"""A whole descent as one short program: value, gradient, update and stop in one loop.

What the tutorials write by hand, written for the user's function. The program
imports nothing but `math` or `numpy`, and it is what runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.descent.divergence import FALL, LEAST_DEPTH_SCALE, RISE, SMALLEST_SCALE
from steepest.descent.ending import ending, quoted
from steepest.descent.generated import Descent, DescentProgram, NoProgramError
from steepest.descent.loop_source import CompiledNumbers, LoopSource, write_loop
from steepest.descent.measures import EPSILON
from steepest.descent.rules import traced_rule
from steepest.descent.stopping import PATIENCE, Gradient, MaxSteps, NoDescent, Stop, Value
from steepest.descent.updates import in_place, largest_component, squared_length, take_lines
from steepest.expression.node import Expression, apply, constant, topological_order, variable
from steepest.expression.operation import OPERATIONS
from steepest.expression.tracing.session import Session
from steepest.expression.tracing.traced import lift, wrap
from steepest.program.compiled import run_module
from steepest.program.emission import Emitter
from steepest.program.naming import Names
from steepest.program.spelling import Arrays, Dialect, PlainNumbers, joined

MOST_VARIABLES = 24
"""Plain numbers are written out for this many variables; a longer program teaches nobody."""


OWN_NAMES = set(
    "step steps value descend rate goal max_steps start scale lowest highest previous smallest "
    "reference idle size abs min max float enumerate print _".split()
)
"""What the loop itself uses names for; a variable of such a name gets a number behind it."""


class Unit(NamedTuple):
    """One name of the program: a variable, or an array of them.

    Attributes
    ----------
    node : Expression
        The variable in the graph.
    name : str
        What the program calls it.
    slope : Expression
        Its partial derivative.
    """

    node: Expression
    name: str
    slope: Expression


def write_descent(descent: Descent, title: str) -> DescentProgram:
    """Write the program of a descent, whose first line is a title.

    Raises
    ------
    NoProgramError
        Where there can be none.
    """
    graph = descent.graph
    if graph.guards:
        raise NoProgramError(
            "No program of its own: the function decides on values (if, max, an index), and a "
            "program would hold for one outcome only."
        )
    if graph.plain and len(graph.inputs) > MOST_VARIABLES:
        raise NoProgramError(
            f"No program of its own: it is written for {MOST_VARIABLES} variables."
        )
    return _Writer(descent, PlainNumbers() if graph.plain else Arrays()).program(title)


class _Writer:
    """One program being written."""

    def __init__(self, descent: Descent, dialect: Dialect) -> None:
        self.descent = descent
        self.graph, self.method = descent.graph, descent.method
        self.rate, self.stop = descent.rate, descent.stop
        self.varying = callable(descent.rate)
        self.dialect = dialect
        self.session = Session({})
        self.step = variable("the step")
        self.next_rate = self.scheduled() if self.varying else None
        slopes = bare(gradient(self.graph.output, self.graph.inputs))
        written = topological_order([self.graph.output, *slopes, *self.rule()])
        self.names = Names(OWN_NAMES | self.dialect.names_used(written))
        self.units = [
            Unit(node, self.names.own(node.name), slope)
            for node, slope in zip(self.graph.inputs, slopes, strict=True)
        ]
        self.state_nodes: dict[str, Expression] = {}
        self.initial: dict[str, Expression] = {}

    def program(self, title: str) -> DescentProgram:
        """Return the program."""
        prelude, row, loop = self.parts()
        opening = "Yield the point, its value and its gradient at every step of the way down."
        yielded = [line if line else f"yield {', '.join(row)}" for line in loop]
        lines = [*prelude, "while True:", *[f"    {line}" for line in yielded]]
        text = joined([f'"""{opening}"""', *lines])
        variables = ", ".join([unit.name for unit in self.units])
        imports = self.dialect.header(text)
        above = ["", *imports] if imports else []
        header = "\n".join([quoted(title, '"""'), *above, "", ""])
        source = f"{header}\ndef descend({variables}, max_steps):\n{text}\n"
        names = run_module(source, "descent", {})
        printed = {unit.node: unit.name for unit in self.units}
        printing = ending(printed, self.graph.parameters, self.graph.plain)
        arrays = not self.graph.plain
        return DescentProgram(
            source, printing, names["descend"], arrays, self.varying, self.loop_source
        )

    def loop_source(self) -> LoopSource:
        """Return the loop for compiled code."""
        writer = _Writer(self.descent, CompiledNumbers())
        prelude, row, loop = writer.parts()
        header = writer.dialect.header("\n".join([*prelude, *loop]))
        return write_loop(header, [unit.name for unit in writer.units], prelude, row, loop)

    def parts(self) -> tuple[list[str], list[str], list[str]]:
        """Return the lines before the loop, what a row of numbers is, and the lines of a step.

        An empty line stands where the row is to be handed out.
        """
        updates = self.updates()
        inputs = {unit.node: unit.name for unit in self.units}
        inputs |= {self.step: "step"} | {node: name for name, node in self.state_nodes.items()}
        if self.varying:
            inputs[self.rate_node] = "rate"
        squares = squared_length([unit.slope for unit in self.units])
        roots = [self.graph.output, *[u.slope for u in self.units], *updates.values()]
        size = (
            largest_component([unit.slope for unit in self.units]) if self.has(Gradient) else None
        )
        roots += [squares, *([size] if size is not None else [])]
        emitter = Emitter(self.dialect, inputs, roots, self.names)
        row, lines = self.loop(emitter, updates, squares, size)
        if emitter.constants:
            raise NoProgramError("No program of its own: its data are too long to be written out.")
        prelude = ["rate = float('nan')"] if self.varying else []
        prelude += [
            f"{name} = {Emitter(self.dialect, {}, [node], self.names).source(node)}"
            for name, node in self.initial.items()
        ]
        return [*prelude, "step = 0", *self.memory()], row, lines

    def has(self, kind: type[Stop]) -> bool:
        """Whether a stop rule is part of what was asked for."""
        return any(isinstance(part, kind) for part in self.stop.parts)

    def rule(self) -> list[Expression]:
        """Return the rule on one symbol, and the next rate: what of Python they use."""
        x, slope = [wrap(self.session, variable(f"the {name}")) for name in ("point", "gradient")]
        keys = self.method.initial_state(np.zeros(1))
        state = {key: wrap(self.session, variable(f"the {key}")) for key in keys}
        step = wrap(self.session, self.step)
        direction, following = self.method.direction(x, slope, state, step)
        begin = self.method.initial_state(x)
        written = [lift(value) for value in (direction, *following.values(), *begin.values())]
        return [*written, *([self.next_rate] if self.next_rate is not None else [])]

    def updates(self) -> dict[str, Expression]:
        """Return the new value of every state and variable, by name, in order of assignment."""
        rate: Expression = constant(0.0)
        if callable(self.rate):
            rate = self.rate_node = variable("the rate")
        else:
            rate = constant(float(self.rate))
        nodes, slopes = [unit.node for unit in self.units], [unit.slope for unit in self.units]
        rule = traced_rule(self.method, nodes, slopes, rate, self.step)
        changes: dict[str, Expression] = {}
        for memory, following in zip(rule.memory, rule.following, strict=True):
            alone = memory.place is None or len(self.units) == 1
            suffix = "" if alone else f"_{self.units[memory.place or 0].name}"
            name = self.names.fresh(f"{memory.key}{suffix}")
            self.state_nodes[name], self.initial[name] = memory.node, memory.initial
            changes[name] = following
        ends = zip(self.units, rule.moved, strict=True)
        return changes | {unit.name: end for unit, end in ends}

    def memory(self) -> list[str]:
        """Return the lines that begin the memory of the stop rules."""
        lines = []
        if self.has(NoDescent):
            lines.append('previous = float("inf")')
        if self.has(Gradient):
            lines += ['smallest = float("inf")', "reference = idle = 0"]
        return lines

    def loop(
        self,
        emitter: Emitter,
        updates: dict[str, Expression],
        squares: Expression,
        size: Expression | None,
    ) -> tuple[list[str], list[str]]:
        """Return what a row of numbers is, and the lines of a step (see `parts`)."""
        emitter.assign("value", self.graph.output)
        for unit in self.units:
            emitter.assign(self.names.fresh(f"gradient_{unit.name}"), unit.slope)
        lines = take_lines(emitter)
        row = [unit.name for unit in self.units] + ["value"]
        row += [emitter.text[unit.slope].source for unit in self.units]
        if callable(self.rate):
            row.append("rate")
        lines.append("")
        lines += self.bounds(emitter, squares)
        for part in self.stop.parts:
            lines += self.check(emitter, part, size)
        lines += ["if step >= max_steps:", '    return "MAX_STEPS"', "step += 1"]
        if self.next_rate is not None:
            writer = Emitter(self.dialect, {self.step: "step"}, [self.next_rate], self.names)
            writer.assign("rate", self.next_rate)
            lines += writer.lines
        lines += in_place(emitter, updates)
        return row, lines

    def bounds(self, emitter: Emitter, squares: Expression) -> list[str]:
        """Return the lines that notice a value growing without bound, long before overflow."""
        first = self.first_rate()
        # Names made here exist at the first step only, so another emitter makes them.
        slopes = {unit.slope: emitter.text[unit.slope].source for unit in self.units}
        own = Emitter(emitter.dialect, slopes, [squares], self.names)
        source = own.source(squares)
        return [
            "if step <= 1:",
            "    if step == 0:",
            *[f"        {line}" for line in own.lines],
            "        start = value",
            f"        scale = max(abs(value), {first!r}*({source}), {SMALLEST_SCALE!r})",
            "    scale = max(scale, abs(value - start))",
            f"    lowest = start - {short(FALL)}*max(scale, {short(LEAST_DEPTH_SCALE)})",
            f"    highest = start + {short(RISE)}*scale",
            "if not lowest < value < highest:",
            '    return "DIVERGED"',
        ]

    def first_rate(self) -> float:
        """Return the rate of the first step."""
        return float(self.rate(0)) if callable(self.rate) else float(self.rate)

    def check(self, emitter: Emitter, part: Stop, size: Expression | None) -> list[str]:
        """Return the lines of one stop rule."""
        if isinstance(part, NoDescent):
            return ["if value >= previous:", '    return "NO_DESCENT"', "previous = value"]
        if isinstance(part, Value):
            return [f"if value <= {part.target!r}:", '    return "VALUE"']
        if isinstance(part, MaxSteps):
            return [f"if step >= {part.steps}:", '    return "MAX_STEPS"']
        if isinstance(part, Gradient) and size is not None:
            source = emitter.source(size)
            return [
                *take_lines(emitter),
                f"size = {source}",
                "if step == 0:",
                f"    goal = {part.tolerance!r}*min(1.0, {part.first or 'size'})",
                "if size <= goal:",
                '    return "GRADIENT"',
                f"if size < smallest or abs(value - reference) > {4 * EPSILON!r}*abs(reference):",
                "    reference, smallest, idle = value, min(size, smallest), 0",
                "else:",
                "    idle += 1",
                f"    if idle >= {PATIENCE}:",
                '        return "NO_FURTHER_FALL"',
            ]
        raise NoProgramError(f"No program of its own: {part!r} is not written as source.")

    def scheduled(self) -> Expression:
        """Return the rate of the next step."""
        assert callable(self.rate)
        made = apply(OPERATIONS["subtract"], self.step, 1.0)
        try:
            return lift(self.rate(wrap(self.session, made)))
        except Exception as error:
            raise NoProgramError(
                f"No program of its own: the schedule {self.rate!r} is no plain arithmetic on the "
                "step."
            ) from error


def short(number: float) -> str:
    """Return a power of ten as one writes it: 1e8."""
    return f"{number:.0e}".replace("e+0", "e").replace("e+", "e")

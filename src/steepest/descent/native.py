"""Walks of L-BFGS by compiled code, in slices, with Python for all that is out of the ordinary."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from steepest.descent import measures, slices
from steepest.descent.divergence import ceiling, floors
from steepest.descent.emitted import ProgramWalk, program_walk
from steepest.descent.measures import largest
from steepest.descent.methods import l_bfgs, quasi_newton
from steepest.descent.methods.l_bfgs import LBFGS
from steepest.descent.methods.method import DirectionMemory
from steepest.descent.problem import Iterate
from steepest.descent.running import by_python
from steepest.descent.slices import Gate, Place, Ring, Rows, Rules, look, run_slice
from steepest.descent.step_length import hager_zhang, line, more_thuente, wolfe
from steepest.descent.step_length.wolfe import Before, StrongWolfe
from steepest.descent.stopping import Gradient, MaxSteps, NoDescent, Value
from steepest.descent.walk import Plan, Row, State, Walk, stepping
from steepest.errors import TracingError
from steepest.functions.graph import GraphFunction
from steepest.program.native.compiling import (
    ONE_AT_A_TIME,
    compiled_driver,
    functions_of,
    quietly,
    require_numba,
    types_of,
)
from steepest.program.native.engine import COMPILER
from steepest.program.native.module import NativeError

SLICE_SECONDS = 0.02
"""How long a slice should take, so that limits and Ctrl-C are noticed."""

SLICE_NUMBERS = 4_000_000
"""Numbers in the points of a slice at most: 32 megabytes, and as much for their gradients."""

COUNTED = 0.05
"""How many seconds of Python's are counted together; shorter descents never compile."""

FRUITLESS = 3
"""After so many tries in a row that led to no row, all further steps are left to Python."""

CLOSE = 1e-9
"""How well compiled code must agree with Python at the start, relative to what is largest there."""

MODULES = (more_thuente, wolfe, hager_zhang, measures, quasi_newton, l_bfgs, slices)
"""Where everything is that `run_slice` calls, besides the words of `steepest.vectors`."""


@dataclass(frozen=True)
class NativeWalk(Walk):
    """A walk whose rows are made by compiled code, as far as possible.

    Parameters
    ----------
    taken_over : list of int
        The steps from which on compiled code made the rows; filled while they are read.
    """

    taken_over: list[int] = field(default_factory=list)

    @property
    def engine(self) -> str:
        """What made the rows that were read."""
        return f"native from step {self.taken_over[0] + 1}" if self.taken_over else "python"


def native_walk(plan: Plan) -> Walk:
    """Return the walk of a plan whose engine is "native", or "auto"."""
    reason = why_not(plan)
    if plan.engine == "native":
        require_numba()
    if reason:
        walk = program_walk(plan)
        if plan.engine == "auto" or isinstance(walk, ProgramWalk):
            return walk
        return replace(walk, notices=(*walk.notices, by_python(reason)))
    notices: list[str] = []
    taken_over: list[int] = []
    rows = stepping(plan, Slices(plan, notices, taken_over).ahead)
    return NativeWalk(rows, notices=notices, taken_over=taken_over)


def why_not(plan: Plan) -> str | None:
    """Return why the steps of a plan are not compiled; None where they can be."""
    method, objective = plan.method, plan.objective
    if type(method) is not LBFGS:
        return (
            "so far those of 'l-bfgs' are compiled, and of first-order methods with a learning "
            f"rate those that have a program of their own; the method is {method.name!r}."
        )
    if not (type(method.length) is StrongWolfe and method.length.natural):
        return "so far they are compiled with the method's own search for the step length."
    if plan.problem.box is not None:
        return "so far they are compiled without bounds."
    if plan.units is not None:
        return "so far they are compiled for variables as they are, and these have unlike units."
    if not isinstance(objective, GraphFunction):
        return "the function was not followed as a graph."
    if objective.start.dtype != np.float64:
        return "compiled code computes in double precision."
    return None


@cache
def driver() -> Any:
    """Return `run_slice` compiled; once in a process, and from disk where it can be."""
    parts: dict[Any, Any] = {part: part for module in MODULES for part in functions_of(module)}
    return compiled_driver(run_slice, parts | {line.at: look})


class Slices:
    """Goes ahead of a walk on arrays with compiled code, a slice of steps at a time.

    Parameters
    ----------
    plan : Plan
        The walk; `why_not` has nothing against it.
    notices : list of str
        Gets what the user should know.
    taken_over : list of int
        Gets the steps at which compiled code took over.
    """

    def __init__(self, plan: Plan, notices: list[str], taken_over: list[int]) -> None:
        self.plan, self.problem = plan, plan.problem
        self.notices, self.taken_over = notices, taken_over
        assert isinstance(plan.method, LBFGS)
        assert isinstance(plan.method.length, StrongWolfe)
        self.method, length = plan.method, plan.method.length
        self.rules = Rules(float(length.sufficient), float(length.curvature), int(length.trials))
        self.counted = perf_counter()
        self.evaluate: Any = None
        self.refused = False
        self.fruitless = 0
        self.steps = 1

    def ahead(self, state: State) -> Generator[Row, None, State]:
        """Go on by compiled code, where that pays, up to a step that Python must make."""
        if state.step == 0:
            self.begin(state.here)
        elif self.is_ready(state.step):
            try:
                return (yield from self.slices(state))
            except NativeError as error:
                self.refuse(str(error))
        return state

    def begin(self, first: Iterate) -> None:
        """Take note of what the start says of where slices must end."""
        objective = self.plan.objective
        assert isinstance(objective, GraphFunction)
        try:
            branch = objective.branches.at(objective.structure.parts(objective.start))
        except TracingError as error:
            self.refuse(str(error))
        else:
            self.graph = branch.arrays
        parts = self.plan.stop.parts
        highest = ceiling(first.value, first.gradient, self.method.first_rate(first))
        lowest = [*floors(first.value, highest)]
        lowest += [part.target for part in parts if isinstance(part, Value)]
        goals = [part.goal(first.gradient) for part in parts if isinstance(part, Gradient)]
        limits = [part.steps for part in parts if isinstance(part, MaxSteps)]
        self.scale = largest(first.gradient)
        gate = (max(goals, default=0.0), max(lowest), highest, self.plan.max_evaluations)
        # Whole numbers among them would be of another type, and compiled code knows one.
        self.gate = Gate(*map(float, gate))
        self.last_step = min(self.plan.max_steps, *limits, math.inf)
        # A rule of the user's own may decide anything anywhere.
        known = all(type(part) in {Gradient, MaxSteps, NoDescent, Value} for part in parts)
        self.most = max(1, SLICE_NUMBERS // first.x.size) if known else 1

    def is_ready(self, step: int) -> bool:
        """Return whether there is compiled code; compile where it pays."""
        if self.evaluate is None and not self.refused and self.is_wanted(step):
            try:
                self.evaluate = COMPILER.compiled(self.graph)
            except NativeError as error:
                self.refuse(str(error))
        return self.evaluate is not None

    def is_wanted(self, step: int) -> bool:
        """Return whether the user asks to compile, or the rule, which is asked now and then."""
        if self.plan.engine == "native":
            return True
        if step == 1:
            return COMPILER.pays(self.graph, 0.0)
        seconds = perf_counter() - self.counted
        if seconds < COUNTED:
            return False
        self.counted += seconds
        return COMPILER.pays(self.graph, seconds)

    def refuse(self, reason: str) -> None:
        """Leave all further steps to Python."""
        self.evaluate, self.refused = None, True
        if self.plan.engine == "native":
            self.notices.append(by_python(reason))

    def slices(self, state: State) -> Generator[Row, None, State]:
        """Yield the rows of slices, up to a step that Python must make."""
        step, here, rate, memory = state
        pairs = self.method.with_last_step(here.x, here.gradient, memory.state).get("pairs", ())
        ring, place = self.ring_of(pairs), Place(0, len(pairs), *memory.length)
        rows = self.rows_from(here)
        begin, usual = 0, True
        while usual:
            end = int(min(begin + self.steps, len(rows.value) - 1, begin + self.last_step - step))
            last, place, lost, usual = self.run(rows, begin, max(end, begin + 1), ring, place)
            if not self.taken_over and last > begin:
                if not self.agrees(rows, last):
                    self.refuse("compiled, the function has other values.")
                    return state
                self.taken_over.append(step)
            for k in range(begin + 1, last + 1):
                here = Iterate(rows.x[k], float(rows.value[k]), rows.gradient[k])
                step, rate = step + 1, float(rows.rate[k])
                self.count(int(rows.evaluations[k] - rows.evaluations[k - 1]))
                yield step, *here, rate, True, self.problem.values
            begin = last
            if begin == len(rows.value) - 1:
                rows, begin = self.rows_from(here), 0
        self.count(lost)
        self.fruitless = 0 if step > state.step else self.fruitless + 1
        if self.fruitless == FRUITLESS:
            self.evaluate, self.refused = None, True
        return State(step, here, rate, self.memory_of(ring, place, here, memory, step - state.step))

    def run(
        self, rows: Rows, begin: int, end: int, ring: Ring, place: Place
    ) -> tuple[int, Place, int, bool]:
        """Return what `run_slice` does, compiled; make the next slice longer if it was short."""
        arguments = (self.evaluate, rows, begin, end, ring, place, self.rules, self.gate)
        with ONE_AT_A_TIME:
            compiled = driver()
            if not compiled.signatures:
                quietly(compiled.compile, types_of(arguments))
        began = perf_counter()
        last, place, lost, usual = compiled(*arguments)
        seconds = perf_counter() - began
        if seconds > 2 * SLICE_SECONDS:
            self.steps = max(1, self.steps // 2)
        elif last == end and seconds < SLICE_SECONDS / 2:
            self.steps = min(2 * self.steps, self.most)
        return last, place, lost, usual

    def count(self, evaluations: int) -> None:
        """Count evaluations that compiled code made, each with its gradient."""
        self.problem.values += evaluations
        self.problem.gradients += evaluations

    def agrees(self, rows: Rows, last: int) -> bool:
        """Return whether Python finds the same value and gradient at a row of compiled code."""
        x, gradient = rows.x[last], rows.gradient[last]
        value, slope = self.problem.objective.value_and_gradient(x)
        size = max(self.scale, largest(slope))
        allowed = CLOSE * (abs(value) + size * largest(x))
        near = abs(rows.value[last] - value) <= allowed
        return bool(near and largest(gradient - slope) <= CLOSE * size)

    def rows_from(self, here: Iterate) -> Rows:
        """Return room for some slices, with the point where they begin."""
        count, size = 1 + min(8 * self.steps, self.most), here.x.size
        x, gradient = np.empty((count, size)), np.empty((count, size))
        value, rate = np.empty(count), np.empty(count)
        x[0], gradient[0], value[0] = here.x, here.gradient, here.value
        return Rows(x, gradient, value, rate, np.zeros(count, np.int64))

    def ring_of(self, pairs: Sequence[Any]) -> Ring:
        """Return the pairs of the method's memory as arrays, with room for one more."""
        size = self.plan.objective.size
        count = self.method.pairs_for(size) + 1
        inverses, scales, shares = np.empty((3, count))
        ring = Ring(np.empty((count, size)), np.empty((count, size)), inverses, scales, shares)
        for k, pair in enumerate(pairs):
            ring.changes[k], ring.bends[k], inverses[k], scales[k] = pair
        return ring

    def memory_of(
        self, ring: Ring, place: Place, here: Iterate, memory: DirectionMemory, steps: int
    ) -> DirectionMemory:
        """Return the method's memory as its own steps would have left it."""
        order = [(place.oldest + k) % len(ring.inverses) for k in range(place.pairs)]
        pairs = tuple(
            [
                (
                    ring.changes[k].copy(),
                    ring.bends[k].copy(),
                    float(ring.inverses[k]),
                    float(ring.scales[k]),
                )
                for k in order
            ]
        )
        known = {"pairs": pairs, "x": here.x, "gradient": here.gradient}
        before = Before(place.rate, place.slope, place.still_falling)
        return DirectionMemory(known, memory.steps + steps, before)

"""Steps on batches by compiled code: when that pays, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from steepest.descent.measures import largest
from steepest.descent.methods import FirstOrderMethod
from steepest.descent.methods.method import DirectionMemory
from steepest.descent.problem import Iterate, Problem
from steepest.descent.step_length import Constant
from steepest.descent.walk import Plan, State
from steepest.errors import TracingError
from steepest.fitting.batch_source import BatchSource, write_steps
from steepest.fitting.dealing import Shuffled
from steepest.fitting.kernel import RowKernel
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.cache import CodeFile
from steepest.program.native.compiling import compiled_steps, require_numba, steps_file
from steepest.program.native.engine import Compiler
from steepest.program.native.module import NativeError
from steepest.program.native.passes import Passes
from steepest.program.native.shared_rows import read_only
from steepest.program.writer import Graph
from steepest.threads import ONE_THREAD

CLOSE = 1e-9
"""How well compiled code must agree with Python at first, relative to what is largest there."""

FIRST_SLICE = 8
"""Steps that are made together at first."""

SLICE_SECONDS = 0.02
"""How long a slice of steps should take, so that limits and Ctrl-C are noticed."""

ROOM, ROOM_ROWS = 2**20, 1024
"""Numbers, and rows, that are asked for together: a system gives large memory in large pages, and
the first look at each page takes longer than to fill it."""

BATCH_SECONDS = 4.0
"""What compiling steps on batches costs, loading Numba included."""


class BatchWork(NamedTuple):
    """What steps on batches depend on: the loss of a batch, and the method at any rate."""

    graph: Graph
    method: FirstOrderMethod


@lru_cache(maxsize=64)
def written(work: BatchWork) -> BatchSource:
    """Return the source of steps, written once."""
    return write_steps(work.graph, work.method)


class BatchLoops(Compiler[BatchWork]):
    """Steps on batches, which are the same for all data."""

    @property
    def cost(self) -> float:
        """What compiling costs, in seconds."""
        return BATCH_SECONDS

    def file(self, work: BatchWork) -> CodeFile:
        """Return the place on disk."""
        source = written(work)
        return steps_file(source.module, source.functions, source.columns)

    def make(self, work: BatchWork) -> Any:
        """Compile it."""
        source = written(work)
        if "np.dot(" in source.module.source:
            load_blas()
        return compiled_steps(source.module, source.functions, source.columns)


def load_blas() -> None:
    """Load the BLAS that compiled code calls, so that its threads can be limited."""
    try:
        import scipy.linalg.cython_blas  # noqa: F401
    except ImportError as error:
        raise NativeError("compiled products of matrices need SciPy.") from error
    ONE_THREAD.look_again()


BATCH_LOOPS = BatchLoops()
"""What this process has compiled: an explicit cache."""


class Steps:
    """Steps of a method on batches of rows.

    Parameters
    ----------
    source : BatchWork
        What is compiled.
    method : FirstOrderMethod
        Knows what it remembers.
    length : Constant
        Knows the rates.
    columns : sequence of ndarray
        All rows.
    size : int
        How many numbers the variables are.
    """

    def __init__(
        self,
        source: BatchWork,
        method: FirstOrderMethod,
        length: Constant,
        columns: Sequence[Vector],
        size: int,
    ) -> None:
        self.source, self.method, self.length, self.columns = source, method, length, columns
        self.scratch = np.empty(written(source).scratch)
        self.room, self.used = np.empty((2, 0, 0)), 0
        shape = 2, len(written(source).arrays), size
        self.kept = [np.empty(shape), np.empty(shape)]

    def rows(self, count: int, size: int) -> tuple[Vector, Vector]:
        """Return room for so many points and gradients, which nobody else writes into."""
        if self.used + count > self.room.shape[1]:
            rows = max(count, min(ROOM // size, ROOM_ROWS))
            self.room, self.used = np.empty((2, rows, size)), 0
        first, self.used = self.used, self.used + count
        return self.room[0, first : self.used], self.room[1, first : self.used]

    def memory(self, state: State) -> DirectionMemory:
        """Return what the method remembers in a state."""
        if state.memory is None:
            return DirectionMemory(self.method.initial_state(state.here.x), 0, None)
        found: DirectionMemory = state.memory
        return found

    def run(self, loop: Callable[..., int], state: State, places: Vector) -> list[State]:
        """Return the states after a state, one for each batch unless one is not finite.

        Parameters
        ----------
        loop : callable
            The steps, compiled.
        state : State
            Where they begin.
        places : ndarray, shape (k, m)
            The rows of each batch.
        """
        memory, text = self.memory(state), written(self.source)
        count, size, begin = len(places), len(state.here.x), memory.steps + 1
        points, slopes = self.rows(count + 1, size)
        points[0], slopes[0] = state.here.x, state.here.gradient
        values = np.empty(count + 1)
        rates = np.array([self.length.rate_of(begin + k) for k in range(count)])
        arrays, numbers = self.kept[0], np.empty((2, len(text.numbers)))
        # The other one may be what the state before remembers, which is gone back to at need.
        self.kept.reverse()
        for k, key in enumerate(text.arrays):
            arrays[0, k] = memory.state[key]
        for k, key in enumerate(text.numbers):
            numbers[0, k] = memory.state[key]
        made = loop(
            begin,
            places,
            rates,
            points,
            values,
            slopes,
            arrays,
            numbers,
            self.scratch,
            *self.columns,
        )
        after = dict(zip(text.arrays, arrays[made % 2], strict=True))
        after |= dict(zip(text.numbers, numbers[made % 2].tolist(), strict=True))
        found = [
            State(state.step + k, Iterate(points[k], float(values[k]), slopes[k]), rate, None)
            for k, rate in enumerate(rates[:made].tolist(), 1)
        ]
        if found:
            steps = begin + made - 1
            found[-1] = found[-1]._replace(memory=DirectionMemory(after, steps, steps))
        return found

    def moved(self, state: State) -> Vector:
        """Return the point after a state as Python finds it."""
        x, _, gradient = state.here
        memory = self.memory(state)
        direction, _ = self.method.direction(x, gradient, memory.state, memory.steps + 1)
        return np.asarray(x + self.length.rate_of(memory.steps + 1) * direction)


class QuickSteps:
    """The steps of one walk that compiled code makes.

    A last batch that is smaller is left to Python, and so is every step whose value or gradient is
    not finite, and the whole walk where a checkpoint is written between steps.

    Parameters
    ----------
    plan : Plan
        The walk.
    kernel : RowKernel
        The loss of any rows.
    dealer : object
        Deals the rows out.
    engine : {"auto", "python", "native"}
        What is to make the steps.
    """

    def __init__(self, plan: Plan, kernel: RowKernel, dealer: Any, engine: str) -> None:
        if engine == "native":
            require_numba()
        self.plan, self.kernel, self.dealer = plan, kernel, dealer
        self.passes = Passes(engine, self.found, BATCH_LOOPS)
        if engine == "python" or plan.record is not None or not isinstance(dealer, Shuffled):
            self.passes.refusal = "rows are read, or kept, one batch at a time."
        self.most = FIRST_SLICE

    def found(self) -> Steps:
        """Return what makes the steps; raise `NativeError` where nothing can."""
        plan, dealer = self.plan, self.dealer
        method, length = plan.method, getattr(plan.method, "length", None)
        if not (isinstance(method, FirstOrderMethod) and isinstance(length, Constant)):
            raise NativeError(f"the method {method.name!r} is not written out as a program.")
        if plan.problem.box is not None or plan.objective.start.dtype != np.float64:
            raise NativeError("programs know no bounds, and compute in double precision.")
        followed = self.kernel.of(dealer.rows.take(slice(0, dealer.size)))
        if not isinstance(followed, GraphFunction):
            raise NativeError("its code cannot be followed.")
        try:
            graph = followed.branches.at(followed.parts(followed.start)).arrays
        except TracingError as error:
            raise NativeError(str(error)) from error
        work = BatchWork(graph, replace(method, learning_rate=1.0, step_length=None))
        columns = self.kernel.data_of(dealer.rows).values()
        every = [read_only(column) for column in columns]
        return Steps(work, method, length, every, plan.objective.size)

    def ahead(self, problem: Problem, state: State) -> Generator[State, None, State]:
        """Yield the states that compiled code comes to from a state; return the last of them."""
        while self.passes.ready():
            places = self.dealer.ahead(1 if not self.passes.trusted else self.most)
            if not len(places):
                break
            began = perf_counter()
            states = self.passes.run(state, places)
            if not self.passes.trusted and states and not self.agree(state, states[0], places[0]):
                break
            if len(places) == self.most and perf_counter() - began < SLICE_SECONDS / 2:
                self.most *= 2
            self.dealer.passed(len(states))
            for following in states:
                problem.values += 1
                problem.gradients += 1
                yield following
            if len(states) < len(places):
                return states[-1] if states else state
            state = states[-1]
        self.say_why_not()
        return state

    def agree(self, before: State, found: State, places: Vector) -> bool:
        """Return whether Python makes the same step; if not, compiled code is not used again."""
        x, value, gradient = found.here
        loss = self.kernel.of(self.dealer.rows.take(places))
        expected, slope = loss.value_and_gradient(x)
        near = abs(value - expected) <= CLOSE * (abs(expected) + largest(slope) * largest(x))
        near = near and largest(gradient - slope) <= CLOSE * largest(slope)
        apart = largest(x - self.passes.found().moved(before))
        return self.passes.judge(near and apart <= CLOSE * largest(x))

    def say_why_not(self) -> None:
        """Tell the user, who asked for compiled code, why there is none."""
        objective, refusal = self.plan.objective, self.passes.refusal
        asked = self.passes.engine == "native" and self.plan.record is None
        if refusal and asked and isinstance(objective, GraphFunction):
            objective.note(f"The steps were made by Python, not by compiled code: {refusal}")

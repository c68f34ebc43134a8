"""Walks made by generated programs, and the quick way to follow them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, overload

import numpy as np

from steepest.descent.divergence import blown_up
from steepest.descent.flat_rows import FlatRows, Numbers
from steepest.descent.generated import Descent, DescentProgram, NoProgramError
from steepest.descent.loop import Limits, Outcome, lower_of
from steepest.descent.methods import FirstOrderMethod, title
from steepest.descent.running import ENGINES, Ending, Interpreted, ProgramError, Running, by_python
from steepest.descent.source import write_descent
from steepest.descent.step_length import Constant
from steepest.descent.stopping import AnyOf, MaxSteps, Reason, Stop
from steepest.descent.walk import Plan, Row, Walk, Watch, numpy_walk
from steepest.errors import TracingError
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector
from steepest.program.native.module import NativeError

FIRST_SLICE = 256
"""Steps made before the clock is looked at for the first time."""

MOST_PROGRAMS = 64
"""Programs of one function that are kept: who tries rates by the thousand needs each once."""

SLICE_SECONDS = 0.02
"""How long a slice of steps should take, so that limits and Ctrl-C are noticed."""


@dataclass(frozen=True)
class ProgramWalk(Walk):
    """A walk made by a generated program of plain numbers.

    Parameters
    ----------
    running : Running
        What makes all rows; `rows` yields the first of them.
    """

    running: Running | None = None

    @property
    def engine(self) -> str:
        """What made the rows that were read."""
        return "python" if self.running is None else self.running.engine


def program_walk(plan: Plan) -> Walk:
    """Return the walk of a generated program, or the one on NumPy arrays with a notice why."""
    objective = plan.objective
    method = plan.method
    if not (isinstance(method, FirstOrderMethod) and isinstance(objective, GraphFunction)):
        return numpy_walk(plan)
    if not isinstance(method.length, Constant):
        return numpy_walk(plan)
    try:
        program, rate = program_of(plan)
    except NoProgramError as reason:
        return Walk(numpy_walk(plan).rows, notices=(str(reason),))
    parts = program_arguments(objective, program)
    _, most = written_stop(plan)
    source = program.standalone(parts, most)
    if program.arrays:
        numbers = program.descend(*parts, most)
        return Walk(array_rows(numbers, len(parts), rate), True, source)
    what = (program, parts, most, rate)
    notices: list[str] = []
    try:
        running = ENGINES[plan.engine](*what)
    except NativeError as error:
        running, notices = Interpreted(*what), [by_python(str(error))]
    return ProgramWalk(first_of(running), True, source, notices, running=running)


def first_of(running: Running) -> Generator[Row, None, Reason]:
    """Yield the first row."""
    running.more(1)
    yield running.rows[0]
    raise RuntimeError("Further rows are read in slices.")


def program_of(plan: Plan) -> tuple[DescentProgram, float]:
    """Return the program of a plan and its learning rate, NaN where that changes.

    Raises
    ------
    NoProgramError
        Where there is no program.
    """
    objective, method = plan.objective, plan.method
    if not (isinstance(objective, GraphFunction) and isinstance(method, FirstOrderMethod)):
        raise NoProgramError("No program of its own: it is written for first-order methods only.")
    length = method.length
    if not isinstance(length, Constant):
        raise NoProgramError("No program of its own: it is written for a learning rate only.")
    # A rate that cannot be used is an error here, before it is written into a program.
    length.first_rate(objective.start, objective.start)
    if plan.problem.box is not None:
        raise NoProgramError("No program of its own: programs know no bounds.")
    if objective.start.dtype != np.float64:
        raise NoProgramError("No program of its own: programs compute in double precision.")
    try:
        branch = objective.branches.at(objective.structure.parts(objective.start))
    except TracingError as error:
        raise NoProgramError(
            "No program of its own: the code cannot be followed at the start."
        ) from error
    # A schedule may be an object that changes: its programs end with the function.
    programs = objective.branches.programs if callable(length.rate) else branch.programs
    stop, _ = written_stop(plan)
    descent = Descent(branch.graph, method, length.rate, stop)
    program = written_once(programs, descent, title_of(plan))
    return program, float("nan") if callable(length.rate) else float(length.rate)


def written_stop(plan: Plan) -> tuple[Stop, int]:
    """Return the rules that are written out, and how many steps the program is called with.

    A number of steps that is asked about last is the limit that every program has anyway.
    """
    *others, last = plan.stop.parts
    if isinstance(last, MaxSteps):
        return AnyOf(tuple(others)), min(last.steps, plan.max_steps)
    return plan.stop, plan.max_steps


def written_once(
    programs: dict[Any, DescentProgram], descent: Descent, title: str
) -> DescentProgram:
    """Return the program of a descent, written once for every function, method and rule."""
    try:
        known = programs.get((descent, title))
    except TypeError:
        # A schedule or rule of the user's own need not be hashable.
        return write_descent(descent, title)
    if known is None:
        if len(programs) >= MOST_PROGRAMS:
            programs.clear()
        known = programs[descent, title] = write_descent(descent, title)
    return known


def title_of(plan: Plan) -> str:
    """Return the first line of a plan's program."""
    objective = plan.objective
    method = title(plan.method.name)
    names = ", ".join(objective.names[:6]) + (", ..." if objective.size > 6 else "")
    return f"{method} on {objective.formula or f'a function of {names}'}."


def program_arguments(objective: GraphFunction, program: DescentProgram) -> list[Any]:
    """Return the start as the program takes it."""
    if program.arrays:
        return objective.structure.parts(objective.start)
    return list(objective.start.tolist())


def array_rows(
    numbers: Generator[Numbers, None, str], count: int, rate: float
) -> Generator[Row, None, Reason]:
    """Return the rows of a program of arrays, as flat vectors."""
    stream = Ending(numbers)
    for step, row in enumerate(stream):
        x = np.concatenate([np.ravel(part) for part in row[:count]])
        slopes = row[count + 1 : 2 * count + 1]
        gradient = np.concatenate(
            [np.ravel(np.broadcast_to(g, np.shape(p))) for g, p in zip(slopes, row, strict=False)]
        )
        own = row[-1] if len(row) > 2 * count + 1 else rate
        led = own if step else float("nan")
        yield step, x, float(row[count]), gradient, led, True, step + 1
    assert stream.reason is not None
    return stream.reason


def follow_program(
    walk: ProgramWalk, limits: Limits, watch: Watch | None = None, all_rows: bool = False
) -> Outcome:
    """Follow a program that stops itself, in slices of many steps.

    Parameters
    ----------
    walk : ProgramWalk
        Its first row was read.
    limits : Limits
        What may be used at most; time is looked at after every slice, and within a
        slice all steps are taken to be equally long.
    watch : callable, optional
        Shown the last row of every slice, or all rows; asks to stop by returning True.
    all_rows : bool, default False
        Whether to show all rows.
    """
    running = walk.running
    assert running is not None
    began = now = perf_counter()
    marks = [(1, 0.0)]
    size, reason, shown = FIRST_SLICE, None, 0
    try:
        while reason is None:
            before = now
            reason = running.more(size)
            now = perf_counter()
            marks.append((len(running), now - began))
            if reason is None and now - began >= limits.seconds:
                reason = Reason.MAX_SECONDS
            elif now - before < SLICE_SECONDS:
                size *= 2
            if watch is None:
                continue
            rows = running.rows
            while shown < len(rows):
                shown = shown + 1 if all_rows else len(rows)
                if watch(rows[shown - 1], now - began):
                    reason = Reason.CALLBACK
                    running.keep(shown)
                    break
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
        running.keep(shown if all_rows else len(running))
    marks.append((len(running), perf_counter() - began))
    rows = running.rows
    last = rows[-1]
    if reason is Reason.DIVERGED:
        reason = blown_up(last[2])
    if reason is Reason.MAX_STEPS and last[0] < limits.steps and last[6] >= limits.evaluations:
        # The program was given no more steps than the evaluations allow.
        reason = Reason.MAX_EVALUATIONS
    if program_rates_fail(rows):
        raise ProgramError("a schedule gave a rate that is none")
    best = rows.lowest
    return Outcome(reason, rows, Seconds(marks), lower_of(best, last, reason), last)


def program_rates_fail(rows: FlatRows) -> bool:
    """Whether a schedule gave a rate that cannot be used; the walk on arrays says which."""
    return rows.varying and not (rows.numbers[1:, -1] >= 0).all()


class Seconds(Sequence[float]):
    """The time at which each row was there, known at the ends of slices."""

    def __init__(self, marks: list[tuple[int, float]]) -> None:
        self.marks = marks

    def __len__(self) -> int:
        return self.marks[-1][0]

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> list[float]: ...
    def __getitem__(self, place: int | slice) -> float | list[float]:
        if isinstance(place, slice):
            return list(self.column[place].tolist())
        return float(self.column[place])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self.column

    @property
    def column(self) -> Vector:
        """All times, those within a slice evenly spaced."""
        counts, times = zip(*self.marks, strict=True)
        return np.asarray(np.interp(np.arange(1, len(self) + 1), counts, times))

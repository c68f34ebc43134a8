"""Walks made by generated programs, and the quick way to follow them."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from time import perf_counter
from typing import Any, overload

import numpy as np

from steepest.descent.divergence import blown_up
from steepest.descent.loop import Limits, Outcome, Watch, lower_of
from steepest.descent.methods import FirstOrderMethod, title
from steepest.descent.options import Schedule
from steepest.descent.source import DescentProgram, NoProgramError, write_descent
from steepest.descent.step_length import Constant
from steepest.descent.stopping import Reason
from steepest.descent.walk import Columns, Plan, Row, Walk, numpy_walk
from steepest.errors import TracingError
from steepest.functions.graph import GraphFunction
from steepest.objective import Vector

FIRST_SLICE = 256
"""Steps made before the clock is looked at for the first time."""

SLICE_SECONDS = 0.02
"""How long a slice of steps should take, so that limits and Ctrl-C are noticed."""

Numbers = tuple[Any, ...]
"""What a program yields: the variables, the value, the gradient, and a rate that changes."""


class FlatRows(Columns):
    """The rows of a program, made into `Row` only where they are asked for.

    Parameters
    ----------
    table : list of tuple
        What the program yielded.
    size : int
        Number of variables.
    rate : float
        The constant learning rate; ignored where each row has its own.
    """

    def __init__(self, table: list[Numbers], size: int, rate: float) -> None:
        self.table = table
        self.size = size
        self.rate = rate

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        step = range(len(self))[place]
        return as_row(self.table[step], step, self.size, self.rate)

    def column(self, position: int) -> Any:
        """Return one column of all rows, see `Row`."""
        n, count = self.size, len(self)
        match position:
            case 0:
                return np.arange(count)
            case 4:
                rates = self.numbers[:, -1] if self.varying else np.full(count, self.rate)
                rates = np.array(rates)
                rates[0] = np.nan
                return rates
            case 5:
                return np.ones(count, dtype=bool)
            case 6:
                return np.arange(1, count + 1)
        if position == 2:
            return self.numbers[:, n].copy()
        begin = 0 if position == 1 else n + 1
        return self.numbers[:, begin : begin + n].copy()

    @property
    def varying(self) -> bool:
        """Whether every row has a rate of its own."""
        return len(self.table[0]) > 2 * self.size + 1

    @cached_property
    def numbers(self) -> Vector:
        """Everything as one array."""
        flat = np.fromiter(chain.from_iterable(self.table), np.float64)
        return flat.reshape(len(self.table), -1)


def as_row(numbers: Numbers, step: int, size: int, rate: float) -> Row:
    """Return one row of a program in the form that every walk yields."""
    own = numbers[-1] if len(numbers) > 2 * size + 1 else rate
    led = own if step else float("nan")
    return (
        step,
        numbers[:size],
        numbers[size],
        numbers[size + 1 : 2 * size + 1],
        led,
        True,
        step + 1,
    )


@dataclass(frozen=True)
class ProgramWalk(Walk):
    """A walk made by a generated program of plain numbers.

    Parameters
    ----------
    numbers : generator
        What the program yields; `rows` reads the same stream.
    size : int
        Number of variables.
    rate : float
        The constant learning rate, NaN where it changes.
    """

    numbers: Generator[Numbers, None, str] | None = None
    size: int = 0
    rate: float = float("nan")

    @property
    def width(self) -> int:
        """How many numbers a row of the program has."""
        return 2 * self.size + 1 + math.isnan(self.rate)


def program_walk(plan: Plan) -> Walk:
    """Return the walk of a generated program, or the one on NumPy arrays with a notice why."""
    objective = plan.objective
    method = plan.method
    if not (isinstance(method, FirstOrderMethod) and isinstance(objective, GraphFunction)):
        return numpy_walk(plan)
    length = method.length
    if not isinstance(length, Constant):
        return numpy_walk(plan)
    # A rate that cannot be used is an error here, before it is written into a program.
    length.first_rate(objective.start, objective.start)
    if plan.problem.box is not None:
        notice = "No program of its own: programs know no bounds."
        return Walk(numpy_walk(plan).rows, notices=(notice,))
    if objective.start.dtype != np.float64:
        notice = "No program of its own: programs compute in double precision."
        return Walk(numpy_walk(plan).rows, notices=(notice,))
    try:
        program = program_of(plan, objective, method, length.rate)
    except NoProgramError as reason:
        return Walk(numpy_walk(plan).rows, notices=(str(reason),))
    except TracingError:
        notice = "No program of its own: the code cannot be followed at the start."
        return Walk(numpy_walk(plan).rows, notices=(notice,))
    parts = program_arguments(objective, program)
    numbers = program.descend(*parts, plan.max_steps)
    source = program.standalone(parts, plan.max_steps)
    rate = float("nan") if program.varying else float(length.rate)  # type: ignore[arg-type]
    if program.arrays:
        return Walk(array_rows(numbers, len(parts), rate), True, source)
    size = objective.size
    rows = plain_rows(numbers, size, rate)
    return ProgramWalk(rows, True, source, numbers=numbers, size=size, rate=rate)


def program_of(
    plan: Plan, objective: GraphFunction, method: FirstOrderMethod, rate: float | Schedule
) -> DescentProgram:
    """Return the program of a plan, written once for every function, method and rule."""
    branch = objective.branches.at(objective.structure.parts(objective.start))
    key = (method, rate, plan.stop)
    try:
        known: DescentProgram | None = branch.programs.get(key)
    except TypeError:
        # A schedule or rule of the user's own need not be hashable.
        return write_descent(branch.graph, method, rate, plan.stop, title_of(plan))
    if known is None:
        known = write_descent(branch.graph, method, rate, plan.stop, title_of(plan))
        branch.programs[key] = known
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


def plain_rows(
    numbers: Generator[Numbers, None, str], size: int, rate: float
) -> Generator[Row, None, Reason]:
    """Return the rows of a program of plain numbers."""
    stream = _Ending(numbers)
    for step, row in enumerate(stream):
        yield as_row(row, step, size, rate)
    return stream.reason


def array_rows(
    numbers: Generator[Numbers, None, str], count: int, rate: float
) -> Generator[Row, None, Reason]:
    """Return the rows of a program of arrays, as flat vectors."""
    stream = _Ending(numbers)
    for step, row in enumerate(stream):
        x = np.concatenate([np.ravel(part) for part in row[:count]])
        slopes = row[count + 1 : 2 * count + 1]
        gradient = np.concatenate(
            [np.ravel(np.broadcast_to(g, np.shape(p))) for g, p in zip(slopes, row, strict=False)]
        )
        own = row[-1] if len(row) > 2 * count + 1 else rate
        led = own if step else float("nan")
        yield step, x, float(row[count]), gradient, led, True, step + 1
    return stream.reason


class ProgramError(Exception):
    """Plain numbers raised where IEEE arithmetic has infinity or NaN."""


class _Ending:
    """The rows of a program, and then the reason it returned."""

    reason: Reason

    def __init__(self, numbers: Generator[Numbers, None, str]) -> None:
        self._numbers = numbers

    def __iter__(self) -> Generator[Numbers, None, None]:
        try:
            self.reason = Reason[(yield from self._numbers)]
        except (ArithmeticError, ValueError) as error:
            raise ProgramError(str(error)) from error


def follow_program(
    first: Row, walk: ProgramWalk, limits: Limits, watch: Watch | None = None
) -> Outcome:
    """Follow a program that stops itself, in slices of many steps.

    Parameters
    ----------
    first : Row
        The start, which was taken from the walk.
    walk : ProgramWalk
        All further rows.
    limits : Limits
        What may be used at most; time is looked at after every slice, and within a
        slice all steps are taken to be equally long.
    watch : callable, optional
        Shown the last row of every slice.
    """
    assert walk.numbers is not None
    numbers = iter(ending := _Ending(walk.numbers))
    table: list[Numbers] = [(*first[1], first[2], *first[3])]
    if len(table[0]) < walk.width:
        table[0] = (*table[0], float("nan"))
    started = now = perf_counter()
    marks = [(1, 0.0)]
    size, reason = FIRST_SLICE, None
    try:
        while reason is None:
            before, count = now, len(table)
            table.extend(islice(numbers, size))
            now = perf_counter()
            marks.append((len(table), now - started))
            if len(table) - count < size:
                reason = ending.reason
            elif now - started >= limits.seconds:
                reason = Reason.MAX_SECONDS
            elif now - before < SLICE_SECONDS:
                size *= 2
            if watch is not None:
                step = len(table) - 1
                watch(as_row(table[step], step, walk.size, walk.rate), now - started)
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
        marks.append((len(table), perf_counter() - started))
    rows = FlatRows(table, walk.size, walk.rate)
    values = [row[walk.size] for row in table]
    last = rows[len(rows) - 1]
    if reason is Reason.DIVERGED:
        reason = blown_up(last[2])
    if reason is Reason.MAX_STEPS and last[0] < limits.steps and last[6] >= limits.evaluations:
        # The program was given no more steps than the evaluations allow.
        reason = Reason.MAX_EVALUATIONS
    if program_rates_fail(rows):
        raise ProgramError("a schedule gave a rate that is none")
    best = rows[values.index(min(values))]
    return Outcome(reason, rows, Seconds(marks), lower_of(best, last, reason), last)


def program_rates_fail(rows: FlatRows) -> bool:
    """Whether a schedule gave a rate that cannot be used; the walk on arrays says which."""
    return rows.varying and not all(row[-1] >= 0 for row in rows.table[1:])


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

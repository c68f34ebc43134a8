"""A descent made ready once, and walked from many starts."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from steepest.descent.choices import chosen_engine, chosen_limits, chosen_method, chosen_stop
from steepest.descent.divergence import blown_up
from steepest.descent.emitted import program_of, written_stop
from steepest.descent.generated import DescentProgram, NoProgramError
from steepest.descent.loop_source import GOES_ON, REASONS
from steepest.descent.methods import Method
from steepest.descent.options import Schedule
from steepest.descent.problem import Problem
from steepest.descent.running import ENGINES, ProgramError, compiled
from steepest.descent.stopping import Reason, Stop
from steepest.descent.walk import Plan
from steepest.errors import InputError
from steepest.functions import objective
from steepest.functions.structure import Structure, read_start
from steepest.objective import Vector
from steepest.program.native.module import NativeError

FIRST_SLICE = 512
"""Steps made at first; later there is room for what the descent before took, and some more."""


class Path:
    """Where a prepared descent went, and why it ended.

    Attributes
    ----------
    reason : Reason
        Why it ended.

    Examples
    --------
    >>> import steepest as st
    >>> descend = st.prepare("x**2", 0.0, learning_rate=0.25, stop="max-steps", max_steps=3)
    >>> path = descend(1.0)
    >>> path.x[:, 0].tolist(), path.reason.name
    ([1.0, 0.5, 0.25, 0.125], 'MAX_STEPS')
    """

    __slots__ = ("_numbers", "_size", "reason")

    def __init__(self, numbers: Vector, size: int, reason: Reason) -> None:
        self._numbers, self._size, self.reason = numbers, size, reason

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return f"<Path of {len(self)} points: {self.reason.name.lower()}>"

    @property
    def x(self) -> Vector:
        """The points, shape (k + 1, n)."""
        return self._numbers[:, : self._size]

    @property
    def fun(self) -> Vector:
        """The values f(x), shape (k + 1,)."""
        return self._numbers[:, self._size]

    @property
    def gradient(self) -> Vector:
        """The gradients, shape (k + 1, n)."""
        return self._numbers[:, self._size + 1 : 2 * self._size + 1]


class PreparedDescent:
    """A descent that `prepare` made ready: call it with a start, and it returns the `Path`.

    Attributes
    ----------
    program : str
        The source that makes the steps.

    Examples
    --------
    >>> import steepest as st
    >>> descend = st.prepare("x**2", 0.0, learning_rate=0.25, stop="max-steps", max_steps=3)
    >>> descend(1.0), descend(2.0)
    (<Path of 4 points: max_steps>, <Path of 4 points: max_steps>)
    """

    def __init__(
        self,
        program: DescentProgram,
        structure: Structure,
        rate: float,
        max_steps: int,
        engine: str,
    ) -> None:
        # A path takes some microseconds, which the size of a structure would be a tenth of.
        self._program, self._structure, self._size = program, structure, structure.size
        self._rate, self._max_steps, self._engine = rate, max_steps, engine
        self._expected = FIRST_SLICE
        self.program = program.body

    def __repr__(self) -> str:
        return f"<PreparedDescent in {', '.join(self._structure.element_names)}>"

    def __call__(self, x0: Any) -> Path:
        """Walk down from a start.

        Parameters
        ----------
        x0 : number, sequence, ndarray or mapping
            The start, of the structure that it was prepared for.

        Returns
        -------
        Path
            It ends where a number is not finite, which `reason` then says.

        Raises
        ------
        InputError
            Where the start has another structure.
        """
        start = self.numbers(x0)
        loop = self._program.compiled
        if loop is not None and (self._engine == "native" or self._program.agrees):
            table = np.empty((self._expected, self._program.loop.width))
            state = np.array(loop[0](*start), np.float64)
            filled, ended = loop[1](state, table, self._max_steps)
            last = table[filled - 1, : 2 * self._size + 1].tolist()
            if ended != GOES_ON and isfinite(sum(last)):
                # Most paths end here, and are done before what follows has begun.
                return self.path(table[:filled], REASONS[ended])
        return self.in_slices(start)

    def in_slices(self, start: list[float]) -> Path:
        """Return a path that may be long, or lead out of the finite numbers."""
        running = ENGINES[self._engine](self._program, start, self._max_steps, self._rate)
        reason = None
        try:
            while reason is None:
                reason = running.more(max(self._expected, len(running)))
        except ProgramError:
            reason = Reason.NOT_FINITE
        return self.path(running.rows.numbers, reason)

    def path(self, numbers: Vector, reason: Reason) -> Path:
        """Return a path, and make room for as long a one the next time."""
        self._expected = max(FIRST_SLICE, len(numbers) * 5 // 4)
        if reason is Reason.DIVERGED:
            reason = blown_up(float(numbers[-1, self._size]))
        return Path(numbers, self._size, reason)

    def numbers(self, x0: Any) -> list[float]:
        """Return a start as plain numbers."""
        if type(x0) in (tuple, list) and len(x0) == self._size and {*map(type, x0)} == {float}:
            return list(x0)
        variables = self._structure.names
        given, start = read_start(x0, variables, self._structure.scalar)
        if (given.names, given.shapes) != (self._structure.names, self._structure.shapes):
            raise InputError(
                f"The start x0={x0!r} has {start.size} numbers, and this descent was prepared for "
                f"{self._size} ({', '.join(self._structure.element_names)}): prepare another for "
                "it."
            )
        return list(start.tolist())


def prepare(
    fun: Any,
    x0: Any,
    args: tuple[Any, ...] = (),
    method: str | Method = "gradient-descent",
    *,
    learning_rate: float | Schedule | None = None,
    stop: str | Stop | None = None,
    tol: float | None = None,
    max_steps: int | None = None,
    engine: str = "auto",
) -> PreparedDescent:
    """Make a descent ready that is to be walked from many starts.

    `minimize` reads its arguments, judges the point it finds and explains it, which takes a tenth
    of a millisecond. What this returns does none of that: it makes the same steps, to the last
    bit, and returns the path and why it ended.

    Parameters
    ----------
    fun : str, Function or callable
        The function: a formula such as ``"x**2 + y**2"``, or Python code.
    x0 : float, sequence, ndarray or dict
        A start, which says what the variables are.
    args : tuple, default ()
        Further arguments of a callable `fun`.
    method : str or Method, default "gradient-descent"
        A method that takes a learning rate.
    learning_rate : float or schedule, optional
        The rate; None is the method's own default.
    stop : {"gradient", "no-descent", "max-steps"} or Stop, default "gradient"
        What ends the descent.
    tol : float, default 1e-6
        The goal: ‖g‖∞ ≤ tol · min(1, ‖g_0‖∞).
    max_steps : int, default 100000
        A limit on steps.
    engine : {"auto", "python", "native"}, default "auto"
        What makes the steps; see `minimize`.

    Returns
    -------
    PreparedDescent
        From a start to a `Path`.

    Raises
    ------
    InputError
        For an argument that cannot be used, and where there is no program of plain numbers:
        more than 24 variables, decisions on values, methods without a learning rate.

    Examples
    --------
    >>> descend = prepare("sin(x)*sin(y)", (0.0, 0.0), learning_rate=0.1, stop="no-descent")
    >>> path = descend((1.66, 3.37))
    >>> path
    <Path of 172 points: no_descent>
    >>> path.x[-1].round(3), path.fun[-1].round(9)
    (array([1.571, 4.712]), np.float64(-1.0))
    """
    bound = objective(fun, x0, args=args)
    chosen = chosen_method(method, learning_rate)
    rule = chosen_stop(stop, tol, max_steps)
    limits = chosen_limits(rule, max_steps, None, None)
    plan = Plan(Problem(bound), chosen, rule, limits.steps, engine=chosen_engine(engine))
    try:
        program, rate = program_of(plan)
    except NoProgramError as reason:
        raise InputError(f"This descent cannot be prepared; use minimize. {reason}") from reason
    if program.arrays:
        raise InputError(
            f"This descent cannot be prepared; use minimize. Its {bound.size} variables are not "
            "written as plain numbers."
        )
    if plan.engine == "native":
        compile_now(program)
    _, most = written_stop(plan)
    return PreparedDescent(program, bound.structure, rate, int(most), plan.engine)


def compile_now(program: DescentProgram) -> None:
    """Compile a program; raise `InputError` where that cannot be done."""
    from steepest.program.native.compiling import require_numba

    require_numba()
    try:
        compiled(program)
    except NativeError as error:
        raise InputError(
            f"engine='native' cannot be had for this descent: {error} Leave engine out."
        ) from error

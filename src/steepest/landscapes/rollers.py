"""Descents of blocks of starts, by NumPy or by compiled code, as the engine says."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.descent.lockstep import Lockstep
from steepest.descent.methods.method import FirstOrderMethod
from steepest.functions.graph import GraphFunction
from steepest.landscapes.deadline import NEVER, Deadline
from steepest.landscapes.domain import Flags
from steepest.landscapes.field import Field
from steepest.landscapes.rolling import Rolled, Slopes, roll
from steepest.objective import Vector
from steepest.program.native.compiling import require_numba
from steepest.program.native.engine import START_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.passes import Passes

CLOSE = 1e-9
"""How well compiled code must agree with NumPy at first, relative to what is largest there."""

TRIED, TRIED_STEPS = 64, 3
"""Starts and steps by which both are compared."""


class Roller:
    """Descents of one method on a function.

    NumPy makes those again that compiled code leaves where something is not finite.

    Parameters
    ----------
    field : Field
        The function.
    slopes : callable
        Its gradient, by NumPy.
    method : FirstOrderMethod
    rate : float or schedule
    max_steps : int
    tolerance : float
        A start has arrived when no component of the gradient is larger.
    engine : {"auto", "python", "native"}
        What makes the steps; see `steepest.program.native.engine`.
    """

    def __init__(
        self,
        field: Field,
        slopes: Slopes,
        method: FirstOrderMethod,
        rate: Any,
        max_steps: int,
        tolerance: float,
        engine: str,
    ) -> None:
        if engine == "native":
            require_numba()
        self.field, self.slopes, self.engine = field, slopes, engine
        self.rule = (method, rate)
        self.limits = (max_steps, tolerance)
        self.passes = Passes(engine, self.lockstep, START_LOOPS)

    def lockstep(self) -> Lockstep:
        """Return the descent as compiled code makes it."""
        graph = self.field.graph
        if graph is None:
            raise NativeError("the function was not followed as one graph of numbers.")
        return Lockstep(graph.inputs, self.field.slopes, *self.rule, *self.limits)

    def roll(self, starts: Vector, deadline: Deadline = NEVER) -> Rolled:
        """Return where starts, shape (n, m), come to; after the deadline, where they are."""
        if self.engine != "python":
            if self.passes.ready() and (self.passes.trusted or self.agree(starts[:, :TRIED])):
                return self.by_loops(starts, deadline)
            self.say_why_not()
        rolled: Rolled = self.passes.timed(self.by_numpy, starts, deadline)
        return rolled

    def by_numpy(self, starts: Vector, deadline: Deadline = NEVER) -> Rolled:
        """Return what NumPy finds."""
        return roll(self.slopes, starts, *self.rule, *self.limits, deadline)

    def by_loops(self, starts: Vector, deadline: Deadline) -> Rolled:
        """Return what compiled code finds, and NumPy where that is not finite."""
        # A block takes some milliseconds, within which nobody looks at the clock.
        late = deadline.passed
        most = 0 if late else self.limits[0]
        points, gradients, made = self.passes.run(starts, most)
        steps, arrived = np.minimum(made, most).astype(np.int32), made <= most
        rolled = Rolled(points, gradients, steps, arrived, late and not bool(arrived.all()))
        lost = np.flatnonzero(~_usable(points, gradients))
        if lost.size:
            again = self.by_numpy(starts[:, lost], deadline)
            rolled.ends[:, lost], rolled.gradients[:, lost] = again.ends, again.gradients
            rolled.steps[lost], rolled.arrived[lost] = again.steps, again.arrived
        return rolled

    def agree(self, starts: Vector) -> bool:
        """Return whether NumPy comes to the same points; if not, loops are not used again."""
        steps = min(TRIED_STEPS, self.limits[0])
        expected = roll(self.slopes, starts, *self.rule, steps, self.limits[1])
        found = self.passes.found().run(self.passes.loop, starts, steps)
        usable = _usable(found.points, found.gradients)
        pairs = [(found.points, expected.ends), (found.gradients, expected.gradients)]
        return self.passes.judge(
            all(_near(one[:, usable], other[:, usable]) for one, other in pairs)
        )

    def say_why_not(self) -> None:
        """Tell the user, who asked for compiled code, why there is none."""
        objective = self.field.objective
        if self.passes.refusal and self.engine == "native" and isinstance(objective, GraphFunction):
            objective.note(
                f"The starts were followed by Python, not by compiled code: {self.passes.refusal}"
            )


def _usable(points: Vector, gradients: Vector) -> Flags:
    """Return where points and gradients are finite."""
    return np.asarray(np.isfinite(points).all(axis=0) & np.isfinite(gradients).all(axis=0))


def _near(found: Vector, expected: Vector) -> bool:
    """Return whether numbers are the same but for rounding; others than numbers are not."""
    with np.errstate(all="ignore"):
        apart = np.abs(found - expected).max(initial=0.0)
        return bool(apart <= CLOSE * np.abs(expected).max(initial=0.0))

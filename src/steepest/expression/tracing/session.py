"""One run of the user's code on symbols: what it decided on the way, and where it leaked."""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, complete, topological_order

OWN_CODE = str(Path(__file__).resolve().parents[2])
NUMPY_CODE = str(Path(np.__file__).resolve().parent)


@dataclass(frozen=True)
class Guard:
    """A decision the user's code took on a value: the trace holds while it stays the same.

    Attributes
    ----------
    expression : Expression
        What was looked at.
    outcome : bool, int, float or array
        What it was.
    """

    expression: Expression
    outcome: Any

    def holds(self, value: Any) -> bool:
        """Whether ``value`` is the outcome again."""
        return bool(np.array_equal(value, self.outcome, equal_nan=True))


class Leak(TracingError):
    """A traced value was about to become a plain number, which has no derivative.

    Attributes
    ----------
    what : str
        What the code did with it.
    frame_globals : dict or None
        The global names of the function in which it happened.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        frame = user_frame()
        self.what = what
        self.frame_globals = frame.f_globals if frame else None
        self.place = describe(frame.f_code.co_filename, frame.f_lineno) if frame else ""
        super().__init__(f"{self.place}{what}{'; ' + advice if advice else ''}")


def user_frame() -> FrameType | None:
    """Return the innermost frame that is neither ours nor NumPy's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((OWN_CODE, NUMPY_CODE, "<__array_function__")):
            return frame
        frame = frame.f_back
    return None


def describe(file: str, line: int) -> str:
    """Return file, line and source as the start of a sentence."""
    source = linecache.getline(file, line).strip()
    where = f"{Path(file).name}, line {line}"
    return f"{where} ({source}): " if source else f"{where}: "


@dataclass
class Session:
    """What one trace knows.

    Attributes
    ----------
    values : dict
        The numbers at which the code is followed, for the variables and, once they
        were needed, for other nodes.
    guards : list of Guard
        The decisions taken so far, in order.
    leaks : list of Leak
        Kept even when the user's code catches the exception.
    intercepting : bool
        Whether array creation and `math` are intercepted (see `interception`).
    watching : bool
        Whether to look for the first result that is not finite, which costs time.
    first_non_finite : str or None
        Where in the user's code that was.
    """

    values: dict[Expression, Any]
    guards: list[Guard] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    intercepting: bool = False
    watching: bool = False
    first_non_finite: str | None = None
    _moving: dict[Expression, bool] = field(default_factory=dict)

    def value(self, expression: Expression) -> Any:
        """Return the number of an expression at the place where the code is followed."""
        complete([expression], self.values)
        return self.values[expression]

    def decide(self, expression: Expression) -> Any:
        """Return the number of an expression and record that the code depends on it."""
        outcome = self.value(expression)
        if not expression.is_constant:
            guard = Guard(expression, outcome)
            if not self.guards or self.guards[-1].expression is not expression:
                self.guards.append(guard)
        return outcome

    def moves(self, expression: Expression) -> bool:
        """Whether an expression can have a slope other than zero."""
        for node in topological_order([expression], self._moving):
            self._moving[node] = (node.is_variable and node.kind == "f") or (
                node.operation.gradient is not None
                and any(self._moving[child] for child in node.inputs)
            )
        return self._moving[expression]

    def watch(self, expression: Expression) -> None:
        """Remember the line of the user's code whose result is the first that is not finite."""
        if self.first_non_finite is None and not np.all(np.isfinite(self.value(expression))):
            frame = user_frame()
            if frame is not None:
                place = describe(frame.f_code.co_filename, frame.f_lineno)
                self.first_non_finite = place.removesuffix(": ")

    def leak(self, what: str, advice: str = "") -> Leak:
        """Record a leak and return it for raising."""
        leak = Leak(what, advice)
        self.leaks.append(leak)
        return leak

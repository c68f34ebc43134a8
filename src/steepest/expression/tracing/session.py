"""One run of the user's code on symbols: what it decided on the way, and where it leaked."""

from __future__ import annotations

import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from steepest.errors import TracingError
from steepest.expression.node import Expression, complete, topological_order

_following = threading.local()

DTYPES = {"f": np.dtype(np.float64), "i": np.dtype(np.int64), "b": np.dtype(np.bool_)}
STORED = {*DTYPES.values(), np.dtype(np.int32)}


class Guard(NamedTuple):
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


class Leak(TracingError):  # noqa: N818 - what happened, in the words of the notices
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


def current_session() -> Session | None:
    """Return the session that follows code on this thread with functions replaced."""
    session: Session | None = getattr(_following, "session", None)
    return session


@contextmanager
def made_current(session: Session) -> Iterator[None]:
    """Let `current_session` return ``session`` on this thread."""
    before = current_session()
    _following.session = session
    try:
        yield
    finally:
        _following.session = before


LIBRARIES = {"numpy", "scipy", "steepest", *sys.stdlib_module_names} - {"__main__", "test"}


def is_library(names: dict[str, Any]) -> bool:
    """Whether code with these global names is ours, NumPy's, SciPy's or Python's own."""
    return str(names.get("__name__", "")).partition(".")[0] in LIBRARIES


def user_frames() -> Iterator[FrameType]:
    """Yield the frames of the user's code that is being followed, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not Session.run.__code__:
        if not is_library(frame.f_globals):
            yield frame
        frame = frame.f_back


def user_frame() -> FrameType | None:
    """Return the innermost frame of the user's own code."""
    return next(user_frames(), None)


def may_catch() -> bool:
    """Whether an exception raised now could be caught by the user's code."""
    return any(frame.f_code.co_exceptiontable for frame in user_frames())


def describe(file: str, line: int) -> str:
    """Return file, line and source as the start of a sentence."""
    from pathlib import Path

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
    watching : bool
        Whether to look for the first result that is not finite, which costs time.
    first_non_finite : str or None
        Where in the user's code that was.
    shown : str
        Where a number was made into text, from which code could read it back unseen; empty where
        that was nowhere.
    """

    values: dict[Expression, Any]
    guards: list[Guard] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    watching: bool = False
    first_non_finite: str | None = None
    shown: str = ""
    _decided: set[Expression] = field(default_factory=set)
    _moving: dict[Expression, bool] = field(default_factory=dict)

    def run(self, function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        """Run the user's code: what is called from here is being followed."""
        with np.errstate(all="ignore"):
            return function(*arguments)

    def value(self, expression: Expression) -> Any:
        """Return the number of an expression at the place where the code is followed."""
        complete([expression], self.values)
        return self.values[expression]

    def text(self, expression: Expression, style: str = "") -> str:
        """Return an expression's number for people to read."""
        if not self.shown and self.moves(expression):
            frame = user_frame()
            self.shown = describe(frame.f_code.co_filename, frame.f_lineno) if frame else ": "
        return format(self.value(expression), style)

    def decide(self, expression: Expression) -> Any:
        """Return the number of an expression and record that the code depends on it."""
        outcome = self.value(expression)
        if not expression.shape:
            outcome = np.asarray(outcome).item()
        if not expression.is_constant and expression not in self._decided:
            self._decided.add(expression)
            self.guards.append(Guard(expression, outcome))
        return outcome

    def dtype(self, expression: Expression) -> np.dtype[Any]:
        """Return NumPy's type of an expression: float64 unless the variables are float32."""
        if expression.kind == "f" and self.single:
            return np.asarray(self.value(expression)).dtype
        return DTYPES[expression.kind]

    @cached_property
    def single(self) -> bool:
        """Whether the variables are float32."""
        return any(
            node.is_variable and node.kind == "f" and np.asarray(value).dtype == np.float32
            for node, value in self.values.items()
        )

    def stores(self, dtype: np.dtype[Any]) -> bool:
        """Whether a traced array stores such elements as NumPy would, not rounding or wrapping."""
        return dtype in STORED or (self.single and dtype == np.float32)

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

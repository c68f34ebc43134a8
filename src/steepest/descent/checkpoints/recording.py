"""One descent as a checkpoint holds it: its rows, and where its next step begins."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from steepest.descent.checkpoints.encoding import Codec, EncodingError
from steepest.descent.measures import largest
from steepest.descent.methods import DirectionMethod, Method
from steepest.descent.problem import Iterate, Problem
from steepest.descent.stopping import Check, Gradient, MaxSteps, NoDescent, Reason, Stop, Value
from steepest.descent.walk import Plan, Row, State, Walk, Watch
from steepest.errors import InputError
from steepest.objective import Vector

CLOSE = 1e-9
"""How well values must agree that were rounded in different ways."""

Counts: TypeAlias = tuple[int, int, int, int]


class Mark(NamedTuple):
    """Everything that the next step depends on; nobody writes into it."""

    state: State
    counts: Counts
    """Values, gradients, Hessians and their products, asked for so far."""
    cursor: Any = None
    """Where a walk is in its data, where it sees some rows at a time; or what returns that."""

    @property
    def plain(self) -> Mark:
        """The same with the cursor itself."""
        return self._replace(cursor=self.cursor()) if callable(self.cursor) else self


@dataclass
class Track:
    """What is kept of one descent.

    Parameters
    ----------
    start : ndarray, shape (n,)
        Where it began.
    names : tuple of str
        One name per variable.
    method : str
        The method with its options, as text.
    rows : list of Row
        All rows; or where none are wanted the first two, the best and the last.
    seconds : list of float
        When each of these was there.
    sizes : list of (float, float), optional
        Where no rows are wanted: value and size of the slope at every step, for the stop rule.
    mark : Mark or None
        Where the next step begins.
    reason : str or None
        Why it ended; None while it goes on.
    ended : str or None
        The reason that the walk itself gave, having nothing more to yield.
    counts : tuple of int, optional
        What was asked for until it ended, a last step that led nowhere included.
    began : float
        After how many seconds of the run.
    """

    start: Vector
    names: tuple[str, ...]
    method: str
    rows: list[Row] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    sizes: list[tuple[float, float]] | None = None
    mark: Mark | None = None
    reason: str | None = None
    ended: str | None = None
    counts: Counts | None = None
    began: float = 0.0

    @property
    def step(self) -> int:
        """The last step; -1 where there is not even a start."""
        return self.rows[-1][0] if self.rows else -1


def codec_of(method: Method) -> Codec:
    """Return what knows everything that a method may remember."""
    types: list[type] = [Mark, State, Iterate, *method.memory_types]
    if isinstance(method, DirectionMethod):
        types += method.length.memory_types
    return Codec(types)


class Writing(Protocol):
    """What a recording tells of its steps."""

    elsewhere: str | None

    def due(self, step: int) -> None:
        """Write a checkpoint, if it is time."""


class Recording:
    """Keeps one descent while it is made, and shows again what a file has of it.

    Parameters
    ----------
    track : Track
        What is kept; filled while the descent goes on.
    plan : Plan
        The descent.
    journal : Writing
        Told of every step.
    last : bool, default True
        Whether the run goes on in this descent. One that others follow is over, and only shows
        its rows.
    keep : bool, default True
        Whether every row is kept.
    """

    def __init__(
        self, track: Track, plan: Plan, journal: Writing, last: bool = True, keep: bool = True
    ) -> None:
        self.track, self.plan, self.journal, self.last = track, plan, journal, last
        self.before = list(track.rows)
        self.times = list(track.seconds)
        self.shown = track.step
        """Up to this step the rows were made, and shown, before."""
        self.codec = codec_of(plan.method)
        self.mark = track.mark
        self.ahead = track.mark
        self.keep = keep
        self.checked = track.mark is not None
        self.best = min(self.before, key=_value_of) if self.before else None
        if track.sizes is None and not keep:
            self._require_known_rules()
            track.sizes = []
        self._began = perf_counter() - (self.times[-1] if self.times else 0.0)
        self._replayed = iter([0.0, *self.times])

    def _require_known_rules(self) -> None:
        """Refuse rules that may look at points which are not kept."""
        for part in self.plan.stop.parts:
            if type(part) not in {Gradient, MaxSteps, NoDescent, Value}:
                raise InputError(
                    f"The stop rule {part!r} may look at every point, and with history=False a "
                    "checkpoint holds only a few: leave history or checkpoint out."
                )

    # What the walk calls.

    def restored(self, problem: Problem) -> tuple[State, Any] | None:
        """Return where to go on; the counts of the problem become those of that place."""
        mark = self.mark
        if mark is None:
            return None
        _set_counts(problem, mark.counts)
        return mark.state, mark.cursor

    def reached(self, state: State, problem: Problem, cursor: Any = None) -> None:
        """Take note of where the walk is."""
        self.ahead = Mark(state, _counts_of(problem), cursor)

    def verify(self) -> None:
        """Refuse a function that has another value or gradient at the start.

        Where rows are seen some at a time there is no such value, and the data were compared.
        """
        if not self.before or (self.mark is not None and self.mark.cursor is not None):
            return
        _, x, value, gradient, *_ = self.before[0]
        found, slope = self.plan.objective.value_and_gradient(np.asarray(x))
        # Units round, as they are multiplied with and divided by.
        exact = self.plan.units is None and self.journal.elsewhere is None
        close = 0.0 if exact else CLOSE
        if not (
            np.allclose(found, value, rtol=close, atol=0, equal_nan=True)
            and np.allclose(slope, gradient, rtol=close, atol=close * largest(gradient))
        ):
            raise InputError(
                f"The checkpoint is of another function: at its start it had the value {value!r} "
                f"with a gradient of {largest(gradient)!r}, and this one has {float(found)!r} "
                f"with {largest(np.asarray(slope))!r}. Give the function and the data as they "
                "were, or begin anew."
            )

    # What the loop reads.

    def clock(self) -> float:
        """Return the time since the descent began, of rows made before that of then."""
        if not self.last:
            # Whatever was allowed, it was enough.
            return 0.0
        before = next(self._replayed, None)
        return perf_counter() - self._began if before is None else before

    def recorded(self, walk: Walk) -> Walk:
        """Return a walk that shows the rows made before, and keeps those that follow."""
        return replace(walk, rows=self._rows(walk.rows), clock=self.clock)

    def stop(self) -> Stop:
        """Return the stop rule, which has seen the steps made before."""
        sizes = self.track.sizes
        return Continued(self.plan.stop, tuple(sizes)) if sizes else self.plan.stop

    def _rows(self, onward: Generator[Row, None, Reason]) -> Generator[Row, None, Reason]:
        """Yield the rows made before and then new ones, of which note is taken."""
        track = self.track
        if self.mark is not None and self.mark.cursor is None:
            _set_counts(self.plan.problem, self.mark.counts)
        if track.counts is not None:
            _set_counts(self.plan.problem, track.counts)
        yield from self.before
        if track.ended is not None:
            return Reason[track.ended]
        if not self.last and track.reason is not None:
            return Reason[track.reason]
        while True:
            try:
                row = next(onward)
            except StopIteration as end:
                track.ended = end.value.name
                reason: Reason = end.value
                return reason
            self._add(row)
            yield row
            self.journal.due(row[0])

    def is_over(self, reason: Reason, step: int) -> None:
        """Take note of why the descent ended.

        Raises
        ------
        InputError
            Where that was before the last of the steps made before: what the function had been
            asked for by then is not known.
        """
        if step < self.shown:
            raise InputError(
                f"The run has made {self.shown} steps already, and what is asked for now ends it "
                f"at step {step} ({reason.name}): give larger limits, or begin anew."
            )
        self.track.reason = reason.name
        self.track.counts = _counts_of(self.plan.problem)

    def _add(self, row: Row) -> None:
        """Keep a row, and only then where it is."""
        self._require_plain()
        track, seconds = self.track, perf_counter() - self._began
        if track.sizes is None:
            track.seconds.append(seconds)
            track.rows.append(row)
            self.mark = track.mark = self.ahead
            return
        track.sizes.append((float(row[2]), float(largest(self._slope(row)))))
        if self.best is None or row[2] < self.best[2]:
            self.best = row
        times = dict(zip([one[0] for one in track.rows], track.seconds, strict=True))
        times[row[0]] = seconds
        kept = {one[0]: one for one in (*track.rows[:2], self.best, row)}
        rows = [kept[step] for step in sorted(kept)]
        known = [times[step] for step in sorted(kept)]
        # Together, since Ctrl-C may come after any call: the mark is of the last of these rows.
        track.rows, track.seconds, self.mark, track.mark = rows, known, self.ahead, self.ahead

    def _slope(self, row: Row) -> Any:
        """Return the gradient of a row, or within bounds the projected one."""
        box = self.plan.problem.box
        if box is None:
            return row[3]
        return box.projected_gradient(np.asarray(row[1]), np.asarray(row[3]))

    def _require_plain(self) -> None:
        """Find out at the first step whether what the method remembers can be written."""
        if self.checked or self.ahead is None:
            return
        self.checked = self.ahead.state.step > 0
        try:
            self.codec.encoded(self.ahead.plain, [])
        except EncodingError as error:
            method = self.plan.method
            raise InputError(
                f"The memory of {method.name!r} has {error}, which a checkpoint cannot hold: let "
                f"{type(method).__name__} name its named tuples in memory_types and keep the rest "
                "in numbers, arrays, tuples and mappings, or leave checkpoint out."
            ) from error

    def shown_to(self, watch: Watch | None) -> Watch | None:
        """Return a watch to which no row is shown that was made before."""
        if watch is None or self.shown < 0:
            return watch
        return lambda row, seconds: row[0] > self.shown and watch(row, seconds)


def _counts_of(problem: Problem) -> Counts:
    """Return what was asked for so far."""
    return problem.values, problem.gradients, problem.hessians, problem.products


def _set_counts(problem: Problem, counts: Counts) -> None:
    """Let a problem have been asked for so much."""
    problem.values, problem.gradients, problem.hessians, problem.products = counts


def _value_of(row: Row) -> float:
    """Return the value of a row."""
    return row[2]


@dataclass(frozen=True)
class Continued(Stop):
    """A stop rule that has seen the first steps of a descent.

    Parameters
    ----------
    rule : Stop
        One that looks at value and size of the gradient only.
    seen : tuple of (float, float)
        These, for every step from the start on.
    """

    rule: Stop
    seen: tuple[tuple[float, float], ...]

    @property
    def parts(self) -> tuple[Stop, ...]:
        """The rules that it is made of."""
        return self.rule.parts

    def begin(self, value: float, gradient: Any) -> Check:
        """Return the check of one run, which repeats its last answer at the last step seen."""
        check, answer = self.rule.begin(value, gradient), None
        dtype = np.asarray(gradient).dtype
        for step, (known, size) in enumerate(self.seen):
            answer = check(step, known, np.array([size], dtype=dtype))
        last = len(self.seen) - 1

        def going_on(step: int, value: float, gradient: Any) -> Reason | None:
            if step > last:
                return check(step, value, gradient)
            return answer if step == last else None

        return going_on

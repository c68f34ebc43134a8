"""Descents on some of the rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.descent.methods import DirectionMethod, Method
from steepest.descent.options import INNER_FRACTION, STEPS, require
from steepest.descent.problem import Problem
from steepest.descent.step_length import Constant
from steepest.descent.stopping import Reason
from steepest.descent.walk import Plan, Row, State, Walk
from steepest.errors import InputError
from steepest.fitting.batch_steps import QuickSteps
from steepest.fitting.criterion import Criterion
from steepest.fitting.dealing import Dealer, Shuffled
from steepest.fitting.kernel import RowKernel
from steepest.fitting.rows import Rows
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector

EPOCHS = 100
"""Passes over the rows where no number was given."""


@dataclass(frozen=True)
class Epoch:
    """One pass over the rows.

    Parameters
    ----------
    number : int
        1, 2, 3, ...
    loss : float
        The mean of the losses of its batches, each at the parameters it was met with.
    held_out_loss : float or None
        The loss of the rows held out, at the parameters after it.
    """

    number: int
    loss: float
    held_out_loss: float | None = None


@dataclass(frozen=True)
class Batches:
    """How rows are dealt out, and when that ends.

    In every epoch all rows are shuffled, and dealt out in order; the last batch may be smaller.

    Parameters
    ----------
    size : int
        Rows in a batch.
    epochs : int
        Passes over the rows, at most.
    seed : int
        Of the shuffling.
    held_out : Rows or None
        Rows that take no part, and whose loss decides which parameters are returned.
    patience : int
        After so many epochs without a new least held-out loss it ends.
    """

    size: int
    epochs: int
    seed: int
    held_out: Rows | None = None
    patience: int = 10
    record: list[Epoch] = field(default_factory=list, compare=False)

    def steps_in_epoch(self, rows: int) -> int:
        """Return how many batches all rows make."""
        return -(-rows // self.size)

    def dealer(self, criterion: Criterion) -> Dealer:
        """Return what deals out the rows."""
        return Shuffled(criterion.rows, self.size, self.seed)

    def walker(self, criterion: Criterion) -> _Dealt:
        """Return what makes the walk of a plan."""
        return _Dealt(self, criterion)


class _Dealt:
    """The walk on batches."""

    def __init__(self, batches: Batches, criterion: Criterion) -> None:
        self.batches, self.criterion = batches, criterion
        self.chosen: Row | None = None
        self.least = np.inf
        self.waited = 0

    def __call__(self, plan: Plan) -> Walk:
        """Return the walk of a plan; the point it returns is its own choice."""
        require_rates(plan.method)
        dealer = self.batches.dealer(self.criterion)
        stream = BatchFunction(self.criterion, plan.objective, dealer)
        problem = Problem(stream, plan.problem.box)
        self.quick = QuickSteps(plan, stream.kernel, dealer, self.criterion.engine)
        before = None if plan.record is None else plan.record.restored(problem)
        if before is None:
            rows = self._rows(plan, stream, problem)
        else:
            # At once: where the run was over, nobody will ask for a row.
            state, cursor = before
            losses, ended = self._go_on(cursor, stream)
            rows = self._onward(plan, stream, problem, state, losses, ended)
        return BatchWalk(rows, choose=lambda: self.chosen, quick=self.quick)

    def _rows(
        self, plan: Plan, stream: BatchFunction, problem: Problem
    ) -> Generator[Row, None, Reason]:
        """Yield a point for every batch: where it was met, with its loss and gradient there."""
        here = problem.evaluate(np.array(plan.objective.start))
        state = State(0, here, float("nan"), None)
        if plan.record is not None:
            plan.record.reached(state, problem, self._cursor(stream, [], None))
        yield 0, *here, state.rate, True, problem.values
        return (yield from self._onward(plan, stream, problem, state, [], None))

    def _onward(
        self,
        plan: Plan,
        stream: BatchFunction,
        problem: Problem,
        state: State,
        losses: list[float],
        ended: Reason | None,
    ) -> Generator[Row, None, Reason]:
        """Yield the points after a state."""
        each = self.batches.steps_in_epoch(stream.dealer.count)
        states = _states(self.quick, plan, problem, state)
        while ended is None:
            losses.append(state.here.value)
            state = next(states)
            row = (state.step, *state.here, state.rate, True, problem.values)
            ended = None if np.isfinite(state.here.value) else Reason.NOT_FINITE
            if state.step % each == 0:
                if self._look(plan, row, float(np.mean(losses))):
                    ended = ended or Reason.HELD_OUT
                losses = []
            if plan.record is not None:
                plan.record.reached(state, problem, self._cursor(stream, losses, ended))
            yield row
        return ended

    def _cursor(
        self, stream: BatchFunction, losses: list[float], ended: Reason | None
    ) -> Callable[[], dict[str, Any]]:
        """Return what tells where this walk is in its data now, whenever it is asked."""
        record, epochs, count = self.batches.record, len(self.batches.record), len(losses)
        fixed = {
            "place": stream.dealer.place,
            "chosen": self.chosen,
            "least": float(self.least),
            "waited": self.waited,
            "ended": None if ended is None else ended.name,
        }

        def cursor() -> dict[str, Any]:
            # Both lists only ever grow.
            passed = [(one.number, one.loss, one.held_out_loss) for one in record[:epochs]]
            return {**fixed, "losses": tuple(losses[:count]), "epochs": tuple(passed)}

        return cursor

    def _go_on(
        self, cursor: dict[str, Any], stream: BatchFunction
    ) -> tuple[list[float], Reason | None]:
        """Go to a place in the data; return the losses of its epoch, and why it is the end."""
        stream.dealer.go_to(cursor["place"])
        self.batches.record[:] = [Epoch(*epoch) for epoch in cursor["epochs"]]
        self.chosen, self.least, self.waited = cursor["chosen"], cursor["least"], cursor["waited"]
        ended = cursor["ended"]
        return list(cursor["losses"]), None if ended is None else Reason[ended]

    def _look(self, plan: Plan, row: Row, loss: float) -> bool:
        """Take in the end of an epoch; return whether waiting longer makes no sense."""
        held_out = self.batches.held_out
        number = len(self.batches.record) + 1
        if held_out is None:
            self.batches.record.append(Epoch(number, loss))
            return False
        parameters = plan.objective.restore(np.asarray(row[1]))
        criterion = self.criterion
        predicted = criterion.predicted(
            held_out.columns, criterion.restrictions.completed(criterion.merged(parameters))
        )
        found = float(criterion.loss(predicted, held_out.target, held_out.weights))
        self.batches.record.append(Epoch(number, loss, found))
        if found < self.least:
            self.chosen, self.least, self.waited = row, found, 0
        else:
            self.waited += 1
        return self.waited >= self.batches.patience


def _states(
    quick: QuickSteps, plan: Plan, problem: Problem, state: State
) -> Generator[State, None, None]:
    """Yield the states after a state, for ever: compiled code's where there are any."""
    while True:
        state = yield from quick.ahead(problem, state)
        with np.errstate(over="ignore", invalid="ignore"):
            here, rate, _, memory = quick.passes.timed(
                plan.method.advance, problem, state.here, state.memory
            )
        state = State(state.step + 1, here, rate, memory)
        yield state


@dataclass(frozen=True)
class BatchWalk(Walk):
    """A walk on batches, some of whose steps may be made by compiled code.

    Parameters
    ----------
    quick : QuickSteps
        Makes them.
    """

    quick: QuickSteps | None = None

    @property
    def engine(self) -> str:
        """What made the steps."""
        return "python" if self.quick is None else self.quick.passes.made_by


def require_rates(method: Method) -> None:
    """Refuse methods that compare values, which differ from batch to batch."""
    if not (isinstance(method, DirectionMethod) and isinstance(method.length, Constant)):
        raise InputError(
            f"The method {method.name!r} ({method.phrase}) compares values of the loss, and those "
            "of different batches cannot be compared: take one with a learning rate, such as "
            "'adam', 'momentum' or 'schedule-free-adamw', or leave batch_size out."
        )


class BatchFunction(BoundFunction):
    """The loss of the next batch, whenever it is asked for.

    Parameters
    ----------
    criterion : Criterion
        What is minimised over all rows.
    whole : BoundFunction
        It, as what a descent walks on.
    dealer : Dealer
        Deals the rows out.
    """

    def __init__(self, criterion: Criterion, whole: Any, dealer: Dealer) -> None:
        super().__init__(whole.structure, whole.start, whole.call)
        self.dealer = dealer
        self.kernel = RowKernel(criterion, whole.structure, whole.start, dealer.count)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return loss and gradient of the next batch."""
        return self.kernel.of(self.dealer.deal()).value_and_gradient(x)


@dataclass(frozen=True)
class Dealing:
    """How rows are to be dealt out in batches, where they are; see `fit`."""

    batch_size: int | None
    epochs: int | None
    held_out: float | None
    patience: int
    seed: int

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        for name in ("batch_size", "epochs", "patience"):
            value = getattr(self, name)
            if value is not None:
                require(name, value, STEPS, "fit")
        if self.held_out is not None:
            require("held_out", self.held_out, INNER_FRACTION, "fit")

    @property
    def is_wanted(self) -> bool:
        """Whether they are."""
        return not (self.batch_size is None and self.epochs is None and self.held_out is None)

    def of(self, rows: Rows) -> tuple[Rows, Batches | None]:
        """Return the rows to descend on, and how they are dealt out."""
        if not self.is_wanted:
            return rows, None
        aside = None
        if self.held_out is not None:
            count = round(self.held_out * len(rows))
            if not 0 < count < len(rows):
                raise InputError(
                    f"held_out={self.held_out!r} of {len(rows)} rows leaves none on one side: give "
                    "another share."
                )
            order = np.random.default_rng([self.seed, 1]).permutation(len(rows))
            aside, rows = rows.take(np.sort(order[:count])), rows.take(np.sort(order[count:]))
        size = min(self.batch_size or len(rows), len(rows))
        return rows, Batches(size, self.epochs or EPOCHS, self.seed, aside, self.patience)

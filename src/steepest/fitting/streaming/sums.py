"""What is summed over rows, chunk by chunk, and who adds it up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, ClassVar, NamedTuple

import numpy as np

from steepest.errors import InputError
from steepest.expression.node import Expression, topological_order
from steepest.expression.squares import squares_of
from steepest.fitting.criterion import Criterion
from steepest.fitting.kernel import RowKernel
from steepest.fitting.losses import Loss, OwnLoss, sse
from steepest.fitting.rows import Rows
from steepest.fitting.spread import spread_of
from steepest.functions.bound import BoundFunction
from steepest.functions.graph import GraphFunction
from steepest.functions.structure import read_start
from steepest.objective import Vector
from steepest.program.native.chunks import CHUNK
from steepest.program.native.engine import ROW_LOOPS
from steepest.program.native.module import NativeError
from steepest.program.native.row_gram import RowGram, RowSpread
from steepest.program.native.row_sums import RowSums
from steepest.program.spelling import is_whole


class Question(NamedTuple):
    """What is to be summed.

    Attributes
    ----------
    kind : {"gradient", "curvature", "gram", "spread"}
        The loss and its gradient; with its Hessian besides; of squared errors, the Gram matrix of
        residuals and their derivatives; or that of the gradients of the rows.
    x : ndarray, shape (n,)
        Where.
    turn : ndarray, shape (n, n), or None
        The coordinates of a Gram matrix, see `RowGram`.
    """

    kind: str
    x: Vector
    turn: Vector | None = None


@dataclass(frozen=True)
class Total(Loss):
    """The sum over rows of a loss that is a mean of them, so that parts of the rows add up."""

    of: Loss

    name: ClassVar[str] = "total"
    reduction: ClassVar[str] = "sum"

    def __post_init__(self) -> None:
        if isinstance(self.of, OwnLoss):
            raise InputError(
                "A loss that is a function of all predictions and responses cannot be added up "
                "from parts of the rows: take one of the losses by name, or a subclass of "
                "losses.Loss, which says what each row adds."
            )

    def rows(self, prediction: Any, target: Any) -> Any:
        """Return what each row adds."""
        return self.of.rows(prediction, target)

    def require_pairs(self, prediction: Any, target: Any) -> None:
        """Refuse shapes that do not pair."""
        self.of.require_pairs(prediction, target)


@dataclass(frozen=True)
class SumOverRows(Criterion):
    """A criterion as a plain sum over rows, without its penalty."""

    def of_rows(
        self,
        parameters: Mapping[str, Any],
        columns: Mapping[str, Any],
        target: Any,
        weights: Any,
        total: int | None = None,
    ) -> Any:
        """Return the sum over some rows."""
        return self.loss_of_rows(parameters, columns, target, weights)


Loop = RowGram | RowSpread | RowSums

PASSING_ON = {"variable", "constant", "add", "subtract", "multiply", "negative", "square", "sum"}
"""Operations whose result is not finite where an input is not; exp and 1/x forget infinities."""


def _passes_gaps_on(node: Expression) -> bool:
    """Return whether what is not finite stays so: in polynomials."""
    name = node.operation.name
    return name in PASSING_ON or (
        name == "power" and is_whole(node.inputs[1]) and node.inputs[1].value > 0
    )


class Adder(ABC):
    """Adds up chunks of rows.

    Attributes
    ----------
    tells_gaps : bool
        Whether its sums are finite only where all numbers of the rows are.
    """

    tells_gaps: bool = False

    @abstractmethod
    def parts(self, question: Question, rows: Rows) -> Vector:
        """Return the sums over each chunk of some rows, shape (chunks, k)."""

    @abstractmethod
    def completed(self, question: Question, totals: Vector) -> tuple[float, Vector, Vector]:
        """Return value, gradient and Hessian of the sum over all rows."""


class ByPython(Adder):
    """Adds up by NumPy, and knows what is added.

    Parameters
    ----------
    criterion : Criterion
        What is minimised, with a few of its rows, on which the model is followed.
    values : mapping
        Values of the free parameters.
    """

    def __init__(self, criterion: Criterion, values: Mapping[str, Any]) -> None:
        loss = sse if criterion.loss.squares else Total(criterion.loss)
        summed = SumOverRows(
            criterion.model,
            criterion.rows,
            loss,
            criterion.restrictions,
            criterion.penalty,
            "python",
        )
        self.structure, self.start = read_start(criterion.split(values))
        self.kernel = RowKernel(summed, self.structure, self.start)
        # A followed function is not made to be asked by several threads at once.
        self.alone = Lock()

    @property
    def size(self) -> int:
        """How many variables there are."""
        return self.structure.size

    def parts(self, question: Question, rows: Rows) -> Vector:
        """Return the sums over each chunk of some rows, shape (chunks, k)."""
        with self.alone:
            return np.array(
                [
                    self.chunk(question, rows.take(slice(begin, begin + CHUNK)))
                    for begin in range(0, len(rows), CHUNK)
                ]
            )

    def chunk(self, question: Question, rows: Rows) -> Vector:
        """Return the sums over one chunk."""
        with np.errstate(over="ignore", invalid="ignore"):
            if question.kind == "spread":
                return self.spread(question.x, rows)
            function, x = self.kernel.of(rows), question.x
            if question.kind == "gram":
                return self.gram(function, question)
            value, gradient = function.value_and_gradient(x)
            found = [value, *gradient]
            if question.kind == "curvature":
                found.extend(np.ravel(function.hessian(x)))
            return np.array(found)

    def gram(self, function: BoundFunction, question: Question) -> Vector:
        """Return the entries of [J W, r]ᵀ [J W, r] on and above the diagonal."""
        assert question.turn is not None
        slopes = function.jacobian(question.x) @ question.turn
        joined = np.column_stack([slopes, function.residuals(question.x)])
        upper = np.triu_indices(self.size + 1)
        # f = ½ ‖r‖² has residuals √2 as long as the errors.
        return np.asarray((joined.T @ joined)[upper] / 2)

    def spread(self, x: Vector, rows: Rows) -> Vector:
        """Return the entries of Σ wᵢ² gᵢ gᵢᵀ on and above the diagonal."""
        criterion = self.kernel.criterion
        values = criterion.merged(self.structure.restore(x))
        found = spread_of(criterion.free, criterion.loss, rows, values)
        return np.asarray(found[np.triu_indices(self.size)])

    def completed(self, question: Question, totals: Vector) -> tuple[float, Vector, Vector]:
        """Return value, gradient and Hessian of the sum over all rows."""
        n = self.size
        gradient, bends = totals[1 : n + 1], totals[n + 1 :]
        curvature = bends.reshape(n, n) if len(bends) else np.full((n, n), np.nan)
        return float(totals[0]), gradient, curvature


class ByNative(Adder):
    """Adds up by compiled loops; what these cannot do is left to NumPy.

    Parameters
    ----------
    plain : ByPython
        Knows what is added.

    Raises
    ------
    NativeError
        Where the model uses what the loops do not know.
    """

    def __init__(self, plain: ByPython) -> None:
        self.plain, self.kernel = plain, plain.kernel
        followed = self.kernel.of(self.kernel.criterion.rows)
        if not isinstance(followed, GraphFunction):
            raise NativeError("its code cannot be followed.")
        self.branch = followed.branches.at(followed.parts(followed.start))
        self.first = self.branch.known(followed.parts(followed.start)).__getitem__
        self.here = plain.structure.parts(plain.start)
        self.tells_gaps = all(map(_passes_gaps_on, topological_order([self.branch.arrays.output])))
        self.loops: dict[str, Loop | None] = {"gradient": self._made("gradient")}

    def _made(self, kind: str) -> Loop:
        """Return the loop that answers questions of a kind."""
        graph = self.branch.arrays
        if kind == "spread":
            return RowSpread(graph, self.first)
        if kind != "gram":
            return RowSums(graph, self.first, 2 if kind == "curvature" else 1)
        roots = squares_of(graph.output)
        if roots is None:
            raise NativeError("it is no sum of the squares of a column.")
        return RowGram(graph, roots, self.first)

    def loop_of(self, question: Question) -> Loop | None:
        """Return what answers a question; None where it has too many sums for a loop."""
        if question.kind not in self.loops:
            try:
                self.loops[question.kind] = self._made(question.kind)
            except NativeError:
                self.loops[question.kind] = None
        return self.loops[question.kind]

    def parts(self, question: Question, rows: Rows) -> Vector:
        """Return the sums over each chunk of some rows."""
        work = self.loop_of(question)
        if work is None:
            return self.plain.parts(question, rows)
        data = self.kernel.data_of(rows)
        replaced = work.rows.replaced(self.branch.known([*self.here, *data.values()]).__getitem__)
        loop = ROW_LOOPS.compiled(work.source)
        if isinstance(work, RowGram):
            assert question.turn is not None
            return work.parts(loop, question.x, question.turn, replaced)
        return work.parts(loop, question.x, replaced)

    def completed(self, question: Question, totals: Vector) -> tuple[float, Vector, Vector]:
        """Return value, gradient and Hessian of the sum over all rows."""
        work = self.loop_of(question)
        if isinstance(work, RowSums):
            return work.completed(question.x, totals)
        return self.plain.completed(question, totals)

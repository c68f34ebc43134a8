"""A criterion whose every question is a pass over the rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.fitting.criterion import Criterion
from steepest.fitting.linearised import (
    Around,
    Linearised,
    kept_from_vanishing,
    symmetric,
    triangle_of,
    unlikeness,
)
from steepest.fitting.streaming.recipe import Recipe
from steepest.fitting.streaming.stream import Stream
from steepest.fitting.streaming.sums import Adder, Question
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector
from steepest.threads import in_one_thread

UNLIKE = 1e3
"""Where the columns have become so unlike in the coordinates chosen, these are chosen anew."""


class StreamedFunction(BoundFunction):
    """What a descent walks on where rows are read piece by piece.

    Of squared errors `residuals` and `jacobian` are not those of the rows but a few numbers that
    stand for them, T with TᵀT = [J, r]ᵀ [J, r], which is all that least squares need at one point.

    Parameters
    ----------
    sample : BoundFunction
        The criterion of a sample of the rows.
    criterion : Criterion
        Loss and penalty.
    recipe : Recipe
        What readers must know.
    adder : Adder
        Completes sums.
    stream : Stream
        The rows.
    linear : bool
        Whether residuals are linear in all variables.
    """

    differentiation = "graph"

    def __init__(
        self,
        sample: BoundFunction,
        criterion: Criterion,
        recipe: Recipe,
        adder: Adder,
        stream: Stream,
        linear: bool = False,
    ) -> None:
        super().__init__(sample.structure, sample.start, sample.call, notices=sample.notices)
        self.sample, self.criterion, self.recipe = sample, criterion, recipe
        self.adder, self.stream, self.linear = adder, stream, linear
        self.penalty = self._penalty()
        penalty = criterion.penalty
        self.name = (criterion.loss, *(tuple(one.items()) for one in (penalty.l1, penalty.l2)))

    def value(self, x: Vector) -> float:
        """Return f(x), by one pass."""
        return self.value_and_gradient(x)[0]

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and its gradient, by one pass."""
        if self.is_plain and "turn" in self.stream.known:
            # Whoever asks for residuals gets values of the same pass.
            around = self.linearised(x)
            slopes = 2 * around.slopes.T @ around.residuals
            unknown = np.full((self.size, self.size), np.nan)
            value, gradient, _ = self._reduced(around.squares, slopes, unknown)
            return value, gradient
        value, gradient, _ = self._derivatives("gradient", x)
        return float(value), gradient

    @property
    def is_plain(self) -> bool:
        """Whether it is made of squared errors alone."""
        return self.criterion.loss.squares and self.penalty is None

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian, by one pass."""
        return np.asarray(self._derivatives("curvature", x)[2])

    def hessian_vector(self, x: Vector, vector: Vector) -> Vector:
        """Return the Hessian times a vector."""
        return np.asarray(self.hessian(x) @ vector)

    def is_sum_of_squares(self) -> bool:
        """Return whether it is one."""
        return bool(self.sample.is_sum_of_squares())

    def couplings(self) -> list[set[int]]:
        """Return, for every variable, those on which the derivatives of the residuals depend."""
        return self.sample.couplings()

    def residuals(self, x: Vector) -> Vector:
        """Return numbers that stand for the residuals, shape (n + 1,), with f = ½ ‖r‖²."""
        return np.asarray(np.sqrt(2.0) * self.linearised(x).residuals)

    def jacobian(self, x: Vector) -> Vector:
        """Return their derivatives, shape (n + 1, n)."""
        return np.asarray(np.sqrt(2.0) * self.linearised(x).slopes)

    def linearised(self, x: Vector) -> Linearised:
        """Return the squared errors around a point, by one pass where they are not known there."""
        # Squared errors are the same whatever becomes of their sum.
        known: Around | None = self.stream.known.get("gram")
        if known is not None and np.array_equal(known.point, x):
            return known.squares
        if known is not None and self.linear and known.squares.finite:
            return known.moved(x)
        found = self._by_gram(x)
        self.stream.known["gram"] = Around(np.array(x), found)
        return found

    def spread(self, x: Vector) -> Vector:
        """Return Σ wᵢ² gᵢ gᵢᵀ, gᵢ being the gradient of row i, by one pass."""
        return symmetric(self.stream.ask(self.recipe, Question("spread", np.array(x))), self.size)

    def locate_non_finite(self, x: Vector) -> str | None:
        """Name what is not finite at x, where it is so for the sample too."""
        return self.sample.locate_non_finite(x)

    def _derivatives(self, kind: str, x: Vector) -> Any:
        """Return value, gradient and, where it is asked for, the Hessian."""
        key = x.tobytes()
        for one in ("curvature", kind):
            known, answer = self.stream.known.get((one, *self.name), (None, None))
            if known == key:
                return answer
        question = Question(kind, np.array(x))
        totals = self.stream.ask(self.recipe, question)
        found = self._reduced(*self.adder.completed(question, totals))
        if self.penalty is not None:
            small, slopes = self.penalty.value_and_gradient(x)
            value, gradient, curvature = found
            if kind == "curvature":
                curvature = curvature + self.penalty.hessian(x)
            found = value + small, gradient + slopes, curvature
        self.stream.known[kind, *self.name] = key, found
        return found

    def _reduced(
        self, total: float, gradient: Vector, curvature: Vector
    ) -> tuple[float, Vector, Vector]:
        """Return the loss that a sum over rows becomes: itself, its mean, or the root of that."""
        reduction, weight = self.criterion.loss.reduction, self.stream.surveyed.weight
        if reduction == "sum":
            return total, gradient, curvature
        total, gradient, curvature = total / weight, gradient / weight, curvature / weight
        if reduction == "mean":
            return total, gradient, curvature
        root = float(np.sqrt(total))
        slopes = gradient / (2 * root) if root else np.zeros_like(gradient)
        bends = (curvature / 2 - np.outer(slopes, slopes)) / root if root else curvature * 0.0
        return root, slopes, bends

    def _penalty(self) -> BoundFunction | None:
        """Return the penalty as a function of the variables."""
        if not self.criterion.penalty:
            return None
        return objective_of(self.criterion.penalty_of, self.restore(self.start))

    def _by_gram(self, x: Vector) -> Linearised:
        """Return the squared errors around a point, by one pass, or two where columns changed."""
        known = self.stream.known
        if "turn" not in known:
            known["turn"] = self._coordinates(x)
        with np.errstate(over="ignore", invalid="ignore"):
            found, unlike = self._asked(x, known["turn"])
            if found.finite and unlike > UNLIKE:
                # For this point alone: what is found at one must not depend on those before.
                turn = kept_from_vanishing(triangle_of(found.slopes))
                found, _ = self._asked(x, turn)
        return found

    def _asked(self, x: Vector, triangle: Vector) -> tuple[Linearised, float]:
        """Return the squared errors in coordinates, and how unlike the columns are in these."""
        turn = np.asarray(in_one_thread(np.linalg.inv, triangle), dtype=np.float64)
        totals = self.stream.ask(self.recipe, Question("gram", np.array(x), turn))
        found = Linearised.of_products(totals, triangle, self.stream.surveyed.kept)
        return found, unlikeness(totals, self.size)

    def _coordinates(self, x: Vector) -> Vector:
        """Return a triangle R with J R⁻¹ nearly orthonormal, from the sample."""
        slopes = self.sample.jacobian(x)
        if not np.isfinite(slopes).all():
            return np.eye(self.size)
        return kept_from_vanishing(triangle_of(slopes))

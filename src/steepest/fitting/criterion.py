"""What a fit minimises: the loss of the rows and a penalty, as a function of free parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from steepest.errors import InputError
from steepest.fitting.losses import Loss, sse
from steepest.fitting.model import Model
from steepest.fitting.native import by_engine
from steepest.fitting.penalty import Penalty
from steepest.fitting.restrictions import Restrictions
from steepest.fitting.rows import Rows
from steepest.fitting.spread import spread_of
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.functions.structure import read_start
from steepest.objective import Vector

UP, DOWN = "⁺", "⁻"
"""The parts b⁺, b⁻ ≥ 0 of a parameter b = b⁺ - b⁻ with a penalty λ |b| = λ (b⁺ + b⁻).

The kink of |b| at 0 becomes a bound, which a descent can end at exactly.
"""


@dataclass(frozen=True)
class Criterion:
    """What is minimised over the free parameters.

    Parameters
    ----------
    model : Model
        The model, of all parameters.
    rows : Rows
        What it is fitted to.
    loss : Loss
        How far predictions lie from responses.
    restrictions : Restrictions
        Which parameters are fixed or tied.
    penalty : Penalty
        What keeps them small.
    engine : {"auto", "python", "native"}, default "auto"
        What adds up the rows.
    """

    model: Model
    rows: Rows
    loss: Loss
    restrictions: Restrictions
    penalty: Penalty
    engine: str = "auto"

    complete: ClassVar[bool] = True
    """Whether `rows` are all rows, and not a sample of those that are read."""

    @property
    def count(self) -> int:
        """How many rows it is fitted to."""
        return len(self.rows)

    @property
    def total_weight(self) -> float:
        """How much all rows count together."""
        weights = self.rows.weights
        return float(len(self.rows) if weights is None else weights.sum())

    @cached_property
    def free(self) -> Model:
        """The model of the free parameters."""
        return self.restrictions.applied(self.model)

    def with_loss(self, loss: Loss) -> Criterion:
        """Return the same of another loss."""
        return replace(self, loss=loss)

    def squares(self) -> Criterion:
        """Return the plain sum of squared errors of the same model and rows."""
        return replace(self, loss=sse, penalty=Penalty())

    def with_rows(self, rows: Rows) -> Criterion:
        """Return the same of other rows."""
        return replace(self, rows=rows)

    def value(self, parameters: Mapping[str, Any]) -> Any:
        """Return what is minimised, at free parameters by name."""
        return self.of_rows(parameters, self.rows.columns, self.rows.target, self.rows.weights)

    def of_rows(
        self,
        parameters: Mapping[str, Any],
        columns: Mapping[str, Any],
        target: Any,
        weights: Any,
        total: int | None = None,
    ) -> Any:
        """Return it for some rows; with `total`, as an estimate of that of so many rows."""
        loss = self.loss_of_rows(parameters, columns, target, weights)
        if total is not None and self.loss.reduction == "sum":
            loss = loss * (total / np.shape(target)[0])
        return loss + self.penalty_of(parameters) if self.penalty else loss

    def loss_of_rows(
        self, parameters: Mapping[str, Any], columns: Mapping[str, Any], target: Any, weights: Any
    ) -> Any:
        """Return the loss of some rows, without the penalty."""
        predicted = self.free.predict(columns, self.merged(parameters))
        if np.ndim(predicted) == 0:
            predicted = predicted + np.zeros(np.shape(target)[0])
        return self.loss(predicted, target, weights)

    def penalty_of(self, parameters: Mapping[str, Any]) -> Any:
        """Return the penalty of variables of the descent."""
        small = replace(self.penalty, l1={})(self.merged(parameters))
        parts = [
            share * (np.sum(parameters[name + UP]) + np.sum(parameters[name + DOWN]))
            for name, share in self.penalty.l1.items()
        ]
        return small + sum(parts)

    def objective(self, start: Mapping[str, Any], plain: bool = False) -> BoundFunction:
        """Return it as what a descent walks on, from values of the free parameters.

        Parameters
        ----------
        start : mapping
            The values.
        plain : bool, default False
            Whether a few rows are written out in plain numbers, one after the other. That pays
            for methods of many steps; others have ended before it is written.
        """
        followed = objective_of(self.value, self.split(start), plain=plain)
        return by_engine(followed, self.engine, len(self.rows))

    def split(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the free parameters as the variables of the descent."""
        variables: dict[str, Any] = {}
        for name, value in values.items():
            if name in self.penalty.l1:
                variables[name + UP] = np.maximum(value, 0.0)
                variables[name + DOWN] = np.maximum(np.negative(value), 0.0)
            else:
                variables[name] = value
        return variables

    def merged(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the free parameters that variables of the descent stand for."""
        return {
            name: variables[name + UP] - variables[name + DOWN]
            if name in self.penalty.l1
            else variables[name]
            for name in self.free.parameters
        }

    def bounds(self, bounds: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Return bounds of the variables of the descent."""
        both = [name for name in self.penalty.l1 if name in (bounds or {})]
        if both:
            raise InputError(
                f"{both[0]!r} has bounds and an l1 penalty, which is made of bounds of its own: "
                "leave one of them out."
            )
        parts = {name + side: (0.0, None) for name in self.penalty.l1 for side in (UP, DOWN)}
        return {**(bounds or {}), **parts} or None

    def free_names(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return one name for each free number, whose parameters have the shapes of `values`."""
        return read_start(values)[0].element_names

    def require_rows(self) -> None:
        """Refuse fewer rows than there are free parameters, which then may be anything."""
        free, rows = self.restrictions.free, len(self.rows)
        if rows < len(free) and not self.penalty:
            raise InputError(
                f"{rows} {'row' if rows == 1 else 'rows'} cannot tell {len(free)} parameters "
                f"({', '.join(free)}): give more rows, hold some parameters (fixed=), or say by a "
                "penalty (l2=) which values to prefer."
            )

    def spread(self, values: Mapping[str, Any]) -> Vector:
        """Return Σ wᵢ² gᵢ gᵢᵀ over all rows, at values of the free parameters."""
        return spread_of(self.free, self.loss, self.rows, values)

    def predicted(self, columns: Mapping[str, Any], parameters: Mapping[str, Any]) -> Vector:
        """Return the model's prediction for columns, at values of all parameters."""
        predicted = np.asarray(self.model.predict(columns, parameters), dtype=np.float64)
        if predicted.ndim:
            return predicted
        rows = len(next(iter(columns.values()))) if columns else len(self.rows)
        return np.full(rows, float(predicted))

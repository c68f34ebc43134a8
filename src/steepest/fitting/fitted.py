"""A fitted model: its constants, how well they are known, and how good the fit is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from steepest.descent.result import Result
from steepest.fitting.losses import LOSSES
from steepest.fitting.model import Model
from steepest.fitting.table import Table, columns_of, read_table
from steepest.fitting.uncertainty import Uncertainty, correlation_of
from steepest.objective import Vector

CLOSE = 0.999
"""Parameters of a larger correlation are hard to tell apart."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What came of fitting a model to data.

    Parameters
    ----------
    model : Model
        The model.
    table : Table
        The columns that it uses.
    target : ndarray, shape (m,)
        The response.
    scale : ndarray, shape (m,), or None
        What residuals were multiplied by, the root of their weights.
    loss_name : str or callable
        What was minimised.
    result : Result
        The descent.
    uncertainty : Uncertainty
        The covariance, or why there is none.
    notices : tuple of str
        What one should know of the fit.
    """

    model: Model
    table: Table
    target: Vector
    scale: Vector | None
    loss_name: str | Callable[..., Any]
    result: Result
    uncertainty: Uncertainty
    notices: tuple[str, ...] = field(default=())

    @property
    def parameters(self) -> dict[str, float]:
        """The fitted constants by name."""
        return {name: float(value) for name, value in self.result.x.items()}

    @property
    def success(self) -> bool:
        """Whether this is a fit: it has converged, and other constants do not fit as well."""
        if self.uncertainty.covariance is None and not self.result.success:
            return False
        return not self.uncertainty.open

    @property
    def covariance(self) -> Vector | None:
        """The covariance of the parameters, in their order; None where there is none."""
        return self.uncertainty.covariance

    @property
    def correlation(self) -> Vector | None:
        """The correlations of the parameters; None where there is no covariance."""
        return None if self.covariance is None else correlation_of(self.covariance)

    @property
    def standard_errors(self) -> dict[str, float] | None:
        """One standard deviation of each parameter; None where there is no covariance."""
        if self.covariance is None:
            return None
        errors = np.sqrt(np.diag(self.covariance))
        return dict(zip(self.model.parameters, map(float, errors), strict=True))

    @property
    def why_no_errors(self) -> str | None:
        """Why there are no standard errors, where there are none."""
        return self.uncertainty.reason

    def predict(self, data: Any) -> Vector:
        """Return the prediction for new rows.

        Parameters
        ----------
        data : mapping, table or path
            The columns that the model uses.

        Returns
        -------
        ndarray, shape (m,)
        """
        if not self.model.predictors:
            columns = columns_of(data)
            rows = len(next(iter(columns.values()), ()))
            return np.full(rows, self._predicted({}))
        return self._predicted(read_table(data, self.model.predictors).columns)

    def residuals(self) -> Vector:
        """Return response minus prediction, shape (m,), unweighted."""
        return self.target - self._predicted(self.table.columns)

    @cached_property
    def loss(self) -> float:
        """The loss at the fitted parameters."""
        scale = 1.0 if self.scale is None else self.scale
        predicted, target = scale * self._predicted(self.table.columns), scale * self.target
        measure = LOSSES[self.loss_name] if isinstance(self.loss_name, str) else self.loss_name
        return float(measure(predicted, target))

    @property
    def degrees_of_freedom(self) -> int:
        """Rows minus parameters."""
        return self.table.rows - len(self.model.parameters)

    @property
    def r_squared(self) -> float:
        """The share of the response's variance that the model explains; NaN where it has none."""
        weights = 1.0 if self.scale is None else self.scale**2
        mean = np.average(self.target, weights=None if self.scale is None else weights)
        total = float(np.sum(weights * (self.target - mean) ** 2))
        left = float(np.sum(weights * self.residuals() ** 2))
        return 1 - left / total if total > 0 else float("nan")

    def explain(self) -> str:
        """Return in a few lines what was fitted, how well, and how it ended."""
        rows = f"{self.table.rows} rows"
        if self.table.dropped:
            rows += f" ({self.table.dropped} left out, in which a number was missing)"
        name = self.loss_name if isinstance(self.loss_name, str) else "the loss given"
        lines = [
            f"Fitted {self.model.text} to {rows}.",
            *self._constants(),
            f"{name} = {self.loss:.6g}, R² = {self.r_squared:.6g}, "
            f"{self.degrees_of_freedom} degrees of freedom.",
            *(self._close_pairs()),
            self._ending(),
            *(f"Note: {notice}" for notice in (*self.notices, *self.result.notices)),
        ]
        return "\n".join(lines)

    def _constants(self) -> list[str]:
        """Return one line for each parameter, and why errors are missing."""
        errors = self.standard_errors
        if errors is None:
            lines = [f"  {name} = {value:.10g}" for name, value in self.parameters.items()]
            return [*lines, f"No standard errors: {self.why_no_errors}."]
        return [
            f"  {name} = {with_error(value, errors[name])}"
            for name, value in self.parameters.items()
        ]

    def _ending(self) -> str:
        """Return how the descent ended."""
        how = f"{self.result.method} in {self.result.nit} steps, {self.result.nfev} evaluations"
        if self.success:
            return f"Converged: {how}."
        return f"Not converged: {how}. {self.result.message}"

    def _close_pairs(self) -> list[str]:
        """Return a warning of the two parameters that are hardest to tell apart."""
        if self.correlation is None or len(self.model.parameters) < 2:
            return []
        sizes = np.abs(np.triu(self.correlation, 1))
        i, j = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
        if not sizes[i, j] > CLOSE:
            return []
        first, second = self.model.parameters[i], self.model.parameters[j]
        return [
            f"{first} and {second} are hard to tell apart: their correlation is "
            f"{self.correlation[i, j]:.5f}."
        ]

    def _predicted(self, columns: Any) -> Vector:
        """Return the prediction for columns."""
        predicted = np.asarray(self.model.predict(columns, self.parameters), dtype=np.float64)
        rows = len(next(iter(columns.values()))) if columns else 1
        return np.array(np.broadcast_to(predicted, (rows,)))


def with_error(value: float, error: float) -> str:
    """Return a value and its error, the error to two digits and the value to as many places.

    Examples
    --------
    >>> with_error(2.51269, 0.01221), with_error(7123456.0, 1240.0), with_error(1.5, 0.0)
    ('2.513 ± 0.012', '7123500 ± 1200', '1.5 ± 0')
    """
    if not 0 < error < np.inf:
        return f"{value:.10g} ± {error:g}"
    places = 1 - int(np.floor(np.log10(error)))
    if -6 <= places <= 8:
        shown = max(places, 0)
        return f"{round(value, places):.{shown}f} ± {round(error, places):.{shown}f}"
    digits = max(1, places + int(np.floor(np.log10(abs(value) or error))) + 1)
    return f"{value:.{digits}g} ± {error:.2g}"

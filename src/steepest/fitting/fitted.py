"""A fitted model: its constants, how well they are known, and how good the fit is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.result import Result
from steepest.errors import InputError
from steepest.fitting.bands import Band, band_of
from steepest.fitting.batches import Epoch
from steepest.fitting.criterion import Criterion
from steepest.fitting.model import Model
from steepest.fitting.table import columns_of, read_table
from steepest.fitting.uncertainty import Uncertainty, correlation_of
from steepest.functions import objective as objective_of
from steepest.objective import Vector

if TYPE_CHECKING:
    import plotly.graph_objects

    from steepest.fitting.profile import Profile


SHOWN = 6
"""How many constants a representation names."""


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """What came of fitting a model to data.

    Parameters
    ----------
    criterion : Criterion
        What was minimised: model, rows, loss, what was fixed or tied, and penalties.
    result : Result
        The descent, in the free parameters.
    uncertainty : Uncertainty
        The covariance of the free parameters, or why there is none.
    absolute_sigma : bool
        Whether the rows' weights are known in the units of the response.
    dropped : int
        How many rows were left out because a number was missing in them.
    notices : tuple of str
        What one should know of how it was found; those of the descent, `result.notices`, among
        them.
    epochs : tuple of Epoch
        What every pass came to, where rows came in batches.

    Examples
    --------
    >>> import steepest as st
    >>> x = np.arange(4.0)
    >>> line = st.fit("y ~ a + b*x", {"x": x, "y": 1 + 2 * x + [0.1, -0.1, -0.1, 0.1]})
    >>> round(line.parameters["b"], 6), round(line.standard_errors["b"], 4), line.success
    (2.0, 0.0632, True)
    >>> line.predict({"x": [10.0]}).round(6).tolist()
    [21.0]
    """

    criterion: Criterion
    result: Result
    uncertainty: Uncertainty
    absolute_sigma: bool = False
    dropped: int = 0
    notices: tuple[str, ...] = ()
    epochs: tuple[Epoch, ...] = ()

    def __repr__(self) -> str:
        shown = [
            f"{name}={value:.6g}" for name, value in self.parameters.items() if not np.ndim(value)
        ]
        words = ", ".join([*shown[:SHOWN], *["..."] * (len(shown) > SHOWN)])
        ended = "converged" if self.success else self.result.reason.name
        return f"<Fit of {self.model.text}: {words or 'arrays'}; {ended}>"

    def _repr_html_(self) -> str:
        from steepest.figures import fit_html

        return fit_html(self)

    @property
    def model(self) -> Model:
        """The model."""
        return self.criterion.model

    @cached_property
    def free(self) -> dict[str, Any]:
        """The free parameters by name."""
        return self.criterion.merged(self.result.x)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """All constants by name: those found, fixed and tied; floats, or arrays."""
        completed = self.criterion.restrictions.completed(self.free)
        return {name: _plain(value) for name, value in completed.items()}

    def parameters_at(self, row: int) -> dict[str, Any]:
        """Return all constants at a row of the history: 0 is the start, -1 the last step."""
        assert self.result.objective is not None
        variables = self.result.objective.restore(self.result.history.x[row])
        return self.criterion.restrictions.completed(self.criterion.merged(variables))

    @cached_property
    def free_names(self) -> tuple[str, ...]:
        """One name for each free number, in the order of the covariance."""
        return self.criterion.free_names(self.free)

    @property
    def _has_arrays(self) -> bool:
        return any(np.ndim(value) for value in self.free.values())

    @property
    def success(self) -> bool:
        """Whether this is a fit: it has converged, and other constants do not fit as well."""
        if self.uncertainty.covariance is None and not self.result.success:
            return False
        return not self.uncertainty.open

    @property
    def covariance(self) -> Vector | None:
        """The covariance of the free parameters, in their order; None where there is none."""
        return self.uncertainty.covariance

    @property
    def correlation(self) -> Vector | None:
        """The correlations of the free parameters; None where there is no covariance."""
        return None if self.covariance is None else correlation_of(self.covariance)

    @cached_property
    def standard_errors(self) -> dict[str, Any] | None:
        """One standard deviation of each parameter; None where there is no covariance.

        Those of tied parameters follow from the others, to first order; fixed ones have none.
        """
        if self.covariance is None:
            return None
        sizes = np.sqrt(np.diag(self.covariance))
        errors: dict[str, Any] = {}
        place = 0
        for name, value in self.free.items():
            count = int(np.size(value))
            errors[name] = _plain(sizes[place : place + count].reshape(np.shape(value)))
            place += count
        for name, slopes in self._tied_slopes().items():
            errors[name] = float(np.sqrt(slopes @ self.covariance @ slopes))
        return {name: errors[name] for name in self.parameters if name in errors}

    @property
    def why_no_errors(self) -> str | None:
        """Why there are no standard errors, where there are none."""
        return self.uncertainty.reason

    def scores(self, data: Any) -> Vector:
        """Return the model's own prediction for new rows: for some losses log-odds and the like.

        Parameters
        ----------
        data : mapping, table or path
            The columns that the model uses.

        Returns
        -------
        ndarray, shape (m,), or (m, k) for k classes
        """
        return self.criterion.predicted(self.columns(data), self.parameters)

    def predict(self, data: Any) -> Vector:
        """Return the expected response for new rows: `scores`, or what these stand for.

        Parameters
        ----------
        data : mapping, table or path
            The columns that the model uses.

        Returns
        -------
        ndarray, shape (m,), or (m, k) for the probabilities of k classes
        """
        return np.asarray(self.criterion.loss.expected(self.scores(data)))

    def band(self, data: Any, level: float = 0.95, new_rows: bool = False) -> Band:
        """Return between which ends the curve lies, or new responses, at a level of confidence.

        Parameters
        ----------
        data : mapping, table or path
            The rows, as in `predict`.
        level : float, default 0.95
            The confidence at each place.
        new_rows : bool, default False
            Whether the band is to hold new responses, with errors of their own, not the curve.

        Returns
        -------
        Band
            With `lower`, `middle` and `upper`, shape (m,).

        Raises
        ------
        InputError
            Where there are no standard errors, with the reason.
        """
        return band_of(self, self.columns(data), level, new_rows)

    def profile(self, name: str, points: int = 21, reach: float = 3.0) -> Profile:
        """Return how the loss rises on both sides of a parameter, the others fitted anew.

        Parameters
        ----------
        name : str
            A free parameter.
        points : int, default 21
            At how many values.
        reach : float, default 3.0
            How far to go, in standard errors.

        Returns
        -------
        Profile
            Its `interval` is a confidence interval that need not be symmetric.
        """
        from steepest.fitting.profile import profile_of

        return profile_of(self, name, points, reach)

    def columns(self, data: Any) -> Mapping[str, Vector]:
        """Return the columns of new rows that the model uses."""
        if self.model.predictors:
            return read_table(data, self.model.predictors).columns
        columns = columns_of(data)
        return {name: np.asarray(column) for name, column in columns.items()}

    @cached_property
    def fitted(self) -> Vector:
        """The model's own prediction for the rows it was fitted to."""
        return self.criterion.predicted(self.criterion.rows.columns, self.parameters)

    def residuals(self) -> Vector:
        """Return response minus expected response, shape (m,), unweighted."""
        expected = self.criterion.loss.expected(self.fitted)
        if expected.ndim > 1:
            raise InputError("Classes have no residuals: compare `predict` with the response.")
        return np.asarray(self.criterion.rows.target - expected)

    @cached_property
    def loss(self) -> float:
        """The loss at the fitted parameters, without penalties."""
        rows = self.criterion.rows
        return float(self.criterion.loss(self.fitted, rows.target, rows.weights))

    @property
    def degrees_of_freedom(self) -> int:
        """Rows minus free parameters."""
        return self.criterion.count - sum(int(np.size(value)) for value in self.free.values())

    @property
    def r_squared(self) -> float:
        """The share of the response's variance that the model explains; NaN where it has none."""
        rows = self.criterion.rows
        weights = 1.0 if rows.weights is None else rows.weights
        mean = np.average(rows.target, weights=rows.weights)
        total = float(np.sum(weights * (rows.target - mean) ** 2))
        left = float(np.sum(weights * self.residuals() ** 2))
        return 1 - left / total if total > 0 else float("nan")

    @property
    def reduced_chi_squared(self) -> float:
        """Σ wᵢ (yᵢ - ŷᵢ)² per degree of freedom: near 1 where `sigma` tells the errors' size."""
        weights = 1.0 if self.criterion.rows.weights is None else self.criterion.rows.weights
        if self.degrees_of_freedom < 1:
            return float("nan")
        return float(np.sum(weights * self.residuals() ** 2)) / self.degrees_of_freedom

    def explain(self) -> str:
        """Return in a few lines what was fitted, how well, and how it ended."""
        from steepest.fitting.explaining import explanation

        return explanation(self)

    def plot(self, kind: str | None = None, **options: Any) -> plotly.graph_objects.Figure:
        """Draw the fit; see `figures.plot_fit`.

        Parameters
        ----------
        kind : str, optional
            "fit", "residuals", "convergence", "losses" or "correlation".
        **options
            `curves`, `every` and `theme`.

        Returns
        -------
        plotly.graph_objects.Figure
        """
        from steepest.figures import plot_fit

        return plot_fit(self, kind, **options)

    def _tied_slopes(self) -> dict[str, Vector]:
        """Return the derivatives of tied parameters by the free ones."""
        if not self.criterion.restrictions.ties or self._has_arrays:
            return {}
        found = {}
        for name in self.criterion.restrictions.ties:
            tied = objective_of(
                lambda values, name=name: self.criterion.restrictions.completed(values)[name],
                self.free,
            )
            found[name] = tied.gradient(np.asarray(tied.start))
        return found


def _plain(value: Any) -> Any:
    """Return one number as a float, and arrays as they are."""
    return np.array(value) if np.ndim(value) else float(value)

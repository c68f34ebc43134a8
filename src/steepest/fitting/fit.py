"""The entry: a model and data in, constants with standard errors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from steepest.descent.choices import chosen_method
from steepest.descent.descend import descend
from steepest.descent.methods import Method
from steepest.descent.options import Schedule
from steepest.descent.result import Result
from steepest.descent.stopping import Stop
from steepest.descent.walk import numpy_walk
from steepest.descent.watching import Callback, Progress
from steepest.errors import InputError, NonFiniteError, did_you_mean
from steepest.fitting.fitted import Fit
from steepest.fitting.linear import linear_parameters, solved_for
from steepest.fitting.losses import LOSSES, sse
from steepest.fitting.model import Model, model_of
from steepest.fitting.starts import AGREEING, FEWEST, start_candidates
from steepest.fitting.table import Table, columns_of, read_table
from steepest.fitting.uncertainty import CONVERGED, Uncertainty, relative_offset, uncertainty_of
from steepest.functions import objective as objective_of
from steepest.functions.bound import BoundFunction
from steepest.objective import Objective, Vector

TOLERANCE = 1e-14
"""Fits go on until no further fall can be had: their digits are wanted."""


def fit(
    model: str | Callable[..., Any],
    data: Any,
    loss: str | Callable[..., Any] = "sse",
    start: Mapping[str, float] | str | None = None,
    method: str | Method | None = None,
    bounds: Any = None,
    weights: Any = None,
    *,
    sigma: Any = None,
    absolute_sigma: bool = False,
    response: str = "y",
    drop_missing: bool = False,
    learning_rate: float | Schedule | None = None,
    stop: str | Stop | None = None,
    tol: float | None = None,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    callback: Callback | None = None,
    progress: Progress = None,
    seed: int = 0,
) -> Fit:
    """Fit a model to data.

    min over the parameters of Σ wᵢ (yᵢ - ŷᵢ)².

    Parameters
    ----------
    model : str or callable
        ``"y ~ a*exp(-b*x) + c"``: names that are no columns are parameters. Or a function
        ``f(x, a, b)`` of columns and parameters.
    data : mapping, table or path
        Name -> array of shape (m,); a pandas, polars or Arrow table; a CSV or Parquet file.
    loss : {"sse", "mse", "rmse"} or callable, default "sse"
        What is minimised; a callable takes prediction and response, shape (m,).
    start : mapping, "random" or None
        Name -> value, for all parameters or some, the others being 1; "random" draws them from a
        standard normal distribution. None looks for good ones at many places.
    method : str or Method, optional
        None is Levenberg and Marquardt's where the loss is a sum of squares.
    bounds : mapping, optional
        Parameter -> (low, high).
    weights : array or column name, shape (m,), optional
        wᵢ, not negative; 1 by default.
    sigma : array or column name, shape (m,), optional
        Standard deviations of the response, in place of weights: wᵢ = 1 / σᵢ².
    absolute_sigma : bool, default False
        Whether `sigma` is known in the units of the response, or only up to a factor.
    response : str, default "y"
        The column that a callable model predicts.
    drop_missing : bool, default False
        Whether to leave out rows in which a number is missing.
    learning_rate, stop, tol, max_steps, max_seconds, callback, progress
        As in `minimize`.
    seed : int, default 0
        Of random starts.

    Returns
    -------
    Fit

    Raises
    ------
    InputError
        For a model, data or option that cannot be used.
    NonFiniteError
        Where the model is finite at none of the starts.

    References
    ----------
    G. A. F. Seber, C. J. Wild, "Nonlinear Regression", 1989.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.0, 3.0])
    >>> line = fit("y ~ a + b*x", {"x": x, "y": 1 + 2 * x + [0.1, -0.1, -0.1, 0.1]})
    >>> {name: round(value, 6) for name, value in line.parameters.items()}
    {'a': 1.0, 'b': 2.0}
    """
    columns = columns_of(data)
    known = model_of(model, columns, response)
    extra = [name for name in (weights, sigma) if isinstance(name, str)]
    table = read_table(columns, dict.fromkeys([*known.predictors, *known.responses, *extra]),
                       drop_missing)  # fmt: skip
    scale = _scale_of(weights, sigma, table)
    target = np.broadcast_to(known.response(table.columns), (table.rows,))
    function = _loss_function(known, table, target, scale, loss, simplest=method is None)
    names = known.parameters
    first = _given_start(start, names, seed)
    bound = objective_of(function, first)
    options = {
        "learning_rate": learning_rate,
        "stop": stop,
        "tol": TOLERANCE if tol is None and stop is None else tol,
        "max_steps": max_steps,
        "max_seconds": max_seconds,
        "callback": callback,
        "progress": progress,
        "bounds": bounds,
        "seed": seed,
        "walker": numpy_walk,
    }
    squares = bound.is_sum_of_squares()
    predictors = [table.columns[name] for name in known.predictors]
    if method is None and squares and learning_rate is None:
        method = "levenberg-marquardt"
    result, notices = _best(bound, method, options, start, names, predictors, seed, squares)
    found = _uncertainty(bound, result, names, squares and isinstance(loss, str), absolute_sigma)
    return Fit(known, table, target, scale, loss, result, found, notices)


def _scale_of(weights: Any, sigma: Any, table: Table) -> Vector | None:
    """Return what residuals are multiplied by, √w; None where that is 1."""
    if weights is not None and sigma is not None:
        raise InputError("weights and sigma are both given, and each says how much a row counts.")
    given, name = (weights, "weights") if sigma is None else (sigma, "sigma")
    if given is None:
        return None
    column = table.columns[given] if isinstance(given, str) else np.asarray(given, dtype=float)
    if column.shape != (table.rows,):
        raise InputError(
            f"{name} has shape {column.shape} and there are {table.rows} rows: give one number "
            "for each."
        )
    if not np.isfinite(column).all() or (column < 0).any():
        raise InputError(f"{name} must be finite and not negative.")
    if name == "sigma" and not column.all():
        raise InputError("sigma must be positive: a row of no error would count endlessly much.")
    return np.sqrt(column) if sigma is None else 1 / column


def _loss_function(
    model: Model,
    table: Table,
    target: Vector,
    scale: Vector | None,
    loss: str | Callable[..., Any],
    simplest: bool,
) -> Callable[[Mapping[str, Any]], Any]:
    """Return the loss as a function of the parameters by name."""
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise InputError(
                f"There is no loss {loss!r}.{did_you_mean(loss, LOSSES)} The losses are "
                f"{', '.join(LOSSES)}, or a function of prediction and response."
            )
        # The three have one minimum, and the plain sum is the easiest to descend.
        measure = sse if simplest else LOSSES[loss]
    else:
        measure = loss

    def value(parameters: Mapping[str, Any]) -> Any:
        predicted = model.predict(table.columns, parameters)
        if scale is None:
            return measure(predicted + np.zeros(table.rows), target)
        return measure(scale * predicted, scale * target)

    return value


def _given_start(
    start: Mapping[str, float] | str | None, names: tuple[str, ...], seed: int
) -> dict[str, float]:
    """Return a value for every parameter."""
    if start is None:
        return dict.fromkeys(names, 1.0)
    if isinstance(start, str):
        if start != "random":
            raise InputError(f"start={start!r}: give values by name, 'random' or None.")
        return dict(zip(names, np.random.default_rng(seed).normal(size=len(names)), strict=True))
    if not isinstance(start, Mapping):
        raise InputError(f"start={start!r} must name its values, such as {{{names[0]!r}: 1.0}}.")
    for name in start:
        if name not in names:
            raise InputError(
                f"start names {name!r}, which is no parameter.{did_you_mean(str(name), names)} "
                f"The parameters are {', '.join(names)}."
            )
    return {name: start.get(name, 1.0) for name in names}


def _best(
    bound: BoundFunction,
    method: str | Method | None,
    options: dict[str, Any],
    start: Any,
    names: tuple[str, ...],
    columns: Sequence[Vector],
    seed: int,
    squares: bool,
) -> tuple[Result, tuple[str, ...]]:
    """Return the descent that ended lowest, and what should be known of its start."""
    chosen = None if method is None else chosen_method(method)
    free_choice = start is None and squares and options["bounds"] is None
    if not free_choice or options["learning_rate"] is not None:
        return descend(bound, chosen, **options), ()
    places = linear_parameters(bound)
    if len(places) == bound.size:
        solved = bound.started_at(solved_for(bound, np.asarray(bound.start), places))
        notice = "The model is linear in its parameters, whose best values were solved for."
        return descend(solved, chosen, **options), (notice,)
    results: list[Result] = []
    lowest, same = None, 0
    for candidate in start_candidates(bound, places, columns, seed):
        enough = len(results) >= FEWEST and same >= AGREEING
        if lowest and enough and not _uncertainty(bound, lowest, names, True, False).open:
            break
        try:
            results.append(descend(bound.started_at(candidate), chosen, **options))
        except NonFiniteError:
            continue
        lowest = min(results, key=lambda one: one.fun)
        same = sum(one.fun <= lowest.fun * (1 + 1e-6) + 1e-300 for one in results)
    if lowest is None:
        return descend(bound, chosen, **options), ()
    notice = (
        f"No start was given: {len(results)} were tried, the best of many places, and {same} of "
        "them led to this fit."
    )
    return lowest, (notice,)


def _uncertainty(
    bound: Objective, result: Result, names: tuple[str, ...], known: bool, absolute: bool
) -> Uncertainty:
    """Return the covariance at the end of a fit, or why there is none."""
    if not known:
        return Uncertainty(None, "the loss is no sum of squares, of which one can tell it")
    with np.errstate(over="ignore", invalid="ignore"):
        jacobian = bound.jacobian(result.position) / np.sqrt(2)
        residuals = bound.residuals(result.position) / np.sqrt(2)
    offset = relative_offset(jacobian, residuals)
    if not result.success and not offset <= CONVERGED:
        reason = f"the fit has not converged ({result.reason.name})"
        return Uncertainty(None, reason, True)
    if result.at_bound:
        held = ", ".join(f"{name} at its {side}" for name, side in result.at_bound.items())
        return Uncertainty(None, f"the fit ended at a bound ({held} bound)")
    return uncertainty_of(jacobian, float(residuals @ residuals), names, absolute)

"""The entry: a model and data in, constants with standard errors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.checkpoints.request import Request
from steepest.descent.choices import chosen_engine
from steepest.descent.methods import Method
from steepest.descent.options import POSITIVE, Schedule, require
from steepest.descent.step_length import StepLength
from steepest.descent.stopping import Stop
from steepest.descent.watching import Callback, Progress
from steepest.errors import InputError
from steepest.fitting.batches import Dealing
from steepest.fitting.covariance import covariance_at
from steepest.fitting.criterion import Criterion
from steepest.fitting.fitted import Fit
from steepest.fitting.keeping import Keeping, digests
from steepest.fitting.losses import Loss, chosen_loss
from steepest.fitting.model import Model, lookalikes, model_of
from steepest.fitting.pacing import paced
from steepest.fitting.penalty import penalty_of
from steepest.fitting.restrictions import restrictions_of
from steepest.fitting.rows import Rows, weights_of
from steepest.fitting.solver import Solver
from steepest.fitting.streaming.fit import Streaming, streamed_fit
from steepest.fitting.streaming.recipe import Given
from steepest.fitting.table import Table, columns_of, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from steepest.descent.checkpoints.checkpoint import Checkpoint
    from steepest.descent.checkpoints.journal import Journal


def fit(
    model: str | Callable[..., Any],
    data: Any,
    loss: str | Loss | Callable[..., Any] = "sse",
    start: Mapping[str, Any] | str | None = None,
    method: str | Method | None = None,
    bounds: Mapping[str, Any] | None = None,
    weights: Any = None,
    *,
    sigma: Any = None,
    absolute_sigma: bool = False,
    fixed: Mapping[str, Any] | None = None,
    ties: Mapping[str, str] | None = None,
    l1: float | Mapping[str, float] = 0.0,
    l2: float | Mapping[str, float] = 0.0,
    response: str = "y",
    drop_missing: bool = False,
    batch_size: int | None = None,
    epochs: int | None = None,
    held_out: float | None = None,
    patience: int = 10,
    learning_rate: float | Schedule | None = None,
    step_length: str | StepLength | None = None,
    stop: str | Stop | None = None,
    tol: float | None = None,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    max_evaluations: int | None = None,
    callback: Callback | None = None,
    progress: Progress = None,
    seed: int = 0,
    checkpoint: str | Path | Checkpoint | Journal | None = None,
    engine: str = "auto",
    memory: str | float | None = None,
    client: Any = None,
) -> Fit:
    """Fit a model to data.

    min over the parameters of Σ wᵢ (yᵢ - ŷᵢ)², or of another loss, plus penalties.

    Parameters
    ----------
    model : str or callable
        ``"y ~ a*exp(-b*x) + c"``: names that are no columns are parameters. Or a function
        ``f(x, a, b)`` of columns and parameters, in plain NumPy; both may be arrays.
    data : mapping, table or path
        Name -> array of shape (m,), or (m, ...) for a function; a pandas, polars or Arrow table;
        a CSV, Parquet or Arrow file, a folder or a pattern of several; a Dask DataFrame.
    loss : str, Loss or callable, default "sse"
        What is minimised: a name in `losses.LOSSES`, one with options such as
        ``losses.Huber(delta=2)``, or a function of prediction and response, shape (m,).
    start : mapping, "random" or None
        Name -> value, for all parameters or some, the others being 1; "random" draws them from a
        standard normal distribution. None looks for good ones at many places.
    method : str or Method, optional
        None is Levenberg and Marquardt's for squared errors, L-BFGS for more than 50 parameters in
        arrays, and for other losses what suits their function, see `minimize`.
    bounds : mapping, optional
        Parameter -> (low, high).
    weights : array or column name, shape (m,), optional
        wᵢ, not negative; 1 by default.
    sigma : array or column name, shape (m,), optional
        Standard deviations of the response, in place of weights: wᵢ = 1 / σᵢ².
    absolute_sigma : bool, default False
        Whether `sigma` is known in the units of the response, or only up to a factor.
    fixed : mapping, optional
        Parameter -> value that it keeps.
    ties : mapping, optional
        Parameter -> formula of others, such as ``{"b": "2*a"}``.
    l1, l2 : float or mapping, default 0
        Strength of the penalties λ Σ|θ| and μ/2 Σθ², for all free parameters or by name.
    response : str, default "y"
        The column that a callable model predicts.
    drop_missing : bool, default False
        Whether to leave out rows in which a number is missing.
    batch_size : int, optional
        How many rows each step sees, which are shuffled in every epoch. None is all rows.
    epochs : int, optional
        Passes over the rows where they come in batches; 100 by default.
    held_out : float, optional
        The share of rows, drawn at random, that take no part in the descent, and whose loss
        decides which epoch's parameters are returned, and when to end.
    patience : int, default 10
        After so many epochs without a new least loss of the rows held out the fit ends.
    learning_rate, step_length, stop, tol, max_steps, max_seconds, max_evaluations
        As in `minimize`; of squared errors with parameters in arrays, 1000 steps of L-BFGS or 300
        of Levenberg and Marquardt's by default.
    callback, progress
        As in `minimize`; they see the descent itself, not the search for its start.
    seed : int, default 0
        Of random starts, shuffling and holding out.
    checkpoint : path or Checkpoint, optional
        Keep the run in this file every 30 seconds, or as often as a `Checkpoint` says, so that
        `resume` can go on with it to the last bit. The data are not kept in it; a digest of each
        column is.
    engine : {"auto", "python", "native"}, default "auto"
        What adds up the rows: NumPy, or compiled loops (``pip install 'steepest[native]'``);
        "auto" compiles where that pays.
    memory : str or float, optional
        How much memory rows may take, such as ``"1GiB"``, or bytes: they are then read piece by
        piece, as files of more than 2 GiB always are.
    client : distributed.Client, optional
        A Dask cluster whose workers read the rows.

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
    kept = Keeping(checkpoint, Request("fit", dict(locals())), max_seconds)
    measure, engine = chosen_loss(loss), chosen_engine(engine)
    if max_seconds is not None:
        require("max_seconds", max_seconds, POSITIVE, "fit")
    options = {
        "learning_rate": learning_rate,
        "step_length": step_length,
        "stop": stop,
        "tol": tol,
        "max_steps": max_steps,
        "max_evaluations": max_evaluations,
        "callback": callback,
        "progress": progress,
        "bounds": bounds,
    }
    solver = Solver(start, method, options, seed)
    dealing = Dealing(batch_size, epochs, held_out, patience, seed)
    streaming = Streaming(memory, client)
    if streaming.is_wanted(data):
        given = Given(model, (), response, fixed, ties, weights, sigma, drop_missing)
        return streamed_fit(
            given, data, measure, solver, streaming, (l1, l2), engine, absolute_sigma, kept, dealing
        )
    columns = columns_of(data)
    known = model_of(model, columns, response)
    table = _table_of(columns, known, weights, sigma, drop_missing)
    rows = _rows_of(known, table, weights_of(weights, sigma, table))
    measure.check(rows.target)
    restrictions = restrictions_of(known.parameters, fixed, ties)
    penalty = penalty_of(l1, l2, restrictions.free)
    rows, batches = dealing.of(rows)
    criterion = Criterion(
        known, rows, measure, restrictions, penalty, kept.engine(engine, len(rows))
    )
    criterion.require_rows()
    options["progress"] = paced(progress, rows, batches)
    solution, journal = kept.solved(
        criterion, replace(solver, batches=batches), partial(digests, table)
    )
    uncertainty = covariance_at(criterion, solution.result, absolute_sigma)
    found = Fit(
        criterion,
        solution.result,
        uncertainty,
        absolute_sigma,
        dropped=table.dropped,
        notices=(*lookalikes(known, columns), *solution.all_notices),
        epochs=() if batches is None else tuple(batches.record),
    )
    return found if journal is None else journal.noted(found)


def _table_of(
    columns: Mapping[str, Any], model: Model, weights: Any, sigma: Any, drop_missing: bool
) -> Table:
    """Return the columns that a fit uses, each once."""
    named = [name for name in (weights, sigma) if isinstance(name, str)]
    wanted = dict.fromkeys([*model.predictors, *model.responses, *named])
    return read_table(columns, wanted, drop_missing)


def _rows_of(model: Model, table: Table, weights: Any) -> Rows:
    """Return the rows of a table."""
    predictors = {name: table.columns[name] for name in model.predictors}
    given = model.response(table.columns)
    target = np.ascontiguousarray(np.broadcast_to(given, (table.rows,)))
    # A column of the table was looked at when that was read.
    known = any(given is column for column in table.columns.values())
    if not known and not np.isfinite(target).all():
        row = int(np.argmin(np.isfinite(target))) + 1
        raise InputError(
            f"The response of {model.text!r} is {target[row - 1]} in row {row}: leave rows out in "
            "which it is not defined, or transform it otherwise."
        )
    return Rows(predictors, target, weights)

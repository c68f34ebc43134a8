"""Fitting a model to rows that are read piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.batches import EPOCHS, Dealing
from steepest.fitting.covariance import covariance_at
from steepest.fitting.criterion import Criterion
from steepest.fitting.keeping import Keeping
from steepest.fitting.losses import Loss
from steepest.fitting.model import lookalikes, model_of
from steepest.fitting.penalty import penalty_of
from steepest.fitting.restrictions import restrictions_of
from steepest.fitting.rows import Rows, joined
from steepest.fitting.solver import Solver
from steepest.fitting.streaming.cleaning import Cleaner, Place
from steepest.fitting.streaming.criterion import StreamedCriterion
from steepest.fitting.streaming.files import KINDS
from steepest.fitting.streaming.fitted import StreamedFit
from steepest.fitting.streaming.local import Local
from steepest.fitting.streaming.memory import DEFAULT, bytes_of
from steepest.fitting.streaming.pacing import watched
from steepest.fitting.streaming.places import counts_of, places_in
from steepest.fitting.streaming.recipe import Given
from steepest.fitting.streaming.shuffling import Pool, StreamedBatches
from steepest.fitting.streaming.source import Source, is_dask_frame, prints_of, source_of
from steepest.fitting.streaming.stream import Executor, Stream
from steepest.fitting.table import columns_of, data_files, require_column
from steepest.program.native.chunks import CHUNK

SAMPLE = 20_000
"""Rows that are kept in memory: on these starts are looked for, and figures show them."""

BATCH = 1024
"""Rows in a batch where only the number of epochs was given."""

LARGE = 2 * 1024**3
"""Files of more bytes are read piece by piece without being asked."""


@dataclass(frozen=True)
class Streaming:
    """How rows are to be read.

    Parameters
    ----------
    memory : str, float or None
        How much they may take; None leaves it to us.
    client : distributed.Client or None
        The cluster that reads them.
    """

    memory: str | float | None = None
    client: Any = None

    def is_wanted(self, data: Any) -> bool:
        """Return whether data are to be read piece by piece."""
        if self.memory is not None or self.client is not None or is_dask_frame(data):
            return True
        if not isinstance(data, (str, Path)):
            return False
        try:
            return sum(one.stat().st_size for one in data_files(Path(data), KINDS)) > LARGE
        except InputError:
            # It is told where the data are read.
            return False

    def executor(self, data: Any) -> Executor:
        """Return who reads."""
        memory = float(DEFAULT) if self.memory is None else bytes_of(self.memory)
        if self.client is None and not is_dask_frame(data):
            return Local(memory)
        from steepest.fitting.streaming.cluster import cluster_for

        return cluster_for(self.client, memory)


def streamed_fit(
    given: Given,
    data: Any,
    loss: Loss,
    solver: Solver,
    streaming: Streaming,
    penalties: tuple[Any, Any],
    engine: str,
    absolute_sigma: bool,
    kept: Keeping,
    dealing: Dealing,
) -> StreamedFit:
    """Fit a model to rows that are read piece by piece; see `fit`.

    Parameters
    ----------
    given : Given
        Model, restrictions and weights; its `names` are found here.
    data
        As in `fit`.
    loss : Loss
    solver : Solver
    streaming : Streaming
    penalties : tuple
        l1 and l2 as in `fit`.
    engine : str
    absolute_sigma : bool
    kept : Keeping
    dealing : Dealing
    """
    with closing(streaming.executor(data)) as executor:
        return _fitted(
            given, data, loss, solver, executor, penalties, engine, absolute_sigma, kept, dealing
        )


def _fitted(
    given: Given,
    data: Any,
    loss: Loss,
    solver: Solver,
    executor: Executor,
    penalties: tuple[Any, Any],
    engine: str,
    absolute_sigma: bool,
    kept: Keeping,
    dealing: Dealing,
) -> StreamedFit:
    """Fit a model to rows that someone reads."""
    data, given = _with_weights(data, given)
    source = source_of(data)
    given = given._replace(names=source.names)
    model = model_of(given.model, given.names, given.response)
    cleaner = Cleaner(model, loss, given.weights, given.sigma, given.drop_missing)
    if not source.pieces:
        source = source_of(data, cleaner.columns)
    source = replace(source, pieces=executor.counted(source.pieces))
    for name in cleaner.columns:
        require_column(name, source.names)
    sample = _sample(source, executor, replace(cleaner, drop_missing=True))
    restrictions = restrictions_of(model.parameters, given.fixed, given.ties)
    penalty = penalty_of(*penalties, restrictions.free)
    options = dict(solver.options)
    watcher = watched(options, source.rows)
    stream = Stream(source.pieces, executor, watcher, total=source.rows)
    criterion = StreamedCriterion(
        model, sample, loss, restrictions, penalty, engine, given=given, stream=stream
    )
    criterion.require_rows()
    _require_row_by_row(criterion.with_rows(sample))
    batches = _batches(source, cleaner, executor, dealing)
    asked = replace(solver, options=options, batches=batches)
    try:
        solution, journal = kept.solved(criterion, asked, partial(prints_of, source, sample))
    finally:
        if batches is not None:
            batches.close()
    uncertainty = covariance_at(criterion, solution.result, absolute_sigma)
    found = StreamedFit(
        criterion,
        solution.result,
        uncertainty,
        absolute_sigma,
        dropped=stream.surveyed.dropped,
        notices=(
            *lookalikes(model, source.names),
            *solution.all_notices,
            _said(stream, source, len(sample)),
        ),
        epochs=() if batches is None else tuple(batches.record),
        stream=stream,
        total_loss=_loss_at(criterion, solution.result.x),
    )
    return found if journal is None else journal.noted(found)


def _batches(
    source: Source, cleaner: Cleaner, executor: Executor, dealing: Dealing
) -> StreamedBatches | None:
    """Return how rows are dealt out in batches, where they are."""
    if not dealing.is_wanted:
        return None
    if not isinstance(executor, Local):
        raise InputError(
            "Mini-batches are dealt out by one process: leave client out, and give files or "
            "arrays; or leave batch_size, epochs and held_out out."
        )
    size = dealing.batch_size or BATCH
    share = dealing.held_out or 0.0
    pool = Pool(source.pieces, cleaner, executor, size, dealing.seed, share)
    return StreamedBatches(
        min(size, pool.count),
        dealing.epochs or EPOCHS,
        dealing.seed,
        pool.held_out,
        dealing.patience,
        pool=pool,
    )


def _with_weights(data: Any, given: Given) -> tuple[Any, Given]:
    """Return data in which weights that were given as an array are a column."""
    for kind, value in (("weights", given.weights), ("sigma", given.sigma)):
        if value is None or isinstance(value, str):
            continue
        if isinstance(data, (str, Path)) or is_dask_frame(data):
            raise InputError(
                f"{kind} are given as an array, and the rows are read piece by piece: name a "
                "column of the data that holds them."
            )
        name = f"{kind} as given"
        data = {**columns_of(data), name: np.asarray(value)}
        given = given._replace(weights=name) if kind == "weights" else given._replace(sigma=name)
    if given.weights is not None and given.sigma is not None:
        raise InputError("weights and sigma are both given, and each says how much a row counts.")
    return data, given


def _sample(source: Source, executor: Executor, cleaner: Cleaner) -> Rows:
    """Return some rows from places all over the data."""
    chosen = places_in(source.pieces)
    found = executor.chunks(chosen, cleaner.columns, counts_of(chosen, SAMPLE))
    rows: list[Rows] = []
    for (piece, number), (columns, step) in zip(chosen, found, strict=True):
        count = len(next(iter(columns.values())))
        if count:
            place = Place(piece.place, piece.first + number * CHUNK, step * np.arange(count))
            rows.extend(cleaner.cleaned(columns, place))
    if not rows:
        raise InputError(
            "The first rows of the data all miss a number, or there are none: there is nothing to "
            "begin with."
        )
    return joined(rows)


def _require_row_by_row(criterion: Criterion) -> None:
    """Refuse models whose prediction for a row depends on the other rows."""
    rows, values = (
        criterion.rows,
        criterion.restrictions.completed(dict.fromkeys(criterion.free.parameters, 1.0)),
    )
    half = rows.take(slice(len(rows) // 2, None))
    if not half.columns:
        return
    whole = criterion.predicted(rows.columns, values)[-len(half) :]
    alone = criterion.predicted(half.columns, values)
    if whole.shape != alone.shape or not np.allclose(whole, alone, rtol=1e-9, equal_nan=True):
        raise InputError(
            "The model's prediction for a row depends on other rows (a mean, a maximum, an order), "
            "which cannot be where rows are read piece by piece: compute that beforehand and put "
            "the number into the model."
        )


def _loss_at(criterion: StreamedCriterion, values: Mapping[str, Any]) -> float:
    """Return the loss of all rows, without penalties."""
    free = criterion.merged(values)
    loss, stream = criterion.loss, criterion.stream
    assert stream is not None
    if loss.squares:
        squares: Any = criterion.squares().objective(free)
        total = squares.linearised(np.asarray(squares.start)).squares
        weight = stream.surveyed.weight
        return float(
            {"sum": total, "mean": total / weight, "root": np.sqrt(total / weight)}[loss.reduction]
        )
    function = criterion.objective(free)
    value = function.value_and_gradient(np.asarray(function.start))[0]
    return float(value - (criterion.penalty(free) if criterion.penalty else 0.0))


def _said(stream: Stream, source: Source, sample: int) -> str:
    """Return how the rows were read."""
    times = "once" if stream.passes == 1 else f"{stream.passes} times"
    count = len(source.pieces)
    pieces = "one piece" if count == 1 else f"{count:,} pieces"
    speed = stream.rows_read / max(stream.seconds, 1e-9)
    return (
        f"The rows were read in {pieces}, {times} in {stream.seconds:.2g} s, {_rounded(speed)} "
        f"rows a second; figures show {sample:,} of them."
    )


def _rounded(number: float) -> str:
    """Return a number of rows, short.

    >>> _rounded(31_400_000.0), _rounded(131_400_000.0), _rounded(5200.0)
    ('31 million', '130 million', '5,200')
    """
    if number < 1e6:
        return f"{number:,.0f}"
    return f"{float(f'{number / 1e6:.2g}'):,g} million"

"""Checkpoints of fits: the data they were made of, and how they go on."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.checkpoints.request import Request, keeping
from steepest.errors import InputError
from steepest.fitting.criterion import Criterion
from steepest.fitting.losses import LOSSES
from steepest.fitting.native import FEWEST
from steepest.fitting.solver import Solution, Solver
from steepest.fitting.solving import solve
from steepest.fitting.table import Table

if TYPE_CHECKING:
    from steepest.descent.checkpoints.journal import Journal
    from steepest.descent.result import Result
    from steepest.fitting.fitted import Fit

ABSENT = object()
"""Stands for data: nothing that a file could hold."""


@dataclass(frozen=True)
class Keeping:
    """Whether and where a fit is kept while it goes on.

    Parameters
    ----------
    checkpoint
        As in `fit`.
    request : Request
        What was asked for.
    max_seconds : float, optional
        As in `fit`; what a run took before it was stopped counts.
    """

    checkpoint: Any
    request: Request
    max_seconds: float | None = None

    def engine(self, engine: str, rows: int) -> str:
        """Return the engine of a run: what "auto" takes must not depend on the clock if kept."""
        if self.checkpoint is not None and engine == "auto":
            compiled = rows >= FEWEST and find_spec("numba") is not None
            engine = "native" if compiled else "python"
            self.request.arguments["engine"] = engine
        return engine

    def solved(
        self, criterion: Criterion, solver: Solver, prints: Callable[[], dict[str, str]]
    ) -> tuple[Solution, Journal | None]:
        """Minimise a criterion, kept; `prints` tell the data from others."""
        with keeping_fit(self.checkpoint, self.request, prints) as journal:
            spent = 0.0 if journal is None else journal.earlier
            limit = np.inf if self.max_seconds is None else self.max_seconds - spent
            options = {**solver.options, "journal": journal}
            asked = replace(solver, options=options, deadline=time.perf_counter() + limit)
            return solve(criterion, asked), journal


@contextmanager
def keeping_fit(
    checkpoint: Any, request: Request, printed: Callable[[], dict[str, str]]
) -> Iterator[Journal | None]:
    """Give the journal of a fit, if it is kept; refuse to go on with other data."""
    if checkpoint is None:
        yield None
        return
    from steepest.descent.checkpoints.journal import Journal
    from steepest.descent.checkpoints.resuming import journal_of

    if not isinstance(checkpoint, Journal):
        checkpoint = journal_of(checkpoint, kept_request(request), loss_types())
    prints, found = checkpoint.request["prints"], printed()
    require_same_data(str(checkpoint.checkpoint.path), prints.get("columns", found), found)
    prints["columns"] = found
    with keeping(checkpoint, request) as journal:
        yield journal


def kept_request(request: Request) -> Request:
    """Return a request without data: only the path of a file is kept, and that from the root."""
    if "data" not in request.arguments:
        return request
    data = request.arguments["data"]
    named = isinstance(data, (str, os.PathLike))
    return Request(
        request.kind, {**request.arguments, "data": str(Path(data).absolute()) if named else ABSENT}
    )


def digests(table: Table) -> dict[str, str]:
    """Return a checksum of each column: of its shape and of every bit of its numbers."""
    found = {}
    for name, column in table.columns.items():
        array = np.ascontiguousarray(column)
        about = f"{array.dtype.str} {array.shape} ".encode()
        found[name] = hashlib.sha256(about + array.tobytes()).hexdigest()
    return found


def require_same_data(path: str, was: dict[str, str], now: dict[str, str]) -> None:
    """Raise `InputError` for the first column that is another than it was."""
    for name in [*was, *now]:
        if was.get(name) == now.get(name):
            continue
        if name not in now:
            what = f"there was a column {name!r}, and now there is none"
        elif name not in was:
            what = f"there is a column {name!r}, and there was none"
        else:
            what = f"the column {name!r} has other numbers than it had"
        raise InputError(
            f"{path!r} is a checkpoint of other data: {what}. Give the data as they were, or "
            "begin anew."
        )


def loss_types() -> tuple[type, ...]:
    """Return the classes of losses that an option may hold."""
    return tuple({type(loss): None for loss in LOSSES.values()})


def resume(path: str | Path, **given: Any) -> Result | Fit:
    """Go on with a run from its checkpoint, as if it had never been stopped.

    What comes out is to the last bit what the run would have come to: result, history and
    message. Only `History.seconds` tells of the pause.

    Parameters
    ----------
    path : path
        What `minimize` or `fit` was given as ``checkpoint``.
    **given
        Arguments that no file holds: ``fun`` where it is Python code, ``data`` where they are not
        in a file, ``callback``. They must be what they were. And others in place of those that
        the run was given, such as ``max_steps``.

    Returns
    -------
    Result or Fit

    Raises
    ------
    InputError
        For a file that is no checkpoint, or damaged; for one of another function or other data;
        and for what is needed and not given.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from steepest import minimize
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "run.ckpt"
    >>> run = minimize("x**2 + 3*y**2", [2, 1], learning_rate=0.1, max_steps=5, checkpoint=path)
    >>> resume(path, max_steps=1000).nit
    69
    """
    from steepest.descent.checkpoints.resuming import went_on
    from steepest.descent.minimize import minimize
    from steepest.fitting.fit import fit

    calls: dict[str, Callable[..., Any]] = {"minimize": minimize, "fit": fit}
    found: Result | Fit = went_on(path, given, calls, {"fit": loss_types()}, kept_request)
    return found

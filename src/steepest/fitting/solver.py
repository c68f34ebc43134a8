"""What was asked for of the descents of a fit, and the one way they are made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from steepest.descent.descend import descend
from steepest.descent.methods import Method
from steepest.descent.result import Result
from steepest.errors import InputError, did_you_mean
from steepest.fitting.batches import Batches
from steepest.fitting.criterion import Criterion
from steepest.fitting.native import rows_walk
from steepest.objective import Objective

TOLERANCE = 1e-14
"""Least squares go on until no further fall can be had: their digits are wanted."""

SMOOTH = 1e-10
"""Tolerance of gradients of other losses and methods: they round at about this share."""


@dataclass(frozen=True)
class Solution:
    """What came of minimising a criterion.

    Parameters
    ----------
    result : Result
        The descent.
    notices : tuple of str
        What one should know of how it was found.
    """

    result: Result
    notices: tuple[str, ...] = ()

    @property
    def all_notices(self) -> tuple[str, ...]:
        """What one should know, with what the descent itself said."""
        return (*self.notices, *self.result.notices)


@dataclass(frozen=True)
class Solver:
    """What was asked for.

    Parameters
    ----------
    start : mapping, "random" or None
        Free parameters by name, or how they are found.
    method : str, Method or None
        How to descend; None leaves it to us.
    options : mapping
        What is passed on to the descents.
    seed : int
        Of everything drawn at random.
    batches : Batches or None
        How rows are dealt out, where they are.
    deadline : float
        When to end, by `time.perf_counter`.
    """

    start: Mapping[str, Any] | str | None = None
    method: str | Method | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    batches: Batches | None = None
    deadline: float = np.inf

    @property
    def decides(self) -> bool:
        """Whether the way is left to us."""
        rated = any(self.options.get(one) is not None for one in ("learning_rate", "step_length"))
        return self.method is None and not rated and self.batches is None

    def descend(self, objective: Objective, quietly: bool = False, **changes: Any) -> Result:
        """Make one descent.

        Parameters
        ----------
        objective : Objective
            Where.
        quietly : bool, default False
            Whether it is one of many in a search, which callback and progress do not see.
        **changes
            Options in place of those asked for; `tol` and `stop` only where nothing was asked
            about the end.
        """
        options = {"walker": rows_walk, **self.options}
        if options.get("tol") is not None or options.get("stop") is not None:
            for own in ("tol", "stop"):
                changes.pop(own, None)
        if quietly:
            options |= dict.fromkeys(
                ["callback", "progress", "stop", "max_steps", "max_evaluations"]
            )
        options |= changes
        if self.deadline < np.inf:
            options["max_seconds"] = max(self.deadline - time.perf_counter(), 1e-6)
        method = options.pop("method", self.method)
        return descend(objective, method, seed=self.seed, **options)


def given_start(criterion: Criterion, solver: Solver) -> dict[str, Any]:
    """Return a value for every free parameter, 1 where none is given.

    Raises
    ------
    InputError
        For a start that names no parameters, and one that is neither a mapping nor "random".
    """
    start, names = solver.start, criterion.free.parameters
    if start is None:
        return dict.fromkeys(names, 1.0)
    if isinstance(start, str):
        if start != "random":
            raise InputError(f"start={start!r}: give values by name, 'random' or None.")
        drawn = np.random.default_rng(solver.seed).normal(size=len(names))
        return dict(zip(names, drawn.tolist(), strict=True))
    if not isinstance(start, Mapping):
        raise InputError(f"start={start!r} must name its values, such as {{{names[0]!r}: 1.0}}.")
    for name in start:
        if name not in names:
            what = "is not free" if name in criterion.model.parameters else "is no parameter"
            raise InputError(
                f"start names {name!r}, which {what}.{did_you_mean(str(name), names)} "
                f"The free parameters are {', '.join(names)}."
            )
    return {name: start.get(name, 1.0) for name in names}

"""The rows that a model is fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from steepest.errors import InputError
from steepest.fitting.table import Table
from steepest.objective import Vector


@dataclass(frozen=True)
class Rows:
    """Columns, responses and weights, one entry for each row.

    Parameters
    ----------
    columns : mapping of str to array, shape (m, ...)
        The predictors.
    target : ndarray, shape (m,)
        The response.
    weights : ndarray, shape (m,), or None
        How much each row counts; None is 1.
    """

    columns: Mapping[str, Vector]
    target: Vector
    weights: Vector | None = None

    def __len__(self) -> int:
        return len(self.target)

    def take(self, places: Any) -> Rows:
        """Return some of the rows, in the order of `places`."""
        columns = {name: column[places] for name, column in self.columns.items()}
        weights = None if self.weights is None else self.weights[places]
        return Rows(columns, self.target[places], weights)

    def thinned(self, most: int, seed: int) -> Rows:
        """Return at most so many of the rows, drawn at random and kept in order."""
        if len(self) <= most:
            return self
        drawn = np.random.default_rng(seed).choice(len(self), most, replace=False)
        return self.take(np.sort(drawn))


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts, one below the other."""
    weights = [part.weights for part in parts if part.weights is not None]
    return Rows(
        {name: np.concatenate([one.columns[name] for one in parts]) for name in parts[0].columns},
        np.concatenate([one.target for one in parts]),
        np.concatenate(weights) if weights else None,
    )


def weights_of(weights: Any, sigma: Any, table: Table) -> Vector | None:
    """Return how much each row counts, wᵢ or 1 / σᵢ²; None where that is 1.

    Raises
    ------
    InputError
        Where both are given, or one of them fits no rows.
    """
    if weights is not None and sigma is not None:
        raise InputError("weights and sigma are both given, and each says how much a row counts.")
    given, name = (weights, "weights") if sigma is None else (sigma, "sigma")
    if given is None:
        return None
    column = table.columns[given] if isinstance(given, str) else np.asarray(given, dtype=float)
    if not isinstance(given, str) and column.shape == table.whole.shape:
        column = column[table.whole]
    if column.shape != (table.rows,):
        raise InputError(
            f"{name} has shape {column.shape} and there are {table.rows} rows: give one number "
            "for each."
        )
    if not np.isfinite(column).all() or (column < 0).any():
        raise InputError(f"{name} must be finite and not negative.")
    if name == "sigma" and not column.all():
        raise InputError("sigma must be positive: a row of no error would count endlessly much.")
    if not column.any():
        raise InputError("Every weight is 0: there is nothing to fit.")
    return column if sigma is None else column**-2.0

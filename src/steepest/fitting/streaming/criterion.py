"""What a fit minimises where its rows are read piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from steepest.descent.measures import largest
from steepest.errors import InputError
from steepest.fitting.criterion import Criterion
from steepest.fitting.linear import linear_parameters
from steepest.fitting.native import CLOSE
from steepest.fitting.rows import Rows
from steepest.fitting.streaming.function import StreamedFunction
from steepest.fitting.streaming.recipe import Given, Recipe
from steepest.fitting.streaming.stream import Stream
from steepest.fitting.streaming.sums import Adder, ByNative, ByPython, Question
from steepest.functions.bound import BoundFunction
from steepest.objective import Vector
from steepest.program.native.chunks import summed
from steepest.program.native.compiling import is_installed, require_numba
from steepest.program.native.module import NativeError

FEW = 64
"""Rows on which readers follow the model."""

PAYS = 2_000_000
"""From so many rows on "auto" compiles: that costs about what Python takes for them."""


@dataclass(frozen=True)
class StreamedCriterion(Criterion):
    """What is minimised, `rows` being a sample of all rows.

    Parameters
    ----------
    given : Given
        What readers are told.
    stream : Stream
        All rows.
    """

    given: Given | None = None
    stream: Stream | None = field(default=None, compare=False)

    complete: ClassVar[bool] = False

    @property
    def _stream(self) -> Stream:
        assert self.stream is not None
        return self.stream

    @property
    def count(self) -> int:
        """How many rows it is fitted to; the sample's number before the first pass."""
        survey = self._stream.survey
        return len(self.rows) if survey is None else survey.kept

    @property
    def total_weight(self) -> float:
        """How much all rows count together."""
        return self._stream.surveyed.weight

    def with_rows(self, rows: Rows) -> Criterion:
        """Return the same of other rows, which are all there are."""
        return Criterion(
            self.model, rows, self.loss, self.restrictions, self.penalty, engine="python"
        )

    def objective(self, start: Mapping[str, Any], plain: bool = False) -> BoundFunction:
        """Return it as what a descent walks on, each question a pass over the rows."""
        sample = self.with_rows(self.rows).objective(start)
        if sample.differentiation != "graph":
            raise InputError(
                "Rows that are read piece by piece need a model that can be followed, and this "
                f"one cannot: {' '.join(sample.notices)}"
            )
        known, name = self._stream.known, ("prepared", self.loss, tuple(self.penalty.l1))
        if name not in known:
            known[name] = self._prepared(start)
        recipe, adder = known[name]
        linear = (
            self.loss.squares
            and not self.penalty
            and sample.is_sum_of_squares()
            and len(linear_parameters(sample)) == sample.size
        )
        return StreamedFunction(sample, self, recipe, adder, self._stream, linear)

    def spread(self, values: Mapping[str, Any]) -> Vector:
        """Return Σ wᵢ² gᵢ gᵢᵀ, by one pass over the rows."""
        function = self.objective(values)
        assert isinstance(function, StreamedFunction)
        return function.spread(function.start)

    def _prepared(self, start: Mapping[str, Any]) -> tuple[Recipe, Adder]:
        """Return what readers are told, and what completes their sums."""
        assert self.given is not None
        few = self.rows.thinned(FEW, 0)
        middle = float(self.rows.target.mean())
        plain = ByPython(self.with_rows(few), start)
        reason = self._why_not_native(plain)
        if reason is not None and self.engine == "native":
            raise InputError(f"engine='native' cannot add up these rows: {reason}")
        native = reason is None
        recipe = Recipe(self.given, self.loss, self.penalty, few, dict(start), native, middle)
        return recipe, ByNative(plain) if native else plain

    def _why_not_native(self, plain: ByPython) -> str | None:
        """Return why rows are not added up by compiled loops; None where they are.

        That is decided beforehand, by the number of rows alone, so that a fit has the same
        digits wherever it is made; of files that do not tell it, reading takes longer anyway.
        """
        total = self._stream.total
        if self.engine == "native":
            require_numba()
        elif self.engine == "python" or not is_installed() or (total or 0) < PAYS:
            return "there are too few."
        try:
            return _why_not_compiled(plain)
        except NativeError as error:
            return str(error)


def _why_not_compiled(plain: ByPython) -> str | None:
    """Return why compiled loops are not to be trusted with a model, if so; compile them."""
    compiled, rows = ByNative(plain), plain.kernel.criterion.rows
    squares = plain.kernel.criterion.loss.squares
    # Beside a start at which errors may cancel, and their sums be rounding alone.
    x, turn = 1.1 * plain.start + 0.1, np.eye(plain.size)
    for kind in ["gradient", *["gram"] * squares]:
        question = Question(kind, x, turn)
        expected = summed(plain.parts(question, rows))
        found = summed(compiled.parts(question, rows))
        if kind == "gradient":
            value, gradient, _ = compiled.completed(question, found)
            found = np.array([value, *gradient])
        if not np.isfinite(expected).all():
            continue
        if not largest(found - expected) <= CLOSE * largest(expected):
            return "compiled, the model has other values."
    return None

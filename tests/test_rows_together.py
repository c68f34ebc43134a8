"""Models whose rows depend on each other are not taken apart into chunks of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.fitting.linearised import CHUNK

ROWS = 2 * CHUNK + 77
RANDOM = np.random.default_rng(5)
NOISE = 0.1 * RANDOM.normal(size=ROWS)


@pytest.mark.parametrize("by", ["its mean", "its place"])
@pytest.mark.parametrize("engine", ["python", "native"])
def test_rows_that_depend_on_others_are_not_taken_apart(by, engine):
    # Of some rows alone the mean and the places are others.
    shift = {"its mean": np.mean, "its place": lambda x: np.arange(x.shape[0]) / x.shape[0]}[by]

    def model(x: Any, a: Any, b: Any) -> Any:
        return a + b * (x - shift(x))

    x = RANDOM.uniform(100, 101, ROWS)
    y = 1 + 2 * (x - shift(x)) + NOISE
    options = {"method": "gradient-descent", "learning_rate": 1e-6, "max_steps": 3000}
    start = {"a": 0.0, "b": 0.0}
    walked = st.fit(model, {"x": x, "y": y}, start=start, engine=engine, **options)
    solved = st.fit(model, {"x": x, "y": y}, start=start, engine=engine)
    columns = np.column_stack([np.ones(ROWS), x - shift(x)])
    best, squares = np.linalg.lstsq(columns, y, rcond=None)[:2]
    if by == "its mean":
        assert list(walked.parameters.values()) == pytest.approx(best, rel=1e-8)
    errors = np.sqrt(np.diag(np.linalg.inv(columns.T @ columns)) * squares[0] / (ROWS - 2))
    assert list(solved.standard_errors.values()) == pytest.approx(errors, rel=1e-8)

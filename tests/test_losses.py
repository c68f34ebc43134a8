"""Losses have the values and the gradients that their formulas say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import steepest as st

X = np.linspace(-2.0, 3.0, 7)
Y = np.sin(X)
ERRORS = 0.5 + 0.25 * X - Y
"""Those of the line a + b·x at (a, b) = (0.5, 0.25)."""

SUMS = np.array([ERRORS.sum(), (ERRORS * X).sum()])

CASES = {
    "sse": (st.losses.sse, (ERRORS**2).sum(), 2 * SUMS),
    "mse": (st.losses.mse, (ERRORS**2).mean(), 2 * SUMS / 7),
    "rmse": (
        st.losses.rmse,
        np.sqrt((ERRORS**2).mean()),
        SUMS / 7 / np.sqrt((ERRORS**2).mean()),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_loss_and_its_gradient(name: str) -> None:
    loss, value, gradient = CASES[name]
    f = st.function(lambda a, b: loss(a + b * X, Y))
    assert f(0.5, 0.25) == pytest.approx(value, rel=1e-14)
    assert f.gradient([0.5, 0.25]) == pytest.approx(gradient, rel=1e-13)
    assert f.differentiation == "graph"


@pytest.mark.parametrize("loss", [st.losses.sse, st.losses.mse, st.losses.rmse])
def test_without_errors_loss_and_gradient_are_zero(loss: Callable[..., Any]) -> None:
    f = st.function(lambda a, b: loss(a + b * X, 1.0 + 2.0 * X))
    value, gradient = f.value_and_gradient([1.0, 2.0])
    assert value == 0.0
    assert gradient.tolist() == [0.0, 0.0]


def test_sequences_are_taken() -> None:
    assert st.losses.sse([1, 2], [3, 5]) == 13


@pytest.mark.parametrize("loss", [st.losses.sse, st.losses.mse, st.losses.rmse])
def test_a_column_is_not_paired_with_a_row(loss: Callable[..., Any]) -> None:
    with pytest.raises(st.InputError, match=r"\(7, 1\) and \(7,\)"):
        loss(X[:, np.newaxis], Y)
    with pytest.raises(st.InputError, match="shapes"):
        st.minimize(lambda a, b: loss(a + b * X[:, np.newaxis], Y), [0.0, 0.0])

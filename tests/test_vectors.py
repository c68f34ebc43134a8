"""Questions to vectors: the answers, at every size of their numbers."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.descent.methods import METHODS
from steepest.vectors import ONE_THREAD, all_finite, inner


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_is_found_without_a_warning(dtype: type, odd: float) -> None:
    largest = np.finfo(dtype).max
    # The squares of these are beyond all floats, the numbers are not.
    assert all_finite(np.array([largest, -largest, 1.0], dtype=dtype))
    assert not all_finite(np.array([largest, odd, 1.0], dtype=dtype))
    assert all_finite(np.array([], dtype=dtype))


@pytest.mark.parametrize("size", [0, 3, ONE_THREAD, ONE_THREAD + 1])
def test_inner_products_are_those_of_the_definition(size: int) -> None:
    a, b = np.random.default_rng(1).normal(size=(2, size))
    assert inner(a, b) == pytest.approx(sum((a * b).tolist()), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_a_gradient_too_large_to_be_squared_is_no_warning(method: str) -> None:
    result = st.minimize("sinh(x)**2 + y**2", [200.0, 1.0], method=method, max_steps=20)
    assert result.history.gradient_norm[0] > 1e170
    assert np.isfinite(result.fun)

"""Small matrices are left to one thread of BLAS, and the setting is undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import steepest as st
from processes import blas_threads
from steepest import threads


def valley(x: Any) -> Any:
    """A sum of squares of as many variables as there are numbers."""
    return np.sum((x - np.arange(len(x))) ** 2) + np.sum((x[1:] * x[:-1] - 1) ** 2)


@pytest.mark.parametrize(
    ("method", "decomposition"), [("newton", "eigh"), ("levenberg-marquardt", "qr")]
)
def test_a_step_decomposes_small_matrices_in_one_thread(
    monkeypatch: pytest.MonkeyPatch, method: str, decomposition: str
) -> None:
    seen: dict[int, set[int]] = {}
    numpys = getattr(np.linalg, decomposition)

    def spied(matrix: Any, *options: Any, **others: Any) -> Any:
        seen[matrix.shape[1]] = blas_threads()
        return numpys(matrix, *options, **others)

    monkeypatch.setattr(np.linalg, decomposition, spied)
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        for size in (3, 60):
            st.minimize(valley, np.ones(size), method=method, max_steps=3)
        assert seen[3] == before
        assert seen[60] == {1}
        assert blas_threads() == before


@pytest.mark.parametrize(("multiplications", "one"), [(10, 0), (10**6, 1), (10**9, 0)])
def test_neither_tiny_nor_large_products_are_touched(multiplications: int, one: int) -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        with threads.threads_for(multiplications):
            assert blas_threads() == ({1} if one else before)
        assert blas_threads() == before


def test_what_ends_in_another_order_leaves_the_threads_as_they_were() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        first, second = threads.threads_for(10**6), threads.threads_for(10**6)
        before = blas_threads()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert blas_threads() == {1}
        second.__exit__(None, None, None)
        assert blas_threads() == before


def test_the_setting_is_undone_after_an_error() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        with pytest.raises(np.linalg.LinAlgError):
            threads.in_one_thread(np.linalg.inv, np.zeros((60, 60)))
        assert blas_threads() == before

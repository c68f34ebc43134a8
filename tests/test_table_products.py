"""Products of tables: right for every kind of weights, the same digits by any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from processes import blas_threads
from steepest.objective import Vector
from steepest.program.native import table_products
from steepest.program.native.table_products import (
    BLOCK,
    NARROW,
    threads_of_ours,
    times,
    weighted_product,
)

RNG = np.random.default_rng(5)
ROWS = 5 * BLOCK + 321
TABLE, OTHER = RNG.normal(size=(ROWS, 6)), RNG.normal(size=(ROWS, 4))
WEIGHTS: dict[str, Vector] = {
    "positive": RNG.random(ROWS),
    "of both signs": RNG.normal(size=ROWS),
    "some zero": np.where(np.arange(ROWS) % 3, RNG.random(ROWS), 0.0),
}


@pytest.mark.parametrize("right", [TABLE, OTHER], ids=["itself", "another"])
@pytest.mark.parametrize("kind", WEIGHTS)
def test_a_weighted_product_is_that_of_matrices(kind: str, right: Vector) -> None:
    weights = WEIGHTS[kind]
    expected = TABLE.T @ (weights[:, np.newaxis] * right)
    found = weighted_product(TABLE, weights, right)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("count", [1, BLOCK, BLOCK + 1])
def test_few_rows_are_multiplied_as_well(count: int) -> None:
    table, weights = TABLE[:count], WEIGHTS["positive"][:count]
    found = weighted_product(table, weights, table)
    np.testing.assert_allclose(found, (table.T * weights) @ table, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(times(table, np.arange(6.0)), table @ np.arange(6.0), rtol=1e-13)


def test_a_weight_that_is_not_finite_is_seen_in_the_product() -> None:
    weights = WEIGHTS["positive"].copy()
    weights[-1] = np.nan
    assert np.isnan(weighted_product(TABLE, weights, TABLE)).all()


@pytest.mark.parametrize("large", [1e300, -1e300, np.inf, np.nan])
def test_what_is_not_finite_is_a_value_and_no_warning(large: float) -> None:
    huge = 1e200 * TABLE
    weights = np.full(ROWS, large)
    assert not np.isfinite(weighted_product(huge, weights, huge)).any()
    assert not np.isfinite(times(huge, np.full(6, large))).any()


def test_wide_tables_are_left_to_blas() -> None:
    wide = RNG.normal(size=(300, NARROW + 1))
    weights = RNG.random(300)
    found = weighted_product(wide, weights, wide)
    np.testing.assert_allclose(found, (wide.T * weights) @ wide, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(times(wide, wide[0]), wide @ wide[0])
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        with threads_of_ours([TABLE, wide]):
            assert blas_threads() == before
        with threads_of_ours([TABLE, OTHER]):
            assert blas_threads() == {1}
        assert blas_threads() == before


def test_any_number_of_threads_gives_the_same_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, vector = WEIGHTS["positive"], np.linspace(-1, 1, 6)
    found = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(table_products, "processors", lambda threads=threads: threads)
        monkeypatch.setattr(table_products, "FEW", 0)
        with threads_of_ours([TABLE]):
            found.append((weighted_product(TABLE, weights, TABLE), times(TABLE, vector)))
    for product, predicted in found[1:]:
        np.testing.assert_array_equal(product, found[0][0])
        np.testing.assert_array_equal(predicted, found[0][1])

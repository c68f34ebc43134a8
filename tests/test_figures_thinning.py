"""Thinning drops only what nobody could see."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from steepest.figures.thinning import distinct_points, keep_spikes


def test_points_on_one_pixel_are_dropped() -> None:
    points = np.column_stack([np.linspace(0, 1, 100_001), np.zeros(100_001)])
    kept = distinct_points(points, np.array([0.01, 0.01]))
    assert 100 <= len(kept) <= 103


@given(arrays(np.float64, st.integers(1, 300), elements=st.floats(-10, 10)))
def test_no_dropped_point_is_far_from_a_kept_one(track: np.ndarray) -> None:
    points = track[:, np.newaxis]
    kept = distinct_points(points, np.array([0.5]))
    assert kept[0] == 0
    assert kept[-1] == len(track) - 1
    assert np.all(np.diff(kept) > 0)
    nearest = np.abs(track[:, np.newaxis] - track[kept]).min(axis=1)
    assert nearest.max() <= 0.5


def test_a_path_that_never_rests_is_capped() -> None:
    points = np.arange(100_000.0)[:, np.newaxis]
    kept = distinct_points(points, np.array([0.1]), most=500)
    assert len(kept) <= 500
    assert kept[0] == 0
    assert kept[-1] == 99_999


@given(
    arrays(
        np.float64,
        st.integers(1, 400),
        elements=st.floats(allow_nan=True, allow_infinity=False, width=32),
    )
)
def test_a_series_keeps_its_ends_and_extremes(series: np.ndarray) -> None:
    kept = keep_spikes(series, most=40)
    assert len(kept) <= 42
    assert kept[0] == 0
    assert kept[-1] == len(series) - 1
    if not np.isnan(series).all():
        assert np.nanmax(series[kept]) == np.nanmax(series)
        assert np.nanmin(series[kept]) == np.nanmin(series)

"""Levels and colours show the path."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steepest.figures.scale import Scale, choose_scale

finite = st.floats(-1e6, 1e6)
heights = st.floats(1e-3, 1e6)


@example(low=0.0, height=0.07, logarithmic=False)
@given(low=finite, height=heights, logarithmic=st.booleans())
def test_levels_rise_within_the_range(low: float, height: float, logarithmic: bool) -> None:
    scale = Scale(low, low + height, logarithmic)
    levels = scale.shown_levels()
    bottom, top = scale.shown_ends()
    assert 5 <= len(levels) <= 32
    assert np.all(np.diff(levels) > 0)
    assert bottom < levels[0]
    assert levels[-1] < top


@given(low=finite, height=heights, logarithmic=st.booleans())
def test_shown_levels_are_evenly_spaced_and_agree_with_the_values(
    low: float, height: float, logarithmic: bool
) -> None:
    scale = Scale(low, low + height, logarithmic)
    shown = scale.shown_levels()
    gaps = np.diff(shown)
    assert gaps == pytest.approx(np.full(len(gaps), gaps[0]), rel=1e-4)
    bottom, top = scale.shown_ends()
    assert scale.shown(scale.levels()) == pytest.approx(shown, abs=1e-4 * (top - bottom))


@given(low=finite, height=heights, logarithmic=st.booleans())
def test_ticks_are_few_and_on_the_scale(low: float, height: float, logarithmic: bool) -> None:
    scale = Scale(low, low + height, logarithmic)
    positions, labels = scale.ticks()
    bottom, top = scale.shown_ends()
    assert 2 <= len(positions) <= 10
    assert len(labels) == len(positions)
    assert np.all((positions >= bottom) & (positions <= top))


def test_labels_are_round_and_short() -> None:
    _, labels = Scale(0.0, 8000.0).ticks()
    assert labels == ["2000", "4000", "6000"]
    _, labels = Scale(0.0, 8e6).ticks()
    assert labels == ["2e6", "4e6", "6e6"]


def path(values: list[float], places: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.column_stack([places, np.zeros(len(places))]), np.array(values)


def test_an_even_slope_gets_linear_levels() -> None:
    grid = np.linspace(0.0, 10.0, 100)
    scale = choose_scale(grid, [path([10.0, 5.0, 0.0], [0.0, 1.0, 2.0])])
    assert not scale.logarithmic
    assert (scale.low, scale.high) == (0.0, 10.0)


def test_a_long_way_along_a_valley_floor_gets_logarithmic_levels() -> None:
    grid = np.linspace(0.0, 1000.0, 100)
    scale = choose_scale(grid, [path([24.0, 4.0, 2.0, 1e-3], [0.0, 0.1, 1.0, 2.0])])
    assert scale.logarithmic


def test_walls_that_the_path_never_climbed_are_cut() -> None:
    grid = np.array([0.0, 1.0, 1e6])
    scale = choose_scale(grid, [path([10.0, 1.0], [0.0, 1.0])])
    assert 10.0 < scale.high < 100.0


def test_the_path_is_on_the_scale_though_the_grid_is_not_finite() -> None:
    grid = np.full(9, np.nan)
    scale = choose_scale(grid, [path([3.0, -2.0], [0.0, 1.0])])
    assert scale.low <= -2.0 < 3.0 <= scale.high


@pytest.mark.parametrize("value", [0.0, 7.0, -1e9])
def test_a_constant_function_has_a_scale(value: float) -> None:
    scale = choose_scale(np.full(9, value), [path([value], [0.0])])
    assert scale.low < value < scale.high
    assert len(scale.levels()) > 0


def test_nothing_finite_has_a_scale() -> None:
    scale = choose_scale(np.full(9, np.nan), [path([np.nan], [0.0])])
    assert scale.low < scale.high

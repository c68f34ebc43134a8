"""The picture shows the path and its surroundings, and always the start."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from steepest.figures.domain import choose_domain, points_in_view

point_sets = st.integers(1, 20).flatmap(
    lambda count: arrays(np.float64, (count, 2), elements=st.floats(-1e6, 1e6))
)


@given(point_sets)
@example(np.array([[0.0, 1.0], [2.22507386e-311, 1.0]]))
@example(np.array([[0.0, 1.0], [1e-15, 1.0]]))
def test_every_point_is_inside(points: np.ndarray) -> None:
    domain = choose_domain(points)
    assert np.all(domain[:, 0] < domain[:, 1])
    assert np.all((points >= domain[:, 0]) & (points <= domain[:, 1]))


def test_a_path_along_one_variable_gets_room_along_the_other() -> None:
    domain = choose_domain(np.array([[0.0, 0.0], [0.0, 3.0]]))
    widths = domain[:, 1] - domain[:, 0]
    assert widths[0] > 0.5 * widths[1]


def test_variables_on_different_scales_keep_them() -> None:
    domain = choose_domain(np.array([[1e-3, 1e6], [2e-3, 5e6]]))
    assert domain[0, 1] - domain[0, 0] < 0.1
    assert domain[1, 1] - domain[1, 0] > 4e6


def test_rounding_noise_is_no_scale() -> None:
    domain = choose_domain(np.array([[0.0, 3.0], [1e-17, 1.0]]))
    assert domain[0, 1] - domain[0, 0] > 1.0


def test_a_start_that_never_moved_is_in_the_middle() -> None:
    domain = choose_domain(np.array([[2.0, 0.0]]))
    assert domain.mean(axis=1) == pytest.approx([2.0, 0.0])


def test_a_path_that_went_down_is_shown_whole() -> None:
    points = np.array([[5.0], [-9.0], [80.0], [0.0]])
    assert points_in_view(points, np.array([25.0, 81.0, 6400.0, 0.0])) == 4


def test_a_path_that_blew_up_is_shown_from_its_start() -> None:
    points = 5 * (-1.2) ** np.arange(100.0)[:, np.newaxis]
    count = points_in_view(points, points[:, 0] ** 2)
    assert 3 < count < 30


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_path_ends_where_it_stops_being_finite(bad: float) -> None:
    points = np.array([[1.0], [2.0], [bad], [bad]])
    assert points_in_view(points, np.array([1.0, 4.0, bad, bad])) == 2


def test_the_start_is_shown_even_if_nothing_else_can_be() -> None:
    points = np.array([[1.0], [np.nan]])
    assert points_in_view(points, np.array([1.0, np.nan])) == 1

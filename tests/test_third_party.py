"""Unmodified functions in many people's styles: all are followed, and their gradients are right."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from numerics import numerical_gradient, spread
from third_party import least_squares, loops, objects, plane, simulations, vectorised
from third_party.cases import CASES

STYLES = (least_squares, loops, objects, plane, simulations, vectorised)
POINTS = 3


def size_of(case):
    return case.size or len(st.function(case.function).variables)


def test_there_are_more_than_a_hundred():
    assert len(CASES) >= 110
    assert {case.function.__module__ for case in CASES} == {style.__name__ for style in STYLES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gradient_is_exact(case):
    rng = np.random.default_rng(sum(map(ord, case.name)))
    f = st.function(case.function)
    call = spread(case.function, np.zeros(size_of(case)))
    for _ in range(POINTS):
        point = rng.uniform(case.low, case.high, size_of(case))
        gradient = np.ravel(f.gradient(point if point.size > 1 else point[0]))
        assert f.differentiation == "graph", f.notice
        numerical = numerical_gradient(call, point if point.size > 1 else point[0]).ravel()
        scale = np.max(np.abs(numerical), initial=1e-3)
        assert np.max(np.abs(gradient - numerical)) <= 1e-6 * scale, (point, gradient, numerical)


@pytest.mark.parametrize(
    ("case", "point"),
    [(case, point) for case in CASES for point in case.minimisers],
    ids=lambda value: getattr(value, "name", "at"),
)
def test_gradient_is_finite_at_minimisers_and_kinks(case, point):
    point = np.asarray(point, dtype=float)
    gradient = st.function(case.function).gradient(point if point.size > 1 else point[0])
    assert np.all(np.isfinite(gradient))

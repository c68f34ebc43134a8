"""Curvature, tangent planes, slopes off a map, basins and slices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import steepest as st
from landscapes import CLASSIC, SQUARE
from steepest.errors import InputError, NonFiniteError
from steepest.landscapes.basins import BLOCK
from steepest.landscapes.curvature import contraction_of

CUBIC = "x**3 - 4*x - y**2"


@pytest.fixture(scope="module")
def cubic() -> Any:
    return st.landscape(CUBIC, x=(-1.5, 4.5), y=(-4.0, 2.0))


@pytest.fixture(scope="module")
def sines() -> Any:
    return st.landscape("sin(x)*sin(y)", **SQUARE)


# Curvature and rates.


def test_curvature_of_a_bowl() -> None:
    land = st.landscape("x**2/2 + 9*y**2/2", x=(-1, 1), y=(-1, 1))
    bowl = land.curvature([0, 0])
    assert bowl.eigenvalues == pytest.approx([1, 9])
    assert (bowl.condition, bowl.largest, bowl.smallest) == pytest.approx((9, 9, 1))
    assert land.stable_rate([0, 0]) == bowl.stable_rate == pytest.approx(2 / 9)
    assert bowl.contraction(bowl.safe_rate) == pytest.approx(1 - 1 / 9)
    assert bowl.contraction(bowl.optimal_rate or 0) == pytest.approx((9 - 1) / (9 + 1))
    assert "below 0.222222" in bowl.text


def test_above_the_stable_rate_a_descent_is_thrown_out() -> None:
    land = st.landscape("(1 - x)**2 + 100*(y - x**2)**2", x=(-2, 2), y=(-1, 3))
    (minimum,) = land.critical_points()
    stable = land.stable_rate(minimum)
    for factor, returns in ((0.97, True), (1.03, False)):
        x = minimum.x + 1e-6 * land.curvature(minimum).directions[:, -1]
        slope = st.function("(1 - x)**2 + 100*(y - x**2)**2").gradient
        for _ in range(50):
            x = x - factor * stable * slope(x)
        assert (np.abs(x - minimum.x).max() < 1e-6) == returns


def test_where_nothing_curves_upward(sines: Any) -> None:
    top = sines.curvature([np.pi / 2, np.pi / 2])
    assert top.stable_rate == math.inf
    assert top.optimal_rate is None
    assert "no rate" in top.text


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.09])
def test_the_convergence_rate_is_the_predicted_one(rate: float) -> None:
    land = st.landscape("x**2 + 10*y**2", x=(-1, 1), y=(-1, 1))
    result = st.minimize("x**2 + 10*y**2", [1, 1e-3], learning_rate=rate, max_steps=3000)
    seen = land.convergence_rate(result)
    assert seen.predicted == pytest.approx(max(abs(1 - 2 * rate), abs(1 - 20 * rate)))
    assert seen.contraction == pytest.approx(seen.predicted, rel=0.01)
    assert seen.rate == rate
    assert "predicted to leave" in seen.text


def test_the_convergence_rate_of_other_methods_has_no_prediction() -> None:
    f = CLASSIC["himmelblau"].formula
    result = st.minimize(f, [1, 1], method="bfgs")
    seen = st.landscape(f, x=(-6, 6), y=(-6, 6)).convergence_rate(result)
    assert seen.predicted is None
    assert 0 < seen.contraction < 0.7


def test_numbers_whose_squares_are_infinite_are_told_without_a_warning() -> None:
    path = np.array([[3e200, 4e200], [3e199, 4e199]])
    assert contraction_of(path, np.zeros(2)) == (pytest.approx(0.1), 1)
    assert contraction_of(1e308 * np.array([[1.0], [-1.0]]), np.array([-1e308]))[1] == 0
    land = st.landscape("x**3 - 4*x - y**2", x=(-2, 2), y=(-2, 2))
    assert land.curvature([1.2, 0]).contraction(1e308) == math.inf
    thrown = st.minimize("x**3 - 4*x - y**2", [0, 0.0], learning_rate=1e300, max_steps=1)
    assert thrown.inside(1).promised < 0


def test_second_derivatives_that_are_not_finite() -> None:
    land = st.landscape("log(x) + y**2", x=(-1, 2), y=(-1, 1))
    with pytest.raises(NonFiniteError, match="not finite"):
        land.curvature([-0.5, 0])


# The microscope.


def test_the_deviation_falls_as_the_window_squared(cubic: Any) -> None:
    seen = cubic.microscope([1.8, -1])
    widths = [width for _, width, _, _ in seen.rows]
    deviations = np.array([deviation for _, _, deviation, _ in seen.rows])
    assert widths == pytest.approx([1, 0.1, 0.01, 1e-3, 1e-4])
    # f differs from its tangent plane by 3·1.8 dx² + dx³ - dy², the most at (h, 0).
    expected = [5.4 * h**2 + h**3 for h in widths]
    assert deviations == pytest.approx(expected, rel=1e-6)
    assert seen.exponent == pytest.approx(2, abs=0.01)
    window = seen.windows[1]
    assert window.values.shape == window.plane.shape == (41, 41)
    x, y = np.meshgrid(*window.axes)
    assert window.values == pytest.approx(x**3 - 4 * x - y**2)
    assert window.plane == pytest.approx(-2.368 + 5.72 * (x - 1.8) + 2 * (y + 1))


def test_at_an_inflection_it_falls_as_the_cube() -> None:
    seen = st.landscape("x**3 + y**3", x=(-2, 2), y=(-2, 2)).microscope([0, 0])
    assert seen.exponent == pytest.approx(3)


def test_a_plane_has_no_exponent() -> None:
    seen = st.landscape("3*x - y + 0.1", x=(-1, 1), y=(-1, 1)).microscope([0.3, 0.7])
    assert math.isnan(seen.exponent)
    assert "not differ" in seen.text


def test_the_microscope_in_one_and_three_variables() -> None:
    assert st.landscape("sin(x)", x=(0, 3)).microscope(1.0).exponent == pytest.approx(2, abs=0.01)
    land = st.landscape("x*y*z", x=(0, 3), y=(0, 3), z=(0, 3))
    assert land.microscope([1, 1, 1]).exponent == pytest.approx(2, abs=0.02)


# Slopes read off contour lines.


def test_slopes_as_a_person_reads_them(cubic: Any) -> None:
    read = cubic.contour_slope([1.8, -1])
    assert len(read) == 2
    assert list(read) == pytest.approx([5.72, 2], rel=0.08)
    first, second = read.readings
    # f(1.8, -1) = -2.368 lies between the lines at -2.4 and -2.1.
    assert first.levels == second.levels == pytest.approx((-2.4, -2.1))
    for x, level in zip(first.places, first.levels, strict=True):
        assert x**3 - 4 * x - 1 == pytest.approx(level, abs=1e-9)
    for y, level in zip(second.places, second.levels, strict=True):
        assert 1.8**3 - 4 * 1.8 - y**2 == pytest.approx(level, abs=1e-9)
    assert read[0] == pytest.approx(0.3 / first.distance)
    assert [row[2] for row in read.comparison] == pytest.approx([5.72, 2])


def test_finer_lines_read_better(cubic: Any) -> None:
    errors = [
        max(abs(error) for *_, error in cubic.contour_slope([1.8, -1], spacing).comparison)
        for spacing in (0.3, 0.03, 0.003)
    ]
    assert errors[0] > 5 * errors[1] > 25 * errors[2]


def test_at_a_top_both_lines_have_one_level(sines: Any) -> None:
    read = sines.contour_slope([np.pi / 2, np.pi / 2])
    assert list(read) == [0, 0]
    assert read.readings[0].levels == pytest.approx((0.9, 0.9))


def test_a_map_without_lines() -> None:
    read = st.landscape("x/100", x=(0.1, 1)).contour_slope(0.5)
    assert math.isnan(read[0])
    assert read.readings[0].levels == ()
    assert "none" in str(read)


def test_lines_on_one_side_only() -> None:
    read = st.landscape("x", x=(0.05, 1)).contour_slope(0.1)
    assert read.readings[0].levels == pytest.approx((0.3, 0.6))
    assert read[0] == pytest.approx(1)


# Basins.


def test_basins_of_the_sines(sines: Any) -> None:
    basins = sines.basins(learning_rate=0.5, points=41, max_steps=400)
    points = basins.points
    x, y = np.meshgrid(*basins.axes, indexing="ij")
    place = {tuple(np.rint(2 * p.x / np.pi).astype(int)): k for k, p in enumerate(points)}
    # Lines from maximum to saddle to maximum bound the basin of each minimum: a diamond.
    for a, b in ((3, 1), (1, 3)):
        distance = np.abs(x - a * np.pi / 2) + np.abs(y - b * np.pi / 2)
        assert (basins.reached[distance < np.pi - 0.05] == place[a, b]).all()
        assert not (basins.reached[distance > np.pi + 0.05] == place[a, b]).any()
    on_ridge = np.abs(x - y) < 1e-9
    assert basins.reached[on_ridge][20] == place[2, 2]
    assert basins.steps[on_ridge][20] == 0
    assert sum(basins.shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam", "rmsprop"])
def test_basins_are_where_single_descents_end(method: str) -> None:
    f = CLASSIC["himmelblau"].formula
    rate = 0.005 if method in ("gradient-descent", "momentum") else 0.05
    land = st.landscape(f, x=(-5, 5), y=(-5, 5))
    basins = land.basins(method, learning_rate=rate, points=6, max_steps=800)
    for i, x in enumerate(basins.axes[0]):
        for j, y in enumerate(basins.axes[1]):
            alone = st.minimize(f, [x, y], method=method, learning_rate=rate, max_steps=800)
            distances = [float(np.abs(p.x - alone.last.x).max()) for p in basins.points]
            if basins.reached[i, j] >= 0:
                assert int(np.argmin(distances)) == basins.reached[i, j]
    assert basins.shares.get(-1, 0) < 0.1


def test_many_blocks_of_starts_are_those_by_hand(sines: Any) -> None:
    count = 150
    assert count**2 > BLOCK
    basins = sines.basins(learning_rate=0.1, points=count, max_steps=60)
    x, y = np.meshgrid(*basins.axes, indexing="ij")
    for _ in range(60):
        x, y = x - 0.1 * np.cos(x) * np.sin(y), y - 0.1 * np.sin(x) * np.cos(y)
    for k, point in enumerate(basins.points):
        distance = np.hypot(x - point.x[0], y - point.x[1])
        if point.kind == "minimum":
            assert (basins.reached[distance < 0.5] == k).all()
            assert (distance[basins.reached == k] < 2).all()


def test_steps_are_those_of_a_single_descent() -> None:
    land = st.landscape("x**2 + y**2", x=(-1, 1.1), y=(-1, 1.2))
    basins = land.basins(learning_rate=0.25, points=5, max_steps=200)
    # Each step halves the distance.
    size = np.maximum(*np.abs(np.meshgrid(*basins.axes, indexing="ij")))
    assert (np.diff(basins.steps.ravel()[np.argsort(size.ravel())]) >= 0).all()
    assert 15 < basins.steps.max() < 40
    slow = land.basins(learning_rate=1e-6, points=5, max_steps=3)
    assert (slow.steps == 3).all()


def test_starts_that_are_lost() -> None:
    land = st.landscape("x**3 - 3*x", x=(-4, 2))
    basins = land.basins(points=61, learning_rate=0.05, max_steps=500)
    x = basins.axes[0]
    minimum = next(k for k, p in enumerate(basins.points) if p.kind == "minimum")
    assert (basins.reached[x > -0.9] == minimum).all()
    assert (basins.reached[x < -1.01] == -1).all()
    assert "to none" in basins.text


def test_basins_of_code_that_is_not_followed() -> None:
    def opaque(x: float) -> float:
        return (float(f"{x:.17g}") ** 2 - 1) ** 2

    basins = st.landscape(opaque, x=(-1.5, 1.4)).basins(points=11, learning_rate=0.05)
    kinds = [basins.points[k].kind for k in basins.reached]
    assert kinds == ["minimum"] * 11


def test_basins_of_an_array_and_of_an_adaptive_rate() -> None:
    land = st.landscape(lambda p: np.sum((p**2 - 1) ** 2), p=[(-1.5, 1.4)] * 2)
    basins = land.basins(points=8, learning_rate=st.schedules.constant(0.05))
    assert len(basins.shares) == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "bfgs"}, "first-order"),
        ({"method": "adm"}, "Did you mean 'adam'"),
        ({"points": 1}, "give 2 or more"),
        ({"points": 100_000}, "no more than"),
        ({"learning_rate": -1.0}, "learning_rate"),
        ({"max_steps": -1}, "max_steps"),
    ],
)
def test_basins_that_cannot_be(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        st.landscape("x**2 + y**2", x=(-1, 1), y=(-1, 1)).basins(**options)


# Slices.


def bowl(x: Any, y: Any, z: Any) -> Any:
    return x**2 + 2 * y**2 + 30 * z**2


BOX = {"x": (-2.0, 2.0), "y": (-2.0, 2.0), "z": (-2.0, 2.0)}


def test_a_slice_along_two_variables() -> None:
    cut = st.landscape(bowl, BOX).slice(("x", "z"), at=[0.5, 1, -1], points=21)
    x, z = np.meshgrid(cut.first + 0.5, cut.second - 1)
    assert cut.values == pytest.approx(bowl(x, 1, z))
    assert (x.min(), x.max(), z.min(), z.max()) == (-2, 2, -2, 2)
    assert "along x and z" in cut.text


def test_a_slice_along_eigenvectors() -> None:
    cut = st.landscape(bowl, BOX).slice("eigen", points=5)
    assert cut.plane.labels == ("along λ = 60", "along λ = 2")
    assert np.abs(cut.plane.directions) == pytest.approx(np.array([[0, 0, 1], [1, 0, 0]]))
    assert cut.values[2] == pytest.approx(30 * cut.first**2)


def test_a_slice_along_a_path() -> None:
    result = st.minimize(bowl, [1, 1, 1], learning_rate=0.02, max_steps=200, stop="max-steps")
    cut = st.landscape(bowl, BOX).slice(result)
    path = cut.path
    assert path is not None
    _, sizes, _ = np.linalg.svd(result.history.x - result.history.x[-1])
    assert path.explained == pytest.approx(sizes[:2] ** 2 / (sizes**2).sum())
    # Pythagoras: what lies in the plane and what does not make up the whole.
    whole = np.linalg.norm(result.history.x - result.history.x[-1], axis=1)
    within = np.linalg.norm(path.coordinates, axis=1)
    assert np.hypot(within, path.distances) == pytest.approx(whole)
    assert path.values == pytest.approx(result.history.fun)
    assert "% of the path's variance" in cut.text
    assert "part most at step" in cut.text
    assert (
        cut.first[0] < path.coordinates[:, 0].min() < path.coordinates[:, 0].max() < cut.first[-1]
    )


def test_a_path_in_its_plane() -> None:
    result = st.minimize("x**2 + 5*y**2", [1, 1], learning_rate=0.05)
    cut = st.landscape("x**2 + 5*y**2", x=(-1, 1), y=(-1, 1)).slice(result)
    assert "lies in it" in cut.text


@pytest.mark.parametrize(
    ("along", "words"),
    [(("x", "w"), "'w'"), (("x", "x"), "two different"), (("x", "y", "z"), "two different")],
)
def test_slices_that_cannot_be(along: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        st.landscape(bowl, BOX).slice(along)


def test_a_slice_of_one_variable() -> None:
    with pytest.raises(InputError, match="one variable"):
        st.landscape("x**2", x=(0, 1)).slice()


# Points as people give them.


@pytest.mark.parametrize("point", [[1.8, -1], {"y": -1, "x": 1.8}, np.array([1.8, -1.0])])
def test_ways_to_give_a_point(cubic: Any, point: Any) -> None:
    assert cubic.curvature(point).eigenvalues == pytest.approx([-2, 10.8])


@pytest.mark.parametrize(
    "point", [[1], [1, 2, 3], {"x": 1}, {"x": 1, "z": 2}, "here", [1, float("nan")], None]
)
def test_points_that_are_none(cubic: Any, point: Any) -> None:
    with pytest.raises(InputError, match="point"):
        cubic.curvature(point)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda land: land.microscope([1, 1], windows=0), "windows"),
        (lambda land: land.microscope([1, 1], half_width=-1.0), "half_width"),
        (lambda land: land.contour_slope([1, 1], spacing=0.0), "spacing"),
        (lambda land: land.critical_points(seed=-1), "seed"),
        (lambda land: land.slice(points=1), "points"),
        (lambda land: land.slice(at=[0, 0], along=st.minimize("x**2+y**2", [1, 1])), "at="),
    ],
)
def test_options_that_cannot_be(cubic: Any, call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call(cubic)


def test_descents_without_time_are_where_they_began() -> None:
    land = st.landscape("x**2 + y**2 + 0.1*x", x=(-1, 1), y=(-1, 1))
    land.critical_points()
    found = land.basins(learning_rate=0.001, points=11, max_seconds=1e-9)
    assert found.stopped
    assert found.steps.max() == 0
    assert "The limit of time ended those that were still moving." in found.text
    assert not land.basins(points=11, max_seconds=1e9).stopped

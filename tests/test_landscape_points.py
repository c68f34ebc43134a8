"""Critical points: all of them, of the right kind, and as sure as is said."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.optimize
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as hs

import steepest as st
from landscapes import CLASSIC, MUELLER_BROWN, SQUARE, Known
from steepest.errors import InputError, NonFiniteError
from steepest.landscapes.deadline import Deadline
from steepest.landscapes.proof import prove
from steepest.landscapes.verdict import Evidence, sureness
from steepest.objective import Vector

SINES = "sin(x)*sin(y)"
KINDS = ("minimum", "maximum", "saddle", "degenerate")


def points_of(formula: Any, **box: tuple[float, float]) -> Any:
    return st.landscape(formula, **box).critical_points()


def assert_places(points: Any, expected: list[tuple[float, float]]) -> None:
    """Compare where points are, to full precision, in any order."""
    assert len(points) == len(expected)
    for place in expected:
        assert min(np.abs(point.x - place).max() for point in points) < 1e-14


# The worked example.


def sines(x: float, y: float) -> Any:
    return np.sin(x) * np.sin(y)


@pytest.mark.parametrize("f", [SINES, sines], ids=["formula", "code"])
def test_the_sines(f: Any) -> None:
    points = points_of(f, **SQUARE)
    half, three = np.pi / 2, 3 * np.pi / 2
    assert_places(points.of("maximum"), [(half, half), (three, three)])
    assert_places(points.of("minimum"), [(half, three), (three, half)])
    assert_places(points.of("saddle"), [(np.pi, np.pi)])
    assert not points.of("degenerate")
    assert [p.fun for p in points.inside] == pytest.approx([-1, -1, 1, 1, 0], abs=1e-15)
    corners = [(a * np.pi, b * np.pi) for a in range(3) for b in range(3) if (a, b) != (1, 1)]
    assert_places(points.boundary, corners)
    assert {p.kind for p in points.boundary} == {"saddle"}
    assert [p.boundary for p in points] == [False] * 5 + [True] * 8
    assert points.sureness.proved
    assert (points.sureness.index_sum, points.sureness.winding) == (3, 3)


def test_eigenvalues_and_directions() -> None:
    saddle = points_of("3*x**2 - 5*y**2 + 0*x", x=(-1, 1), y=(-1, 2))[0]
    assert saddle.eigenvalues == pytest.approx([-10, 6])
    assert np.abs(saddle.directions) == pytest.approx(np.array([[0, 1], [1, 0]]))
    assert saddle.index == -1


# Classic functions.


@pytest.mark.parametrize("name", CLASSIC)
def test_every_point_of_a_classic_function(name: str) -> None:
    known = CLASSIC[name]
    points = points_of(known.formula, x=known.x, y=known.y)
    assert tuple(points.count(kind) for kind in KINDS) == known.counts
    assert not points.boundary
    assert not points.continua
    objective = st.function(known.formula).bind([np.mean(known.x), np.mean(known.y)])
    for point in points:
        values = np.linalg.eigvalsh(objective.hessian(point.x))
        assert point.eigenvalues == pytest.approx(values, rel=1e-9, abs=1e-9)
        step = np.linalg.lstsq(objective.hessian(point.x), objective.gradient(point.x))[0]
        assert np.abs(step).max() < 1e-12
        assert point.fun == objective.value(point.x)
    assert points.sureness.agrees
    assert points.sureness.winding == turns(known)
    assert points.sureness.proved == known.proved


def turns(known: Known, count: int = 20_000) -> int:
    """Return the winding number of the gradient by many small steps along the boundary."""
    share = np.linspace(0, 1, count, endpoint=False)
    (left, right), (bottom, top) = known.x, known.y
    across, along = left + share * (right - left), bottom + share * (top - bottom)
    x = np.concatenate([across, np.full(count, right), across[::-1], np.full(count, left)])
    y = np.concatenate([np.full(count, bottom), along, np.full(count, top), along[::-1]])
    objective = st.function(known.formula).bind([x[0], y[0]])
    slopes = objective.values_and_gradients(np.column_stack([x, y]))[1]
    angles = np.unwrap(np.arctan2(slopes[:, 1], slopes[:, 0]), period=2 * np.pi)
    closing = (angles[0] - angles[-1] + np.pi) % (2 * np.pi) - np.pi
    return round((angles[-1] + closing - angles[0]) / (2 * np.pi))


def himmelblau(x: Any, y: Any) -> Any:
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def camel(x: Any, y: Any) -> Any:
    return (4 - mpmath.mpf("2.1") * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


def peaks(x: Any, y: Any) -> Any:
    bell = mpmath.exp(-(x**2) - y**2)
    return (
        3 * (1 - x) ** 2 * mpmath.exp(-(x**2) - (y + 1) ** 2)
        - 10 * (x / 5 - x**3 - y**5) * bell
        - mpmath.exp(-((x + 1) ** 2) - y**2) / 3
    )


@pytest.mark.parametrize(
    ("name", "f"), [("himmelblau", himmelblau), ("six-hump camel", camel), ("peaks", peaks)]
)
def test_thirty_digits_of_mpmath_agree(name: str, f: Callable[[Any, Any], Any]) -> None:
    known = CLASSIC[name]
    with mpmath.workdps(30):

        def slope(x: Any, y: Any) -> list[Any]:
            return [mpmath.diff(f, (x, y), (1, 0)), mpmath.diff(f, (x, y), (0, 1))]

        for point in points_of(known.formula, x=known.x, y=known.y):
            root = mpmath.findroot(slope, list(point.x), tol=1e-30)
            assert [float(v) for v in root] == pytest.approx(point.x.tolist(), rel=4e-15, abs=1e-15)
            assert float(f(*root)) == pytest.approx(point.fun, rel=1e-12, abs=1e-12)


def test_points_of_the_mueller_brown_surface() -> None:
    # K. Müller, L. D. Brown, Theor. Chim. Acta 53, 1979, table 1.
    points = points_of(MUELLER_BROWN, x=(-1.5, 1.2), y=(-0.5, 2))
    minima = [(-0.558, 1.442, -146.700), (0.623, 0.028, -108.167), (-0.050, 0.467, -80.768)]
    saddles = [(-0.822, 0.624, -40.665), (0.212, 0.293, -72.249)]
    for kind, expected in (("minimum", minima), ("saddle", saddles)):
        found = sorted((*p.x, p.fun) for p in points.of(kind))
        assert found == [pytest.approx(row, abs=1e-3) for row in sorted(expected)]


# Degenerate points, curves and regions.


@pytest.mark.parametrize(
    ("formula", "index", "word"),
    [
        ("x**3 - 3*x*y**2", -2, "monkey saddle"),
        ("x**4 + y**4", 1, "higher all around"),
        ("x**4 + y**2", 1, "higher all around"),
        ("-x**4 - y**6", 1, "lower all around"),
        ("x**4 - y**2", -1, "as at a saddle"),
        ("x**3 + y**2", 0, "to one side"),
        ("(x - 0.3)**4 + (y + 0.1)**2", 1, "higher all around"),
        ("x**5 - 10*x**3*y**2 + 5*x*y**4", -4, "in 5 directions"),
        ("(y - x**2)*(y - 3*x**2)", -1, "as at a saddle"),
    ],
)
def test_degenerate_points(formula: str, index: int, word: str) -> None:
    points = points_of(formula, x=(-1, 1.3), y=(-1.1, 1))
    (point,) = points
    assert (point.kind, point.index) == ("degenerate", index)
    assert word in point.note or "(y - x**2)" in formula
    assert np.abs(point.x - ([0.3, -0.1] if "0.3" in formula else [0, 0])).max() < 1e-5
    assert points.sureness.agrees
    assert not points.sureness.proved
    assert "except right beside the degenerate point" in points.sureness.text


def test_a_level_place_on_a_slope() -> None:
    (point,) = points_of("x**3", x=(-1, 2))
    assert (point.kind, point.index, point.x[0]) == ("degenerate", 0, 0)
    assert "level place" in point.note


@pytest.mark.parametrize(
    ("formula", "dimension", "isolated"),
    [
        ("(x*y)**2", 1, 0),
        ("x**2 + 0*y", 1, 0),
        ("(x**2 + y**2 - 1)**2", 1, 1),
        ("sin(x + y)", 1, 0),
        ("0*x + 0*y", 2, 0),
        ("max(x**2 + y**2 - 1, 0)**2", 2, 0),
    ],
)
def test_curves_and_regions_are_said_and_not_listed(
    formula: str, dimension: int, isolated: int
) -> None:
    points = points_of(formula, x=(-2, 2), y=(-2, 2.5))
    assert len(points) == isolated
    assert {one.dimension for one in points.continua} == {dimension}
    assert "Not isolated" in points.summary
    assert "cannot be counted" in points.sureness.text
    assert not points.sureness.proved


def test_a_constant_of_one_variable() -> None:
    points = points_of("0*x + 3", x=(0, 1))
    assert (len(points), points.continua[0].dimension, points.continua[0].fun) == (0, 1, 3)


# One variable, and more than two.


def test_one_variable() -> None:
    points = points_of("x**4 - 2*x**2 + x/10", x=(-2, 2))
    assert [p.kind for p in points] == ["minimum", "minimum", "maximum"]
    assert points.sureness.proved
    roots = sorted(np.roots([4, 0, -4, 0.1]).real)
    assert sorted(p.x[0] for p in points) == pytest.approx(roots, abs=1e-14)


def test_three_variables() -> None:
    points = points_of("x**4 - x**2 + y**4 - y**2 + z**2 - x*z", x=(-2, 2), y=(-2, 2), z=(-2, 2))
    assert (points.count("minimum"), points.count("saddle")) == (4, 5)
    assert points.sureness.proved
    assert points.sureness.winding is None


def test_an_array_of_variables() -> None:
    def chain(x: Vector) -> Any:
        return np.sum((x**2 - 1) ** 2) + 0.1 * np.sum(x[1:] * x[:-1])

    points = st.landscape(chain, x=[(-2, 2)] * 3).critical_points()
    assert points.names == ("x[0]", "x[1]", "x[2]")
    # With a weak coupling, each of the 3^3 points of the sum of double wells stays.
    assert len(points) == 27
    assert points.sureness.proved


def test_names_that_are_no_keywords() -> None:
    land = st.landscape(lambda p: (p["a b"] - 1) ** 2 + p["2"] ** 2, {"a b": (0, 3), "2": (-1, 2)})
    (point,) = land.critical_points()
    assert point.x == pytest.approx([1, 0])


# What is not smooth, or not defined everywhere.


def test_code_with_branches() -> None:
    def bent(x: float, y: float) -> float:
        return x**2 + y**2 if x > 0 else 2 * x**2 + (y - 0.0) ** 2 + x**3

    points = points_of(bent, x=(-1, 1.1), y=(-1, 1.2))
    assert any(p.kind == "minimum" for p in points) or points.continua
    assert "kinks or jumps" in points.sureness.text
    assert not points.sureness.proved


def test_code_that_cannot_be_followed() -> None:
    def opaque(x: float, y: float) -> float:
        return math.cosh(float(f"{x:.17g}") - 0.5) + y**2

    land = st.landscape(opaque, x=(-1, 1), y=(-1, 1.1))
    (point,) = land.critical_points()
    assert land.notices
    assert point.kind == "minimum"
    assert point.x == pytest.approx([0.5, 0], abs=1e-6)
    assert "differences" in land.critical_points().sureness.text


@pytest.mark.parametrize(
    "formula",
    [
        "abs(x) + abs(y)",
        "sqrt(x)*y",
        "sqrt(x**2 + y**2)",
        "log(x*y)",
        "1/(x**2 + y**2)",
        "x**x + y",
        "tan(x)*tan(y)",
        "floor(3*x) + y**2",
        "exp(1000*x) + y",
        "where(x > 0, x**2, -x)*y**2",
        "arccos(x)*arctanh(y)",
        "x**2.5 + y**-1.5",
        "1/x + 1/y",
        "gammaln(x) + y**2",
        "exp(-1/x**2) + y**2",
        "x % 1 + y**2",
        "atan2(y, x)",
    ],
)
def test_hard_functions_neither_crash_nor_lie(formula: str) -> None:
    points = points_of(formula, x=(-2, 3), y=(-2.5, 2))
    objective = st.function(formula).bind([1.0, 1.0])
    for point in points:
        assert np.isfinite(objective.gradient(point.x)).all()
        assert np.abs(objective.gradient(point.x)).max() < 1e-6
    assert points.sureness.text


def test_a_cone_has_no_critical_point() -> None:
    points = points_of("sqrt(x**2 + y**2)", x=(-1, 1), y=(-1, 1))
    assert len(points) == 0
    assert not points.sureness.proved


def test_a_kink_is_told() -> None:
    points = points_of("abs(x) + y**2", x=(-1, 1.2), y=(-1, 1.3))
    assert len(points) == 0
    assert "kinks or jumps" in points.sureness.text
    assert points.sureness.winding is None


def test_a_box_in_which_nothing_is_defined() -> None:
    with pytest.raises(NonFiniteError, match=r"no finite value.*log\(x\)"):
        points_of("log(x)", x=(-2, -1))


# Random polynomials.

coefficient = hs.integers(-5, 5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    hs.lists(coefficient, min_size=14, max_size=14),
    hs.tuples(*[hs.floats(0.5, 3)] * 4),
)
def test_the_indices_of_random_polynomials_add_up(
    coefficients: list[int], reach: tuple[float, float, float, float]
) -> None:
    powers = [(a, b) for a in range(5) for b in range(5 - a) if a + b > 0]
    terms = [f"{c}*x**{a}*y**{b}" for c, (a, b) in zip(coefficients, powers, strict=True) if c]
    assume(terms)
    formula = " + ".join([*terms, "0*x + 0*y"])
    a, b, c, d = reach
    points = points_of(formula, x=(-a, b), y=(-c, d))
    assert points.sureness.agrees is not False
    if points.sureness.proved:
        inside = sum(point.index for point in points.inside)
        assert points.sureness.winding in (inside, None)


SHAPES = ("sin({})", "cos({})", "exp(-({})**2)", "({})**2", "({})**3", "log(1+({})**2)", "tanh({})")


@pytest.mark.parametrize("seed", range(12))
def test_what_is_proved_complete_is_complete(seed: int) -> None:
    random = np.random.default_rng(seed)
    terms = [
        "{:.2f}*" + SHAPES[random.integers(len(SHAPES))].format("{:.2f}*x + {:.2f}*y + {:.2f}")
        for _ in range(3)
    ]
    formula = " + ".join(terms).format(*random.uniform(-2, 2, size=12))
    points = points_of(formula, x=(-2, 2.2), y=(-2.1, 2))
    assert points.sureness.agrees
    objective = st.function(formula).bind([0.1, 0.2])
    known = np.array([p.x for p in points]).reshape(-1, 2)
    for start in np.stack(np.meshgrid(*[np.linspace(-2, 2, 7)] * 2), axis=-1).reshape(-1, 2):
        found = scipy.optimize.root(objective.gradient, start, jac=objective.hessian, tol=1e-12)
        inside = (np.array([-2, -2.1]) <= found.x) & (found.x <= np.array([2.2, 2]))
        if points.sureness.proved and found.success and inside.all():
            assert np.abs(known - found.x).max(axis=1).min() < 1e-4


@settings(max_examples=15, deadline=None)
@given(hs.lists(hs.floats(-0.9, 0.9), min_size=1, max_size=5, unique=True))
def test_all_roots_of_a_slope_are_found(roots: list[float]) -> None:
    roots = sorted(roots)
    assume(all(b - a > 1e-3 for a, b in pairwise(roots)))
    slope = np.poly1d(roots, r=True)
    primitive = slope.integ()
    formula = " + ".join(f"({c!r})*x**{k}" for k, c in enumerate(primitive.c[::-1].tolist()))
    points = points_of(formula, x=(-1, 1))
    assert sorted(p.x[0] for p in points) == pytest.approx(roots, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    hs.sampled_from(sorted(set(CLASSIC) - {"schwefel"})),
    *[hs.floats(-8, 8)] * 2,
    *[hs.floats(1e-6, 9)] * 2,
)
def test_any_box_of_a_classic_function(
    name: str, left: float, bottom: float, wide: float, high: float
) -> None:
    box = {"x": (left, left + wide), "y": (bottom, bottom + high)}
    points = st.landscape(CLASSIC[name].formula, box).critical_points(most_cells=3000)
    for point in points:
        assert left - 1e-8 <= point.x[0] <= left + wide + 1e-8
        assert bottom - 1e-8 <= point.x[1] <= bottom + high + 1e-8
    if points.sureness.proved:
        assert points.sureness.agrees is not False


def test_units_do_not_matter() -> None:
    plain = points_of("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", x=(-6, 6), y=(-6, 6))
    scaled = points_of(
        "((x/1e6)**2 + y*1e5 - 11)**2 + (x/1e6 + (y*1e5)**2 - 7)**2",
        x=(-6e6, 6e6),
        y=(-6e-5, 6e-5),
    )
    assert [p.kind for p in plain] == [p.kind for p in scaled]
    for here, there in zip(plain, scaled, strict=True):
        assert there.x * [1e-6, 1e5] == pytest.approx(here.x, abs=1e-9)
    assert scaled.sureness.proved


# The call itself.


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({}, "Say where to look"),
        ({"x": (0, 1)}, "no ends for 'y'"),
        ({"x": (0, 1), "y": (0, 1), "z": (0, 1)}, "'z', which is no variable"),
        ({"x": (1, 0), "y": (0, 1)}, "no interval"),
        ({"x": (0, 0), "y": (0, 1)}, "no interval"),
        ({"x": (0, float("inf")), "y": (0, 1)}, "no interval"),
        ({"x": (0, 1, 2), "y": (0, 1)}, "no two ends"),
        ({"x": "wide", "y": (0, 1)}, "no two ends"),
        ({"x": 3, "y": (0, 1)}, "no two ends"),
    ],
)
def test_bad_boxes(box: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        st.landscape("x*y", box)


def test_ends_given_twice() -> None:
    with pytest.raises(InputError, match="given twice"):
        st.landscape("x", {"x": (0, 1)}, x=(0, 1))


def test_a_misspelt_variable() -> None:
    with pytest.raises(InputError, match="Did you mean 'width'"):
        st.landscape("width**2", widht=(0, 1))


def test_the_name_is_the_function_whatever_was_imported_before() -> None:
    code = (
        "from steepest.landscapes.landscape import Landscape; import steepest as st;"
        " print(len(st.landscape('x**2', x=(-1, 1)).critical_points()))"
    )
    report = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert report.stdout == "1\n"


def test_the_points_are_a_sequence_and_tell_of_themselves() -> None:
    points = points_of(SINES, **SQUARE)
    assert (len(points), points[0].kind, len(points[:2])) == (13, "minimum", 2)
    assert [p.kind for p in points][:3] == ["minimum", "minimum", "maximum"]
    assert str(points).startswith("Inside: 2 minima, 2 maxima and 1 saddle. On the boundary: 8")


def test_a_narrow_peak_in_a_wide_box_is_found() -> None:
    # A step of Newton's method from the edge of the peak leads out into the flat.
    points = points_of("exp(-x**2 - y**2) + (x**2 + y**2)/1e5", x=(-60, 61), y=(-62, 60))
    assert any(np.abs(p.x).max() < 1e-9 and p.kind == "maximum" for p in points)


def test_cells_without_extent_are_cells_all_the_same() -> None:
    points = points_of("x**2 + y**2", x=(-1, 1.5), y=(-1, 2))
    assert points.sureness.proved
    evidence = Evidence(
        variables=2,
        inside=1,
        boundary=0,
        singular=0,
        continua=0,
        index_sum=1,
        winding=1,
        bounded=True,
        undecided=0.0,
        cells=2,
        all_isolated=True,
        near_singular=False,
        kinked=False,
        numerical=False,
    )
    assert not sureness(evidence).proved
    assert "Not proved" in sureness(evidence).text


def test_many_points() -> None:
    points = points_of("sin(20*x)*sin(20*y)", x=(0, 1), y=(0, 1))
    # sin(20 x) vanishes at kπ/20, six times inside, and its slope six times.
    assert (points.count("saddle"), len(points.of("minimum")) + len(points.of("maximum"))) == (
        36,
        36,
    )
    assert points.sureness.proved


def test_many_degenerate_points_are_all_listed() -> None:
    points = points_of("sin(40*x)**4", x=(0.01, 3.95))
    # sin vanishes at kπ/40, k = 1 to 50, and its slope halfway between.
    assert (points.count("degenerate"), points.count("maximum")) == (50, 50)
    assert not points.continua
    places = sorted(p.x[0] for p in points.of("degenerate"))
    assert places == pytest.approx([k * np.pi / 40 for k in range(1, 51)], abs=1e-6)


# A limit of time.

WAVES = "sin(50*x)*sin(50*y)"
"""Of some 15,000 critical points on this box."""

MANY = {"x": (0, 6), "y": (0, 6)}


def test_a_search_without_time_says_that_it_stopped_in_its_middle() -> None:
    points = st.landscape(WAVES, MANY).critical_points(max_seconds=1e-9)
    assert points.sureness.stopped
    assert not points.sureness.proved
    assert points.sureness.undecided == 1
    assert "in the middle of the search: points may be missing" in str(points)


def test_a_search_stopped_at_its_proof_says_that_it_was_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late: list[bool] = []
    monkeypatch.setattr(Deadline, "passed", property(lambda _: bool(late)))

    def slow_prove(*given: Any) -> Any:
        late.append(True)
        return prove(*given)

    monkeypatch.setattr("steepest.landscapes.critical.prove", slow_prove)
    points = st.landscape(SINES, SQUARE).critical_points(max_seconds=1)
    assert len(points) == 13
    assert points.sureness.stopped
    assert points.sureness.undecided == 1
    assert "the search for points came to its end, but not what was to show" in str(points)


def test_a_search_that_ends_in_time_is_as_one_without_limit() -> None:
    land = st.landscape(SINES, SQUARE)
    within = land.critical_points(max_seconds=1e9)
    assert within.sureness.proved
    assert not within.sureness.stopped
    # Known as a whole, they are not searched again.
    assert land.critical_points() is within
    assert land.critical_points(max_seconds=1e-9) is within


def test_a_stopped_search_can_be_taken_up_without_limit() -> None:
    land = st.landscape(SINES, SQUARE)
    assert land.critical_points(max_seconds=1e-9).sureness.stopped
    assert land.critical_points().sureness.proved


def test_no_seconds_are_no_limit() -> None:
    with pytest.raises(InputError, match="max_seconds"):
        st.landscape(SINES, SQUARE).critical_points(max_seconds=0)

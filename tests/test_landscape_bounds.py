"""Interval arithmetic holds whatever it bounds, and the proof built on it proves what is true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs

from steepest.landscapes.domain import read_domain
from steepest.landscapes.enclosure import Enclosure, enclosure_of
from steepest.landscapes.field import Field
from steepest.landscapes.proof import prove

BOX = {"x": (-4.0, 4.0), "y": (-4.0, 4.0)}

FORMULAS = [
    "x + y - 2*x",
    "x*y*(x - y)",
    "x**2*y**3",
    "x/(y + 0.1)",
    "1/(x*x + 0.01)",
    "x**-3 + y**-2",
    "x**2.5 + y**0.7",
    "(2 + x*x)**y",
    "2**x - y**2",
    "sin(3*x)*cos(2*y)",
    "tan(x)*y",
    "exp(-x*x - y) + exp2(y) + expm1(x)",
    "log(x) + log2(y + 5) + log10(x + 5) + log1p(y)",
    "sqrt(x)*cbrt(y)",
    "sinh(x)*cosh(y) + tanh(x*y)",
    "arcsin(x/5) + arccos(y/3) + arctan(x*y)",
    "arcsinh(x) + arccosh(y) + arctanh(x/6)",
    "hypot(x, y) + logaddexp(x, y)",
    "sigmoid(x)*y",
]


def enclosure(formula: str) -> Enclosure:
    field = Field(*read_domain(formula + " + 0*x*y", BOX))
    found = enclosure_of(field)
    assert found is not None
    return found


ENCLOSURES = {formula: enclosure(formula) for formula in FORMULAS}
unit = hs.floats(0, 1)


@settings(max_examples=60, deadline=None)
@given(
    hs.sampled_from(FORMULAS),
    hs.tuples(unit, unit),
    hs.tuples(hs.floats(1e-9, 1), hs.floats(1e-9, 1)),
    hs.integers(0, 2**32 - 1),
)
def test_bounds_hold(
    formula: str, corner: tuple[float, float], share: tuple[float, float], seed: int
) -> None:
    bounds = ENCLOSURES[formula]
    lower = -4 + 8 * np.array(corner)
    upper = np.minimum(lower + 4 * np.array(share) ** 3, 4.0)
    places = lower + np.random.default_rng(seed).random((100, 2)) * (upper - lower)
    places = np.clip(np.vstack([places, lower, upper]), lower, upper)
    slopes = bounds.gradient(lower[None], upper[None])
    seen = bounds.field.gradients(places)
    seen = seen[np.isfinite(bounds.field.values(places)) & np.isfinite(seen).all(axis=1)]
    if slopes.undefined[0]:
        assert not len(seen)
    # What a program computes is rounded itself.
    rounding = 1e-11 * (1 + np.abs(seen))
    assert (seen >= slopes.low - rounding).all()
    assert (seen <= slopes.high + rounding).all()
    curvature, whole = bounds.hessian(lower[None], upper[None])
    if whole[0]:
        matrices = bounds.field.hessians(places)
        rounding = 1e-10 * (1 + np.abs(matrices))
        assert (matrices >= curvature.low - rounding).all()
        assert (matrices <= curvature.high + rounding).all()


def test_a_square_is_not_below_zero() -> None:
    slopes = enclosure("x**3/3 + y").gradient(np.array([[-1.0, 0.0]]), np.array([[2.0, 1.0]]))
    assert slopes.low[0, 0] == pytest.approx(0, abs=1e-12)


def test_where_nothing_is_defined_is_known() -> None:
    slopes = enclosure("log(x) + sqrt(y)").gradient(
        np.array([[-2.0, 1.0], [-1.0, 1.0], [1.0, 1.0]]),
        np.array([[-1.0, 2.0], [1.0, 2.0], [2.0, 2.0]]),
    )
    assert slopes.undefined.tolist() == [True, False, False]
    assert slopes.partial.tolist() == [True, True, False]


@pytest.mark.parametrize("formula", ["abs(x)", "max(x, y)", "floor(x)", "x % 1", "gammaln(x)"])
def test_what_is_not_smooth_is_not_bounded(formula: str) -> None:
    assert enclosure_of(Field(*read_domain(formula + " + 0*x*y", BOX))) is None


def test_a_point_left_out_leaves_cells() -> None:
    bounds = enclosure("(x**2 - 1)**2 + y**2")
    three = np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    whole = prove(bounds, three)
    assert len(whole.lower) == 0
    assert whole.isolated.all()
    missing = prove(bounds, three[1:])
    assert len(missing.lower)
    assert ((missing.lower <= three[0]) & (three[0] <= missing.upper)).all(axis=1).any()


def test_a_point_that_is_none_is_not_isolated() -> None:
    proof = prove(enclosure("x**2 + y**2"), np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert proof.isolated.tolist() == [True, False]


def test_too_few_cells_prove_nothing() -> None:
    proof = prove(enclosure("x**2 + y**2 + sin(x*y)"), np.array([[0.0, 0.0]]), most_cells=10)
    assert not proof.finished
    assert proof.share(64.0) == pytest.approx(1.0)

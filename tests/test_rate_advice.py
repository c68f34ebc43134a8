"""Which learning rate is suggested, and what is said of the others."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.descent.rate_advice import BANDS, _ordered

BOWL = ("x**2 + 10*y**2", [1.0, 1.0])
VALLEY = ("(1-x)**2 + 100*(y-x**2)**2", [-1.2, 1.0])
WAVES = ("sin(x)*sin(y)", [1.66, 3.37])


@pytest.mark.parametrize(
    ("method", "threshold"),
    [("gradient-descent", 2 / 20), ("momentum", 3.8 / 20), ("nesterov", 3.8 / 2.8 / 20)],
)
def test_the_threshold_of_a_bowl_parts_the_bands(method, threshold):
    advice = st.suggest_rate(*BOWL, method)
    assert advice.stable == pytest.approx(threshold)
    assert advice.curvature == pytest.approx(20)
    lowest, _ = advice.band("diverging")
    assert threshold * (1 - 1e-9) < lowest < 1.3 * threshold
    _, highest = advice.band("good")
    assert highest < threshold * (1 + 1e-9)
    assert advice.rate < threshold


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam", "rmsprop", "lion"])
@pytest.mark.parametrize("problem", [BOWL, VALLEY, WAVES], ids=["bowl", "valley", "waves"])
def test_bands_follow_each_other(problem, method):
    advice = st.suggest_rate(*problem, method)
    order = [BANDS.index(band) for band in advice.bands]
    assert order == sorted(order)
    good = [band == "good" for band in advice.bands]
    assert any(good)
    assert np.isfinite(advice.values[good]).all()
    assert advice.bands[advice.rates.tolist().index(advice.rate)] == "good"


def test_a_rate_that_does_well_by_luck_is_not_good():
    lucky = [*["slow"] * 3, *["good"] * 4, "diverging", "good", *["diverging"] * 3]
    assert _ordered(lucky) == (*["slow"] * 3, *["good"] * 4, *["diverging"] * 5)


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam", "rmsprop", "lion"])
@pytest.mark.parametrize("problem", [BOWL, VALLEY], ids=["bowl", "valley"])
def test_the_suggested_rate_holds_and_brings_the_value_down(problem, method):
    advice = st.suggest_rate(*problem, method)
    result = st.minimize(*problem, method=method, learning_rate=advice.rate, max_steps=300)
    assert result.reason not in (st.Reason.DIVERGED, st.Reason.NOT_FINITE)
    assert result.fun < 0.3 * advice.start_value


@pytest.mark.parametrize(
    ("formula", "open_ended"),
    [("-x**2", True), ("-x", True), ("exp(x)", True), ("x**2", False), ("x**4 - x**2", False)],
)
def test_a_function_without_a_minimum_has_no_rate_that_is_too_large(formula, open_ended):
    advice = st.suggest_rate(formula, [1.0])
    assert advice.open_ended is open_ended
    assert ("there may be no minimum" in advice.explain()) is open_ended


def test_every_rate_runs_as_minimize_runs_it():
    advice = st.suggest_rate(*VALLEY)
    for place in (0, 30, 50):
        alone = st.minimize(
            *VALLEY,
            method="gradient-descent",
            learning_rate=float(advice.rates[place]),
            stop="max-steps",
            max_steps=100,
        )
        assert advice.values[place] == pytest.approx(alone.last.fun, rel=1e-9)


def test_many_variables_have_their_curvature_from_lanczos():
    curvatures = np.linspace(1.0, 50.0, 400)
    advice = st.suggest_rate(lambda x: np.sum(curvatures * x**2) / 2, np.ones(400))
    assert advice.curvature == pytest.approx(50, rel=1e-2)


def test_it_is_said_in_words():
    text = st.suggest_rate(*BOWL).explain()
    assert text.startswith("Take learning_rate=0.0")
    assert "Diverging: " in text
    assert "L = 20, makes rates above 0.1 unstable" in text


def test_a_method_without_a_rate_is_refused():
    with pytest.raises(st.InputError, match="finds the length of its steps itself"):
        st.suggest_rate(*BOWL, "newton")
    with pytest.raises(st.InputError, match="no band 'fast'"):
        st.suggest_rate(*BOWL).band("fast")


def test_a_ridge_has_no_threshold():
    advice = st.suggest_rate("log(x)", 1.0)
    assert (advice.stable, advice.curvature) == (None, None)
    assert "curvature" not in advice.explain()


def test_a_level_start_and_no_steps_are_refused():
    with pytest.raises(st.InputError, match="gradient at the start is 0"):
        st.suggest_rate("x**2", 0.0)
    with pytest.raises(st.InputError, match="steps=0"):
        st.suggest_rate(*BOWL, steps=0)


def test_a_start_that_is_not_finite_is_refused():
    with pytest.raises(st.NonFiniteError, match="log"):
        st.suggest_rate("log(x)", -1.0)


@pytest.mark.parametrize(("fun", "start"), [("x**2", 0.0), (lambda x: 3.0, [1.0, 2.0])])
def test_no_rate_is_suggested_where_none_moves_the_start(fun, start):
    with pytest.raises(st.InputError, match="start on a slope"):
        st.suggest_rate(fun, start)


def test_the_repr_of_advice_fits_a_line():
    assert len(repr(st.suggest_rate(*BOWL))) < 200


def test_a_start_whose_square_is_infinite_is_advised_on():
    # A tower of powers, whose second derivatives are not finite and are looked for by differences.
    tower = "**".join(["x"] * 3 + ["y"] * 3)
    assert st.suggest_rate(tower, {"x": 1.0, "y": 2.3e154}).rate > 0

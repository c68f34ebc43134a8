"""Fits that begin where nothing can be seen: they recover, or say why they cannot."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st

X = np.linspace(0, 10, 80)
NOISE = 0.02 * np.random.default_rng(0).normal(size=80)
PEAK = {"x": X, "y": 5 * np.exp(-(((X - 7) / 0.6) ** 2)) + NOISE}
DECAY = {"x": X, "y": 3 * np.exp(-0.7 * X) + 1.5 + NOISE}
GAUSS = "y ~ h*exp(-((x - m)/s)**2)"


def stuck(fit):
    """Return whether a fit claims more than it has: success far from the best."""
    return fit.success and fit.loss > 1


def test_a_peak_that_starts_on_a_plateau_far_away_is_no_success():
    fit = st.fit(GAUSS, PEAK, start={"h": 1, "m": -40, "s": 0.5})
    assert not stuck(fit)
    assert not fit.success
    assert fit.standard_errors is None
    assert "do not depend on" in fit.why_no_errors or "cannot" in fit.why_no_errors


def test_without_a_start_the_peak_is_found():
    fit = st.fit(GAUSS, PEAK)
    assert fit.success
    assert fit.parameters["m"] == pytest.approx(7, abs=0.02)


@pytest.mark.parametrize("rate", [-80.0, 300.0, 1e6])
def test_a_start_that_overflows_or_vanishes_recovers_or_says_why(rate):
    start = {"a": 1, "b": rate, "c": 0}
    if rate < 0:
        with pytest.raises(st.NonFiniteError, match="b=-80"):
            st.fit("y ~ a*exp(-b*x) + c", DECAY, start=start)
        return
    fit = st.fit("y ~ a*exp(-b*x) + c", DECAY, start=start)
    assert not stuck(fit)
    assert fit.success == (fit.parameters["b"] == pytest.approx(0.7, abs=0.05))


def test_trial_points_that_are_not_numbers_are_stepped_back_from():
    # Steps to b < -0.05 leave the domain of the root.
    data = {"x": X, "y": np.sqrt(0.1 + 2 * X) + NOISE}
    for start in ({"a": 50.0, "b": 0.01}, {"a": 0.001, "b": 30.0}):
        fit = st.fit("y ~ sqrt(b + a*x)", data, start=start)
        assert fit.success
        assert fit.parameters == pytest.approx({"a": 2, "b": 0.1}, abs=0.05)


def test_a_parameter_that_does_nothing_is_named():
    fit = st.fit("y ~ a*exp(-b*x) + c + 0*q", DECAY)
    assert not fit.success
    assert "q" in fit.why_no_errors


def test_a_model_that_is_finite_nowhere_is_an_error_with_its_place():
    with pytest.raises(st.NonFiniteError):
        st.fit("y ~ log(-1 - a**2) + b", DECAY)


def test_a_response_that_is_not_defined_is_refused_with_its_row():
    with pytest.raises(st.InputError, match="row 3"):
        st.fit("log(y) ~ a + b*x", {"x": [0, 1, 2.0], "y": [1, 2, 0.0]})


@pytest.mark.parametrize("memory", [None, "64MiB"])
def test_fewer_rows_than_parameters_are_refused_unless_something_else_decides(memory):
    model, two = "y ~ a*exp(-b*x) + c", {"x": [0.0, 1.0], "y": [1.0, 2.0]}
    with pytest.raises(st.InputError, match=r"^2 rows cannot tell 3 parameters \(a, b, c\)"):
        st.fit(model, two, memory=memory)
    assert st.fit(model, two, fixed={"c": 0.5}, memory=memory).parameters["c"] == 0.5
    assert st.fit(model, two, l2=0.1, memory=memory).success


def test_time_runs_out_with_what_was_found_so_far():
    fit = st.fit(GAUSS, PEAK, max_seconds=1e-4)
    assert fit.result.reason is st.Reason.MAX_SECONDS
    assert not fit.success
    assert np.isfinite(fit.loss)


def test_a_callback_sees_the_descent_alone_and_can_end_it():
    seen = []

    def callback(step):
        seen.append(step.step)
        return step.step == 2

    fit = st.fit("y ~ a*exp(-b*x) + c", DECAY, callback=callback)
    assert seen == [0, 1, 2]
    assert fit.result.reason is st.Reason.CALLBACK


def test_an_interrupt_gives_the_usual_fit():
    def callback(step):
        if step.step == 1:
            raise KeyboardInterrupt

    fit = st.fit("y ~ a*exp(-b*x) + c", DECAY, start={"a": 1, "b": 1, "c": 1}, callback=callback)
    assert fit.result.reason is st.Reason.INTERRUPTED
    assert not fit.success
    assert "INTERRUPTED" in fit.why_no_errors


def test_a_model_that_is_not_defined_beside_its_best_place_is_no_crash():
    x = np.linspace(0, 5, 11)
    found = st.fit("y ~ a*x**b", {"x": x, "y": 2 * np.exp(-x)}, max_seconds=1)
    assert np.isfinite(found.loss)  # b < 0 divides by zero at x = 0

"""Fixed and tied parameters, and bounds without a start."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st

X = np.linspace(0, 5, 60)
Y = 3 * np.exp(-0.7 * X) + 1.5 + 0.02 * np.random.default_rng(0).normal(size=60)
DATA = {"x": X, "y": Y}
DECAY = "y ~ a*exp(-b*x) + c"


def test_a_fixed_parameter_keeps_its_value_and_has_no_error():
    fit = st.fit(DECAY, DATA, fixed={"c": 1.5})
    plain = st.fit("y ~ a*exp(-b*x) + 1.5", DATA)
    assert fit.parameters == pytest.approx({**plain.parameters, "c": 1.5})
    assert fit.standard_errors == pytest.approx(plain.standard_errors)
    assert fit.degrees_of_freedom == 58
    assert "c = 1.5 (fixed)" in fit.explain()


def test_a_tied_parameter_follows_and_its_error_too():
    fit = st.fit(DECAY, DATA, ties={"c": "a/2"})
    plain = st.fit("y ~ a*exp(-b*x) + a/2", DATA)
    assert fit.parameters["a"] == pytest.approx(plain.parameters["a"])
    assert fit.parameters["c"] == pytest.approx(plain.parameters["a"] / 2)
    assert fit.standard_errors["c"] == pytest.approx(plain.standard_errors["a"] / 2)
    assert "(tied: a/2)" in fit.explain()


def test_ties_may_build_on_each_other_and_on_fixed_values():
    fit = st.fit(
        "y ~ a*exp(-b*x) + c + d", DATA, fixed={"d": 0.5}, ties={"c": "2*d", "b": "c - 0.3"}
    )
    assert fit.parameters["c"] == 1.0
    assert fit.parameters["b"] == pytest.approx(0.7)
    assert fit.model.parameters == ("a", "b", "c", "d")


def test_predictions_use_all_parameters():
    fit = st.fit(DECAY, DATA, fixed={"c": 1.5})
    a, b = fit.parameters["a"], fit.parameters["b"]
    assert fit.predict({"x": [1.0]}) == pytest.approx([a * np.exp(-b) + 1.5])


def test_bounds_need_no_start_inside():
    fit = st.fit(DECAY, DATA, bounds={"b": (0.9, 5), "a": (2, None)})
    assert fit.parameters["b"] == 0.9
    assert "b at its lower" in fit.why_no_errors
    free = st.fit(DECAY, DATA, bounds={"b": (0.5, 5)})
    assert free.success
    assert free.parameters == pytest.approx(st.fit(DECAY, DATA).parameters, rel=1e-6)


def test_a_linear_model_within_bounds_ends_at_them():
    fit = st.fit("y ~ p + q*x", DATA, bounds={"q": (0, None)})
    assert fit.parameters["q"] == 0
    assert fit.parameters["p"] == pytest.approx(Y.mean())


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"fixed": {"z": 1}}, "fixed names 'z', which is no parameter"),
        ({"fixed": {"a": "one"}}, "fixed gives a the value 'one'"),
        ({"fixed": {"a": np.nan}}, "fixed gives a the value nan"),
        ({"fixed": {"a": 1}, "ties": {"a": "b"}}, "'a' is fixed and tied at once"),
        ({"fixed": {"a": 1, "b": 2, "c": 3}}, "nothing to fit"),
        ({"ties": {"a": "b", "b": "a"}}, "in a circle"),
        ({"ties": {"a": "2*q"}}, "uses 'q', which is no parameter"),
        ({"ties": {"a": "2*"}}, "The tie of a cannot be read"),
        ({"ties": {"a": 3}}, "give a formula"),
        ({"fixed": {"a": 1}, "start": {"a": 2}}, "'a', which is not free"),
    ],
)
def test_restrictions_that_make_no_sense_are_refused(options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.fit(DECAY, DATA, **options)

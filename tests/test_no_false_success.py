"""What other minimisers have claimed, and this one must not."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import steepest as st
from processes import steepest_command


def squared_in_single_precision(x: Any) -> Any:
    return np.float32(x) * np.float32(x)


WALKS = [
    {},
    {"learning_rate": 0.1},
    {"method": "momentum"},
    {"method": "adam", "learning_rate": 0.01},
    {"stop": "no-descent"},
]


@pytest.mark.parametrize("options", WALKS, ids=repr)
def test_values_rounded_to_single_precision_are_no_flat_place(options: dict[str, Any]) -> None:
    # Over tiny steps the rounded value does not change: differences would say that x = 1 is flat.
    result = st.minimize(squared_in_single_precision, 1.0, **options)
    assert result.x != 1.0
    assert result.fun < 1.0
    assert not result.success or abs(result.x) < 1e-3


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam"])
@pytest.mark.parametrize("rate", [None, 0.01, 0.1, 0.5, 1.0, 2.0])
def test_a_kink_gives_a_better_point_and_no_success(method: str, rate: float | None) -> None:
    result = st.minimize("abs(x)", 1.1, method=method, learning_rate=rate, max_steps=300)
    assert result.fun == abs(result.x) < 1.1
    assert result.fun == result.history.fun.min()
    assert not result.success
    assert result.verdict.kind == "not stationary"


def test_a_rate_that_only_swings_over_a_kink_is_no_success() -> None:
    result = st.minimize("abs(x)", 1.1, learning_rate=2.2, max_steps=300)
    assert (result.fun, result.success) == (1.1, False)


def test_the_bottom_of_a_kink_is_found_with_the_gradient_of_its_convention() -> None:
    result = st.minimize(abs, 1.1, jac=np.sign)
    assert (result.x, result.fun, result.success) == (0.0, 0.0, True)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_too_large_a_rate_is_divergence_early_and_names_a_stable_one(size: int) -> None:
    result = st.minimize(lambda v: v @ v, np.arange(1.0, 1 + size), learning_rate=1.1)
    assert result.reason is st.Reason.DIVERGED
    assert result.nit < 100
    assert result.history.fun.max() < 1e12
    assert not result.success
    assert result.suggested_rate is not None
    assert 0 < result.suggested_rate < 1
    assert f"{result.suggested_rate:g}" in result.message
    assert "below 1." in result.message


def test_too_large_a_rate_that_only_stops_is_no_success() -> None:
    result = st.minimize("x**2 + y**2", [1, 2], learning_rate=1.1, stop="no-descent")
    assert (result.reason, result.success) == (st.Reason.NO_DESCENT, False)
    assert result.verdict.kind == "not stationary"


def test_a_value_that_is_no_number_is_told() -> None:
    with pytest.raises(st.NonFiniteError, match="nan"):
        st.minimize(lambda x, y: math.nan * x + y, [1.0, 1.0])


def test_a_value_that_becomes_no_number_is_told_and_the_best_point_kept() -> None:
    result = st.minimize(lambda x, y: np.sqrt(x) + y**2, [0.5, 1.0], learning_rate=0.6)
    assert (result.reason, result.success) == (st.Reason.NOT_FINITE, False)
    assert np.isfinite(result.x).all()
    assert result.fun == np.nanmin(result.history.fun) < 1.7
    assert "sqrt(x)" in result.message


def test_columns_on_a_large_scale_are_no_silent_blow_up() -> None:
    x = np.arange(20_000.0)
    result = st.minimize(
        lambda a, b: np.sum((a + b * x - 3 * x) ** 2), [0.0, 0.0], learning_rate=0.1
    )
    assert result.reason is st.Reason.DIVERGED
    assert result.x.tolist() == [0.0, 0.0]
    assert result.suggested_rate is not None
    assert result.suggested_rate < 1e-11


def test_a_model_that_no_longer_feels_its_parameter_says_so() -> None:
    t = np.linspace(0, 1, 20)
    data = 2 * np.exp(-1.5 * t)

    def misfit(a, b):
        return np.sum((a * np.exp(-b * t) - data) ** 2)

    result = st.minimize(misfit, [1.0, 1000.0], method="l-bfgs")
    assert result.x[1] == pytest.approx(1000.0)
    assert "level" in result.verdict.text


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam", "rmsprop", "lion"])
def test_the_path_is_always_kept(method: str) -> None:
    result = st.minimize("x**2 + y**2", [1, 2], method=method, learning_rate=0.01, max_steps=20)
    assert result.history.x.shape == (result.nit + 1, 2)
    assert result.history.fun == pytest.approx((result.history.x**2).sum(axis=1), rel=1e-14)


def test_nothing_is_success_before_the_gradient_was_looked_at() -> None:
    result = st.minimize("x**2", 1.0, stop="max-steps", max_steps=0)
    assert (result.nit, result.success) == (0, False)
    at_minimum = st.minimize("x**2", 0.0, stop="max-steps", max_steps=0)
    assert (at_minimum.nit, at_minimum.success) == (0, True)


def test_the_gradient_at_kinks_is_finite() -> None:
    norm = st.function(lambda v: np.linalg.norm(v) ** 2)
    assert norm.gradient([0.0, 0.0]).tolist() == [0, 0]
    untaken = st.function(lambda v: np.sum(np.where(v >= 0, v, np.sqrt(-v))))
    assert untaken.gradient([1.0, 2.0]).tolist() == [1, 1]


def test_what_was_written_in_place_is_differentiated() -> None:
    def filled(v: Any) -> Any:
        out = np.zeros(3)
        out[0] = v[0] ** 2
        out[1:] = v[1:] * 3
        out[0] += 1
        return out.sum()

    f = st.function(filled)
    assert f.gradient([2.0, 1.0, 1.0]).tolist() == [4, 3, 3]
    assert f.differentiation == "graph"


@pytest.mark.parametrize(
    ("formula", "start", "rate"),
    [
        ("abs(x)", "x=1.1", "0.1"),
        ("x**2", "x=1", "1.1"),
        ("x", "x=1", "0.1"),
        ("-x**2", "x=1", "1"),
    ],
)
def test_the_shell_claims_no_success_either(formula: str, start: str, rate: str) -> None:
    report = steepest_command(
        *("minimize", formula, "--start", start, "--learning-rate", rate),
        *("--steps", "3000", "--json", "--quiet"),
    )
    found = json.loads(report.stdout)
    assert report.returncode == 1 or found["reason"] == "NO_FURTHER_FALL"
    assert (found["success"], found["verdict"]) == (False, "not stationary")

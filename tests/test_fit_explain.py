"""What a fit says of itself, and what its residuals show that the model does not have."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.fitting.quality import runs_score, turns

CUBIC = "y ~ a + b*x + c*x**2 + d*x**3"


def sine(reach, rows=2000):
    x = np.linspace(-reach * np.pi, reach * np.pi, rows)
    return {"x": x, "y": np.sin(x)}


def test_a_cubic_for_four_periods_is_told_what_it_lacks():
    text = st.fit(CUBIC, sine(4)).explain()
    assert "Lack of fit" in text
    assert "The data turn 8 times along x" in text
    assert "a polynomial of degree 3 turns at most twice" in text
    assert "b and d go together: their correlation is -0.9" in text
    assert "Ill-conditioned for plain gradient descent" in text


def test_plain_descent_over_four_periods_is_told_that_its_rate_blew_up():
    fit = st.fit(CUBIC, sine(4), start="random", method="gradient-descent", learning_rate=1e-6)
    assert not fit.success
    assert "smaller learning rate" in fit.explain()
    assert fit.result.suggested_rate < 1e-8


def test_a_model_that_fits_is_told_nothing_of_the_kind():
    x = np.linspace(0, 10, 200)
    y = np.sin(x) + 0.1 * np.random.default_rng(0).normal(size=200)
    text = st.fit("y ~ a*sin(b*x + c)", {"x": x, "y": y}).explain()
    assert "Lack of fit" not in text
    assert "Ill-conditioned" not in text


def test_false_alarms_of_lack_of_fit_are_rare():
    rng = np.random.default_rng(1)
    x = np.linspace(0, 1, 60)
    alarms = sum(
        "Lack of fit" in st.fit("y ~ a + b*x", {"x": x, "y": rng.normal(size=60)}).explain()
        for _ in range(100)
    )
    assert alarms <= 1


def test_runs_of_random_signs_are_no_pattern():
    rng = np.random.default_rng(0)
    scores = [runs_score(rng.normal(size=100)) for _ in range(400)]
    assert np.mean(scores) == pytest.approx(0, abs=0.15)
    assert np.std(scores) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("reach", "count"), [(1, 2), (2, 4), (4, 8)])
def test_turns_of_a_sine_are_counted(reach, count):
    assert turns(np.sin(np.linspace(-reach * np.pi, reach * np.pi, 999))) == count


def test_constants_and_loss_are_at_hand_inside_the_loop():
    x, printed = sine(1), []

    def callback(step):
        if step.step % 100 == 0:
            printed.append((step.step, *step.x.values(), step.fun))

    st.fit(
        CUBIC, x, start="random", method="gradient-descent", learning_rate=1e-6,
        stop="max-steps", max_steps=200,
        callback=callback,
    )  # fmt: skip
    assert [row[0] for row in printed] == [0, 100, 200]
    assert printed[0][-1] > printed[1][-1] > printed[2][-1]


def test_other_losses_and_rates_are_one_option():
    losses = {}
    for rate in (1e-7, 1e-6):
        for loss in ("sse", "huber"):
            fit = st.fit(CUBIC, sine(1), loss, {"a": 1}, "gradient-descent", learning_rate=rate,
                         stop="max-steps", max_steps=100)  # fmt: skip
            losses[rate, loss] = fit.result.fun
    assert losses[1e-6, "sse"] < losses[1e-7, "sse"]


def test_a_loss_in_which_rows_count_differently_is_called_so():
    x = np.linspace(0, 1, 20)
    sigma = np.linspace(0.1, 0.2, 20)
    data = {"x": x, "y": 1 + 2 * x + sigma * np.sin(50 * x), "w": sigma**-2}
    assert "\nsse = " in st.fit("y ~ a + b*x", data).explain()
    assert "\nweighted sse = " in st.fit("y ~ a + b*x", data, sigma=sigma).explain()
    assert "\nweighted mse = " in st.fit("y ~ a + b*x", data, "mse", weights="w").explain()
    known = st.fit("y ~ a + b*x", data, sigma=sigma, absolute_sigma=True).explain()
    assert "\nχ² = " in known
    assert "reduced χ² = " in known


def test_the_notices_of_a_fit_are_all_there_are():
    def through_text(x, a):
        return float(f"{a}") * x

    fit = st.fit(through_text, {"x": [1.0, 2.0], "y": [2.0, 4.0]}, method="l-bfgs")
    assert set(fit.result.notices) <= set(fit.notices)
    assert any("Differentiated numerically" in notice for notice in fit.notices)
    assert fit.explain().count("Differentiated numerically") == 1

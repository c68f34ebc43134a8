"""Parameters in arrays where no method is asked for: many, few, and those no data determine."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st

rng = np.random.default_rng(0)
PLACES = rng.normal(size=(200, 2))
HEIGHTS = np.sin(2 * PLACES[:, 0]) + PLACES[:, 1] ** 2 + 0.1 * rng.normal(size=200)
X = np.linspace(0, 20, 600)
PEAKS = {"height": 1 + rng.random(20), "place": np.arange(20) + 0.5, "width": np.full(20, 0.2)}


def network(X, W, b, v, c):
    return np.tanh(X @ W + b) @ v + c


def peaks(x, height, place, width):
    return (height * np.exp(-(((x[:, None] - place) / width) ** 2))).sum(axis=1)


def begun(width):
    draw = np.random.default_rng(1)
    return {
        "W": draw.normal(size=(2, width)),
        "b": np.zeros(width),
        "v": draw.normal(size=width) / width,
        "c": 0.0,
    }


@pytest.mark.parametrize(
    ("width", "method", "most"), [(3, "levenberg-marquardt", 300), (16, "l-bfgs", 1000)]
)
def test_a_network_ends_after_so_many_steps_as_are_worth_it(width, method, most):
    fit = st.fit(network, {"X": PLACES, "y": HEIGHTS}, start=begun(width))
    assert fit.result.method == method
    assert fit.result.nit <= most
    assert fit.r_squared > 0.98


def test_the_steps_of_a_network_are_as_many_as_asked_for():
    fit = st.fit(network, {"X": PLACES, "y": HEIGHTS}, start=begun(16), max_steps=1100)
    assert fit.result.nit == 1100
    assert fit.result.reason is st.Reason.MAX_STEPS
    stopped = st.fit(
        network, {"X": PLACES, "y": HEIGHTS}, start=begun(16), stop=st.stopping.MaxSteps(1050)
    )
    assert stopped.result.nit == 1050
    assert (
        st.fit(network, {"X": PLACES, "y": HEIGHTS}, start=begun(16), max_steps=0).result.nit == 0
    )


def test_many_parameters_that_the_data_determine_are_found_as_by_levenberg_and_marquardt():
    data = {"x": X, "y": peaks(X, **PEAKS) + 0.05 * rng.normal(size=X.size)}
    start = {"height": np.ones(20), "place": np.arange(20) + 0.4, "width": np.full(20, 0.3)}
    ours = st.fit(peaks, data, start=start)
    theirs = st.fit(peaks, data, start=start, method="levenberg-marquardt")
    assert ours.result.method == "l-bfgs"
    assert "method='levenberg-marquardt'" in ours.explain()
    assert ours.success
    assert ours.loss == pytest.approx(theirs.loss, rel=1e-12)


def test_many_parameters_in_which_a_model_is_linear_are_had_to_the_last_digit():
    columns = rng.normal(size=(300, 60))
    truth = rng.normal(size=60)
    fit = st.fit(
        lambda X, b: X @ b, {"X": columns, "y": columns @ truth}, start={"b": np.zeros(60)}
    )
    assert fit.result.method == "levenberg-marquardt"
    assert fit.parameters["b"] == pytest.approx(truth, rel=1e-12)

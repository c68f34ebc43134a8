"""Descents on some of the rows at a time."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

import steepest as st
from processes import blas_threads
from steepest import threads
from steepest.functions.graph import GraphFunction

PIXELS, LABELS = load_digits(return_X_y=True)
PIXELS = PIXELS / 16
X = np.linspace(0, 4, 200)
Y = 2 * np.exp(-X) + 0.05 * np.random.default_rng(0).normal(size=200)
DECAY, DATA = "y ~ a*exp(-b*x)", {"x": X, "y": Y}


def network(X, W, b, V, c):
    return np.tanh(X @ W + b) @ V + c


def begun(hidden, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "W": rng.normal(size=(64, hidden)) / 8,
        "b": np.zeros(hidden),
        "V": rng.normal(size=(hidden, 10)) / np.sqrt(hidden),
        "c": np.zeros(10),
    }


def losses_by_hand(start, rows, epochs, rate, seed):
    """Return the loss of every batch of Adam on the network, backpropagated by hand."""
    generator = np.random.default_rng(seed)
    weights = {name: value.copy() for name, value in start.items()}
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    losses, step = [], 0
    for _ in range(epochs):
        order = generator.permutation(len(rows))
        for first in range(0, len(order), 128):
            places = rows[order[first : first + 128]]
            x, y = PIXELS[places], LABELS[places]
            hidden = np.tanh(x @ weights["W"] + weights["b"])
            scores = hidden @ weights["V"] + weights["c"]
            scores = scores - scores.max(axis=1, keepdims=True)
            chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
            losses.append(-np.mean(np.log(chances[np.arange(len(y)), y])))
            error = (chances - np.eye(10)[y]) / len(y)
            inner = error @ weights["V"].T * (1 - hidden**2)
            slopes = {"W": x.T @ inner, "b": inner.sum(0), "V": hidden.T @ error, "c": error.sum(0)}
            step += 1
            for name, slope in slopes.items():
                mean[name] = 0.9 * mean[name] + 0.1 * slope
                square[name] = 0.999 * square[name] + 0.001 * slope**2
                up = mean[name] / (1 - 0.9**step)
                down = np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
                weights[name] = weights[name] - rate * up / down
    return losses


def test_a_network_has_the_losses_of_the_loop_by_hand():
    start = begun(32)
    fit = st.fit(
        network,
        {"X": PIXELS, "y": LABELS},
        "cross_entropy",
        start,
        "adam",
        batch_size=128,
        epochs=5,
        learning_rate=1e-2,
        seed=4,
    )
    expected = losses_by_hand(start, np.arange(len(LABELS)), 5, 1e-2, 4)
    assert fit.result.history.fun[:-1] == pytest.approx(expected, rel=1e-10)
    assert len(fit.epochs) == 5
    assert fit.epochs[0].loss == pytest.approx(np.mean(expected[:15]))
    chances = fit.predict({"X": PIXELS[:50]})
    assert chances.shape == (50, 10)
    assert chances.sum(axis=1) == pytest.approx(1)
    assert np.mean(np.argmax(chances, axis=1) == LABELS[:50]) > 0.9
    assert fit.parameters["W"].shape == (64, 32)


def test_no_product_with_the_hessian_of_all_rows_is_made(monkeypatch):
    def refuse(*_):
        raise AssertionError("A product takes as long as many steps on batches.")

    monkeypatch.setattr(GraphFunction, "hessian_vector", refuse)
    fit = st.fit(DECAY, DATA, "mse", method="adam", batch_size=32, epochs=2, learning_rate=0.1)
    assert not fit.success
    assert "above its goal" in fit.result.stationarity.text


def test_rows_held_out_decide_the_end():
    fit = st.fit(
        DECAY, DATA, "mse", {"a": 0.5, "b": 0.2}, "momentum",
        batch_size=40, held_out=0.25, epochs=500, patience=5, learning_rate=0.05, seed=1,
    )  # fmt: skip
    losses = [one.held_out_loss for one in fit.epochs]
    assert len(losses) < 500
    assert np.argmin(losses) == len(losses) - 6
    assert fit.result.reason is st.Reason.HELD_OUT
    assert len(fit.criterion.rows) == 150
    assert fit.parameters["b"] == pytest.approx(1, abs=0.1)
    assert "5 more lowered it no further" in fit.explain()


def test_the_parameters_returned_are_the_last_ones_where_none_are_held_out():
    fit = st.fit(DECAY, DATA, "mse", method="adam", batch_size=32, epochs=3, learning_rate=0.1)
    assert fit.result.position == pytest.approx(fit.result.history.x[-1])
    residuals = Y - fit.predict(DATA)
    assert fit.result.fun == pytest.approx(np.mean(residuals**2))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_deals_the_same_batches(seed):
    def run(seed):
        return st.fit(
            DECAY, DATA, "mse", method="adam", batch_size=32, epochs=2, learning_rate=0.1, seed=seed
        ).result.history.fun

    assert (run(seed) == run(seed)).all()
    assert (run(seed) != run(seed + 1)).any()


def test_one_batch_of_all_rows_is_plain_descent():
    batched = st.fit(DECAY, DATA, "mse", {"a": 1, "b": 1}, "momentum", epochs=20, learning_rate=0.1)
    plain = st.fit(
        DECAY, DATA, "mse", {"a": 1, "b": 1}, "momentum", learning_rate=0.1,
        stop="max-steps", max_steps=20,
    )  # fmt: skip
    assert batched.result.history.x == pytest.approx(plain.result.history.x, rel=1e-12)


def test_a_sum_is_estimated_from_its_batches():
    sums = st.fit(DECAY, DATA, "sse", method="adam", batch_size=50, epochs=1, learning_rate=0.1)
    means = st.fit(DECAY, DATA, "mse", method="adam", batch_size=50, epochs=1, learning_rate=0.1)
    assert sums.result.history.fun[0] == pytest.approx(200 * means.result.history.fun[0])


def test_schedules_and_weights_reach_the_batches():
    weights = np.linspace(0.1, 2, 200)
    fit = st.fit(
        DECAY, DATA, "mse", method="adam", batch_size=50, epochs=10, weights=weights,
        learning_rate=st.schedules.cosine(0.1, 40),
    )  # fmt: skip
    rates = fit.result.history.rate
    assert rates[1] == pytest.approx(0.1)
    assert rates[-1] < 1e-3


def test_code_that_cannot_be_followed_is_fitted_by_differences():
    def model(x, a, b):
        return float(format(float(a), ".17g")) * np.exp(-float(format(float(b), ".17g")) * x)

    fit = st.fit(
        model, DATA, "mse", method="adam", batch_size=50, epochs=2, learning_rate=0.1,
        response="y",
    )  # fmt: skip
    exact = st.fit(DECAY, DATA, "mse", method="adam", batch_size=50, epochs=2, learning_rate=0.1)
    assert fit.result.position == pytest.approx(exact.result.position, rel=1e-5)
    assert any("Differentiated numerically" in notice for notice in fit.result.notices)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"method": "l-bfgs"}, "compares values of the loss"),
        ({"method": "gradient-descent"}, "compares values of the loss"),
        ({"batch_size": 0}, "batch_size=0 cannot be used"),
        ({"epochs": 1.5}, "epochs=1.5 cannot be used"),
        ({"held_out": 1.0}, "held_out=1.0 cannot be used"),
        ({"held_out": 0.001}, "leaves none on one side"),
    ],
)
def test_batches_that_cannot_be_are_refused(options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.fit(DECAY, DATA, "mse", **{"batch_size": 50, **options})


def fitted_seeing(see, **options):
    st.fit(
        DECAY, DATA, method="adam", batch_size=50, epochs=1, start={"a": 1.0, "b": 1.0},
        callback=lambda _: see.append(blas_threads()), **options,
    )  # fmt: skip


def test_products_of_small_batches_are_left_to_one_thread(monkeypatch):
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        monkeypatch.setattr(threads, "TINY", 0)
        seen = []
        fitted_seeing(seen)
        assert seen
        assert all(one == {1} for one in seen)
        assert blas_threads() == before
        with pytest.raises(TypeError, match="argument"):
            st.fit(DECAY, DATA, batch_size=50, epochs=1, callback=lambda: None)
        assert blas_threads() == before
        # Large products are worth several threads.
        monkeypatch.setattr(threads, "SMALL", 99)
        seen = []
        fitted_seeing(seen)
        assert all(one == before for one in seen)

"""Every loss: its formula, its derivatives to second order, weights, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.fitting.losses import LOSSES, CrossEntropy, KinkedLoss

X = np.linspace(-2.0, 3.0, 7)
Y = np.sin(X)
COUNTS = np.array([0.0, 2.0, 1.0, 0.0, 5.0, 1.0, 3.0])
SIGNS = np.array([1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
BITS = (SIGNS + 1) / 2
CLASSES = np.array([0.0, 2.0, 1.0, 1.0, 0.0, 2.0, 2.0])
WEIGHTS = np.arange(1.0, 8.0)


def line(a, b):
    return a + b * X


def scores(a, b):
    return np.stack([a + b * X, 0.5 * a * X, b + 0.0 * X], axis=1)


def softmax(z):
    shifted = np.exp(z)
    return shifted / shifted.sum(axis=1, keepdims=True)


ROWS = {
    # name: (targets, ρ as one writes it by hand, what becomes of the rows)
    "sse": (Y, lambda p, y: (p - y) ** 2, np.sum),
    "mse": (Y, lambda p, y: (p - y) ** 2, np.mean),
    "rmse": (Y, lambda p, y: (p - y) ** 2, lambda rows: np.sqrt(np.mean(rows))),
    "mae": (Y, lambda p, y: abs(p - y), np.mean),
    "huber": (
        Y,
        lambda p, y: np.where(abs(p - y) <= 1, (p - y) ** 2 / 2, abs(p - y) - 0.5),
        np.mean,
    ),
    "cauchy": (Y, lambda p, y: 0.5 * np.log(1 + (p - y) ** 2), np.mean),
    "logcosh": (Y, lambda p, y: np.log(np.cosh(p - y)), np.mean),
    "quantile": (Y, lambda p, y: np.maximum(0.5 * (y - p), -0.5 * (y - p)), np.mean),
    "log": (
        BITS,
        lambda p, y: -np.log(np.where(y == 1, 1 / (1 + np.exp(-p)), 1 / (1 + np.exp(p)))),
        np.mean,
    ),
    "poisson": (COUNTS, lambda p, y: np.exp(p) - y * p, np.mean),
    "hinge": (SIGNS, lambda p, y: np.maximum(0, 1 - y * p), np.mean),
    "cross_entropy": (
        CLASSES,
        lambda p, y: -np.log(softmax(p)[np.arange(7), y.astype(int)]),
        np.mean,
    ),
}


def test_every_loss_has_its_row():
    assert list(ROWS) == list(LOSSES)


@pytest.mark.parametrize("name", ROWS)
def test_a_loss_is_its_formula(name):
    target, rows, reduced = ROWS[name]
    predict = scores if name == "cross_entropy" else line
    by_hand = reduced(rows(predict(0.5, 0.25), target))
    assert float(LOSSES[name](predict(0.5, 0.25), target)) == pytest.approx(by_hand, rel=1e-13)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", ROWS)
def test_a_loss_is_differentiated_exactly_to_second_order(name, weights):
    target = ROWS[name][0]
    predict = scores if name == "cross_entropy" else line
    f = st.function(lambda a, b: LOSSES[name](predict(a, b), target, weights))
    assert f.differentiation == "graph"
    assert st.check_gradient(f, [0.5, 0.25]).agrees
    assert st.check_gradient(f.partial("a"), [0.5, 0.25]).agrees
    assert st.check_gradient(f.partial("b"), [0.5, 0.25]).agrees


@pytest.mark.parametrize("name", ROWS)
def test_whole_weights_are_repeated_rows(name):
    target = ROWS[name][0]
    predicted = (scores if name == "cross_entropy" else line)(0.5, 0.25)
    repeats = WEIGHTS.astype(int)
    repeated = LOSSES[name](np.repeat(predicted, repeats, axis=0), np.repeat(target, repeats))
    assert float(LOSSES[name](predicted, target, WEIGHTS)) == pytest.approx(float(repeated))


@pytest.mark.parametrize("name", [name for name in ROWS if isinstance(LOSSES[name], KinkedLoss)])
def test_a_rounded_kink_differs_by_its_width_at_most(name):
    target = ROWS[name][0]
    exact = float(LOSSES[name](line(0.5, 0.25), target))
    for width in (1e-1, 1e-4):
        rounded = float(LOSSES[name].rounded(width)(line(0.5, 0.25), target))
        assert exact <= rounded <= exact + width


@pytest.mark.parametrize(
    ("loss", "constant"),
    [
        (st.losses.mse, np.mean),
        (st.losses.mae, np.median),
        (st.losses.Quantile(q=0.8), lambda y: np.quantile(y, 0.8, method="inverted_cdf")),
        (st.losses.Huber(delta=1e6), np.mean),
        (st.losses.Cauchy(scale=1e6), np.mean),
    ],
    ids=["mse", "mae", "quantile", "huber", "cauchy"],
)
def test_the_best_constant_is_the_known_one(loss, constant):
    values = np.random.default_rng(0).exponential(size=31)
    fit = st.fit("y ~ m", {"y": values}, loss)
    assert fit.parameters["m"] == pytest.approx(constant(values), abs=1e-6)


def test_huge_scores_overflow_nowhere():
    far = np.array([-800.0, 800.0])
    assert float(st.losses.LogLoss()(far, [0.0, 1.0])) == 0
    assert float(st.losses.LogLoss()(far, [1.0, 0.0])) == 800
    assert float(st.losses.LogCosh()(far, [0.0, 0.0])) == pytest.approx(800 - np.log(2))
    assert float(CrossEntropy()([[800.0, -800.0]], [1])) == 1600


@pytest.mark.parametrize("loss", [st.losses.sse, st.losses.mse, st.losses.rmse])
def test_without_errors_loss_and_gradient_are_zero(loss):
    f = st.function(lambda a, b: loss(a + b * X, 1.0 + 2.0 * X))
    value, gradient = f.value_and_gradient([1.0, 2.0])
    assert value == 0.0
    assert gradient.tolist() == [0.0, 0.0]


def test_sequences_are_taken():
    assert st.losses.sse([1, 2], [3, 5]) == 13
    assert st.losses.mae([1, 2], [3, 5]) == 2.5


@pytest.mark.parametrize("loss", [st.losses.sse, st.losses.mse, st.losses.rmse, st.losses.mae])
def test_a_column_is_not_paired_with_a_row(loss):
    with pytest.raises(st.InputError, match=r"\(7, 1\) and \(7,\)"):
        loss(X[:, np.newaxis], Y)
    with pytest.raises(st.InputError, match="shapes"):
        st.minimize(lambda a, b: loss(a + b * X[:, np.newaxis], Y), [0.0, 0.0])


@pytest.mark.parametrize(
    ("name", "bad", "complaint"),
    [
        ("log", [0.0, 2.0], "responses of 0 and 1; row 2 has 2"),
        ("poisson", [3.0, -1.0], "counts, which are not negative; row 2 has -1"),
        ("hinge", [1.0, 0.0], "responses of -1 and 1; row 2 has 0"),
        ("cross_entropy", [0.0, 0.5], "classes numbered 0, 1, 2, ...; row 2 has 0.5"),
    ],
)
def test_a_response_that_a_loss_has_no_meaning_for_is_refused(name, bad, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.fit("y ~ a + b*x", {"x": [0.0, 1.0], "y": bad}, name)


def test_options_are_checked():
    with pytest.raises(st.InputError, match="delta=-1 cannot be used in Huber"):
        st.losses.Huber(delta=-1)
    with pytest.raises(st.InputError, match="q=1 cannot be used in Quantile"):
        st.losses.Quantile(q=1)
    with pytest.raises(st.InputError, match=r"shape \(m, k\)"):
        CrossEntropy()([1.0, 2.0], [0, 1])
    with pytest.raises(st.InputError, match="not 3"):
        st.fit("y ~ a", {"y": [1.0]}, 3)

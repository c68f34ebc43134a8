"""Fits by other losses than squares, and with penalties, beside scikit-learn and by formula."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import linear_model

import steepest as st

RNG = np.random.default_rng(0)
ROWS = 400
X = RNG.normal(size=(ROWS, 3))
SCORES = 0.3 + X @ [1.0, -2.0, 0.5]
DATA = {"u": X[:, 0], "v": X[:, 1], "w": X[:, 2]}
BITS = (RNG.random(ROWS) < 1 / (1 + np.exp(-SCORES))).astype(float)
COUNTS = RNG.poisson(np.exp(0.3 * SCORES)).astype(float)
HEAVY = SCORES + RNG.standard_t(2, size=ROWS)
PLANE = "y ~ a + b*u + c*v + d*w"
DESIGN = np.column_stack([np.ones(ROWS), X])


def found(fit):
    return np.array([fit.parameters[name] for name in "abcd"])


def theirs(model):
    return np.array([np.ravel(model.intercept_)[0], *np.ravel(model.coef_)])


def errors(fit):
    return np.array([fit.standard_errors[name] for name in "abcd"])


def test_logistic_regression_is_scikit_learns_with_the_errors_of_its_likelihood():
    fit = st.fit(PLANE, {**DATA, "y": BITS}, "log")
    model = linear_model.LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, BITS)
    assert fit.success
    assert found(fit) == pytest.approx(theirs(model), rel=1e-6)
    assert fit.predict(DATA) == pytest.approx(model.predict_proba(X)[:, 1], rel=1e-6)
    chances = fit.predict(DATA)
    information = DESIGN.T @ (DESIGN * (chances * (1 - chances))[:, np.newaxis])
    expected = np.sqrt(np.diag(np.linalg.inv(information)))
    assert errors(fit) == pytest.approx(expected, rel=1e-9)
    assert "classified right" in fit.explain()


def test_ridge_logistic_regression_is_scikit_learns():
    fit = st.fit(PLANE, {**DATA, "y": BITS}, "log", l2=dict.fromkeys("bcd", 1 / ROWS))
    model = linear_model.LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(X, BITS)
    assert found(fit) == pytest.approx(theirs(model), rel=1e-6)
    assert fit.standard_errors is None
    assert "penalty" in fit.why_no_errors


def test_poisson_regression_is_scikit_learns():
    fit = st.fit(PLANE, {**DATA, "y": COUNTS}, "poisson")
    model = linear_model.PoissonRegressor(alpha=0, tol=1e-10, max_iter=1000).fit(X, COUNTS)
    assert found(fit) == pytest.approx(theirs(model), rel=1e-6, abs=1e-7)
    assert fit.predict(DATA) == pytest.approx(model.predict(X), rel=1e-6)
    information = DESIGN.T @ (DESIGN * fit.predict(DATA)[:, np.newaxis])
    assert errors(fit) == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-9)


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_quantile_regression_is_scikit_learns(q):
    fit = st.fit(PLANE, {**DATA, "y": HEAVY}, st.losses.Quantile(q=q))
    model = linear_model.QuantileRegressor(quantile=q, alpha=0).fit(X, HEAVY)
    assert found(fit) == pytest.approx(theirs(model), abs=1e-6)
    assert fit.success
    assert "no curvature" in fit.why_no_errors
    assert "√(e² + w²)" in fit.explain()


def test_the_lasso_is_scikit_learns_and_sets_parameters_to_zero():
    fit = st.fit(PLANE, {**DATA, "y": HEAVY}, "mse", l1=dict.fromkeys("bcd", 2 * 0.6))
    model = linear_model.Lasso(alpha=0.6, tol=1e-12).fit(X, HEAVY)
    assert found(fit) == pytest.approx(theirs(model), abs=1e-6)
    assert fit.parameters["d"] == 0.0
    assert model.coef_[2] == 0.0
    assert "It set d to 0." in fit.explain()


def test_ridge_regression_is_scikit_learns():
    fit = st.fit(PLANE, {**DATA, "y": HEAVY}, l2=dict.fromkeys("bcd", 2 * 3.0))
    assert found(fit) == pytest.approx(theirs(linear_model.Ridge(3.0).fit(X, HEAVY)), rel=1e-9)


@pytest.mark.parametrize("loss", ["mae", "huber", "cauchy", "logcosh"])
def test_a_robust_line_is_not_moved_by_outliers(loss):
    x = np.linspace(0, 10, 60)
    y = 1 + 2 * x + 0.1 * np.sin(37 * x)
    y[::6] += 40
    plain = st.fit("y ~ a + b*x", {"x": x, "y": y})
    robust = st.fit("y ~ a + b*x", {"x": x, "y": y}, loss)
    assert abs(plain.parameters["a"] - 1) > 5
    assert robust.parameters["a"] == pytest.approx(1, abs=0.5)
    assert robust.parameters["b"] == pytest.approx(2, abs=0.1)
    assert robust.success


def test_errors_of_a_robust_fit_are_the_sandwich():
    fit = st.fit(PLANE, {**DATA, "y": HEAVY}, "huber")
    residuals = HEAVY - DESIGN @ found(fit)
    inside = np.abs(residuals) <= 1
    bread = np.linalg.inv(DESIGN.T @ (DESIGN * inside[:, np.newaxis]))
    slopes = np.clip(residuals, -1, 1)
    meat = DESIGN.T @ (DESIGN * slopes[:, np.newaxis] ** 2) * ROWS / (ROWS - 4)
    assert errors(fit) == pytest.approx(np.sqrt(np.diag(bread @ meat @ bread)), rel=1e-6)


def test_huber_regression_has_the_minimum_of_scipys_loss():
    from scipy import optimize

    fit = st.fit(PLANE, {**DATA, "y": HEAVY}, st.losses.Huber(delta=0.7))
    best = optimize.least_squares(
        lambda p: DESIGN @ p - HEAVY, np.zeros(4), loss="huber", f_scale=0.7, xtol=1e-12
    )
    assert found(fit) == pytest.approx(best.x, abs=1e-6)


def test_a_support_vector_machine_separates():
    signs = np.where(SCORES > 0, 1.0, -1.0)
    fit = st.fit(PLANE, {**DATA, "y": signs}, "hinge", l2=1e-3)
    assert np.mean(np.sign(fit.predict(DATA)) == signs) > 0.98
    assert "classified right" in fit.explain()


def test_weights_count_rows():
    weights = RNG.integers(1, 4, size=ROWS)
    weighted = st.fit(PLANE, {**DATA, "y": BITS, "k": weights}, "log", weights="k")
    repeated = {name: np.repeat(column, weights) for name, column in {**DATA, "y": BITS}.items()}
    again = st.fit(PLANE, repeated, "log")
    assert found(weighted) == pytest.approx(found(again), rel=1e-7)
    assert errors(weighted) == pytest.approx(errors(again), rel=1e-7)


def test_a_loss_of_ones_own_may_return_rows_which_are_weighted():
    def rows(prediction, target):
        return np.square(prediction - target)

    weights = np.linspace(0.5, 2, ROWS)
    ours = st.fit(PLANE, {**DATA, "y": HEAVY}, rows, weights=weights)
    assert found(ours) == pytest.approx(
        found(st.fit(PLANE, {**DATA, "y": HEAVY}, weights=weights)), rel=1e-6
    )
    with pytest.raises(st.InputError, match="one number for each row"):
        st.fit(PLANE, {**DATA, "y": HEAVY}, lambda p, y: np.sum(rows(p, y)), weights=weights)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"l1": -1.0}, "l1=-1.0 cannot be used in fit"),
        ({"l2": {"z": 1.0}}, "l2 names 'z', which is no free parameter"),
        ({"l1": {"b": 1.0}, "bounds": {"b": (0, 1)}}, "bounds and an l1 penalty"),
    ],
)
def test_penalties_that_cannot_be_used_are_refused(options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.fit(PLANE, {**DATA, "y": HEAVY}, **options)

"""Our estimators pass scikit-learn's own checks, and have its answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn import linear_model, model_selection, pipeline, preprocessing
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning

from steepest.sklearn import DescentClassifier, DescentRegressor

CHECKS = """
import json, warnings
from sklearn.utils.estimator_checks import check_estimator
from steepest.sklearn import {name}
warnings.simplefilter("ignore")
found = check_estimator({name}(), on_skip=None, on_fail=None)
print(json.dumps([(one["check_name"], one["status"], str(one["exception"])) for one in found]))
"""


@pytest.mark.parametrize("name", ["DescentRegressor", "DescentClassifier"])
def test_scikit_learns_own_checks(name):
    # A process of its own: SciPy reads the variable when it is loaded.
    ran = subprocess.run(
        [sys.executable, "-c", CHECKS.format(name=name)],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    checks = json.loads(ran.stdout)
    assert len(checks) > 40
    assert [one for one in checks if one[1] != "passed"] == []


def test_a_linear_regression_is_scikit_learns():
    X, y = load_diabetes(return_X_y=True)
    ours = DescentRegressor().fit(X, y)
    theirs = linear_model.LinearRegression().fit(X, y)
    assert ours.coef_ == pytest.approx(theirs.coef_, rel=1e-7)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y))
    assert set(ours.fit_.standard_errors) == {"weights_1", "offset_1"}


@pytest.mark.parametrize("classes", [2, 3])
def test_a_logistic_regression_is_scikit_learns(classes):
    X, y = load_iris(return_X_y=True)
    X, y = X[y < classes], y[y < classes]
    ours = DescentClassifier(l2=1 / len(X)).fit(X, y)
    theirs = linear_model.LogisticRegression(C=1.0, tol=1e-9, max_iter=10_000).fit(X, y)
    assert ours.predict_proba(X) == pytest.approx(theirs.predict_proba(X), abs=1e-6)
    assert (ours.predict(X) == theirs.predict(X)).all()


def test_a_network_learns_digits_in_a_pipeline():
    X, y = load_digits(return_X_y=True)
    model = pipeline.make_pipeline(
        preprocessing.MinMaxScaler(),
        DescentClassifier(hidden=(32,), method="adam", learning_rate=0.01, batch_size=64, epochs=8),
    )
    assert model_selection.cross_val_score(model, X, y, cv=3).mean() > 0.9


def test_losses_of_quantiles_reach_the_estimator():
    X = np.linspace(0, 1, 40)[:, np.newaxis]
    y = X[:, 0] + np.tile([0.0, 1.0, 2.0, 3.0], 10)
    low = DescentRegressor(loss="mae").fit(X, y).predict(X)
    assert np.mean(y < low + 1e-6) == pytest.approx(0.5, abs=0.1)


def test_a_descent_cut_short_warns():
    X, y = load_iris(return_X_y=True)
    with pytest.warns(ConvergenceWarning, match="last of the allowed steps"):
        DescentClassifier(max_steps=1).fit(X, y)


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="one class alone"):
        DescentClassifier().fit([[0.0], [1.0]], [1, 1])

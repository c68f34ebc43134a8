"""Fitting models to data: constants, their errors, and what is said of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import optimize

import steepest as st

SINE = np.linspace(-np.pi, np.pi, 2000)
CUBIC = "y ~ a + b*x + c*x**2 + d*x**3"
TIME = np.linspace(0, 10, 80)
NOISE = np.random.default_rng(0).normal(size=80) * 0.05
DECAY = 3 * np.exp(-0.7 * TIME) + 1.5 + NOISE


def decay(t, a, b, c):
    return a * np.exp(-b * t) + c


def constants(fit):
    return np.array(list(fit.parameters.values()))


def errors(fit):
    return np.array(list(fit.standard_errors.values()))


def test_the_cubic_for_the_sine_is_the_exact_least_squares_answer():
    fit = st.fit(CUBIC, {"x": SINE, "y": np.sin(SINE)})
    exact = np.linalg.lstsq(np.vander(SINE, 4, increasing=True), np.sin(SINE), rcond=None)[0]
    assert constants(fit) == pytest.approx(exact, abs=1e-9)
    assert fit.parameters["b"] == pytest.approx(0.8567, abs=1e-4)
    assert fit.success
    assert "linear in its parameters" in fit.explain()


def test_the_cubic_by_plain_gradient_descent_is_the_loop_by_hand():
    fit = st.fit(
        CUBIC,
        {"x": SINE, "y": np.sin(SINE)},
        start="random",
        seed=7,
        method="gradient-descent",
        learning_rate=1e-6,
        stop="max-steps",
        max_steps=2000,
    )
    a, b, c, d = np.random.default_rng(7).normal(size=4)
    for _ in range(2000):
        error = 2 * (a + b * SINE + c * SINE**2 + d * SINE**3 - np.sin(SINE))
        slopes = [error.sum(), (error * SINE).sum(), (error * SINE**2).sum()]
        slopes.append((error * SINE**3).sum())
        a, b, c, d = (p - 1e-6 * s for p, s in zip((a, b, c, d), slopes, strict=True))
    assert fit.result.history.x[-1] == pytest.approx([a, b, c, d], rel=1e-10)
    assert fit.standard_errors is None
    assert "not converged" in fit.why_no_errors


@pytest.mark.parametrize("model", ["y ~ a*exp(-b*t) + c", decay])
@pytest.mark.parametrize("start", [None, {"a": 1, "b": 1, "c": 1}, {"b": 0.5}, "random"])
def test_a_decay_is_fitted_from_anywhere_with_scipys_errors(model, start):
    fit = st.fit(model, {"t": TIME, "y": DECAY}, start=start, seed=1)
    popt, pcov = optimize.curve_fit(
        decay, TIME, DECAY, [3, 0.7, 1.5], ftol=1e-15, xtol=1e-15, gtol=1e-15
    )
    assert constants(fit) == pytest.approx(popt, rel=1e-7)
    assert errors(fit) == pytest.approx(np.sqrt(np.diag(pcov)), rel=1e-5)
    assert fit.degrees_of_freedom == 77


@pytest.mark.parametrize("absolute", [False, True])
def test_curve_fit_means_what_scipys_means(absolute):
    sigma = 0.02 + 0.01 * TIME
    asked = {"p0": [2, 1, 1], "sigma": sigma, "absolute_sigma": absolute}
    ours = st.curve_fit(decay, TIME, DECAY, **asked)
    theirs = optimize.curve_fit(decay, TIME, DECAY, **asked, ftol=1e-15, xtol=1e-15, gtol=1e-15)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-6)
    assert ours[1] == pytest.approx(theirs[1], rel=1e-5)


def test_weights_are_inverse_variances():
    sigma = 0.02 + 0.01 * TIME
    data = {"t": TIME, "y": DECAY, "s": sigma, "w": 1 / sigma**2}
    by_sigma = st.fit("y ~ a*exp(-b*t) + c", data, sigma="s")
    by_weights = st.fit("y ~ a*exp(-b*t) + c", data, weights="w")
    assert constants(by_sigma) == pytest.approx(constants(by_weights), rel=1e-9)
    assert errors(by_sigma) == pytest.approx(errors(by_weights), rel=1e-7)


def test_transformed_responses_and_several_predictors_work():
    rng = np.random.default_rng(1)
    u, v = rng.uniform(1, 3, (2, 60))
    fit = st.fit("log(z) ~ p + q*log(u) + r*v", {"u": u, "v": v, "z": np.exp(0.5 + 0.1 * v) * u**2})
    assert fit.parameters == pytest.approx({"p": 0.5, "q": 2.0, "r": 0.1}, abs=1e-10)


@pytest.mark.parametrize("loss", ["sse", "mse", "rmse"])
def test_the_losses_share_their_minimum_and_differ_in_value(loss):
    fit = st.fit("y ~ a*exp(-b*t) + c", {"t": TIME, "y": DECAY}, loss)
    residuals = fit.residuals()
    expected = {
        "sse": residuals @ residuals,
        "mse": np.mean(residuals**2),
        "rmse": np.sqrt(np.mean(residuals**2)),
    }
    assert fit.loss == pytest.approx(expected[loss], rel=1e-12)
    assert fit.parameters["b"] == pytest.approx(0.72107, abs=1e-4)


def test_a_loss_of_ones_own_resists_outliers():
    spoiled = DECAY.copy()
    spoiled[::10] += 5

    def cauchy(prediction, target):
        return np.sum(np.log1p(((prediction - target) / 0.1) ** 2))

    fit = st.fit("y ~ a*exp(-b*t) + c", {"t": TIME, "y": spoiled}, cauchy, {"a": 3, "b": 1, "c": 1})
    assert constants(fit) == pytest.approx([3, 0.7, 1.5], abs=0.15)
    assert fit.standard_errors is None
    assert "no sum of squares" in fit.why_no_errors


def test_what_cannot_be_told_apart_is_named_and_has_no_errors():
    fit = st.fit("y ~ a*exp(-b*t) + c + d", {"t": TIME, "y": DECAY})
    assert fit.covariance is None
    assert not fit.success
    assert fit.why_no_errors.startswith("c and d cannot be told apart")
    assert "No standard errors: c and d" in fit.explain()


@pytest.mark.parametrize("seed", range(3))
def test_a_valley_that_leads_away_for_ever_is_no_success(seed):
    # Two of these three begin with growth, b < 0, and run to a straight line, a and c without end.
    fit = st.fit("y ~ a*exp(-b*t) + c", {"t": TIME, "y": DECAY}, start="random", seed=seed)
    found = fit.parameters["b"] == pytest.approx(0.72107, abs=1e-4)
    assert fit.success == found
    assert (fit.standard_errors is not None) == found


def test_a_fit_that_ends_at_a_bound_says_so():
    fit = st.fit("y ~ a*exp(-b*t) + c", {"t": TIME, "y": DECAY}, bounds={"b": (1.0, 5.0)})
    assert fit.parameters["b"] == 1.0
    assert "b at its lower bound" in fit.why_no_errors


def test_as_many_parameters_as_rows_leave_no_errors():
    fit = st.fit("y ~ a + b*x", {"x": [0.0, 1.0], "y": [1.0, 3.0]})
    assert fit.parameters == pytest.approx({"a": 1, "b": 2})
    assert "leave nothing to tell the errors from" in fit.why_no_errors


def test_parameters_that_are_nearly_one_are_warned_of():
    x = np.linspace(1000, 1001, 30)
    fit = st.fit("y ~ a + b*x", {"x": x, "y": 2 * x + NOISE[:30]})
    assert "a and b are hard to tell apart" in fit.explain()
    assert fit.correlation[0, 1] < -0.999


def test_new_rows_are_predicted():
    fit = st.fit("y ~ a + b*x", {"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]})
    assert fit.predict({"x": [10.0, 20.0]}) == pytest.approx([21, 41])
    mean = st.fit("y ~ m", {"y": [1.0, 2.0, 6.0]})
    assert mean.parameters == pytest.approx({"m": 3})
    assert mean.predict({"y": [0.0, 0.0]}) == pytest.approx([3, 3])


def test_all_kinds_of_tables_hold_the_same(tmp_path):
    columns = {"t": TIME, "y": DECAY}
    frame = pd.DataFrame(columns)
    frame.to_csv(tmp_path / "data.csv", index=False)
    pq.write_table(pa.table(columns), tmp_path / "data.parquet")
    expected = constants(st.fit("y ~ a*exp(-b*t) + c", columns))
    tables = [frame, pa.table(columns), tmp_path / "data.csv", str(tmp_path / "data.parquet")]
    for data in tables:
        assert constants(st.fit("y ~ a*exp(-b*t) + c", data)) == pytest.approx(expected, rel=1e-9)


def test_missing_numbers_are_an_error_unless_they_are_to_be_dropped():
    data = {"x": [0, 1, np.nan, 3, 4], "y": [1, 3, 5, np.inf, 9]}
    with pytest.raises(st.InputError, match=r"2 of 5 rows .* row 3, column 'x'"):
        st.fit("y ~ a + b*x", data)
    fit = st.fit("y ~ a + b*x", data, drop_missing=True)
    assert fit.parameters == pytest.approx({"a": 1, "b": 2})
    assert "2 left out" in fit.explain()


@pytest.mark.parametrize(
    ("model", "data", "options", "complaint"),
    [
        ("a + b*x", {"x": [1], "y": [1]}, {}, "the form 'response ~ prediction'"),
        ("y ~ x", {"x": [1], "y": [1]}, {}, "has no parameters"),
        ("z ~ a + x", {"x": [1], "y": [1]}, {}, "'z', which is no column"),
        (lambda x, a: a * x, {"x": [1]}, {}, "predicts the column 'y'"),
        ("y ~ a*x", {"x": [1, 2], "y": [1]}, {}, "different lengths"),
        ("y ~ a*x", {"x": [], "y": []}, {}, "no rows"),
        ("y ~ a*x", {"x": ["1", "two"], "y": [1, 2]}, {}, "'two' in row 2"),
        ("y ~ a*x", {"x": [[1, 2]], "y": [1]}, {}, "shape"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"loss": "ses"}, "Did you mean 'sse'"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"start": {"b": 1}}, "no parameter"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"start": "lucky"}, "'random' or None"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"weights": [1]}, "there are 2 rows"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"sigma": [1, 0]}, "sigma must be positive"),
        ("y ~ a*x", {"x": [1, 2], "y": [1, 2]}, {"weights": [1, -1]}, "not negative"),
        ("y ~ a*x", "nowhere.csv", {}, "no file 'nowhere.csv'"),
        ("y ~ a*x", "data.xls", {}, "no data file"),
        ("y ~ a*x", 3.0, {}, "no table"),
        (7, {"y": [1]}, {}, "A model is text"),
    ],
)
def test_what_cannot_be_fitted_is_refused(model, data, options, complaint):
    with pytest.raises(st.SteepestError, match=complaint):
        st.fit(model, data, **options)


def test_a_ragged_file_is_refused(tmp_path):
    (tmp_path / "data.csv").write_text("x,y\n1,2\n3\n")
    with pytest.raises(st.InputError, match="cannot be read as a table"):
        st.fit("y ~ a*x", tmp_path / "data.csv")


@pytest.mark.parametrize("memory", [None, "16MiB"])
def test_a_parameter_that_looks_like_a_column_is_pointed_out(memory):
    data = {"x": np.arange(4.0), "y": 1 + 2 * np.arange(4.0)}
    fit = st.fit("y ~ a + b*X", data, memory=memory)
    assert fit.notices[0].startswith("'X' is taken as a parameter, and the data have a column 'x'")
    assert "'X'" not in st.fit("y ~ a + b*x", data, memory=memory).explain()


def test_the_response_that_is_suggested_is_no_argument_of_the_model():
    with pytest.raises(st.InputError, match="response='z'"):
        st.fit(lambda x, a: a * x, {"x": [1.0, 2.0], "z": [1.0, 2.0]})

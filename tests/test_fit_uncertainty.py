"""How well a fit knows its constants: bands, profiles, and reasons where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import steepest as st

X = np.linspace(0, 10, 40)
NOISE = np.random.default_rng(3).normal(size=40)
LINE = {"x": X, "y": 1 + 2 * X + 0.3 * NOISE}
DECAY = {"x": X, "y": 3 * np.exp(-0.7 * X) + 1.5 + 0.05 * NOISE}
CURVE = "y ~ a*exp(-b*x) + c"


@pytest.mark.parametrize("level", [0.68, 0.95])
@pytest.mark.parametrize("new_rows", [False, True])
def test_the_band_of_a_line_is_the_textbooks(level, new_rows):
    fit = st.fit("y ~ a + b*x", LINE)
    band = fit.band({"x": X}, level, new_rows)
    design = np.column_stack([np.ones(40), X])
    inverse = np.linalg.inv(design.T @ design)
    spread = float(np.sum(fit.residuals() ** 2)) / 38
    variance = spread * (np.einsum("ij,jk,ik->i", design, inverse, design) + new_rows)
    reach = stats.t.ppf((1 + level) / 2, 38) * np.sqrt(variance)
    assert band.middle == pytest.approx(fit.predict({"x": X}))
    assert band.upper - band.middle == pytest.approx(reach, rel=1e-9)
    assert band.middle - band.lower == pytest.approx(reach, rel=1e-9)


def test_a_band_of_chances_stays_between_0_and_1():
    bits = (X + 3 * NOISE > 5).astype(float)
    fit = st.fit("y ~ a + b*x", {"x": X, "y": bits}, "log")
    band = fit.band({"x": np.array([-30.0, 5.0, 40.0])})
    assert (band.lower >= 0).all()
    assert (band.upper <= 1).all()
    assert (band.lower < band.upper).all()
    with pytest.raises(st.InputError, match="no variance of new responses"):
        fit.band({"x": X}, new_rows=True)


def test_known_errors_take_the_normal_distribution():
    sigma = np.full(40, 0.3)
    fit = st.fit("y ~ a + b*x", LINE, sigma=sigma, absolute_sigma=True)
    band = fit.band({"x": [0.0]})
    assert band.upper - band.middle == pytest.approx(
        stats.norm.ppf(0.975) * fit.standard_errors["a"], rel=1e-9
    )
    assert "reduced χ² = " in fit.explain()
    assert fit.reduced_chi_squared == pytest.approx(np.sum((fit.residuals() / 0.3) ** 2) / 38)


def test_the_profile_of_a_linear_parameter_is_a_parabola_and_its_interval_the_usual_one():
    fit = st.fit("y ~ a + b*x", LINE)
    profile = fit.profile("b")
    errors = (profile.values - fit.parameters["b"]) / fit.standard_errors["b"]
    assert profile.distances == pytest.approx(errors, abs=1e-6)
    low, high = profile.interval(0.9)
    reach = stats.t.ppf(0.95, 38) * fit.standard_errors["b"]
    assert (low, high) == pytest.approx((fit.parameters["b"] - reach, fit.parameters["b"] + reach))


def test_the_profile_of_a_curve_is_the_least_loss_with_that_value_held():
    fit = st.fit(CURVE, DECAY)
    profile = fit.profile("b", points=5)
    for value, loss in zip(profile.values, profile.losses, strict=True):
        assert loss == pytest.approx(st.fit(CURVE, DECAY, fixed={"b": value}).loss, rel=1e-9)
    assert profile.losses.min() == fit.loss


def test_a_profile_of_a_likelihood_rises_by_its_deviance():
    bits = (X + 3 * NOISE > 5).astype(float)
    fit = st.fit("y ~ a + b*x", {"x": X, "y": bits}, "log")
    profile = fit.profile("b", reach=1.0)
    held = st.fit("y ~ a + b*x", {"x": X, "y": bits}, "log", fixed={"b": profile.values[-1]})
    assert profile.distances[-1] == pytest.approx(np.sqrt(2 * 40 * (held.loss - fit.loss)))


def test_an_interval_beyond_the_profile_is_open():
    profile = st.fit("y ~ a + b*x", LINE).profile("b", reach=1.0)
    assert profile.interval(0.99) == (-np.inf, np.inf)


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("q", {}, "'q' is no free number of the fit"),
        ("a", {"loss": "huber"}, "is no likelihood"),
        ("a", {"loss": "mae"}, "no profile without standard errors"),
    ],
)
def test_profiles_that_mean_nothing_are_refused(name, options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.fit("y ~ a + b*x", LINE, **options).profile(name)


def test_there_is_no_band_without_errors_and_the_reason_is_given():
    with pytest.raises(st.InputError, match="a and d cannot be told apart"):
        st.fit("y ~ a + d + b*x", LINE).band({"x": X})


@pytest.mark.parametrize("loss", ["log", "poisson"])
def test_a_likelihood_that_cannot_tell_parameters_apart_says_so(loss):
    bits = (X + 3 * NOISE > 5).astype(float)
    fit = st.fit("y ~ a + d + b*x", {"x": X, "y": bits}, loss)
    assert fit.standard_errors is None
    assert "a and d cannot be told apart" in fit.why_no_errors
    assert not fit.success


def test_separated_classes_have_no_best_fit_and_no_errors():
    fit = st.fit("y ~ a + b*x", {"x": X, "y": (X > 5).astype(float)}, "log")
    assert fit.standard_errors is None or max(fit.standard_errors.values()) > 100
    assert np.mean((fit.predict({"x": X}) > 0.5) == (X > 5)) == 1


def test_arrays_of_parameters_have_arrays_of_errors():
    rng = np.random.default_rng(0)
    U = rng.normal(size=(50, 3))
    y = U @ [1.0, 2.0, 3.0] + 0.5 + 0.1 * rng.normal(size=50)

    def model(U, w, b):
        return U @ w + b

    fit = st.fit(model, {"U": U, "y": y}, start={"w": np.zeros(3), "b": 0.0})
    design = np.column_stack([U, np.ones(50)])
    expected = np.linalg.lstsq(design, y, rcond=None)[0]
    assert fit.parameters["w"] == pytest.approx(expected[:3])
    inverse = np.linalg.inv(design.T @ design) * fit.reduced_chi_squared
    assert fit.standard_errors["w"] == pytest.approx(np.sqrt(np.diag(inverse))[:3])
    assert fit.free_names == ("w[0]", "w[1]", "w[2]", "b")
    assert "w: 3 numbers of shape (3,)" in fit.explain()

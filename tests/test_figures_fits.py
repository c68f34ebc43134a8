"""Figures of fits: what is drawn, as data; that it is drawn; and what has no picture."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest import figures
from steepest.figures.chart import Chart, Dots, Matrix, Ribbon, Stroke
from steepest.figures.fits import FIT_KINDS, fit_scene

TIME = np.linspace(0, 10, 60)
DECAY = 3 * np.exp(-0.7 * TIME) + 1.5 + 0.1 * np.random.default_rng(0).normal(size=60)
MODEL = "y ~ a*exp(-b*t) + c"


@pytest.fixture(scope="module")
def fit():
    return st.fit(MODEL, {"t": TIME, "y": DECAY}, start={"a": 1, "b": 1, "c": 0})


def named(chart, kind):
    return {item.name: item for axes in chart.axes for item in axes.items if isinstance(item, kind)}


def test_the_curve_before_and_after_with_its_band(fit):
    chart = fit_scene(fit)
    lines, dots = named(chart, Stroke), named(chart, Dots)
    assert dots["data"].y == pytest.approx(DECAY)
    x = lines["fit"].x
    assert lines["at the start"].y == pytest.approx(np.exp(-x))
    assert lines["fit"].y == pytest.approx(fit.predict({"t": x}))
    band = named(chart, Ribbon)["95 % of the curve"]
    assert (band.lower < lines["fit"].y).all()
    assert (lines["fit"].y < band.upper).all()
    assert chart.axes[0].labels == ("t", "y")


def test_further_curves_are_drawn_by_their_parameters(fit):
    chart = fit_scene(fit, curves={"flat": {"a": 0, "c": 2}})
    assert named(chart, Stroke)["flat"].y == pytest.approx(2)


def test_the_curve_moves_every_so_many_steps(fit):
    chart = fit_scene(fit, every=2)
    steps = [frame.step for frame in chart.frames]
    assert steps == [*range(0, fit.result.nit, 2), fit.result.nit][: len(steps)]
    assert chart.frames[0].y == pytest.approx(np.exp(-np.linspace(0, 10, 401)))
    assert chart.frames[-1].y == pytest.approx(named(chart, Stroke)["fit"].y)
    drawn = figures.plot_fit(fit, every=2)
    assert len(drawn.frames) == len(steps)
    assert [step.label for step in drawn.layout.sliders[0].steps] == list(map(str, steps))


def test_residuals_are_what_the_fit_leaves(fit):
    chart = fit_scene(fit, "residuals")
    assert named(chart, Dots)["residuals"].y == pytest.approx(DECAY - fit.predict({"t": TIME}))


def test_several_predictors_are_drawn_as_predictions_against_responses():
    rng = np.random.default_rng(1)
    u, v = rng.normal(size=(2, 50))
    y = 1 + u - 2 * v + 0.1 * rng.normal(size=50)
    plane = st.fit("y ~ a + b*u + c*v", {"u": u, "v": v, "y": y})
    rows = named(fit_scene(plane), Dots)["rows"]
    assert rows.x == pytest.approx(plane.predict({"u": u, "v": v}))
    assert rows.y == pytest.approx(y)
    with pytest.raises(st.InputError, match="Only a model of one predictor"):
        fit_scene(plane, every=3)


def test_the_loss_against_each_parameter_has_its_least_value_at_the_fit(fit):
    chart = fit_scene(fit, "losses")
    assert [axes.labels[0] for axes in chart.axes] == ["a", "b", "c"]
    for axes in chart.axes:
        line = axes.items[0]
        assert np.nanmin(line.y) == pytest.approx(fit.loss, rel=1e-3)
        trail = next(item for item in axes.items if item.name == "on the way")
        assert trail.y == pytest.approx(fit.result.history.fun)
        assert line.x.min() <= trail.x.min()
        assert trail.x.max() <= line.x.max()


def test_losses_of_epochs_stand_beside_those_held_out():
    fit = st.fit(MODEL, {"t": TIME, "y": DECAY}, "mse", method="adam", learning_rate=0.05,
                 batch_size=10, epochs=8, held_out=0.2)  # fmt: skip
    lines = named(fit_scene(fit, "convergence"), Stroke)
    assert lines["rows fitted to"].y == pytest.approx([one.loss for one in fit.epochs])
    assert lines["rows held out"].y == pytest.approx([one.held_out_loss for one in fit.epochs])


def test_correlations_are_a_table(fit):
    table = fit_scene(fit, "correlation")
    assert isinstance(table, Matrix)
    assert table.names == ("a", "b", "c")
    assert table.values == pytest.approx(fit.correlation)


def test_many_rows_are_thinned_and_few_are_not():
    x = np.linspace(0, 1, 50_000)
    fit = st.fit("y ~ a + b*x", {"x": x, "y": 1 + x})
    (name,) = named(fit_scene(fit), Dots)
    dots = named(fit_scene(fit), Dots)[name]
    assert 1500 < len(dots.x) <= 3000
    assert name == f"data ({len(dots.x):,} of {fit.criterion.count:,} rows)"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", FIT_KINDS)
def test_every_kind_is_drawn_by_both_libraries(fit, kind, theme, tmp_path):
    assert fit.plot(kind, theme=theme).data
    for suffix in (".png", ".svg"):
        figures.save_fit(fit, tmp_path / f"fit{suffix}", kind, theme=theme)
        assert (tmp_path / f"fit{suffix}").stat().st_size > 5000


def test_a_page_holds_the_words_too(fit, tmp_path):
    figures.save_fit(fit, tmp_path / "fit.html", every=1)
    page = (tmp_path / "fit.html").read_text("utf-8")
    assert "Fitted y ~ a*exp(-b*t) + c to 60 rows." in page


def test_names_are_text_not_markup():
    fit = st.fit(lambda t, a: a * t, {"t": TIME, "y": 2 * TIME})
    title = fit.plot().layout.title.text
    assert "&lt;lambda&gt;" in title


@pytest.mark.parametrize(
    ("kind", "options", "complaint"),
    [
        ("residual", {}, "Did you mean 'residuals'"),
        ("losses", {"every": 2}, "belong to the kind 'fit'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fit, kind, options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        fit_scene(fit, kind, **options)


def test_there_is_no_picture_of_correlations_that_are_unknown(fit, tmp_path):
    with pytest.raises(st.InputError, match="There are no correlations"):
        fit_scene(st.fit("y ~ a*exp(-b*t) + c", {"t": TIME, "y": DECAY}, l2=0.1), "correlation")
    with pytest.raises(st.InputError, match="does not move"):
        figures.save_fit(fit, tmp_path / "fit.png", every=2)


def test_one_pair_of_axes_fills_the_picture_and_several_share_it(fit):
    assert isinstance(fit_scene(fit), Chart)
    assert (fit_scene(fit).columns, fit_scene(fit).rows) == (1, 1)
    assert (fit_scene(fit, "losses").columns, fit_scene(fit, "losses").rows) == (2, 2)


def test_a_notebook_shows_words_and_a_picture_and_a_shell_one_line(fit):
    html = fit._repr_html_()
    assert "Fitted y ~ a*exp(-b*t) + c to 60 rows." in html
    assert "data:image/png;base64," in html
    assert "<script" not in html
    assert repr(fit).startswith("<Fit of y ~ a*exp(-b*t) + c: a=3.0")
    assert repr(fit).endswith("; converged>")

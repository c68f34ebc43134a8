"""The figure of learning rates: bands, threshold and suggestion where the advice has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import steepest
from steepest.errors import InputError
from steepest.figures import plot_rates, save_rates, still
from steepest.figures.rates import FLOOR, rates_scene
from steepest.figures.style import BANDS, THEMES

ADVICE = {
    "bowl": steepest.suggest_rate("x**2 + 10*y**2", [1, 1]),
    "valley": steepest.suggest_rate("(1-x)**2 + 100*(y-x**2)**2", [-1.2, 1], "lion"),
    "waves": steepest.suggest_rate("sin(x)*sin(y)", [1.66, 3.37], "momentum"),
    "endless": steepest.suggest_rate("x", 1.0),
}
BOWL = ADVICE["bowl"]


def named(figure: Any, name: str) -> Any:
    (trace,) = [trace for trace in figure.data if trace.name.startswith(name)]
    return trace


@pytest.mark.parametrize("name", ADVICE)
def test_bands_lie_side_by_side_over_all_rates(name: str) -> None:
    advice = ADVICE[name]
    bands = rates_scene(advice).bands
    assert bands[0].low == advice.rates[0]
    assert bands[-1].high == advice.rates[-1]
    assert [band.high for band in bands[:-1]] == [band.low for band in bands[1:]]
    for band in bands:
        ends = advice.band(band.name)
        assert ends is not None
        assert band.low <= ends[0] <= ends[1] <= band.high


@pytest.mark.parametrize("name", ADVICE)
def test_the_suggestion_is_a_point_of_the_line_in_the_good_band(name: str) -> None:
    scene = rates_scene(ADVICE[name])
    (good,) = [band for band in scene.bands if band.name == "good"]
    assert good.low <= scene.suggestion.x <= good.high
    assert scene.suggestion.y in scene.line.y
    assert scene.limits[0] <= scene.suggestion.y <= scene.limits[1]


def test_the_threshold_is_named_as_one_knows_it() -> None:
    threshold = named(plot_rates(BOWL), "2/L = 0.1")
    assert list(threshold.x) == [BOWL.stable, BOWL.stable]
    named(plot_rates(ADVICE["waves"]), "threshold = ")
    assert rates_scene(ADVICE["valley"]).threshold is None


def test_what_diverged_is_not_drawn_and_zero_has_a_place() -> None:
    scene = rates_scene(BOWL)
    drawn = np.isfinite(scene.line.y)
    assert not drawn[np.array(BOWL.bands) == "diverging"].any()
    values = np.where(BOWL.rates == BOWL.rate, 0.0, BOWL.values)
    scene = rates_scene(replace(BOWL, values=values))
    assert scene.logarithmic
    assert scene.suggestion.y == FLOOR * BOWL.start_value


def test_values_below_zero_have_a_linear_axis() -> None:
    assert not rates_scene(ADVICE["waves"]).logarithmic
    assert plot_rates(ADVICE["waves"]).layout.yaxis.type == "linear"


def test_bands_are_told_apart_with_and_without_colours() -> None:
    figure = plot_rates(BOWL)
    bands = [named(figure, name) for name in BANDS]
    for theme in THEMES.values():
        assert len({look.tint(theme) for look in BANDS.values()}) == len(BANDS)
    assert [band.fillpattern.shape for band in bands[2:]] == ["/", "x"]
    assert [text.text for text in figure.layout.annotations][:4] == [f"<b>{b}</b>" for b in BANDS]
    assert {text.textangle for text in figure.layout.annotations[:4]} == {0, -90}


@pytest.mark.parametrize("theme", THEMES)
def test_an_advice_draws_itself_in_every_theme(theme: str) -> None:
    figure = plot_rates(BOWL, theme=theme)
    assert figure.layout.paper_bgcolor == THEMES[theme].paper
    assert BOWL.plot().layout.xaxis.title.text == "learning rate"
    picture = still.draw(rates_scene(BOWL), THEMES[theme])
    assert [text.get_text() for text in picture.axes[0].texts] == [*BANDS, "2/L = 0.1"]


def test_rates_are_saved_as_page_and_picture(tmp_path: Path) -> None:
    for name in ("rates.html", "rates.png", "rates.svg"):
        save_rates(ADVICE["valley"], tmp_path / name)
    assert ElementTree.parse(tmp_path / "rates.svg").getroot().tag.endswith("svg")
    page = (tmp_path / "rates.html").read_text("utf-8")
    assert "Take learning_rate=" in page
    with pytest.raises(InputError, match=r"\.html, \.png or \.svg"):
        save_rates(BOWL, tmp_path / "rates.gif")

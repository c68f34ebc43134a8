"""Results of real descents draw themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest
from steepest.figures import plot_comparison, save_comparison, save_figure, still
from steepest.figures.extract import scene
from steepest.figures.style import theme_named


def height(x: Any, y: Any) -> Any:
    return np.sin(x) * np.sin(y)


@pytest.mark.parametrize("function", ["sin(x)*sin(y)", height])
def test_the_path_of_a_result_is_drawn_on_its_surface(function: Any) -> None:
    result = steepest.minimize(
        function, [1.66, 3.37], method="gradient-descent", learning_rate=0.1, stop="no-descent"
    )
    surface, path, *_ = result.plot().data
    assert (surface.type, path.type) == ("surface", "scatter3d")
    assert (path.x[0], path.y[0]) == (1.66, 3.37)
    assert path.customdata[-1][0] == 171


def test_a_result_shows_itself_in_a_notebook() -> None:
    shown = steepest.minimize("x**2 + y**2", {"x": 6, "y": -3})._repr_html_()
    assert "data:image/png;base64," in shown
    assert "x**2 + y**2" in shown


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (lambda x: (x - 1) ** 2, 3.0),
        (lambda x: float(np.sum(np.asarray(x) ** 2)), [1.0, 2.0]),
        (lambda x: (x**2).sum(), np.arange(6.0).reshape(2, 3)),
        (lambda p: p["a"] ** 2 + p["b"] ** 2, {"a": 1.0, "b": 2.0}),
        ("x - log(x) + (y - 1)**2", [0.05, 3.0]),
        ("x**4", [0.0]),
    ],
)
def test_any_start_can_be_drawn(tmp_path: Path, function: Any, start: Any) -> None:
    result = steepest.minimize(function, start, max_steps=50)
    for name in ("walk.png", "walk.html"):
        save_figure(result, tmp_path / name)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_diverged_result_shows_its_start() -> None:
    result = steepest.minimize("x**2 + y**2", [5, -3], learning_rate=1.1)
    contours, _, path, *_ = result.plot("contours").data
    assert contours.x[0] < 5 < contours.x[-1]
    assert (path.x[0], path.y[0]) == (5, -3)


def test_a_result_that_kept_few_points_draws_those() -> None:
    result = steepest.minimize("x**2 + y**2", [5, -3], history=False)
    path = result.plot("contours").data[1]
    assert (path.x[0], path.y[0]) == (5, -3)


def test_a_loaded_result_is_drawn_as_before(tmp_path: Path) -> None:
    result = steepest.minimize("x**2 + y**2", [5, -3])
    result.save(tmp_path / "run.json")
    loaded = steepest.load(tmp_path / "run.json")
    assert loaded.plot().to_json() == result.plot().to_json()


def test_a_loaded_result_without_its_function_shows_its_steps(tmp_path: Path) -> None:
    steepest.minimize(height, [1.66, 3.37]).save(tmp_path / "run.json")
    loaded = steepest.load(tmp_path / "run.json")
    assert {trace.type for trace in loaded.plot().data} == {"scatter"}


def test_a_comparison_is_drawn(tmp_path: Path) -> None:
    comparison = steepest.compare("x**2 + 3*y**2", [2, 1], ["gradient-descent", "momentum"])
    shown = [trace.name for trace in plot_comparison(comparison).data if trace.showlegend]
    assert shown == ["gradient-descent", "momentum"]
    save_comparison(comparison, tmp_path / "race.svg")
    assert (tmp_path / "race.svg").exists()


def test_pages_are_readable_on_a_narrow_screen(tmp_path: Path) -> None:
    result = steepest.minimize("x**2 + y**2", [1.0, 2.0], max_steps=5)
    race = steepest.compare("x**2 + y**2", [1.0, 2.0], ["adam", "momentum"], max_steps=5)
    save_figure(result, tmp_path / "surface.html")
    save_figure(result, tmp_path / "contours.html", "contours")
    save_comparison(race, tmp_path / "race.html")
    surface, contours, both = (
        (tmp_path / f"{name}.html").read_text("utf-8") for name in ("surface", "contours", "race")
    )
    assert "height:clamp(" in surface
    assert "height:clamp(" not in contours
    assert '<div class="wide">' in both
    assert '<div class="wide">' not in contours


def test_many_variables_are_named_below_the_picture() -> None:
    result = steepest.minimize(lambda p: (p**2).sum(), [1.0] * 12, max_steps=5)
    few = steepest.minimize(lambda p: (p**2).sum(), [1.0] * 3, max_steps=5)
    drawn = [still.draw(scene(run, "traces"), theme_named("light")) for run in (result, few)]
    assert [len(figure.legends) for figure in drawn] == [1, 0]

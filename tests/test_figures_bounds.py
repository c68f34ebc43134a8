"""Bounds and the minima of a search in figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest
from steepest.errors import InputError
from steepest.figures import plot_comparison, plot_result, save_figure, still
from steepest.figures.extract import MOST_MINIMA, contours, curve, scene, surface
from steepest.figures.style import THEMES

VALLEY = "(1-x)**2 + 100*(y-x**2)**2"
HIMMELBLAU = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"
BOUNDED = steepest.minimize(VALLEY, [-1.2, 1], bounds=[(-2, 0.5), (0, None)])
SEARCHED = steepest.minimize(HIMMELBLAU, {"x": 0, "y": 0}, starts=40, seed=3)


def named(figure: Any, name: str) -> list[Any]:
    return [trace for trace in figure.data if trace.name == name]


def test_the_function_is_drawn_within_its_bounds_and_the_picture_goes_a_little_beyond() -> None:
    drawn = contours(BOUNDED)
    assert drawn.grid.first[[0, -1]].tolist() == [pytest.approx(-2, abs=0.3), 0.5]
    assert drawn.grid.second[0] == 0
    (left, right), (bottom, top) = drawn.spans()
    assert left <= drawn.grid.first[0]
    assert 0.5 < right < 1
    assert -0.5 < bottom < 0
    assert top == drawn.grid.second[-1]


def test_every_bound_in_view_is_a_dashed_line() -> None:
    drawn = contours(BOUNDED)
    places = {(float(x[0]), float(x[-1]), float(y[0]), float(y[-1])) for x, y in drawn.walls()}
    assert (0.5, 0.5, 0.0, drawn.grid.second[-1]) in places
    assert (drawn.grid.first[0], 0.5, 0.0, 0.0) in places
    figure = plot_result(BOUNDED, "contours")
    walls = named(figure, "bounds")
    assert len(walls) == len(places)
    assert [wall.showlegend for wall in walls].count(True) == 1
    assert all(wall.line.dash == "dash" for wall in walls)
    (outside,) = figure.layout.shapes
    assert outside.layer == "below"


def test_a_picture_never_asks_beyond_the_bounds() -> None:
    def root(p: Any) -> Any:
        if p[0] < 0 or p[1] > 3:
            raise ValueError("outside")
        return (p[0] + 1) ** 0.5 * (p[1] - 2) ** 2 + (p[0] - 0.1) ** 2

    run = steepest.minimize(root, [1.0, 1.0], bounds=[(0, None), (None, 3)])
    for kind in ("contours", "surface"):
        assert named(plot_result(run, kind), "bounds")
    race = steepest.compare(root, [1.0, 1.0], ["l-bfgs", "adam"], bounds=[(0, None), (None, 3)])
    assert named(plot_comparison(race), "bounds")


def test_the_bounds_of_one_variable_are_upright_lines() -> None:
    run = steepest.minimize("(x-3)**2", 0.0, bounds=[(None, 2)])
    drawn = curve(run)
    assert drawn.walls() == [2.0]
    assert drawn.line.x[-1] == 2
    (wall,) = named(plot_result(run), "bounds")
    assert list(wall.x) == [2, 2]


def test_bounds_out_of_view_leave_the_picture_as_it_was() -> None:
    free = steepest.minimize("x**2 + y**2", [1.0, 2.0], method="gradient-descent")
    wide = steepest.minimize(
        "x**2 + y**2", [1.0, 2.0], method="gradient-descent", bounds=[(-100, 100), (None, None)]
    )
    for kind in ("contours", "surface"):
        assert named(plot_result(wide, kind), "bounds") == []
        assert plot_result(wide, kind).to_json() == plot_result(free, kind).to_json()


def test_edges_of_a_surface_lie_on_it_and_are_cut_with_it() -> None:
    drawn = surface(BOUNDED)
    top = drawn.grid.scale.shown_ends()[1]
    walls = drawn.walls()
    assert walls
    for x, y, heights in walls:
        values = drawn.grid.scale.shown((1 - x) ** 2 + 100 * (y - x**2) ** 2)
        seen = values <= top
        assert heights[seen] == pytest.approx(values[seen])
        assert np.isnan(heights[~seen]).all()


def test_a_variable_without_room_is_no_axis() -> None:
    run = steepest.minimize("x**2 + y**2", [1.0, 2.0], bounds=[(1, 1), (None, None)])
    assert {trace.type for trace in plot_result(run).data} == {"scatter"}
    with pytest.raises(InputError, match="leave x no room"):
        plot_result(run, "contours")


@pytest.mark.parametrize("kind", ["contours", "surface"])
def test_every_minimum_of_a_search_is_in_view_with_its_rank(kind: str) -> None:
    (marks,) = named(plot_result(SEARCHED, kind), "minima by rank")
    assert list(marks.text) == [f"<b>{rank}</b>" for rank in (1, 2, 3, 4)]
    positions = np.array([one.position for one in SEARCHED.minima])
    assert np.column_stack([marks.x, marks.y]) == pytest.approx(positions)
    assert marks.marker.size[0] > max(marks.marker.size[1:])
    assert [told[2] for told in marks.customdata] == [one.starts for one in SEARCHED.minima]
    (left, right), (bottom, top) = contours(SEARCHED).spans()
    assert ((positions > [left, bottom]) & (positions < [right, top])).all()
    assert "the lowest of 4 minima" in scene(SEARCHED, kind).caption.subtitle


def test_no_more_minima_are_marked_than_can_be_seen() -> None:
    run = steepest.minimize("cos(x) + 1e-6*x**2", [1.0], bounds=[(-300, 300)], starts=150)
    assert len(run.minima) > MOST_MINIMA
    assert len(curve(run).minima) == MOST_MINIMA


def test_one_descent_marks_no_minima() -> None:
    assert contours(BOUNDED).minima == ()
    assert named(plot_result(BOUNDED, "contours"), "minima by rank") == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["contours", "surface", "curve"])
def test_pictures_have_them_too(tmp_path: Path, kind: str, theme: str) -> None:
    formula, bounds = (
        ("x**4 - 3*x**2 + x", [(-1.6, 1.4)])
        if kind == "curve"
        else (HIMMELBLAU, [(-4, 4), (-3, 5)])
    )
    run = steepest.minimize(formula, [0.5] * len(bounds), bounds=bounds, starts=20)
    picture = still.draw(scene(run, kind), THEMES[theme])
    labels = [text.get_text() for text in picture.legends[0].get_texts()]
    assert {"bounds", "minima by rank"} <= set(labels)
    ranks = [text.get_text() for text in picture.axes[0].texts]
    assert ranks == [str(rank) for rank in range(1, len(run.minima) + 1)]
    save_figure(run, tmp_path / "run.svg", kind, theme=theme)
    assert (tmp_path / "run.svg").stat().st_size < 3_000_000

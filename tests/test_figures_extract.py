"""The data of a figure are those of the descent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from runs import BOWL, LOGARITHM, QUARTIC, ROSENBROCK, comparison, sine_walk, walk
from steepest.errors import InputError
from steepest.figures.data import Contours, Curve, Panels, Race, Surface
from steepest.figures.extract import KINDS, NEEDED, caption, evaluate_grid, race, scene, title


def test_the_kind_follows_the_number_of_variables() -> None:
    assert isinstance(scene(walk(QUARTIC, [2.0], 0.03, 5, names=("x",))), Curve)
    assert isinstance(scene(sine_walk()), Surface)
    three = walk(BOWL, [1.0, 2.0, 3.0], 0.1, 5, names=("x", "y", "z"))
    overview = scene(three)
    assert isinstance(overview, Panels)
    assert [len(panel.lines) for panel in overview.panels] == [1, 1, 3]


def test_a_grid_holds_the_function() -> None:
    first, second = np.array([0.0, 1.0, 2.0]), np.array([10.0, 20.0])
    grid = evaluate_grid(BOWL, first, second)
    assert grid.tolist() == [[100.0, 101.0, 104.0], [400.0, 401.0, 404.0]]


def test_a_grid_is_empty_where_the_function_is_not_defined() -> None:
    grid = evaluate_grid(LOGARITHM, np.array([-1.0, 1.0]), np.array([1.0]))
    assert np.isnan(grid[0, 0])
    assert grid[0, 1] == 1.0


def test_the_path_lies_on_the_surface_from_start_to_end() -> None:
    run = sine_walk()
    picture = scene(run)
    assert isinstance(picture, Surface)
    (path,) = picture.paths
    assert path.points[0].tolist() == [1.66, 3.37]
    assert path.points[-1].tolist() == run.history.x[-1].tolist()
    assert path.steps[-1] == 171
    assert path.complete
    assert path.values == pytest.approx(np.sin(path.points).prod(axis=1), abs=1e-15)
    lift = picture.path_heights(path) - path.values
    low, high = picture.grid.scale.low, picture.grid.scale.high
    assert np.all((lift > 0) & (lift < 0.02 * (high - low)))


def test_a_surface_is_seen_from_where_the_path_is_in_sight() -> None:
    seen = scene(sine_walk())
    assert isinstance(seen, Surface)
    # The walk goes down towards large y; from small y its start would hide it.
    assert seen.viewpoint()[1] == 1


def test_a_descent_that_blew_up_shows_its_start_and_says_so() -> None:
    run = walk(BOWL, [5.0, -3.0], 1.1, 90)
    picture = scene(run, "contours")
    assert isinstance(picture, Contours)
    path, grid = picture.paths[0], picture.grid
    assert not path.complete
    assert path.points[0].tolist() == [5.0, -3.0]
    assert np.ptp(grid.first) < 1000
    assert "best 34" in picture.caption.subtitle


def test_a_surface_in_a_narrow_valley_is_logarithmic_and_labelled() -> None:
    picture = scene(walk(ROSENBROCK, [-1.2, 1.0], 1e-3, 3000), "surface")
    assert isinstance(picture, Surface)
    assert "logarithmic" in picture.grid.scale.label
    low, high = picture.height_limits()
    heights = picture.path_heights(picture.paths[0])
    assert np.all((heights > low) & (heights < high))


def test_a_start_that_never_moved_can_be_drawn() -> None:
    picture = scene(walk(BOWL, [0.0, 0.0], 0.1, 0))
    assert isinstance(picture, Surface)
    assert picture.paths[0].points.shape == (1, 2)


def test_a_curve_reaches_over_its_iterates() -> None:
    picture = scene(walk(QUARTIC, [2.0], 0.03, 40, names=("t",)))
    assert isinstance(picture, Curve)
    assert picture.name == "t"
    assert picture.line.x[0] < picture.paths[0].points.min()
    assert picture.line.x[-1] > picture.paths[0].points.max()
    low, high = picture.limits
    assert np.all((picture.paths[0].values > low) & (picture.paths[0].values < high))


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'surfce'.*Did you mean 'surface'.*overview"):
        scene(sine_walk(), "surfce")


@pytest.mark.parametrize("kind", ["surface", "contours", "curve"])
def test_there_is_no_pretended_surface_of_three_variables(kind: str) -> None:
    run = walk(BOWL, [1.0, 2.0, 3.0], 0.1, 5, names=("x", "y", "z"))
    with pytest.raises(InputError, match=r"this function has 3.*overview"):
        scene(run, kind)


def test_a_run_without_its_function_shows_its_steps() -> None:
    run = replace(sine_walk(), objective=None)
    assert isinstance(scene(run), Panels)
    with pytest.raises(InputError, match="not its function"):
        scene(run, "contours")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"step"}))
def test_every_kind_can_be_extracted(kind: str) -> None:
    one = NEEDED.get(kind) == 1
    run = walk(QUARTIC, [2.0], 0.03, 5, names=("x",)) if one else sine_walk()
    assert scene(run, kind).caption.title == title(run)


def test_the_caption_says_who_walked_how_far() -> None:
    words = caption(sine_walk())
    assert words.title == "sin(x)*sin(y)"
    assert words.subtitle == "gradient-descent: 171 steps, f from -0.225526 to -1"


def test_a_function_without_formula_is_called_by_its_variables() -> None:
    run = walk(replace(BOWL, formula=None), [1.0, 2.0], 0.1, 1)
    assert title(run) == "f(x, y)"
    many = walk(replace(BOWL, formula=None), [1.0] * 6, 0.1, 1, names=tuple("abcdef"))
    assert title(many) == "f(a, b, …, f)"


def test_a_long_formula_is_cut_to_a_line() -> None:
    run = walk(replace(BOWL, formula="x + " * 100 + "y"), [1.0, 2.0], 0.1, 1)
    assert len(title(run)) == 64
    assert title(run).endswith("…")


def test_a_race_shows_every_method_from_the_common_start() -> None:
    picture = race(comparison())
    assert isinstance(picture, Race)
    names = ["gradient-descent", "momentum", "careful"]
    assert [path.name for path in picture.contours.paths] == names
    assert [line.name for line in picture.progress.lines] == names
    assert all(path.points[0].tolist() == [-1.2, 1.0] for path in picture.contours.paths)


def test_a_race_in_three_variables_shows_progress_alone() -> None:
    runs = comparison()
    three = walk(BOWL, [1.0, 2.0, 3.0], 0.1, 5, names=("x", "y", "z"))
    picture = race(replace(runs, results={"a": three, "b": three}))
    assert isinstance(picture, Panels)
    assert [line.name for line in picture.panels[0].lines] == ["a", "b"]

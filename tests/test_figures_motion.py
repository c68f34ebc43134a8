"""Races that move: frames grow with the steps, and end where the still figure stands."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import steepest
from runs import comparison
from steepest.cli.app import shell
from steepest.errors import InputError
from steepest.figures import plot_comparison, save_comparison
from steepest.figures.extract import MOST_FRAMES, animation
from steepest.figures.style import THEMES

VALLEY = "(1-x)**2 + 100*(y-x**2)**2"


def moving(figure: Any) -> list[list[Any]]:
    """Return for each frame what it gives to the traces, in the order of the first."""
    assert len({frame.traces for frame in figure.frames}) == 1
    return [list(frame.data) for frame in figure.frames]


def test_few_steps_are_shown_one_by_one() -> None:
    race = steepest.compare("x**2 + 3*y**2", [2, 1], ["gradient-descent", "adam"], max_steps=20)
    assert animation(race).steps == tuple(range(21))


def test_many_steps_are_thinned_and_both_ends_shown() -> None:
    steps = animation(comparison()).steps
    assert len(steps) <= MOST_FRAMES
    assert steps[:4] == (0, 1, 2, 3)
    assert steps[-1] == 2000
    assert all(before < after for before, after in pairwise(steps))


def test_balls_go_where_the_steps_were() -> None:
    race = steepest.compare("x**2 + 3*y**2", [2, 1], ["gradient-descent", "adam"], max_steps=20)
    figure = plot_comparison(race, animate=True)
    for step, data in enumerate(moving(figure)):
        lines, runners = data[:2], data[2:]
        for index, run in enumerate(race.results.values()):
            trail, ball = runners[2 * index : 2 * index + 2]
            here = run.history.x[min(step, run.nit)]
            assert (ball.x[0], ball.y[0]) == pytest.approx(tuple(here), abs=0.01)
            assert trail.x[-1] == pytest.approx(ball.x[0])
            assert lines[index].x[-1] <= step


def test_trails_only_grow() -> None:
    frames = moving(plot_comparison(comparison(), animate=True))
    for before, after in pairwise(frames):
        for early, late in zip(before, after, strict=True):
            assert len(late.x) >= len(early.x)
    assert [len(trace.x) for trace in frames[0]] == [1] * 9


def test_axes_are_held_while_lines_grow() -> None:
    race = comparison()
    figure = plot_comparison(race, animate=True)
    low, high = figure.layout.yaxis2.range
    for trace in figure.data:
        if trace.yaxis == "y2":
            drawn = np.asarray(trace.y, dtype=float)
            shown = np.log10(drawn[np.isfinite(drawn)])
            assert low <= shown.min() <= shown.max() <= high


def test_the_map_is_a_picture_that_stays() -> None:
    figure = plot_comparison(comparison(), animate=True)
    assert not [trace for trace in figure.data if trace.type == "contour"]
    (picture,) = figure.layout.images
    assert picture.source.startswith("data:image/png;base64,")
    still = plot_comparison(comparison())
    (left, right), (bottom, top) = still.layout.xaxis.range, still.layout.yaxis.range
    assert (picture.x, picture.y) == (left, top)
    assert (picture.sizex, picture.sizey) == pytest.approx((right - left, top - bottom))
    assert figure.layout.xaxis.range == still.layout.xaxis.range


def test_it_can_be_played_paused_and_moved_to_any_frame() -> None:
    figure = plot_comparison(comparison(), animate=True)
    play, _, _, pause = figure.layout.updatemenus[0].buttons
    assert (play.args[0], pause.args[0]) == (None, (None,))
    (slider,) = figure.layout.sliders
    names = [frame.name for frame in figure.frames]
    assert [step.args[0][0] for step in slider.steps] == names
    assert slider.active == len(names) - 1


@pytest.mark.parametrize("start", [[2.0], [2.0, 1.0, 3.0]])
def test_other_numbers_of_variables_have_growing_lines(start: list[float]) -> None:
    race = steepest.compare(lambda p: (p**2).sum(), start, ["adam", "momentum"], max_steps=300)
    figure = plot_comparison(race, animate=True)
    assert len(figure.frames[-1].data) == 2
    assert list(figure.frames[-1].traces) == [0, 1]
    assert not figure.layout.images


def test_a_path_that_leaves_the_picture_is_animated_as_far_as_it_is_seen() -> None:
    race = steepest.compare(
        "x**2 + y**2", [5, -3], {"wild": steepest.methods.GradientDescent(1.1), "calm": "newton"}
    )
    assert plot_comparison(race, animate=True).frames


def test_a_page_of_many_methods_is_small_and_waits(tmp_path: Path) -> None:
    methods = [*steepest.methods.METHODS][:12]
    race = steepest.compare(VALLEY, [-1.2, 1], methods, max_steps=3000)
    save_comparison(race, tmp_path / "race.html", animate=True, theme="dark")
    page = (tmp_path / "race.html").read_text("utf-8")
    assert len(page.encode()) < 8_000_000
    assert "Plotly.animate('" not in page
    assert 'src="http' not in page
    assert '<div class="wide">' in page
    assert THEMES["dark"].paper in page


def test_a_picture_does_not_move(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"does not move: name an \.html"):
        save_comparison(comparison(), tmp_path / "race.png", animate=True)
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_animates(tmp_path: Path) -> None:
    plot = tmp_path / "race.html"
    arguments = ["compare", VALLEY, "--start", "x=-1.2,y=1", "--methods", "newton,l-bfgs"]
    report = CliRunner().invoke(shell, [*arguments, "--plot", str(plot), "--animate", "--json"])
    assert report.exit_code == 0
    assert len(json.loads(report.stdout)["methods"]) == 2
    assert "Plotly.addFrames" in plot.read_text("utf-8")
    for wrong in (["--animate"], ["--animate", "--plot", str(tmp_path / "race.png")]):
        report = CliRunner().invoke(shell, [*arguments, *wrong])
        assert (report.exit_code, report.stdout) == (2, "")
        assert "--animate" in report.stderr

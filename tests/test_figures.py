"""What is drawn shows the extracted data, and files are written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from processes import python
from runs import BOWL, QUARTIC, PlainRun, comparison, sine_walk, walk
from steepest.errors import InputError
from steepest.figures import (
    plot_comparison,
    plot_result,
    result_html,
    save_comparison,
    save_figure,
)
from steepest.figures.extract import KINDS, NEEDED
from steepest.figures.style import METHOD_COLOURS, PATH_COLOUR, THEMES, path_style

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def run_for(kind: str) -> PlainRun:
    one = NEEDED.get(kind) == 1
    return walk(QUARTIC, [2.0], 0.03, 5, names=("x",)) if one else sine_walk()


def options_of(kind: str) -> dict[str, int]:
    return {"step": 3} if kind == "step" else {}


def traces(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


def test_the_path_is_a_red_line_above_the_surface() -> None:
    run = sine_walk()
    figure = plot_result(run)
    (surface,) = traces(figure, "surface")
    path, start, end = traces(figure, "scatter3d")
    assert surface.z.shape == (len(surface.y), len(surface.x))
    assert path.line.color == PATH_COLOUR
    assert (path.x[0], path.y[0]) == (1.66, 3.37)
    assert np.all(path.z > np.sin(path.x) * np.sin(path.y))
    assert (start.name, end.name) == ("start", "end")
    assert (end.x[0], end.y[0]) == tuple(run.history.x[-1])


def test_hovering_over_the_path_tells_step_and_value() -> None:
    path = traces(plot_result(sine_walk(), "contours"), "scatter")[1]
    assert "step" in path.hovertemplate
    assert path.customdata[0].tolist() == pytest.approx([0, np.sin(1.66) * np.sin(3.37)])


def test_contour_lines_lie_within_the_colours() -> None:
    (contour,) = traces(plot_result(sine_walk(), "contours"), "contour")
    assert contour.zmin < contour.contours.start < contour.contours.end < contour.zmax


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", THEMES)
def test_every_kind_is_drawn_in_every_theme(kind: str, theme: str) -> None:
    figure = plot_result(run_for(kind), kind, theme=theme, **options_of(kind))
    assert figure.layout.paper_bgcolor == THEMES[theme].paper


def test_names_are_text_and_never_markup() -> None:
    run = walk(BOWL, [1.0, 2.0], 0.1, 3, method="<b>mine</b>", names=("<i>", "a$b$c_"))
    figure = plot_result(run, "contours")
    assert "<b>" not in figure.layout.title.text
    assert figure.layout.xaxis.title.text == "&lt;i&gt;"


def test_a_comparison_draws_every_method_apart() -> None:
    figure = plot_comparison(comparison())
    shown = [trace for trace in figure.data if trace.showlegend]
    assert [trace.name for trace in shown] == ["gradient-descent", "momentum", "careful"]
    assert len({trace.line.color for trace in shown}) == 3


def test_many_lines_stay_apart() -> None:
    looks = {path_style(i, 32, THEMES["dark"]) for i in range(32)}
    assert len(looks) == 32
    assert len(set(METHOD_COLOURS)) == 8


def test_a_page_needs_no_network(tmp_path: Path) -> None:
    save_figure(sine_walk(), tmp_path / "walk.html")
    page = (tmp_path / "walk.html").read_text()
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page) == []
    assert "Plotly.newPlot" in page
    assert "<title>sin(x)*sin(y) · steepest</title>" in page
    assert "171 steps &amp; ended at f = -1 &lt; start." in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_picture(tmp_path: Path, kind: str) -> None:
    save_figure(run_for(kind), tmp_path / "walk.png", kind, **options_of(kind))
    assert (tmp_path / "walk.png").read_bytes().startswith(PNG_SIGNATURE)


def test_a_picture_takes_any_names(tmp_path: Path) -> None:
    run = walk(BOWL, [1.0, 2.0], 0.1, 3, method="a$b$c_", names=("$x$_{", "<y>"))
    for kind in ("surface", "contours", "overview"):
        save_figure(run, tmp_path / f"{kind}.png", kind)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_drawing_is_small_valid_and_the_same_every_time(tmp_path: Path) -> None:
    for name in ("once.svg", "again.svg"):
        save_figure(sine_walk(), tmp_path / name, "contours")
    once = (tmp_path / "once.svg").read_bytes()
    assert ElementTree.fromstring(once).tag.endswith("svg")
    assert b"gradient-descent" in once
    assert len(once) < 1_000_000
    assert once == (tmp_path / "again.svg").read_bytes()


def test_a_comparison_is_saved(tmp_path: Path) -> None:
    for name in ("race.html", "race.png"):
        save_comparison(comparison(), tmp_path / name)
    assert (tmp_path / "race.png").read_bytes().startswith(PNG_SIGNATURE)


@pytest.mark.parametrize("name", ["walk.pgn", "walk", "walk.jpeg"])
def test_an_unknown_suffix_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"\.html, \.png or \.svg"):
        save_figure(sine_walk(), tmp_path / name)


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        save_figure(sine_walk(), tmp_path / "nowhere" / "walk.png")


def test_a_figure_that_cannot_be_drawn_leaves_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "walk.png"
    target.write_text("earlier")
    with pytest.raises(InputError):
        save_figure(sine_walk(), target, "curve")
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_a_notebook_shows_words_and_a_picture_without_scripts() -> None:
    shown = result_html(sine_walk())
    assert "171 steps &amp; ended at f = -1 &lt; start." in shown
    assert "data:image/png;base64," in shown
    assert "<script" not in shown
    assert len(shown) < 300_000


def test_an_unknown_theme_is_named() -> None:
    with pytest.raises(InputError, match=r"'drak'.*Did you mean 'dark'"):
        plot_result(sine_walk(), theme="drak")


def test_drawing_touches_no_global_state() -> None:
    script = (
        "import sys\n"
        "from runs import sine_walk\n"
        "from steepest.figures import result_html\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import matplotlib; before = dict(matplotlib.rcParams)\n"
        "result_html(sine_walk())\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "from matplotlib import _pylab_helpers\n"
        "assert not _pylab_helpers.Gcf.figs\n"
        "assert 'plotly' not in sys.modules\n"
    )
    report = python("-c", script)
    assert report.returncode == 0, report.stderr

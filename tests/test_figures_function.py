"""A function is drawn over a domain without a descent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from steepest.figures import plot_function
from steepest.figures.function import function_scene, read_domain
from steepest.figures.output import html_page
from steepest.figures.style import THEMES

SQUARE = {"x": (-1.0, 1.0), "y": (0.0, 4.0)}


def traces(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


def test_the_kind_follows_the_number_of_variables() -> None:
    assert [trace.type for trace in plot_function("x**2", (-1, 1)).data] == ["scatter"]
    assert [trace.type for trace in plot_function("x*y", SQUARE).data] == ["surface"]
    assert [trace.type for trace in plot_function("x*y", SQUARE, kind="contours").data] == [
        "contour"
    ]


def test_axes_follow_the_variables_whatever_the_order_of_the_domain() -> None:
    (surface,) = plot_function("x - y", {"y": (0, 4), "x": (-1, 1)}, points=5).data
    assert surface.x.tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert surface.y.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    # Row by row along y, column by column along x.
    assert surface.z[4].tolist() == [-5.0, -4.5, -4.0, -3.5, -3.0]


@pytest.mark.parametrize(
    "function",
    [
        "x**2 + 3*y",
        lambda x, y: x**2 + 3 * y,
        lambda v: v[0] ** 2 + 3 * v[1],
        lambda x, y: x**2 + 3 * y if x > 0 else x * x + y + y + y,
        st.function("x**2 + 3*y"),
    ],
    ids=["formula", "numbers", "array", "branches", "Function"],
)
def test_every_way_of_writing_a_function_is_drawn(function: Any) -> None:
    (surface,) = plot_function(function, [(-1, 1), (0, 4)], points=3).data
    assert surface.z.tolist() == [[1, 0, 1], [7, 6, 7], [13, 12, 13]]


def test_a_path_is_a_red_line_on_the_function() -> None:
    path = [[0.5, 1.0], [0.25, 2.0]]
    line, start, end = traces(plot_function("x + y", SQUARE, path=path), "scatter3d")
    assert line.line.color == "#e3120b"
    assert np.column_stack([line.x, line.y]).tolist() == path
    assert line.customdata[:, 1].tolist() == [1.5, 2.25]
    assert (start.name, end.name) == ("start", "end")
    curve, iterates, *_ = plot_function("x**2", (-1, 1), path=[[0.5], [0.25]]).data
    assert iterates.y.tolist() == [0.25, 0.0625]
    assert curve.name == "f"


def test_a_path_takes_nothing_from_the_domain() -> None:
    bare, walked = (
        plot_function("x**2 + y**2", SQUARE, path=path).layout.scene.zaxis.range
        for path in (None, [[0.0, 0.1], [0.0, 0.0]])
    )
    assert bare == walked
    assert walked[1] > 17


def test_spacing_sets_contours_and_lines() -> None:
    (contour,) = plot_function("x + y", SQUARE, kind="contours", spacing=0.5).data
    assert (contour.contours.start, contour.contours.end, contour.contours.size) == (-0.5, 4.5, 0.5)
    (surface,) = plot_function("x + y", SQUARE, spacing=0.5).data
    for axis in (surface.contours.x, surface.contours.y, surface.contours.z):
        assert (axis.show, axis.size, axis.start % 0.5) == (True, 0.5, 0.0)
    (plain,) = plot_function("x + y", SQUARE).data
    assert not plain.contours.z.show


def test_a_narrow_valley_gets_logarithmic_levels_without_a_path() -> None:
    valley = {"x": (-2.0, 2.0), "y": (-1.0, 3.0)}
    scene = function_scene("(1-x)**2 + 100*(y-x**2)**2", valley, None, None, None, None, None)
    assert scene.grid.scale.logarithmic
    bowl = function_scene("x**2 + y**2", valley, None, None, None, None, None)
    assert not bowl.grid.scale.logarithmic


def test_what_is_not_defined_is_left_out() -> None:
    (curve,) = plot_function("log(x)", (-1, 1), points=5).data
    assert np.isnan(curve.y[:3]).all()
    assert curve.y[4] == 0.0
    (surface,) = plot_function("sqrt(x)*0/0 + y", SQUARE, points=3).data
    assert np.isnan(surface.z).all()


def test_size_and_eye() -> None:
    layout = plot_function("x + y", SQUARE, eye=(0, -2, 1.75), size=(640, 480)).layout
    assert (layout.width, layout.height) == (640, 480)
    eye, up = layout.scene.camera.eye, layout.scene.camera.up
    assert (eye.x, eye.y, eye.z) == (0, -2, 1.75)
    assert (up.x, up.y, up.z) == (0, 0, 1)


BAD = {
    "missing variable": ("x + y", {"x": (0, 1)}, {}, "variables are x, y"),
    "unknown variable": ("x + y", {"x": (0, 1), "z": (0, 1)}, {}, "for x, z"),
    "too few": ("x + y", [(0, 1)], {}, "1 variables"),
    "falling": ("x", (1, 0), {}, r"\(1, 0\)"),
    "infinite": ("x", (0, np.inf), {}, "finite"),
    "no pairs": ("x", "ab", {}, "lower and an upper end"),
    "triples": ("x + y", [(0, 1, 2), (0, 1, 2)], {}, "lower and an upper end"),
    "curve of two": ("x + y", SQUARE, {"kind": "curve"}, "needs 1 variable,"),
    "surface of one": ("x", (0, 1), {"kind": "surface"}, "needs 2 variables"),
    "three": ("x + y + z", [(0, 1)] * 3, {}, "has 3"),
    "unknown kind": ("x", (0, 1), {"kind": "curves"}, "Did you mean 'curve'"),
    "one point": ("x", (0, 1), {"points": 1}, "2 to 4000"),
    "too many points": ("x", (0, 1), {"points": 10**6}, "2 to 4000"),
    "no spacing": ("x", (0, 1), {"spacing": 0.0}, "above 0"),
    "tiny spacing": ("x", (0, 1), {"spacing": 1e-9}, "1000 lines"),
    "flat path": ("x", (0, 1), {"path": [0.1, 0.2]}, r"\(k, 1\)"),
    "theme": ("x", (0, 1), {"theme": "sepia"}, "Themes are"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_drawn_is_said(case: str) -> None:
    function, domain, options, message = BAD[case]
    with pytest.raises(st.InputError, match=message):
        plot_function(function, domain, **options)


def test_a_domain_is_read_in_the_order_of_the_variables() -> None:
    objective, ends = read_domain("b - a", {"a": (0, 1), "b": (2, 3)})
    assert dict(zip(objective.names, ends.tolist(), strict=True)) == {"a": [0, 1], "b": [2, 3]}


def test_a_page_has_no_more_points_than_it_can_show() -> None:
    scene = function_scene(
        "sin(x)*sin(y)", {"x": (0, 6), "y": (0, 6)}, 1000, None, None, None, None
    )
    few = function_scene("sin(x)*sin(y)", {"x": (0, 6), "y": (0, 6)}, 2, None, None, None, None)
    assert scene.grid.values.shape == (1000, 1000)
    thinned = scene.grid.thinned()
    assert thinned.values.shape == (600, 600)
    assert thinned.first[[0, -1]].tolist() == [0, 6]
    assert thinned.values[7, 9] == np.sin(thinned.first[9]) * np.sin(thinned.second[7])
    sizes = [len(html_page(one, THEMES["light"], "")) for one in (scene, few)]
    assert sizes[0] - sizes[1] < 6e6

"""Figures of landscapes: the points are where they are, each kind in its own shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steepest as st
from landscapes import CLASSIC, SQUARE
from steepest.errors import InputError
from steepest.figures.landscape import basins_scene, landscape_scene
from steepest.figures.marked import AREA_COLOURS, CRITICAL_COLOURS, BasinMap, Marked
from steepest.figures.output import picture
from steepest.figures.still import draw
from steepest.figures.style import theme_named


@pytest.fixture(scope="module")
def sines() -> Any:
    return st.landscape("sin(x)*sin(y)", **SQUARE)


def marks_of(scene: Marked | BasinMap) -> dict[str, Any]:
    return {marks.name: marks for marks in scene.marks}


def test_marks_are_the_critical_points(sines: Any) -> None:
    marks = marks_of(landscape_scene(sines))
    assert list(marks) == ["minimum", "maximum", "saddle", "saddle, on the boundary"]
    for kind in ("minimum", "maximum", "saddle"):
        expected = [point.x.tolist() for point in sines.critical_points().of(kind)]
        assert marks[kind].places.tolist() == expected
    assert len(marks["saddle, on the boundary"].places) == 8


def test_every_kind_has_a_shape_and_a_colour_of_its_own(sines: Any) -> None:
    monkey = st.landscape("x**3 - 3*x*y**2", x=(-1, 1.2), y=(-1, 1))
    traces = [*sines.plot().data[1:], *monkey.plot().data[1:]]
    inside = [trace for trace in traces if "boundary" not in trace.name]
    assert [trace.name for trace in inside] == ["minimum", "maximum", "saddle", "degenerate"]
    assert len({trace.marker.symbol for trace in inside}) == 4
    assert len({trace.marker.color for trace in inside}) == 4
    solid = [trace.marker.symbol for trace in sines.surface().data[1:] if trace.showlegend is None]
    assert len(set(solid)) == 3
    # What lies on the boundary is hollow: the colour is that of its edge.
    (hollow,) = (trace for trace in traces if "boundary" in trace.name)
    assert (hollow.marker.color, hollow.marker.line.color) == ("white", CRITICAL_COLOURS["saddle"])


def test_the_map_is_the_function(sines: Any) -> None:
    contours = sines.contours().data[0]
    assert (contours.x[0], contours.x[-1]) == (0, 2 * np.pi)
    assert contours.z == pytest.approx(np.outer(np.sin(contours.y), np.sin(contours.x)), abs=1e-6)
    assert "2 minima, 2 maxima and 1 saddle" in sines.plot().layout.title.text


def test_marks_on_a_curve() -> None:
    land = st.landscape("x**4 - x**2", x=(-1, 1.1))
    marks = marks_of(landscape_scene(land))
    assert marks["minimum"].places[:, 1] == pytest.approx([-0.25, -0.25])
    assert [trace.name for trace in land.plot().data] == ["f", "minimum", "maximum"]


def test_marks_stand_on_the_surface() -> None:
    land = st.landscape(CLASSIC["rosenbrock"].formula, x=(-2, 2), y=(-1, 3))
    scene = landscape_scene(land, "surface")
    low, high = scene.base.grid.scale.shown_ends()  # type: ignore[union-attr]
    (height,) = marks_of(scene)["minimum"].heights
    assert low < height < low + 0.1 * (high - low)


def test_marks_behind_a_hill_are_faint(sines: Any) -> None:
    figure = draw(landscape_scene(sines, "surface"), theme_named("light"))
    faint = [line for line in figure.axes[0].lines if line.get_alpha() == 0.3]
    strong = [line for line in figure.axes[0].lines if line.get_alpha() == 1.0]
    # The far edge's middle and the minimum beyond the hills are hidden; the near ones are not.
    assert faint
    assert sum(len(line.get_xdata()) for line in [*faint, *strong]) == 13
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["minimum", "maximum", "saddle", "saddle, on the boundary"]


def test_a_basin_has_one_colour() -> None:
    land = st.landscape(CLASSIC["himmelblau"].formula, x=(-6, 6), y=(-6, 6))
    basins = land.basins(points=31)
    scene = basins_scene(land, [basins])
    (panel,) = scene.panels
    assert panel.areas.shape == (31, 31)
    assert set(np.unique(panel.areas)) == {1, 2, 3, 4}
    assert scene.labels[0] == "none"
    for number, label in enumerate(scene.labels[1:], start=1):
        j, i = np.argwhere(panel.areas == number)[0]
        point = basins.points[basins.reached[i, j]]
        assert label == f"minimum at {land.domain.told(point.x)}"
    # Starts beside a minimum are light, those on the ridges between the basins are dark.
    assert panel.steps.tolist() == basins.steps.T.tolist()
    assert panel.shade.min() == 0
    assert panel.shade.max() == 1
    order = np.argsort(panel.steps, axis=None)
    assert (np.diff(panel.shade.ravel()[order]) >= 0).all()
    drawn = st.figures.plot_basins(land, basins)
    assert (drawn.data[1].z == panel.shade).all()
    assert drawn.data[0].z.shape == (31, 31)
    assert {colour for _, colour in drawn.data[0].colorscale[2:]} == set(AREA_COLOURS[:4])


def test_methods_beside_each_other_give_a_point_one_colour() -> None:
    land = st.landscape(CLASSIC["himmelblau"].formula, x=(-6, 6), y=(-6, 6))
    plain = land.basins(points=31)
    fast = land.basins("momentum", points=31, learning_rate=0.003)
    assert (plain.reached != fast.reached).any()
    scene = basins_scene(land, [plain, fast])
    for run, panel in zip([plain, fast], scene.panels, strict=True):
        for number, label in enumerate(scene.labels[1:], start=1):
            for j, i in np.argwhere(panel.areas == number):
                point = run.points[run.reached[i, j]]
                assert label == f"{point.kind} at {land.domain.told(point.x)}"
    drawn = st.figures.plot_basins(land, [plain, fast])
    assert [one.text for one in drawn.layout.annotations] == ["Gradient descent", "Momentum"]
    named = [trace.name for trace in drawn.data if trace.showlegend]
    assert sorted(named) == ["maximum", "minimum", "saddle"]
    assert picture(scene, ".png", theme_named("dark"), dpi=40).startswith(b"\x89PNG")
    other = st.landscape("x**2 + y**2", x=(-1, 1), y=(-1, 1)).basins(points=5)
    with pytest.raises(InputError, match="different landscapes"):
        basins_scene(land, [plain, other])
    with pytest.raises(InputError, match="no basins"):
        basins_scene(land, [])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["contours", "surface", "basins"])
def test_every_still_picture_is_drawn(kind: str, theme: str, sines: Any) -> None:
    if kind == "basins":
        scene: Any = basins_scene(sines, [sines.basins(points=11, max_steps=50)])
    else:
        scene = landscape_scene(sines, kind)
    assert picture(scene, ".png", theme_named(theme), dpi=40).startswith(b"\x89PNG")


@pytest.mark.parametrize("formula", ["0*x*y", "log(x*y)", "x + y", "1/(x*y)", "abs(x)"])
def test_hard_functions_are_drawn(formula: str) -> None:
    land = st.landscape(formula + " + 0*x*y", x=(-1, 1), y=(-1, 1.5))
    assert picture(landscape_scene(land), ".png", theme_named("light"), dpi=40)
    assert land.surface().data


@pytest.mark.parametrize(("kind", "words"), [("surfce", "Did you mean"), ("curve", "1 variable,")])
def test_kinds_that_cannot_be(kind: str, words: str, sines: Any) -> None:
    with pytest.raises(InputError, match=words):
        sines.plot(kind)


def test_no_map_of_the_basins_of_one_variable() -> None:
    land = st.landscape("x**2", x=(-1, 1))
    with pytest.raises(InputError, match="needs 2 variables"):
        st.figures.plot_basins(land, land.basins(points=5))

"""Figures that show how steps come about: tangents, cobwebs, slopes, one step from inside."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest import figures
from steepest.figures.chart import Arrow, Dots, Field, Stroke
from steepest.figures.function import function_scene
from steepest.figures.phase import contraction, phase_scene
from steepest.figures.walks import run_scene


@pytest.fixture(scope="module")
def line():
    return st.minimize("(x - 1)**2", {"x": 3}, method="gradient-descent", learning_rate=0.3)


@pytest.fixture(scope="module")
def plane():
    return st.minimize("x**2 + 4*y**2", {"x": 2, "y": 1}, method="momentum", learning_rate=0.05,
                       stop="max-steps", max_steps=30)  # fmt: skip


def items(chart, kind):
    return [item for axes in chart.axes for item in axes.items if isinstance(item, kind)]


def named(chart, name):
    return [item for axes in chart.axes for item in axes.items if item.name == name]


def test_tangents_touch_the_curve_with_its_slope(line):
    tangents = named(run_scene(line, "tangents"), "tangents")
    assert len(tangents) == 8
    for row, tangent in enumerate(tangents):
        (x0, x1), (y0, y1) = tangent.x, tangent.y
        assert (y1 - y0) / (x1 - x0) == pytest.approx(line.history.gradient[row, 0])
        assert (y0 + y1) / 2 == pytest.approx(line.history.fun[row])


def test_a_cobweb_goes_up_to_the_map_and_across_to_the_diagonal(line):
    chart = run_scene(line, "cobweb")
    (steps,) = named(chart, "steps")
    x = line.history.x[:, 0]
    assert steps.x[:4].tolist() == [x[0], x[0], x[1], x[1]]
    assert steps.y[:4].tolist() == [x[0], x[1], x[1], x[2]]
    (curve,) = named(chart, "x − rate · f′(x)")
    assert curve.y == pytest.approx(curve.x - 0.3 * 2 * (curve.x - 1))


def test_a_cobweb_of_a_rule_with_memory_has_no_map():
    run = st.minimize("(x - 1)**2", {"x": 3}, method="momentum", learning_rate=0.1)
    assert not named(run_scene(run, "cobweb"), "x − rate · f′(x)")


def test_slopes_along_a_path_point_straight_down(plane):
    chart = run_scene(plane, "directions")
    arrows = items(chart, Arrow)
    assert 3 < len(arrows) <= 10
    for arrow in arrows:
        (x, y), head = arrow.tail, np.array(arrow.head)
        move, slope = head - (x, y), np.array([2 * x, 8 * y])
        assert move @ slope == pytest.approx(-np.linalg.norm(move) * np.linalg.norm(slope))
    assert {one.name for one in items(chart, Stroke)} == {"momentum", "curvature 2", "curvature 8"}
    assert items(chart, Field)


def test_the_axes_of_curvature_are_as_long_as_the_bowl_is_wide(plane):
    chart = run_scene(plane, "directions")
    lengths = {
        name: np.hypot(np.ptp(named(chart, name)[0].x), np.ptp(named(chart, name)[0].y))
        for name in ("curvature 2", "curvature 8")
    }
    assert lengths["curvature 2"] == pytest.approx(2 * lengths["curvature 8"])


def test_a_step_from_inside_adds_up(plane):
    chart = run_scene(plane, "step", step=5)
    slope, memory, whole = items(chart, Arrow)
    history = plane.history
    assert slope.tail == whole.tail == pytest.approx(history.x[4])
    assert whole.head == pytest.approx(history.x[5])
    assert np.subtract(slope.head, slope.tail) == pytest.approx(-0.05 * history.gradient[4])
    assert memory.tail == slope.head
    assert memory.head == pytest.approx(whole.head)
    assert "−rate · gradient = (" in slope.name


def test_a_step_of_plain_descent_is_the_slope_alone():
    run = st.minimize("x**2 + y**2", [1, 2], method="gradient-descent", learning_rate=0.1)
    assert len(items(run_scene(run, "step", step=1), Arrow)) == 2


@pytest.mark.parametrize("against", ["steps", "evaluations", "seconds"])
def test_progress_stands_against_what_is_asked_for(plane, against):
    chart = run_scene(plane, "convergence", against=against)
    line = items(chart, Stroke)[0]
    ends = {"steps": 30, "evaluations": 31, "seconds": plane.history.seconds[-1]}
    assert line.x[-1] == pytest.approx(ends[against])
    assert chart.axes[0].labels[0] == against


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"kind": "step"}, "the number of a step"),
        ({"kind": "step", "step": 99}, "steps 1 to 30 were made"),
        ({"kind": "step", "step": 0}, "no step 0"),
        ({"step": 3}, "the number of a step"),
        ({"kind": "curve"}, "needs 1 variable"),
        ({"kind": "convergence", "against": "time"}, "none of steps, evaluations, seconds"),
        ({"kind": "surface", "against": "seconds"}, "belongs to the kind 'convergence'"),
        ({"kind": "surface", "animate": True}, "leave kind out"),
    ],
)
def test_what_cannot_be_drawn_is_refused(plane, options, complaint):
    with pytest.raises(st.InputError, match=complaint):
        run_scene(plane, **options)


def test_one_descent_moves_like_a_race_with_itself(plane, tmp_path):
    figure = plane.plot(animate=True)
    assert len(figure.frames) == 31
    assert [button.label for button in figure.layout.updatemenus[0].buttons] == [
        "▶ Play", "Slow", "Fast", "Pause",
    ]  # fmt: skip
    figures.save_figure(plane, tmp_path / "walk.html", animate=True)
    page = (tmp_path / "walk.html").read_text("utf-8")
    assert "ArrowRight" in page
    assert "The arrow keys" in page
    with pytest.raises(st.InputError, match="does not move"):
        figures.save_figure(plane, tmp_path / "walk.png", animate=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["directions", "step", "convergence"])
def test_pictures_of_two_variables_are_drawn_by_both_libraries(plane, kind, theme, tmp_path):
    options = {"step": 3} if kind == "step" else {}
    assert figures.plot_result(plane, kind, theme=theme, **options).data
    figures.save_figure(plane, tmp_path / "walk.png", kind, theme=theme, **options)
    assert (tmp_path / "walk.png").stat().st_size > 10_000


@pytest.mark.parametrize("kind", ["tangents", "cobweb"])
def test_pictures_of_one_variable_are_drawn_by_both_libraries(line, kind, tmp_path):
    assert figures.plot_result(line, kind).data
    figures.save_figure(line, tmp_path / "walk.svg", kind)
    assert (tmp_path / "walk.svg").stat().st_size > 5000


def test_the_factor_of_a_bowl_is_that_of_its_steps():
    curvatures = np.array([1.0, 30.0])
    for rate, momentum in [(0.01, 0.0), (0.05, 0.5), (0.1, 0.9), (0.06, 0.2)]:
        predicted = contraction(np.array([rate]), np.array([momentum]), 1.0, 30.0)[0, 0]
        x, before = np.ones(2), np.ones(2)
        sizes = []
        for _ in range(400):
            x, before = x - rate * curvatures * x + momentum * (x - before), x
            sizes.append(np.abs(x).max())
        seen = (sizes[-1] / sizes[199]) ** (1 / 200)
        assert seen == pytest.approx(predicted, rel=0.01)


def test_the_best_rate_and_momentum_are_polyaks():
    chart = phase_scene(1.0, 100.0, rate=0.015, momentum=0.9)
    (best,) = [dots for dots in items(chart, Dots) if dots.name.startswith("best: ")]
    assert best.x[0] == pytest.approx(4 / 121)
    assert best.y[0] == pytest.approx((9 / 11) ** 2)
    (field,) = items(chart, Field)
    assert field.values.min() == pytest.approx(9 / 11, abs=0.01)
    for row, momentum in enumerate(field.y):
        stable = field.values[row] < 1
        assert field.x[stable].max(initial=0) <= 2 * (1 + momentum) / 100 + 1e-9
    with pytest.raises(st.InputError, match="of no bowl"):
        phase_scene(-1.0, 2.0)


def test_a_level_plane_comes_down_through_all_heights():
    scene = function_scene("x**2 + y**2 - 1", {"x": (-1, 1), "y": (-1, 1)}, 21, None, None, None,
                           None, True)  # fmt: skip
    assert scene.levels[0] == pytest.approx(1)
    assert scene.levels[-1] == pytest.approx(-1)
    assert 0.0 in scene.levels
    figure = figures.plot_function("x**2 + y**2", {"x": (-1, 1), "y": (-1, 1)}, level=True)
    heights = [float(frame.data[0].z[0][0]) for frame in figure.frames]
    assert heights == sorted(heights, reverse=True)
    with pytest.raises(st.InputError, match="A level plane cuts a surface"):
        figures.plot_function("x**2", {"x": (-1, 1)}, level=True)

"""What the lab shows of a descent: pictures, numbers, files; without a browser."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import steepest as st
from steepest.lab.copying import as_python
from steepest.lab.descents import descents_of
from steepest.lab.downloads import figure_page, saved_run
from steepest.lab.microscope import looked_at, microscope_picture, said_of_microscope
from steepest.lab.overlays import step_arrows
from steepest.lab.pictures import picture_of
from steepest.lab.searches import basins_of, marked_of, points_of, said_of_points
from steepest.lab.state import METHODS, State
from steepest.lab.words import inside_words, theory, typeset

BOWL = State(
    "x**2 + 10*y**2 + x*y/2",
    (-2, 2, -1, 1),
    (1.5, 0.8),
    ("gradient-descent", "momentum", "adam"),
    0.04,
    steps=60,
    marks=("points", "basins", "arrows", "axes"),
    inside="adam",
)


def names(picture):
    return [trace.get("name") for trace in picture["data"]]


def test_critical_points_are_marked_once_they_are_known():
    state = State(marks=("points",))
    assert "minimum" not in names(picture_of(state, 5, "light"))
    marked = picture_of(state, 5, "light", ["points"])
    assert {"minimum", "maximum", "saddle", "saddle, on the boundary"} <= set(names(marked))
    assert "minimum" not in names(picture_of(replace(state, marks=()), 5, "light", ["points"]))


def test_what_is_said_of_points_is_what_the_library_says():
    points = points_of(State())
    land = st.landscape("sin(x)*sin(y)", x=(0, 2 * np.pi), y=(0, 2 * np.pi))
    assert said_of_points(points) == str(land.critical_points())


def test_thousands_of_points_are_not_all_marked_and_it_is_said(monkeypatch):
    monkeypatch.setattr("steepest.lab.searches.SEARCH_SECONDS", 30.0)
    state = State("sin(12*x)*sin(12*y)", (0, 6, 0, 6), marks=("points",))
    points = points_of(state)
    assert len(points) > 800
    count = len(marked_of(points))
    assert 200 <= count <= 400
    assert f"Of the {len(points)} points {count} are marked" in said_of_points(points)
    traces = picture_of(state, 5, "light", ["points"])["data"]
    marks = [trace for trace in traces if (trace.get("marker") or {}).get("size") == 15]
    assert sum(len(one["x"]) for one in marks) == count
    assert {one["name"] for one in marks} >= {"minimum", "maximum", "saddle"}


def test_basins_are_shown_on_request_and_no_more_than_that():
    state = replace(BOWL, inside="momentum")
    assert names(picture_of(state, 5, "light"))[0] is None
    kinds = [trace["type"] for trace in picture_of(state, 5, "dark", ["basins"])["data"]]
    assert kinds[:2] == ["heatmap", "heatmap"]
    assert "from 10,201 starts: 100 % came to 1 critical point" in basins_of(state).text
    with pytest.raises(st.InputError, match="no basins of this kind"):
        basins_of(replace(BOWL, methods=("newton",), inside="newton"))
    with pytest.raises(st.InputError, match="Choose a method"):
        basins_of(replace(BOWL, methods=()))


def ends(arrow):
    return np.array([arrow["ax"], arrow["ay"]]), np.array([arrow["x"], arrow["y"]])


def test_the_arrows_of_a_step_lead_from_the_ball_to_the_head_of_the_step():
    result = descents_of(BOWL).results["adam"]
    inside = result.inside(7)
    arrows, times = step_arrows(inside, BOWL)
    gradient, momentum, scaling, step = [ends(one) for one in arrows[1::2]]
    assert gradient[0] == pytest.approx(result.history.x[6])
    assert step[0] == pytest.approx(result.history.x[6])
    for before, after in ((gradient, momentum), (momentum, scaling)):
        assert before[1] == pytest.approx(after[0])
    assert scaling[1] == pytest.approx(step[1])
    assert step[1] - step[0] == pytest.approx(times * inside.move)
    # Each is in the picture, at the step that is shown.
    assert picture_of(BOWL, 6, "light")["layout"]["annotations"] == arrows
    assert picture_of(replace(BOWL, marks=()), 6, "light")["layout"]["annotations"] == []


def text_of(component):
    """Return all the text of a component."""
    if component is None or isinstance(component, str | int | float):
        return str(component or "")
    if isinstance(component, list | tuple):
        return " ".join(map(text_of, component))
    return text_of(component.children) if "children" in component.available_properties else ""


@pytest.mark.parametrize("method", METHODS)
def test_the_numbers_of_a_step_follow_the_player(method):
    state = replace(BOWL, methods=(method,), inside=method)
    descents = descents_of(state)
    result = descents.results[method]
    for shown in (0, 1, result.nit, result.nit + 1000):
        number = min(shown + 1, result.nit)
        said = text_of(inside_words(state, descents, shown))
        assert f"Step {number} of {method}" in said
        x = result.history.x[number]
        assert f"x = {x[0]:.5g}, y = {x[1]:.5g}" in said
        assert f"{result.history.fun[number]:.6g}" in said
        assert f"{result.history.fun[number - 1]:.6g}" in said


def test_a_method_that_is_not_chosen_is_not_looked_into():
    state = replace(BOWL, inside="newton")
    assert state.looked_into == "gradient-descent"
    assert "of gradient-descent" in text_of(inside_words(state, descents_of(state), 3))
    nobody = replace(BOWL, methods=())
    assert "No step was made" in text_of(inside_words(nobody, descents_of(nobody), 3))
    assert text_of(theory(nobody, descents_of(nobody))) == ""


def test_theory_is_that_of_the_landscape():
    state = replace(BOWL, inside="gradient-descent", steps=400)
    descents = descents_of(state)
    land = st.landscape(state.formula, x=(-2, 2), y=(-1, 1))
    result = descents.results["gradient-descent"]
    seen = land.convergence_rate(result)
    said = text_of(theory(state, descents))
    assert f"{land.stable_rate(result.position):.4g}: yours is below it" in said
    assert f"predicted {seen.predicted:.4g}" in said
    assert f"seen by gradient-descent {seen.contraction:.4g}" in said


def test_the_axes_of_the_curvature_cross_where_the_descent_ended():
    state = replace(BOWL, marks=("axes",), inside="gradient-descent", steps=400)
    axes = [one for one in picture_of(state, 5, "light")["data"] if one.get("mode") == "lines+text"]
    values = np.linalg.eigvalsh([[2, 0.5], [0.5, 20]])
    assert [one["name"] for one in axes] == [f"curvature {value:.3g}" for value in values]
    for one in axes:
        assert [np.mean(one["x"]), np.mean(one["y"])] == pytest.approx([0, 0], abs=1e-6)


def test_the_surface_carries_the_paths():
    picture = picture_of(replace(BOWL, view="surface"), 30, "dark", ["points"])
    kinds = [trace["type"] for trace in picture["data"]]
    assert kinds[0] == "surface"
    assert names(picture).count("adam") == 2
    path = next(one for one in picture["data"] if one.get("name") == "momentum")
    assert path["x"][0] == 1.5


def test_the_microscope_shows_a_plane_at_last():
    shares = [looked_at(replace(BOWL, zoom=float(zoom)))[0].share for zoom in range(5)]
    assert shares[0] > 0.1
    assert shares[4] < 1e-4
    for wider, narrower in pairwise(shares):
        assert narrower == pytest.approx(wider / 10, rel=0.2)
    picture = microscope_picture(replace(BOWL, zoom=4.0), "light")
    surface, plane = (np.asarray(one["z"]) for one in picture["data"])
    assert surface == pytest.approx(plane, abs=1e-3 * np.abs(plane).max())
    assert "to the power 2" in said_of_microscope(BOWL)
    level = State("x**2 + y**2", (-1, 1, -1, 1), (0, 0))
    assert "which is level here" in said_of_microscope(level)


def test_where_there_is_no_slope_there_is_no_microscope():
    with pytest.raises(st.SteepestError, match="not finite"):
        microscope_picture(State("log(x)*y", (-1, 1, -1, 1), (-0.5, 0.5)), "light")


def test_the_mathematics_is_typeset_as_far_as_one_can_read_it():
    assert r"\frac{\partial f}{\partial x} &= \cos" in typeset("sin(x)*sin(y)")
    assert r"\frac{\partial^2 f}{\partial x \, \partial y} &= \cos" in typeset("sin(x)*sin(y)")
    assert "too long to typeset" in typeset("sin(" * 25 + "x*y" + ")" * 25)


def test_the_saved_run_is_the_run_to_the_last_digit(tmp_path):
    name, content = saved_run(BOWL)
    assert name == "adam.json"
    (tmp_path / name).write_text(content)
    loaded = st.load(tmp_path / name)
    shown = descents_of(BOWL).results["adam"]
    assert (loaded.history.x == shown.history.x).all()
    assert loaded.explain() == shown.explain()
    with pytest.raises(st.InputError, match="no run to save"):
        saved_run(replace(BOWL, methods=()))


@pytest.mark.parametrize("view", ["map", "surface", "microscope"])
def test_the_figure_is_a_page_of_its_own(view):
    page = figure_page(replace(BOWL, view=view), 10, "dark", ["points"]).decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "plotly.js v" in page
    assert 'src="http' not in page
    words = "tangent plane" if view == "microscope" else "Adam"
    assert words.lower() in page[page.rindex("<pre>") :].lower()


def test_names_are_text_wherever_they_go():
    """A variable may have any name that Python allows, and a formula any sign that is refused."""
    with pytest.raises(st.SteepestError):
        picture_of(State("x*y + <img src=x onerror=alert(1)>"), 5, "light")
    page = figure_page(State("x**2*(y<3)", (-1, 1, -1, 1), (0.5, 0.5)), 5, "light", []).decode()
    assert "<title>x**2*(y&lt;3) · steepest</title>" in page
    assert "y<3" not in page[page.rindex("<pre>") :]


def test_the_code_of_a_rate_is_as_one_writes_it():
    assert "learning_rate=0.04," not in as_python(replace(BOWL, rate=0.05))
    assert "learning_rate=0.05" in as_python(replace(BOWL, rate=0.05))


def test_pictures_are_plain_data():
    """What the page is sent holds no objects of ours."""
    from dash._utils import to_json

    for view in ("map", "surface", "microscope"):
        picture = picture_of(replace(BOWL, view=view), 10, "light", ["points", "basins"])
        assert json.loads(to_json(picture))["data"]

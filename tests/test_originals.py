"""Two worked examples, figure by figure, from Python and from the command line.

The first walks down sin(x)·sin(y), after the finite differences of Callahan and Hoffman's
"Calculus in Context"; the second takes five thousand small steps down x² + y².
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest as st
from processes import python, steepest_command
from steepest.figures import plot_function
from steepest.objective import Vector

TURN = 2 * np.pi
SINES = "sin(x)*sin(y)"
SQUARE = {"x": (0.0, TURN), "y": (0.0, TURN)}
CUBIC = "x**3 - 4*x - y**2"
BOWL = "x**2 + y**2"


def answer(*arguments: str) -> dict[str, Any]:
    """Return what a process of its own prints as JSON."""
    report = steepest_command(*arguments, "--json", "--quiet")
    assert (report.returncode, report.stderr) == (0, "")
    found: dict[str, Any] = json.loads(report.stdout)
    return found


# The surface, and the contours of another.


def test_surface_of_a_million_points() -> None:
    figure = plot_function(SINES, SQUARE, points=1000, eye=(2, 2, 1.5), size=(800, 800))
    (surface,) = figure.data
    assert surface.z.shape == (1000, 1000)
    assert (surface.x[0], surface.x[-1]) == (surface.y[0], surface.y[-1]) == (0, TURN)
    assert surface.z == pytest.approx(np.outer(np.sin(surface.y), np.sin(surface.x)), abs=1e-7)
    assert ("%{x" in surface.hovertemplate, "%{y" in surface.hovertemplate) == (True, True)
    assert "%{z" in surface.hovertemplate
    camera, layout = figure.layout.scene.camera, figure.layout
    assert (camera.eye.x, camera.eye.y, camera.eye.z) == (2, 2, 1.5)
    assert (camera.up.x, camera.up.y, camera.up.z) == (0, 0, 1)
    assert (layout.width, layout.height) == (800, 800)


def test_contours_along_all_three_axes() -> None:
    domain = {"x": (-1.5, 4.5), "y": (-4.0, 2.0)}
    figure = plot_function(CUBIC, domain, spacing=0.3, eye=(0, -2, 1.75))
    lines, eye = figure.data[0].contours, figure.layout.scene.camera.eye
    for axis in (lines.x, lines.y, lines.z):
        assert (axis.show, axis.size) == (True, 0.3)
    assert (eye.x, eye.y, eye.z) == (0, -2, 1.75)


# Derivatives by central differences.


def test_central_differences() -> None:
    gradient = st.numerical_gradient(st.function(CUBIC), [1.8, -1.0], h=0.05)
    assert gradient == pytest.approx([5.722499999999998, 2.0], abs=1e-12)


def test_derivative_of_one_variable_at_a_point() -> None:
    slope = st.numerical_gradient(lambda x: x**3 - 4 * x, 1.8, h=1e-4)
    # The next term of the series is f'''/6 h² = h², beside rounding of about ε/h.
    assert slope == pytest.approx(5.72 + 1e-8, abs=1e-11)


# The walk down the sines: 172 points, the start and the last, non-falling one included.

END = {"x": 1.5707963291341602, "y": 4.712388955843883}
LOWEST = -0.9999999999999997
WALK = (
    *("minimize", SINES, "--start", "x=1.66,y=3.37", "--method", "gradient-descent"),
    *("--learning-rate", "0.1", "--stop", "no-descent"),
)
DIFFERENCES = ("--differentiation", "numerical", "--difference-step", "1e-4")


def sines(x: float, y: float) -> Any:
    return np.sin(x) * np.sin(y)


WAYS = {
    "formula": SINES,
    "code": sines,
    "formula, differences": st.function(SINES, differentiation="numerical", h=1e-4),
    "code, differences": st.function(sines, differentiation="numerical", h=1e-4),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_walk(way: str) -> None:
    result = st.minimize(
        WAYS[way],
        {"x": 1.66, "y": 3.37},
        method="gradient-descent",
        learning_rate=0.1,
        stop="no-descent",
    )
    path, values = result.history.x, result.history.fun
    assert path.shape == (172, 2)
    assert path[0].tolist() == [1.66, 3.37]
    assert path[-1] == pytest.approx(list(END.values()), abs=1e-12)
    assert values[-1] == pytest.approx(LOWEST, abs=1e-12)
    assert (np.diff(values)[:-1] < 0).all()
    assert values[-1] >= values[-2]
    assert result.last.x == pytest.approx(END, abs=1e-12)
    assert (result.reason, result.nit) == (st.Reason.NO_DESCENT, 171)
    assert (result.success, result.verdict.kind) == (True, "minimum")


@pytest.mark.parametrize("options", [(), DIFFERENCES], ids=["exact", "differences"])
def test_the_walk_from_the_command_line(options: tuple[str, ...]) -> None:
    found = answer(*WALK, *options, "--every", "1")
    assert found["points"] == len(found["history"]) == 172
    assert found["x"] == pytest.approx(END, abs=1e-12)
    assert found["fun"] == pytest.approx(LOWEST, abs=1e-12)
    assert found["history"][0]["x"] == {"x": 1.66, "y": 3.37}
    assert found["history"][-1]["x"] == pytest.approx(END, abs=1e-12)
    assert (found["reason"], found["verdict"]) == ("NO_DESCENT", "minimum")


def test_the_walk_as_a_program(tmp_path: Path) -> None:
    path = tmp_path / "walk.py"
    answer(*WALK, "--program", str(path))
    printed = dict(line.split(" = ") for line in python("-I", str(path)).stdout.splitlines())
    assert {name: float(printed[name]) for name in END} == pytest.approx(END, abs=1e-12)
    assert float(printed["value"]) == pytest.approx(LOWEST, abs=1e-12)
    assert printed["steps"] == "171"


def test_the_path_is_a_red_line_on_the_surface() -> None:
    result = st.minimize(
        SINES, {"x": 1.66, "y": 3.37}, learning_rate=0.1, stop="no-descent", method=None
    )
    figure = plot_function(SINES, SQUARE, path=result.history.x)
    surface, line = figure.data[:2]
    assert (surface.type, line.type) == ("surface", "scatter3d")
    assert line.line.color == "#e3120b"
    assert np.column_stack([line.x, line.y]).tolist() == result.history.x.tolist()
    # Just above the surface, so that it does not sink in it.
    lift = line.z - result.history.fun
    assert ((lift > 0) & (lift < 0.02)).all()


# Losses by name.


def test_losses() -> None:
    prediction, target = np.array([1.0, 2.0, 4.0]), np.array([1.0, 0.0, 3.0])
    assert st.losses.sse(prediction, target) == 5
    assert st.losses.mse(prediction, target) == 5 / 3
    assert st.losses.rmse(prediction, target) == np.sqrt(5 / 3)


# The paraboloid.


def test_table_of_the_bowl() -> None:
    figure = plot_function(BOWL, {"x": (-10, 10), "y": (-10, 10)}, points=21)
    (surface,) = figure.data
    side = [200, 181, 164, 149, 136, 125, 116, 109, 104, 101]
    assert surface.x.tolist() == surface.y.tolist() == list(range(-10, 11))
    assert surface.z[0].tolist() == [*side, 100, *side[::-1]]
    whole = np.arange(-10, 11) ** 2
    assert surface.z.tolist() == np.add.outer(whole, whole).tolist()
    # The name of a scale is kept as its colours: viridis runs from dark violet to yellow.
    colours = surface.colorscale
    assert (colours[0][1], colours[-1][1]) == ("#440154", "#fde725")


def test_first_second_and_third_derivative_as_formulas() -> None:
    f = st.function("x**4 - 2*x**3 + x")
    x = np.linspace(-2, 2, 9)
    expected = {
        1: 4 * x**3 - 6 * x**2 + 1,
        2: 12 * x**2 - 12 * x,
        3: 24 * x - 12,
    }
    for order, values in expected.items():
        derivative = f.derivative(order)
        assert derivative.formula is not None
        again = st.function(derivative.formula)
        assert [again(point) for point in x] == pytest.approx(values, abs=1e-12)
    assert f.derivative(2).derivative(1).formula == f.derivative(3).formula == "24*x - 12"


def test_partial_derivatives_hold_the_others_constant() -> None:
    f = st.function(CUBIC)
    assert f.partial("x").formula == "3*x**2 - 4"
    assert f.partial("y").formula == "-2*y"
    assert answer("derive", CUBIC)["partials"] == {"x": "3*x**2 - 4", "y": "-2*y"}


def test_a_gradient_by_hand() -> None:
    assert st.function(BOWL).gradient([6, -3]).tolist() == [12, -6]
    by_hand = st.minimize(
        lambda x, y: x**2 + y**2, [6, -3], jac=lambda x, y: (2 * x, 2 * y), learning_rate=0.1
    )
    derived = st.minimize(BOWL, [6, -3], learning_rate=0.1)
    assert by_hand.success
    assert by_hand.history.x == pytest.approx(derived.history.x, rel=1e-14)


def test_a_wrong_gradient_by_hand_is_told() -> None:
    result = st.minimize(
        lambda x, y: x**2 + y**2,
        [6, -3],
        jac=lambda x, y: (2 * x, -2 * y),
        learning_rate=0.1,
        max_steps=3,
    )
    assert any("given as jac does not fit" in notice for notice in result.notices)


def random_integers(seed: int) -> Vector:
    """Return a start of integers that is not the minimum."""
    random = np.random.default_rng(seed)
    while not (start := random.integers(-10, 11, size=2)).any():
        pass
    return start


@pytest.mark.parametrize("seed", range(5))
def test_a_seeded_integer_start(seed: int) -> None:
    start = random_integers(seed)
    rate = 0.001
    result = st.minimize(BOWL, start, learning_rate=rate, stop="max-steps", max_steps=1, seed=seed)
    assert result.seed == seed
    # The step is the gradient, negated and scaled.
    assert result.history.x.tolist() == [start.tolist(), (start + rate * -(2 * start)).tolist()]
    same = st.minimize(BOWL, start.astype(float), learning_rate=rate, stop="max-steps", max_steps=1)
    assert same.history.x.tolist() == result.history.x.tolist()


EPOCHS = {
    0: (5.988, -2.994),
    500: (2.2006573940846716, -1.1003286970423358),
    1000: (0.8087663604107433, -0.4043831802053717),
    1500: (0.2972307400008091, -0.14861537000040456),
    2000: (0.10923564223981955, -0.054617821119909774),
    2500: (0.04014532795468376, -0.02007266397734188),
    3000: (0.014753859853277982, -0.007376929926638991),
    3500: (0.005422209548664845, -0.0027111047743324226),
    4000: (0.0019927230353282872, -0.0009963615176641436),
    4500: (0.0007323481432962652, -0.0003661740716481326),
    4999: (0.00026968555624761565, -0.00013484277812380783),
}
"""What is printed as epoch k: the point after step k + 1."""

SMALL_STEPS = ("--learning-rate", "0.001", "--stop", "max-steps")


@pytest.mark.parametrize("fun", [BOWL, lambda x, y: x**2 + y**2], ids=["formula", "code"])
def test_five_thousand_epochs(fun: Any) -> None:
    result = st.minimize(fun, [6, -3], learning_rate=0.001, stop="max-steps", max_steps=5000)
    for epoch, point in EPOCHS.items():
        assert result.history.x[epoch + 1] == pytest.approx(point, rel=1e-12)
    assert result.x == pytest.approx(EPOCHS[4999], rel=1e-12)
    assert (result.nit, result.reason, result.as_asked) == (5000, st.Reason.MAX_STEPS, True)


def test_five_thousand_epochs_from_the_command_line() -> None:
    found = answer(
        *("minimize", BOWL, "--start", "x=6,y=-3", *SMALL_STEPS),
        *("--steps", "5000", "--every", "1"),
    )
    rows = found["history"]
    assert [row["step"] for row in rows] == list(range(5001))
    for epoch, point in EPOCHS.items():
        assert list(rows[epoch + 1]["x"].values()) == pytest.approx(point, rel=1e-12)
    assert found["x"] == rows[-1]["x"]


def test_every_five_hundredth_epoch_from_the_command_line() -> None:
    # After the first step, by hand, epochs and steps count alike.
    found = answer(
        *("minimize", BOWL, "--start", "x=5.988,y=-2.994", *SMALL_STEPS),
        *("--steps", "4999", "--every", "500"),
    )
    printed = {row["step"]: tuple(row["x"].values()) for row in found["history"]}
    for epoch in range(0, 5000, 500):
        assert printed[epoch] == pytest.approx(EPOCHS[epoch], rel=1e-12)
    assert found["x"] == pytest.approx(dict(zip("xy", EPOCHS[4999], strict=True)), rel=1e-12)

"""``steepest explore``, as scripts and people meet it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from commands import assert_refused, run
from landscapes import CLASSIC
from processes import steepest_command

SINES = ("explore", "sin(x)*sin(y)", "--domain", "x=0:2*pi,y=0:2*pi")
CUBIC = ("explore", "x**3 - 4*x - y**2", "--domain", "x=-1.5:4.5,y=-4:2")


def test_the_sines_in_a_process_of_its_own() -> None:
    report = steepest_command(*SINES, "--json")
    assert (report.returncode, report.stderr) == (0, "")
    found = json.loads(report.stdout)
    points = found["critical_points"]
    assert all(set(point) == {"kind", "x", "fun", "eigenvalues", "boundary"} for point in points)
    inside = [point for point in points if not point["boundary"]]
    assert [point["kind"] for point in inside] == [
        *["minimum", "minimum", "maximum", "maximum", "saddle"]
    ]
    assert inside[0]["x"] == pytest.approx({"x": math.pi / 2, "y": 3 * math.pi / 2}, abs=1e-14)
    assert inside[0]["fun"] == -1
    assert inside[0]["eigenvalues"] == pytest.approx([1, 1])
    assert len(points) == 13
    assert found["sureness"]["proved"] is True
    assert (found["sureness"]["index_sum"], found["sureness"]["winding"]) == (3, 3)
    assert found["continua"] == []


def test_the_sines_as_a_table() -> None:
    report = run(*SINES)
    lines = report.stdout.splitlines()
    assert lines[0].split() == ["kind", "x", "y", "f", "curvatures"]
    assert lines[1].split() == ["minimum", "1.570796", "4.712389", "-1", "1,", "1"]
    assert lines[6].split()[:2] == ["saddle", "(boundary)"]
    assert "Inside: 2 minima, 2 maxima and 1 saddle. On the boundary: 8 saddles." in lines
    assert lines[-1].startswith("Proved complete: ")
    assert report.stderr == ""


def test_a_closer_look() -> None:
    found = json.loads(run(*CUBIC, "--at", "x=1.8,y=-1", "--json").stdout)["at"]
    assert found["x"] == {"x": 1.8, "y": -1.0}
    assert found["eigenvalues"] == pytest.approx([-2, 10.8])
    assert found["stable_rate"] == pytest.approx(2 / 10.8)
    assert found["optimal_rate"] is None
    assert found["microscope"]["exponent"] == pytest.approx(2, abs=0.01)
    assert [row["half_width"] for row in found["microscope"]["windows"]][:2] == [1, 0.1]
    slopes = found["contour_slope"]
    assert (slopes["x"]["true"], slopes["y"]["true"]) == pytest.approx((5.72, 2))
    assert (slopes["x"]["read"], slopes["y"]["read"]) == pytest.approx((5.72, 2), rel=0.08)
    assert slopes["x"]["levels"] == pytest.approx([-2.4, -2.1])


def test_a_closer_look_in_words() -> None:
    text = run(*CUBIC, "--at", "x=1.8,y=-1", "--spacing", "0.1").stdout
    assert "Eigenvalues of the Hessian: -2, 10.8" in text
    assert "width to the power 2." in text
    assert "Slopes read off contour lines 0.1 apart" in text


def test_a_closer_look_at_a_critical_point() -> None:
    arguments = ("explore", "x**3 - 3*x + y**2", "--domain", "x=-2:2,y=-1:1", "--at", "x=1,y=0")
    text = run(*arguments).stdout
    assert "inf" not in text
    assert "At the rate 2/(L + μ) = 0.25 each step leaves 0.5 of the distance." in text


def test_basins_as_a_table_and_as_json() -> None:
    arguments = ("explore", CLASSIC["himmelblau"].formula, "--domain", "x=-6:6,y=-6:6", "--basins")
    options = ("--points", "21", "--learning-rate", "0.005", "--method", "momentum")
    found = json.loads(run(*arguments, *options, "--json").stdout)
    (basins,) = found["basins"]
    assert basins["method"] == "momentum"
    assert basins["starts"] == 441
    assert len(basins["shares"]) == len(found["critical_points"])
    assert sum(basins["shares"]) + basins["none"] == pytest.approx(1)
    assert "Momentum at rate 0.005 from 441 starts" in run(*arguments, *options).stdout


def test_basins_of_several_methods_stand_beside_each_other(tmp_path: Path) -> None:
    arguments = ("explore", CLASSIC["himmelblau"].formula, "--domain", "x=-6:6,y=-6:6", "--basins")
    options = (
        "--points",
        "15",
        "--learning-rate",
        "0.005",
        "--method",
        "gradient-descent,momentum",
    )
    picture = tmp_path / "basins.svg"
    text = run(*arguments, *options, "--plot", str(picture)).stdout
    assert "gradient-descent  momentum" in text
    assert "Gradient descent at rate 0.005 from 225 starts" in text
    assert "Momentum at rate 0.005 from 225 starts" in text
    assert picture.stat().st_size > 0
    found = json.loads(run(*arguments, *options, "--json").stdout)
    assert [one["method"] for one in found["basins"]] == ["gradient-descent", "momentum"]


def test_degenerate_points_and_curves_are_told() -> None:
    monkey = run("explore", "x**3 - 3*x*y**2", "--domain", "x=-1:1.2,y=-1:1").stdout
    assert "Degenerate at x = 0, y = 0: f falls in 3 directions" in monkey
    circle = run("explore", "(x**2 + y**2 - 1)**2", "--domain", "x=-2:2,y=-2:2", "--json").stdout
    (curve,) = json.loads(circle)["continua"]
    assert curve["dimension"] == 1
    assert curve["fun"] == pytest.approx(0, abs=1e-12)


def test_a_box_without_critical_points() -> None:
    text = run("explore", "x + 2*y", "--domain", "x=0:1,y=0:1").stdout
    assert text.startswith("Inside: no critical points.\nProved complete")


def test_many_points_are_cut_short_for_people() -> None:
    formula, domain = "cos(9*x)*cos(9*y)", "x=-1:1.05,y=-1:1.02"
    assert "more; --json has all of them" in run("explore", formula, "--domain", domain).stdout


@pytest.mark.parametrize("name", ["map.html", "map.png", "map.svg"])
@pytest.mark.parametrize("options", [(), ("--kind", "surface"), ("--basins", "--points", "15")])
def test_pictures(name: str, options: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / name
    report = run(*SINES, *options, "--plot", str(path))
    assert report.exit_code == 0
    assert f"Wrote {path}" in report.stderr
    assert path.stat().st_size > 10_000


def test_a_picture_of_one_variable(tmp_path: Path) -> None:
    path = tmp_path / "curve.png"
    arguments = ("explore", "x**4 - x**2", "--domain", "x=-1:1.1", "--plot", str(path), "--quiet")
    report = run(*arguments)
    assert (report.exit_code, report.stderr) == (0, "")
    assert path.exists()


BAD_INPUT = {
    "no domain": (("explore", "x*y"), "--domain x=0:1,y=0:1"),
    "no box": (("explore", "x*y", "--domain", "0:1"), "is no box"),
    "no ends": (("explore", "x*y", "--domain", "x=1,y=0:1"), "x=1 is no low:high"),
    "an open side": (("explore", "x", "--domain", "x=:1"), "no low:high"),
    "an infinite side": (("explore", "x", "--domain", "x=0:inf"), "not finite"),
    "a side that is no number": (("explore", "x", "--domain", "x=0:wide"), "--domain x"),
    "no extent": (("explore", "x", "--domain", "x=1:1"), "no extent"),
    "a side twice": (("explore", "x", "--domain", "x=0:1,x=0:2"), "twice"),
    "a missing variable": (("explore", "x*y", "--domain", "x=0:1"), "no ends for 'y'"),
    "a stranger": (("explore", "width**2", "--domain", "widht=0:1"), "Did you mean 'width'"),
    "no variables": (("explore", "3", "--domain", "x=0:1"), "no variables"),
    "nothing defined": (("explore", "log(x)", "--domain", "x=-2:-1"), "log(x)"),
    "a point elsewhere": ((*SINES, "--at", "z=1"), "'z'"),
    "a point with a hole": (("explore", "log(x)", "--domain", "x=-1:1", "--at", "x=-1"), "log(x)"),
    "a spacing of nothing": ((*SINES, "--spacing", "1"), "--at"),
    "a spacing below zero": ((*SINES, "--at", "x=1,y=1", "--spacing", "-1"), "-1"),
    "a rate without basins": ((*SINES, "--learning-rate", "1"), "--basins"),
    "a point outside": (
        ("explore", "sin(x)", "--domain", "x=0:7", "--at", "x=9"),
        "outside the box",
    ),
    "basins of no method": ((*SINES, "--basins", "--method", "adm"), "'adam'"),
    "basins of nothing": ((*SINES, "--basins", "--method", ","), "names no method"),
    "basins of a search": ((*SINES, "--basins", "--method", "bfgs"), "first-order"),
    "too many starts": ((*SINES, "--basins", "--points", "1000000"), "points=1000000"),
    "a kind without plot": ((*SINES, "--kind", "surface"), "--plot"),
    "an unknown kind": ((*SINES, "--kind", "surfaces", "--plot", "a.png"), "'surface'"),
    "a kind for others": ((*SINES, "--kind", "curve", "--plot", "a.png"), "1 variable"),
    "two pictures": ((*SINES, "--kind", "surface", "--basins", "--plot", "a.png"), "two pictures"),
    "no such picture": ((*SINES, "--plot", "a.gif"), ".html"),
    "no picture of three": (
        ("explore", "x*y*z", "--domain", "x=0:1,y=0:1,z=0:1", "--plot", "a.png"),
        "this one has 3",
    ),
    "no map of one": (
        ("explore", "x**2", "--domain", "x=-1:1", "--basins", "--plot", "a.png"),
        "2 variables with --basins",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_clear_line(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, hint = BAD_INPUT[case]
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments), hint)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_time_is_told() -> None:
    domain = ("--domain", "x=0:6,y=0:6", "--max-seconds", "1e-9")
    result = run("explore", "sin(50*x)*sin(50*y)", *domain, "--json")
    assert json.loads(result.stdout)["sureness"]["stopped"]
    assert "Stopped at the limit of time" in json.loads(result.stdout)["sureness"]["text"]

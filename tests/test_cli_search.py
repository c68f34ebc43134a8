"""Bounds, many starts and learning rates from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import steepest
from steepest.cli.app import shell
from steepest.cli.reports import MOST_MINIMA
from steepest.cli.values import read_bounds
from steepest.descent.rate_advice import BANDS

HIMMELBLAU = ("minimize", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2", "--start", "x=0,y=0")
ROSENBROCK = "(1-x)**2 + 100*(y-x**2)**2"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(shell, list(arguments))


def found(*arguments: str) -> dict[str, object]:
    report = run(*arguments, "--json")
    assert report.exit_code == 0, report.output
    answer: dict[str, object] = json.loads(report.stdout)
    return answer


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        (None, None),
        ("x=0:1,y=:5", {"x": (0.0, 1.0), "y": (None, 5.0)}),
        ("x = -1 : ", {"x": (-1.0, None)}),
        ("x=-inf:inf", {"x": (None, None)}),
        ("x=min(1,2):2*3, y=:", {"x": (1.0, 6.0), "y": (None, None)}),
    ],
)
def test_bounds_are_read_with_open_sides(text: str | None, bounds: object) -> None:
    assert read_bounds(text) == bounds


def test_bounds_hold_and_are_reported() -> None:
    answer = found("minimize", "(x-3)**2 + y**2", "--start", "x=0,y=1", "--bounds", "x=:2")
    assert answer["x"] == {"x": 2.0, "y": pytest.approx(0, abs=1e-6)}
    assert answer["at_bound"] == {"x": "upper"}


def test_without_a_method_the_problem_chooses_and_says_why() -> None:
    answer = found("minimize", ROSENBROCK, "--start", "x=-1.2,y=1")
    assert answer["method"] == "newton"
    assert "the Hessian is exact" in str(answer["chosen_because"])
    assert answer["nhev"]
    assert "Chosen because the Hessian is exact" in run(*HIMMELBLAU).stdout


def test_with_a_learning_rate_alone_it_is_gradient_descent() -> None:
    answer = found("minimize", "x**2", "--start", "x=1", "--learning-rate", "0.1")
    assert (answer["method"], answer["chosen_because"]) == ("gradient-descent", None)


def test_every_minimum_of_a_search_is_listed() -> None:
    arguments = (*HIMMELBLAU, "--starts", "40", "--seed", "3")
    answer = found(*arguments)
    minima = steepest.minimize(HIMMELBLAU[1], {"x": 0, "y": 0}, starts=40, seed=3).minima
    assert answer["minima"] == [{"x": m.x, "fun": m.fun, "starts": m.starts} for m in minima]
    header, *rows = run(*arguments).stdout.split("\n\n")[1].splitlines()
    assert header.split() == ["minimum", "x", "y", "f", "starts"]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert [int(row.split()[-1]) for row in rows] == [m.starts for m in minima]


def test_a_seed_decides_the_starts() -> None:
    one, again, other = (
        found(*HIMMELBLAU, "--starts", "9", "--seed", seed)["minima"] for seed in ("1", "1", "2")
    )
    assert one == again != other


def test_a_long_list_of_minima_is_cut_for_people() -> None:
    arguments = ("minimize", "cos(x) + 1e-6*x**2", "--start", "x=1", "--bounds", "x=-300:300")
    answer = found(*arguments, "--starts", "150")
    minima = answer["minima"]
    assert isinstance(minima, list)
    assert len(minima) > MOST_MINIMA
    lines = run(*arguments, "--starts", "150").stdout.splitlines()
    assert lines[-1] == f"... and {len(minima) - MOST_MINIMA} more; --json has all of them."
    assert len(lines) < MOST_MINIMA + 15


def test_one_descent_lists_no_minima() -> None:
    assert found(*HIMMELBLAU)["minima"] == []
    assert "starts" not in run(*HIMMELBLAU).stdout


def test_nobody_named_races_one_of_every_family() -> None:
    rows = found("compare", ROSENBROCK, "--start", "x=-1.2,y=1", "--learning-rate", "1e-3")
    methods = [row["method"] for row in rows["methods"]]  # type: ignore[attr-defined]
    assert methods == [
        *("gradient-descent", "momentum", "adam"),
        *("conjugate-gradient", "l-bfgs", "newton"),
    ]


def test_a_race_keeps_within_bounds() -> None:
    rows = found("compare", ROSENBROCK, "--start", "x=-1.2,y=1", "--bounds", "x=:0.5")["methods"]
    assert isinstance(rows, list)
    assert "conjugate-gradient" not in [row["method"] for row in rows]
    assert [row["fun"] for row in rows] == pytest.approx([0.25] * len(rows))


def test_a_race_may_search_from_many_starts() -> None:
    rows = found(
        *("compare", HIMMELBLAU[1], "--start", "x=0,y=0", "--starts", "12", "--seed", "3"),
        *("--methods", "newton,l-bfgs"),
    )["methods"]
    alone = steepest.minimize(
        HIMMELBLAU[1], {"x": 0, "y": 0}, method="newton", starts=12, seed=3
    ).search
    assert isinstance(rows, list)
    assert alone is not None
    assert rows[0]["evaluations"] == alone.evaluations


BOWL = ("rate", "x**2 + 10*y**2", "--start", "x=1,y=1")


def test_a_rate_is_suggested_as_a_table() -> None:
    report = run(*BOWL)
    assert (report.exit_code, report.stderr) == (0, "")
    first, table, rest = report.stdout.split("\n\n")
    advice = steepest.suggest_rate(BOWL[1], [1, 1])
    assert first == f"Take --learning-rate {advice.rate:.3g} for gradient-descent."
    header, *rows = table.splitlines()
    assert header.split() == ["rates", "from", "to"]
    assert [row.split()[0] for row in rows] == list(BANDS)
    ends = [float(end) for end in rows[1].split()[1:]]
    assert ends == pytest.approx(advice.band("good"), rel=1e-3)
    assert "The curvature at the start, 20, makes rates above 0.1 unstable" in rest


def test_that_no_rate_is_too_large_is_said() -> None:
    words = " ".join(run("rate", "-x", "--start", "x=1").stdout.split())
    assert "No rate was too large" in words
    assert "No rate was too large" not in run(*BOWL).stdout


def test_a_rate_as_json() -> None:
    answer = found(*BOWL, "--method", "momentum", "--steps", "30")
    advice = steepest.suggest_rate(BOWL[1], [1, 1], "momentum", steps=30)
    assert answer["rate"] == advice.rate
    assert answer["stable"] == pytest.approx(3.8 / 20)
    assert answer["open_ended"] is advice.open_ended is False
    assert answer["bands"] == {name: list(advice.band(name) or []) or None for name in BANDS}
    tried = answer["rates"]
    assert isinstance(tried, list)
    assert [row["rate"] for row in tried] == advice.rates.tolist()
    assert (tried[-1]["fun"], tried[-1]["band"]) == (None, "diverging")


def test_the_suggested_rate_is_one_to_go_on_with() -> None:
    rate = str(found(*BOWL)["rate"])
    assert run("minimize", *BOWL[1:], "--learning-rate", rate).exit_code == 0


def test_rates_are_drawn(tmp_path: Path) -> None:
    plot = str(tmp_path / "rates.png")
    report = run(*BOWL, "--plot", plot)
    assert (report.exit_code, report.stderr) == (0, f"Wrote {plot}\n")
    assert Path(plot).exists()
    assert run(*BOWL, "--plot", "rates.gif").exit_code == 2

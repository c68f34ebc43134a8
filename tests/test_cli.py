"""The command line, as scripts and people meet it: real processes, exit status, streams."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import assert_refused, run
from processes import python, steepest_command
from steepest.cli.app import COMMANDS

WALK = (
    "minimize",
    "sin(x)*sin(y)",
    "--start",
    "x=1.66,y=3.37",
    "--method",
    "gradient-descent",
    "--learning-rate",
    "0.1",
    "--stop",
    "no-descent",
)
ROSENBROCK = "(1-x)**2 + 100*(y-x**2)**2"


def one_line(text: str) -> str:
    """Return the text, which is exactly one line."""
    assert text.endswith("\n"), text
    assert text.count("\n") == 1, text
    return text.rstrip("\n")


# The worked example: 172 points, the start and the last, non-falling one included.


def test_the_walk_in_a_process_of_its_own() -> None:
    report = steepest_command(*WALK, "--json")
    assert (report.returncode, report.stderr) == (0, "")
    found = json.loads(report.stdout)
    assert list(found) == [
        "method",
        "chosen_because",
        "x",
        "fun",
        "jac",
        "nit",
        "nfev",
        "njev",
        "nhev",
        "success",
        "reason",
        "message",
        "verdict",
        "at_bound",
        "minima",
        "points",
    ]
    assert found["points"] == 172
    assert found["nit"] == 171
    assert found["x"] == pytest.approx({"x": math.pi / 2, "y": 3 * math.pi / 2}, abs=1e-7)
    assert found["x"]["x"] == pytest.approx(1.5707963291341602, abs=1e-12)
    assert found["x"]["y"] == pytest.approx(4.712388955843883, abs=1e-12)
    assert found["fun"] == pytest.approx(-1, abs=1e-15)
    assert (found["reason"], found["verdict"], found["success"]) == ("NO_DESCENT", "minimum", True)


def test_the_walk_by_differences() -> None:
    steps = ("--differentiation", "numerical", "--difference-step", "1e-4")
    found = json.loads(run(*WALK, *steps, "--json").stdout)
    assert found["points"] == 172
    assert found["x"]["x"] == pytest.approx(1.5707963291341602, abs=1e-12)
    assert found["x"]["y"] == pytest.approx(4.712388955843883, abs=1e-12)


def test_the_paraboloid_every_five_hundred_steps() -> None:
    report = run(
        *("minimize", "x**2 + y**2", "--start", "x=6,y=-3", "--learning-rate", "0.001"),
        *("--stop", "max-steps", "--steps", "5000", "--every", "500", "--json"),
    )
    assert report.exit_code == 0
    found = json.loads(report.stdout)
    assert found["points"] == 5001
    assert [row["step"] for row in found["history"]] == list(range(0, 5001, 500))
    assert set(found["history"][0]) == {"step", "x", "fun", "gradient_norm", "rate"}
    assert found["x"]["x"] == pytest.approx(0.00026968555624761565, rel=1e-12)


def test_a_run_is_explained_in_words() -> None:
    report = run(*WALK)
    assert report.exit_code == 0
    assert "171 steps" in report.stdout
    assert "minimum" in report.stdout
    assert report.stderr == ""


def test_steps_are_printed_as_a_table() -> None:
    report = run(*WALK, "--every", "50")
    header, *rows = report.stdout.split("\n\n")[0].splitlines()
    assert header.split() == ["step", "x", "y", "f", "gradient", "rate"]
    assert [row.split()[0] for row in rows] == ["0", "50", "100", "150"]


def test_a_start_may_be_written_with_expressions() -> None:
    arguments = ("minimize", "sin(x)*sin(y)", "--start", "x=pi/2, y=2*pi-1", "--json")
    found = json.loads(run(*arguments).stdout)
    assert found["x"]["y"] == pytest.approx(3 * math.pi / 2, abs=1e-5)


def test_a_formula_may_begin_with_a_minus_sign() -> None:
    report = run("minimize", "-cos(x)", "--start", "x=1", "--json")
    assert json.loads(report.stdout)["x"]["x"] == pytest.approx(0, abs=1e-5)


def test_method_options_and_schedules_reach_the_method() -> None:
    arguments = (
        *("minimize", ROSENBROCK, "--start", "x=-1.2,y=1", "--stop", "max-steps"),
        *("--steps", "3", "--every", "1", "--json"),
    )
    plain = json.loads(run(*arguments, "--learning-rate", "0.001").stdout)
    scheduled = json.loads(run(*arguments, "--learning-rate", "cosine:0.001:10").stdout)
    assert [row["rate"] for row in plain["history"][1:]] == [0.001] * 3
    assert scheduled["history"][1]["rate"] == 0.001
    assert scheduled["history"][3]["rate"] < 0.001
    light = run(
        *arguments, "--method", "momentum", "--learning-rate", "1e-3", "--option", "momentum=0"
    )
    assert json.loads(light.stdout)["x"] == plain["x"]


# How a run ended is the exit status.


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--learning-rate", "1.1"), "DIVERGED"),
        (("--learning-rate", "1e-6", "--steps", "5"), "MAX_STEPS"),
        (("--learning-rate", "1e-6", "--max-evaluations", "5"), "MAX_EVALUATIONS"),
    ],
)
def test_a_run_that_ended_otherwise_exits_with_one(arguments: tuple[str, ...], reason: str) -> None:
    report = run("minimize", "x**2 + y**2", "--start", "x=5,y=3", "--json", *arguments)
    assert report.exit_code == 1
    found = json.loads(report.stdout)
    assert found["reason"] == reason
    assert found["success"] is False
    assert found["message"]


def test_what_is_not_finite_is_null_in_json() -> None:
    arguments = ("minimize", "x**2", "--start", "x=5", "--every", "1", "--json")
    text = run(*arguments).stdout
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text)["history"][0]["rate"] is None


BAD_INPUT = {
    "no such command": (("minimise", "x**2"), "Did you mean 'minimize'"),
    "no such option": (("minimize", "x**2", "--strat", "x=1"), "Did you mean '--start'"),
    "no formula": (("minimize",), "FORMULA"),
    "too many formulas": (("minimize", "x**2", "y**2", "--start", "x=1"), "y"),
    "no value": (("minimize", "x**2", "--start"), "--start"),
    "no start": (("minimize", "x**2 + y**2"), "--start x=1,y=1"),
    "part of a start": (("minimize", "x + y", "--start", "x=1"), "'y'"),
    "wrong start": (("minimize", "x**2", "--start", "z=1"), "'z'"),
    "infinite start": (("minimize", "x**2", "--start", "x=1e999"), ""),
    "outside the domain": (("minimize", "log(x)", "--start", "x=-1"), "log(x)"),
    "no number": (("minimize", "x**2", "--start", "x=1", "--steps", "many"), "many"),
    "negative steps": (("minimize", "x**2", "--start", "x=1", "--steps", "-3"), "-3"),
    "zero rate": (("minimize", "x**2", "--start", "x=1", "--learning-rate", "0"), "0"),
    "unknown method": (
        ("minimize", "x**2", "--start", "x=1", "--method", "adm"),
        "Did you mean 'adam'",
    ),
    "unknown method option": (
        ("minimize", "x**2", "--start", "x=1", "--method", "adam", "--option", "beta3=1"),
        "beta3",
    ),
    "option of no method": (
        ("minimize", "x**2", "--start", "x=1", "--option", "momentum=0.9"),
        "belongs to no --method",
    ),
    "rate for a method without": (
        ("minimize", "x**2", "--start", "x=1", "--method", "newton", "--learning-rate", "1"),
        "newton finds the length of its steps itself",
    ),
    "bounds without a colon": (
        ("minimize", "x**2", "--start", "x=1", "--bounds", "x=3"),
        "x=3 is no low:high",
    ),
    "bounds of nothing": (("minimize", "x**2", "--start", "x=1", "--bounds", "0:1"), "x=0:1,y=:5"),
    "bounds twice": (("compare", "x**2", "--start", "x=1", "--bounds", "x=0:2,x=0:3"), "twice"),
    "bounds of a stranger": (
        ("minimize", "width**2", "--start", "width=1", "--bounds", "widht=0:2"),
        "Did you mean 'width'",
    ),
    "bounds without room": (("minimize", "x**2", "--start", "x=1", "--bounds", "x=2:0"), "no room"),
    "an infinite low": (("minimize", "x**2", "--start", "x=1", "--bounds", "x=inf:"), "not finite"),
    "a bound that is no number": (
        ("minimize", "x**2", "--start", "x=1", "--bounds", "x=0:high"),
        "--bounds x: 'high' is not a number",
    ),
    "start outside bounds": (
        ("minimize", "x**2", "--start", "x=3", "--bounds", "x=0:2"),
        "outside its bounds",
    ),
    "bounds for a method without": (
        (
            *("minimize", "x**2", "--start", "x=1", "--bounds", "x=0:2"),
            *("--method", "conjugate-gradient"),
        ),
        "takes no bounds",
    ),
    "no starts": (("minimize", "x**2", "--start", "x=1", "--starts", "0"), "starts=0"),
    "too many starts": (("compare", "x**2", "--start", "x=1", "--starts", "1000000000"), "100000"),
    "a seed that is none": (
        ("minimize", "x**2", "--start", "x=1", "--starts", "3", "--seed", "-1"),
        "seed=-1",
    ),
    "rate from nowhere": (("rate", "x**2"), "--start x=1"),
    "rate of no method": (("rate", "x**2", "--start", "x=1", "--method", "adm"), "'adam'"),
    "rate where there is none": (
        ("rate", "x**2", "--start", "x=1", "--method", "newton"),
        "finds the length of its steps itself",
    ),
    "rate in no steps": (("rate", "x**2", "--start", "x=1", "--steps", "0"), "steps=0"),
    "rate where it is level": (("rate", "x**2", "--start", "x=0"), "gradient at the start is 0"),
    "rate outside the domain": (("rate", "log(x)", "--start", "x=-1"), "log(x)"),
    "unknown stop": (("minimize", "x**2", "--start", "x=1", "--stop", "never"), "never"),
    "unknown way": (
        ("minimize", "x**2", "--start", "x=1", "--differentiation", "grahp"),
        "Did you mean 'graph'",
    ),
    "step without differences": (
        ("minimize", "x**2", "--start", "x=1", "--difference-step", "1e-4"),
        "--differentiation numerical",
    ),
    "negative difference step": (
        (
            *("minimize", "x**2", "--start", "x=1", "--differentiation", "numerical"),
            *("--difference-step", "-1"),
        ),
        "-1",
    ),
    "unknown figure": (("minimize", "x**2", "--start", "x=1", "--plot", "walk.gif"), ".html"),
    "no folder": (("minimize", "x**2", "--start", "x=1", "--save", "no/run.json"), "no folder"),
    "kind without plot": (("minimize", "x**2", "--start", "x=1", "--kind", "curve"), "--plot"),
    "unknown history": (("minimize", "x**2", "--start", "x=1", "--history", "h.xls"), ".csv"),
    "every nothing": (("minimize", "x**2", "--start", "x=1", "--every", "0"), "--every"),
    "two on one stream": (
        ("minimize", "x**2", "--start", "x=1", "--program", "-", "--json"),
        "--program",
    ),
    "no variable": (("minimize", "3", "--start", "x=1"), "no variables"),
    "nobody races": (("compare", "x**2", "--start", "x=1", "--methods", ","), "--methods"),
    "unknown racer": (("compare", "x**2", "--start", "x=1", "--methods", "adm"), "adam"),
    "no place": (("derive", "x**2", "--at", "here"), "--at"),
    "no such run": (("show", "nowhere.json"), "nowhere.json"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_clear_line(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, hint = BAD_INPUT[case]
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments), hint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "formula",
    [
        "sin(x",
        "x +* y",
        "x.real",
        "__import__('os').system('true')",
        "sine(x)",
        "9**9**9**9*x",
        "(" * 10_000 + "x" + ")" * 10_000,
        "x" * 1_000_000,
        "",
        "x\0",
        "lambda: x",
        "[x for x in y]",
    ],
    ids=lambda formula: formula[:20],
)
def test_a_bad_formula_is_one_line_and_a_caret(formula: str) -> None:
    report = run("minimize", formula, "--start", "x=1,y=1")
    assert (report.exit_code, report.stdout) == (2, "")
    first, *shown = report.stderr.splitlines()
    assert first.startswith("Error: ")
    assert len(shown) in (0, 2)
    assert not shown or shown[1].strip() == "^"
    assert len(report.stderr) < 1000


def test_a_process_keeps_errors_off_standard_output() -> None:
    report = steepest_command("minimize", "x**2", "--start", "y=1", "--json")
    assert (report.returncode, report.stdout) == (2, "")
    assert "Traceback" not in report.stderr
    assert one_line(report.stderr).startswith("Error: ")


# Output files.


def test_every_file_asked_for_is_written(tmp_path: Path) -> None:
    names = ("walk.html", "walk.png", "run.json", "steps.csv", "steps.parquet")
    html, png, saved, csv, parquet = (str(tmp_path / name) for name in names)
    report = run(
        *(*WALK, "--plot", html, "--plot", png, "--save", saved, "--history", csv, "--json"),
    )
    assert report.exit_code == 0
    assert json.loads(report.stdout)["points"] == 172
    assert report.stderr.count("Wrote ") == 4
    assert run(*WALK, "--history", parquet, "--quiet").stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert len(Path(csv).read_text().splitlines()) == 173


def test_a_saved_run_is_shown_again(tmp_path: Path) -> None:
    saved = str(tmp_path / "run.json")
    words = run(*WALK, "--save", saved, "--quiet").stdout
    assert run("show", saved).stdout == words
    record = json.loads(run("show", saved, "--json").stdout)
    assert record == json.loads(run(*WALK, "--json").stdout)
    plot = str(tmp_path / "walk.svg")
    assert run("show", saved, "--plot", plot, "--kind", "contours").exit_code == 0
    assert Path(plot).exists()


def test_the_program_of_a_run_walks_the_same_path(tmp_path: Path) -> None:
    path = tmp_path / "walk.py"
    found = json.loads(run(*WALK, "--program", str(path), "--json").stdout)
    printed = dict(line.split(" = ") for line in python(str(path)).stdout.splitlines())
    assert {name: float(printed[name]) for name in "xy"} == found["x"]
    assert float(printed["value"]) == found["fun"]
    assert int(printed["steps"]) == found["nit"]


def test_a_printed_program_has_standard_output_to_itself(tmp_path: Path) -> None:
    path = str(tmp_path / "walk.py")
    run(*WALK, "--program", path)
    report = run(*WALK, "--program", "-")
    assert report.stdout == Path(path).read_text()
    assert "171 steps" in report.stderr


def test_a_program_that_there_is_not_is_missed_aloud(tmp_path: Path) -> None:
    path = tmp_path / "walk.py"
    report = run(*WALK, "--differentiation", "numerical", "--program", str(path))
    assert report.exit_code == 1
    assert "no program of this run. Differentiated numerically" in report.stderr
    assert not path.exists()


def test_a_run_without_a_rate_has_no_program_and_says_what_is_missing() -> None:
    report = run("minimize", "x**2", "--start", "x=1", "--program", "-")
    assert (report.exit_code, report.stdout) == (1, "")
    assert "give a --learning-rate" in report.stderr


def test_a_formula_without_its_quotes_is_recognised() -> None:
    report = run("minimize", "x**2", "+", "y**2", "--start", "x=1,y=1")
    assert (report.exit_code, report.stdout) == (2, "")
    assert "'+ y**2'? Put quotes around a formula" in one_line(report.stderr)


def test_a_limit_goes_by_both_of_its_names() -> None:
    for name in ("--steps", "--max-steps"):
        report = run(
            *("minimize", "x**2", "--start", "x=1", "--learning-rate", "0.1"),
            *("--stop", "max-steps", name, "2"),
        )
        assert (report.exit_code, "2 steps" in report.stdout) == (0, True)


def test_a_formula_may_begin_with_two_minus_signs() -> None:
    assert run("derive", "--x**2", "--json").exit_code == 0


# Derivatives.


def test_derivatives_are_shown_and_checked() -> None:
    report = run("derive", "x**3 - 4*x - y**2", "--at", "x=1.8,y=-1")
    assert report.exit_code == 0
    assert "∂f/∂x = 3*x**2 - 4" in report.stdout
    assert "∂f/∂y = -2*y" in report.stdout
    assert "f = -2.368" in report.stdout
    assert "agrees" in report.stdout


def test_derivatives_as_json() -> None:
    found = json.loads(run("derive", "x**3 - 4*x - y**2", "--at", "y=-1,x=1.8", "--json").stdout)
    assert found["partials"] == {"x": "3*x**2 - 4", "y": "-2*y"}
    assert found["gradient"] == pytest.approx({"x": 5.72, "y": 2.0})
    assert found["check"]["agrees"] is True
    assert found["at"] == {"x": 1.8, "y": -1.0}


def test_the_shown_program_runs() -> None:
    source = json.loads(run("derive", "x**3 - 4*x - y**2", "--json").stdout)["source"]
    report = python("-c", f"{source}\nprint(value_and_gradient(1.8, -1.0))")
    assert report.stdout.startswith("(-2.36")


def test_formulas_as_latex() -> None:
    report = run("derive", "x**3 - beta_1**2", "--latex")
    assert r"\frac{\partial f}{\partial \beta_{1}} = -2 \beta_{1}" in report.stdout


# Races.


def test_methods_race_from_one_start(tmp_path: Path) -> None:
    plot = str(tmp_path / "race.html")
    report = run(
        *("compare", ROSENBROCK, "--start", "x=-1.2,y=1", "--methods", "momentum,adam"),
        *("--learning-rate", "1e-3", "--steps", "2000", "--plot", plot, "--json"),
    )
    assert report.exit_code == 1
    found = json.loads(report.stdout)
    assert [row["method"] for row in found["methods"]] == ["momentum", "adam"]
    assert found["start"] == {"x": -1.2, "y": 1.0}
    assert Path(plot).exists()


def test_a_race_is_a_table() -> None:
    report = run("compare", "x**2", "--start", "x=1", "--methods", "gradient-descent,nesterov")
    assert report.exit_code == 0
    header, *rows = report.stdout.splitlines()
    assert header.split()[:2] == ["method", "steps"]
    assert [row.split()[0] for row in rows] == ["gradient-descent", "nesterov"]


# Help.


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    report = run(command, "--help")
    assert report.exit_code == 0
    assert f"steepest {command}" in report.stdout
    assert "--json" in report.stdout
    assert "--quiet" in report.stdout


def test_without_a_command_there_is_help() -> None:
    report = run()
    assert report.exit_code == 0
    assert all(command in report.stdout for command in COMMANDS)


def test_the_version() -> None:
    assert re.fullmatch(r"steepest \d+\.\d+\.\d+\S*", one_line(run("--version").stdout))


def test_an_answer_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from steepest.cli.app import shell\n"
        f"shell.main({[*WALK, '--json']}, standalone_mode=False)\n"
        "heavy = 'plotly matplotlib rich scipy pandas pyarrow numba steepest.figures'.split()\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    assert python("-c", script).stdout.splitlines()[-1] == "[]"


# Whatever one types: an exit status of 0, 1 or 2, and never a traceback.

FORMULAS = st.sampled_from(
    ["x**2", "sin(x)*y", "-x", "1/x", "x**x", "log(x)", "x/0", "abs(x)", "((", "é", "", "3"]
)
POINTS = st.sampled_from(
    ["x=1", "x=1,y=2", "x=0", "x=-1,y=0", "x=1e308", "x=1e-320,y=1", "x=nan", "y=1", "x", ""]
)
OPTIONS = {
    "--method": ["adam", "momentum", "lion", "adm", ""],
    "--methods": ["adam,lion", "adam,adam", ",", ""],
    "--learning-rate": ["0.1", "1e300", "1e-300", "-1", "0", "auto", "cosine:0.1:5", "cosine:x"],
    "--stop": ["gradient", "no-descent", "max-steps", "never"],
    "--tolerance": ["1e-3", "0", "-1", "nan", "inf"],
    "--max-evaluations": ["7", "0", "-1"],
    "--max-seconds": ["1", "0", "nan"],
    "--seed": ["1", "-1", "x"],
    "--bounds": ["x=0:2", "x=:,y=-1:", "x=1:0", "x", "x=nan:2"],
    "--starts": ["4", "0", "-1", "x"],
    "--every": ["3", "0"],
    "--option": ["beta1=0.5", "momentum=2", "beta1", "weight_decay=0.1"],
    "--differentiation": ["numerical", "graph", ""],
    "--difference-step": ["1e-4", "0", "nan", "1e300"],
    "--program": ["-"],
    "--kind": ["curve"],
    "--no-such-thing": ["1"],
}
PAIRS = st.sampled_from(
    [[name, value] for name, values in OPTIONS.items() for value in values]
    + [["--json"], ["--quiet"], ["--latex"], ["--"], ["-h"], ["--help"], ["stray"]]
)
COMMAND_LINES = st.builds(
    lambda command, formula, point, pairs: [
        *([command, formula, "--at" if command == "derive" else "--start", point]),
        *([] if command == "derive" else ["--steps", "20"]),
        *(argument for pair in pairs for argument in pair),
    ],
    st.sampled_from(["minimize", "compare", "derive", "rate"]),
    FORMULAS,
    POINTS,
    st.lists(PAIRS, max_size=4),
)


def assert_civil(report: Result) -> None:
    assert report.exit_code in (0, 1, 2), report.output
    assert "Traceback" not in report.output
    assert "Unexpected" not in report.stderr, report.stderr
    if report.exit_code == 2:
        assert report.stdout == ""
        assert report.stderr.startswith("Error: ") or "Note: " in report.stderr


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COMMAND_LINES.flatmap(lambda line: st.just(line) | st.permutations(line)))
def test_any_arguments_are_answered_civilly(arguments: list[str]) -> None:
    assert_civil(run(*arguments))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    formula=st.text(alphabet="xy0123456789.+-*/()^,e =<>%sincoexplgqrtpi", max_size=30),
    start=st.text(alphabet="xy=,.-+e0123456789pi*", max_size=12),
)
def test_any_formula_and_start_are_answered_civilly(formula: str, start: str) -> None:
    assert_civil(run("minimize", formula, "--start", start, "--steps", "20", "--json"))
    assert_civil(run("minimize", formula, "--start", "x=1,y=0.5", "--steps", "20"))


def test_a_step_is_drawn_from_inside_and_progress_against_time(tmp_path):
    for options in (["--kind", "step", "--at-step", "2"], ["--kind", "convergence", "--against",
                    "seconds"]):  # fmt: skip
        ran = steepest_command("minimize", "x**2 + 3*y**2", "--start", "x=1,y=2", "--learning-rate",
                               "0.1", "--plot", "walk.png", *options, cwd=tmp_path)  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert (tmp_path / "walk.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--plot", "a.png", "--animate"], "does not move"),
        (["--at-step", "3"], "add --plot FILE"),
        (["--plot", "a.png", "--kind", "step"], "the number of a step"),
        (["--plot", "a.png", "--against", "seconds"], "belongs to the kind 'convergence'"),
        (["--plot", "a.png", "--kind", "convergence", "--against", "second"], "Did you mean"),
    ],
)
def test_figures_that_cannot_be_are_refused_before_the_descent(options, complaint, tmp_path):
    ran = steepest_command("minimize", "x**2 + y**2", "--start", "x=1,y=2", *options, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert complaint in ran.stderr

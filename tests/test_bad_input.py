"""Bad input gets one clear answer: an error of our family, or one line and an exit status.

Nothing on standard output, no traceback, no waiting, and no file lost.
"""

from __future__ import annotations

import json
import math
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest as st
from processes import ENVIRONMENT, steepest_command

LONG_SUM = " + ".join(f"sin({k}*x)/{k}" for k in range(1, 200))
"""Slow enough that a few seconds of it are not too many steps to keep."""

FORMULAS = {
    "open bracket": ("sin(x", "never closed"),
    "two operators": ("x +* y", "side by side"),
    "unknown name": ("sine(x)", "Did you mean 'sin'"),
    "attribute": ("x.real", "'.real'"),
    "dunder": ("x.__class__", "__class__"),
    "import": ("__import__('os').system('true')", "without quotes"),
    "foreign call": ("open('f')", "without quotes"),
    "call of a call": ("(lambda: x)()", "cannot define functions"),
    "subscript": ("x[0]", "Square brackets"),
    "text": ("'a'*x", "without quotes"),
    "assignment": ("x = 3", "right-hand side"),
    "list": ("[x, y]", "one number, not a list"),
    "comprehension": ("[x for x in y]", "Comprehensions and loops are not part of a formula"),
    "walrus": ("(x := 3)", "right-hand side"),
    "bare function": ("sin", "give it arguments"),
    "arity": ("sin(x, x)", "takes 1 argument"),
    "subscript digit": ("x₂", "write x2"),
    "two lines": ("x\nimport os", "imports nothing"),
    "empty": ("", "empty"),
    "nul": ("x\0", "remove it"),
    "nested": ("(" * 9000 + "x" + ")" * 9000, "nests"),
    "nested calls": ("sin(" * 3000 + "x" + ")" * 3000, "nests"),
    "minus signs": ("-" * 9999 + "x", "nests"),
    "10,000 deep": ("(" * 10_000 + "x" + ")" * 10_000, "at most"),
    "tower": ("9**9**9**9", "too large"),
    "tower times x": ("9**9**9**9*x", "too large"),
    "long power": ("10**1000000*x", "too large"),
    "a million characters": ("x+" * 500_000 + "x", "at most"),
    "a million digits": ("9" * 1_000_000, "at most"),
}

STARTS: dict[str, tuple[Any, str, str]] = {
    "nothing": ({}, "", "no value"),
    "missing variable": ({"x": 1.0}, "x=1", "'y'"),
    "unknown variable": ({"x": 1.0, "z": 2.0}, "x=1,z=2", "'[yz]'"),
    "wrong length": ([1.0], "1", "1"),
    "not a number": ({"x": 1.0, "y": math.nan}, "x=1,y=nan", "y"),
    "infinite": ({"x": 1.0, "y": -math.inf}, "x=1,y=-inf", "y"),
    "text": ({"x": 1.0, "y": "b"}, "x=1,y=b", "b"),
}

OPTIONS: dict[str, tuple[dict[str, Any], tuple[str, ...], str]] = {
    "negative rate": ({"learning_rate": -0.1}, ("--learning-rate", "-0.1"), "-0.1"),
    "unknown method": ({"method": "adm"}, ("--method", "adm"), "Did you mean 'adam'"),
    "unknown stop": ({"stop": "no-decent"}, ("--stop", "no-decent"), "Did you mean 'no-descent'"),
    "steps to run": ({"stop": "max-steps"}, ("--stop", "max-steps"), "steps"),
    "no time": ({"max_seconds": 0.0}, ("--max-seconds", "0"), "max_seconds"),
    "no evaluations": ({"max_evaluations": 0}, ("--max-evaluations", "0"), "max_evaluations"),
    "no tolerance": ({"tol": 0.0}, ("--tolerance", "0"), "tol"),
}


def refused(*arguments: str) -> str:
    """Return the one line that a command is refused with, and check all that goes with it."""
    report = steepest_command(*arguments)
    assert (report.returncode, report.stdout) == (2, ""), report.stderr
    assert len(report.stderr) < 1000
    line, *shown = report.stderr.splitlines()
    assert line.startswith("Error: ")
    # The formula and a caret under the place may follow.
    assert shown == [] or (len(shown) == 2 and shown[1].strip() == "^"), shown
    return line


@pytest.mark.parametrize("case", FORMULAS)
def test_formula_from_python(case: str) -> None:
    formula, message = FORMULAS[case]
    with pytest.raises(st.FormulaError, match=re.escape(message)) as caught:
        st.minimize(formula, {"x": 1.0})
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "case", [case for case, (text, _) in FORMULAS.items() if len(text) < 1e5 and "\0" not in text]
)
def test_formula_from_the_shell(case: str) -> None:
    formula, message = FORMULAS[case]
    assert message in refused("minimize", formula, "--start", "x=1")


@pytest.mark.parametrize("case", STARTS)
def test_start_from_python(case: str) -> None:
    start, _, message = STARTS[case]
    with pytest.raises(st.SteepestError, match=message):
        st.minimize("x**2 + y**2", start)


@pytest.mark.parametrize("case", STARTS)
def test_start_from_the_shell(case: str) -> None:
    _, start, message = STARTS[case]
    option = ("--start", start) if start else ()
    line = refused("minimize", "x**2 + y**2", *option)
    assert "--start" in line
    assert not start or re.search(message, line)


@pytest.mark.parametrize("case", OPTIONS)
def test_option_from_python(case: str) -> None:
    options, _, message = OPTIONS[case]
    with pytest.raises(st.InputError, match=message):
        st.minimize("x**2", 1.0, **options)


@pytest.mark.parametrize("case", OPTIONS)
def test_option_from_the_shell(case: str) -> None:
    _, options, message = OPTIONS[case]
    assert message in refused("minimize", "x**2", "--start", "x=1", *options)


@pytest.mark.parametrize(
    ("formula", "start", "place"),
    [
        ("1/(x - 2) + y", {"x": 2.0, "y": 1.0}, "1/(x - 2)"),
        ("y + log(x)", {"x": -1.0, "y": 1.0}, "log(x)"),
        ("exp(x)*y", {"x": 1000.0, "y": 1.0}, "exp(x)"),
    ],
)
def test_a_start_without_a_value_names_the_operation(
    formula: str, start: dict[str, float], place: str
) -> None:
    with pytest.raises(st.NonFiniteError) as caught:
        st.minimize(formula, start)
    assert place in str(caught.value)
    written = ",".join(f"{name}={value:g}" for name, value in start.items())
    assert place in refused("minimize", formula, "--start", written)


def test_a_start_without_a_value_names_the_line_of_the_code() -> None:
    def height(x: Any, y: Any) -> Any:
        shifted = x - 5
        depth = np.log(shifted)
        return depth * y

    with pytest.raises(st.NonFiniteError, match=r"line \d+") as caught:
        st.minimize(height, [1.0, 2.0])
    assert Path(__file__).name in str(caught.value)
    assert "depth = np.log(shifted)" in str(caught.value)


BLOWING_UP: dict[str, tuple[str, dict[str, float], float]] = {
    "bowl": ("x**2 + y**2", {"x": 1.0, "y": 2.0}, 1.1),
    "far too large": ("x**2", {"x": 1.0}, 1e6),
    "quartic": ("x**4", {"x": 3.0}, 0.1),
    "valley": ("(1-x)**2 + 100*(y-x**2)**2", {"x": -1.2, "y": 1.0}, 0.01),
}


@pytest.mark.parametrize("case", BLOWING_UP)
def test_a_descent_that_blows_up(case: str) -> None:
    formula, start, rate = BLOWING_UP[case]
    result = st.minimize(formula, start, learning_rate=rate)
    assert result.reason is st.Reason.DIVERGED
    assert not result.success
    assert not result.as_asked
    # The best point is kept, and it is no worse than the start.
    assert result.fun == result.history.fun.min() <= result.history.fun[0]
    assert result.suggested_rate is not None
    assert f"{rate:g}" in result.message
    assert f"{result.suggested_rate:g}" in result.message
    again = st.minimize(formula, start, learning_rate=result.suggested_rate, max_steps=100)
    assert again.reason in {st.Reason.GRADIENT, st.Reason.MAX_STEPS}
    assert again.fun < result.history.fun[0]

    written = ",".join(f"{name}={value:g}" for name, value in start.items())
    report = steepest_command(
        "minimize", formula, "--start", written, "--learning-rate", f"{rate:g}", "--json"
    )
    found = json.loads(report.stdout)
    assert (report.returncode, found["reason"], found["success"]) == (1, "DIVERGED", False)
    assert found["x"] == result.x
    assert found["message"] == result.message


# Limits and interruption end with the usual full result.

FIELDS = {"x", "fun", "jac", "nit", "nfev", "njev", "success", "reason", "message", "verdict"}
ENDLESS = ("minimize", LONG_SUM, "--start", "x=1", "--learning-rate", "1e-12")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--max-seconds", "0.05", "--steps", "100000000"), "MAX_SECONDS"),
        (("--max-evaluations", "50"), "MAX_EVALUATIONS"),
        (("--steps", "50"), "MAX_STEPS"),
    ],
)
def test_a_limit_gives_the_usual_result(options: tuple[str, ...], reason: str) -> None:
    report = steepest_command(*ENDLESS, *options, "--json")
    found = json.loads(report.stdout)
    assert report.returncode == 1
    assert set(found) >= FIELDS
    assert (found["reason"], found["success"]) == (reason, False)
    assert found["nit"] == found["points"] - 1 >= 1


@pytest.mark.parametrize(
    ("limit", "most"), [("max_seconds", 0.05), ("max_evaluations", 40), ("max_steps", 40)]
)
def test_a_limit_from_python(limit: str, most: float) -> None:
    options: dict[str, Any] = {"max_steps": 10**8, limit: most}
    result = st.minimize(LONG_SUM, 1.0, learning_rate=1e-12, **options)
    assert result.reason is st.Reason[limit.upper()]
    assert not result.as_asked
    assert len(result.history) == result.nit + 1


def default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupted(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Return status and streams of a long descent that a Ctrl-C ended in the middle.

    Nobody knows when the descent begins; one that was interrupted before says so, and is run
    again with more time.
    """
    for patience in (0.6, 1.5, 4.0, 10.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "steepest", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd=cwd,
            text=True,
            # A shell starts jobs in the background with Ctrl-C ignored; not this one.
            preexec_fn=default_interrupt,
        )
        time.sleep(patience)
        process.send_signal(signal.SIGINT)
        output, complaint = process.communicate(timeout=60)
        if output:
            break
    return process.returncode, output, complaint


@pytest.mark.parametrize("way", ["graph", "numerical"])
def test_ctrl_c_gives_the_usual_result(way: str, tmp_path: Path) -> None:
    status, output, complaint = interrupted(
        *(*ENDLESS, "--steps", "100000000", "--differentiation", way, "--json", "--quiet"),
        *("--save", "run.json", "--history", "steps.csv"),
        cwd=tmp_path,
    )
    found = json.loads(output)
    assert (status, complaint) == (1, "")
    assert set(found) >= FIELDS
    assert (found["reason"], found["success"]) == ("INTERRUPTED", False)
    assert found["nit"] == found["points"] - 1 >= 1
    # What was asked for besides is written as ever.
    assert st.load(tmp_path / "run.json").nit == found["nit"]
    assert len((tmp_path / "steps.csv").read_text().splitlines()) == found["points"] + 1


def test_ctrl_c_in_python_gives_the_usual_result() -> None:
    def interrupt(step: Any) -> None:
        if step.step == 7:
            raise KeyboardInterrupt

    result = st.minimize("x**2", 1.0, learning_rate=0.01, callback=interrupt)
    assert result.reason is st.Reason.INTERRUPTED
    assert (result.success, result.nit) == (False, 7)
    assert result.history.x.shape == (8, 1)


# Earlier results are never lost.

FAILING: dict[str, tuple[str, ...]] = {
    "formula": ("minimize", "sin(x", "--start", "x=1"),
    "start": ("minimize", "log(x)", "--start", "x=-1"),
    "option": ("minimize", "x**2", "--start", "x=1", "--learning-rate", "-1"),
    "figure": ("minimize", "x**2", "--start", "x=1", "--kind", "surface", "--plot", "walk.png"),
    "another file": ("minimize", "x**2", "--start", "x=1", "--save", "no/run.json"),
}


@pytest.mark.parametrize("case", FAILING)
def test_an_earlier_file_survives_a_failing_run(case: str, tmp_path: Path) -> None:
    files = {
        "--plot": "walk.html",
        "--save": "run.json",
        "--history": "steps.csv",
        "--program": "walk.py",
    }
    for name in (*files.values(), "walk.png"):
        (tmp_path / name).write_text("precious")
    outputs = [word for pair in files.items() for word in pair if pair[0] not in FAILING[case]]
    report = steepest_command(*FAILING[case], *outputs, cwd=tmp_path)
    assert (report.returncode, report.stdout) == (2, "")
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == dict.fromkeys([*files.values(), "walk.png"], "precious")


# Code that is no function of real numbers.

CODE: dict[str, tuple[Callable[..., Any], str]] = {
    "an array": (lambda x, y: [x, y], r"shape \(2,\)"),
    "nothing": (lambda x, y: None, "None"),
    "complex": (lambda x, y: x + 1j * y, "real number"),
    "text": (lambda x, y: "s", "'s'"),
}


@pytest.mark.parametrize("case", CODE)
def test_code_that_returns_no_number(case: str) -> None:
    function, message = CODE[case]
    with pytest.raises(st.SteepestError, match=message):
        st.minimize(function, [1.0, 2.0])


def test_an_error_of_the_users_own_is_the_users_own() -> None:
    def careful(x: Any, y: Any) -> Any:
        raise ValueError("x is a length")

    with pytest.raises(ValueError, match="x is a length"):
        st.minimize(careful, [1.0, 2.0])


def test_an_arithmetic_error_at_the_start_is_named() -> None:
    with pytest.raises(st.NonFiniteError, match="raised ZeroDivisionError: division by zero"):
        st.minimize(lambda x: 1 / int(x[0] - 1), [1.0, 2.0])

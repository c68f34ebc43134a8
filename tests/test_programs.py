"""A descent's program runs on its own and walks the same path, to the last digit.

All programs run in one isolated process with an empty environment: a process for each would take
most of a minute.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steepest as st
from families import FIRST_ORDER
from processes import python, steepest_command
from steepest.descent.descend import descend
from steepest.descent.walk import numpy_walk
from steepest.functions import objective


def valley(v: Any) -> Any:
    """Return Rosenbrock's function of any number of variables, written with slices."""
    return np.sum(100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2)


def bends(x: Any, y: Any) -> Any:
    return np.sqrt(1 + x**2) + np.abs(y) * 0.5 + np.exp(-(x**2)) * np.cos(y)


def parts(weights: Any, offset: Any) -> Any:
    return np.sum((weights * np.arange(1.0, 4.0) + offset - 1) ** 2) + offset**2


@dataclass(frozen=True)
class Run:
    """One descent: what is minimised, from where, and how."""

    fun: str | Callable[..., Any]
    start: Any
    options: Mapping[str, Any]


FUNCTIONS: dict[str, tuple[str | Callable[..., Any], Any]] = {
    "two variables": ("sin(x)*sin(y)", {"x": 1.66, "y": 3.37}),
    "one variable": ("x**4 - 3*x**2 + x", 2.0),
    "code": (bends, [1.5, 0.7]),
    "slices of 3": (valley, np.array([-1.2, 1.0, 0.5])),
    "slices of 40": (valley, np.linspace(-0.5, 0.5, 40)),
    "named arrays": (parts, {"weights": np.array([0.5, -1.0, 2.0]), "offset": 0.3}),
}

RATES = {
    "lion": 1e-3,
    "adadelta": 1.0,
    "gradient-descent": 1e-3,
    "momentum": 1e-4,
    "nesterov": 1e-4,
    "radam": 1e-4,
    "schedule-free": 1e-4,
}

SCHEDULES = {
    "step decay": st.schedules.step_decay(0.1, every=20),
    "exponential": st.schedules.exponential(0.1),
    "cosine": st.schedules.cosine(0.1, steps=40),
    "warm-up": st.schedules.warm_up(st.schedules.cosine(0.1, steps=30), steps=10),
    "one cycle": st.schedules.one_cycle(0.2, steps=40),
}

STOPS = {
    "gradient": st.stopping.Gradient(1e-4),
    "no further fall": st.stopping.Gradient(1e-300),
    "no descent": st.stopping.NoDescent(),
    "max steps": st.stopping.MaxSteps(17),
    "value": st.stopping.Value(-0.9),
    "either": st.stopping.NoDescent() | st.stopping.Value(-0.999) | st.stopping.MaxSteps(500),
}

RUNS = {
    f"{method} on {name}": Run(
        *FUNCTIONS[name],
        {"method": method, "learning_rate": RATES.get(method, 0.01), "max_steps": 60},
    )
    for method in FIRST_ORDER
    for name in FUNCTIONS
}
RUNS |= {
    f"{name} on {function}": Run(
        *FUNCTIONS[function], {"method": "adam", "learning_rate": schedule, "max_steps": 60}
    )
    for name, schedule in SCHEDULES.items()
    for function in ("two variables", "slices of 40")
}
RUNS |= {
    f"until {name}": Run(
        *FUNCTIONS["two variables"],
        {"method": "gradient-descent", "learning_rate": 0.1, "stop": stop},
    )
    for name, stop in STOPS.items()
}
RUNS["diverging"] = Run(
    "x**2 + y**2", [1.0, 2.0], {"method": "gradient-descent", "learning_rate": 1.1}
)


@cache
def result_of(case: str) -> st.Result:
    run = RUNS[case]
    return st.minimize(run.fun, run.start, **run.options)


RUN_ALL = """
import contextlib, io, json, runpy, sys
printed = {}
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        runpy.run_path(path, run_name="__main__")
    printed[path] = output.getvalue()
assert not any(name.partition(".")[0] == "steepest" for name in sys.modules)
print(json.dumps(printed))
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what each program prints: name -> value."""
    folder = tmp_path_factory.mktemp("programs")
    paths = {}
    for number, case in enumerate(RUNS):
        program = result_of(case).program
        assert program is not None, (case, result_of(case).notices)
        paths[case] = folder / f"program_{number}.py"
        paths[case].write_text(program, encoding="utf-8")
    report = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", RUN_ALL, *map(str, paths.values())],
        env={},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (report.returncode, report.stderr) == (0, "")
    outputs = json.loads(report.stdout)
    return {case: read_output(outputs[str(path)]) for case, path in paths.items()}


def read_output(text: str) -> dict[str, Any]:
    """Read lines of ``name = repr``."""
    lines = [line.split(" = ", 1) for line in text.splitlines()]
    return {name: ast.literal_eval(value) for name, value in lines}


@pytest.mark.parametrize("case", RUNS)
def test_a_program_prints_the_end_of_the_path(
    case: str, printed: dict[str, dict[str, Any]]
) -> None:
    result, found = result_of(case), dict(printed[case])
    assert found.pop("steps") == result.nit == len(result.history) - 1
    assert found.pop("value") == result.history.fun[-1]
    end = np.concatenate([np.ravel(value) for value in found.values()])
    assert end.tolist() == result.history.x[-1].tolist()


def test_a_program_prints_the_variables_under_their_names(
    printed: dict[str, dict[str, Any]],
) -> None:
    names = {
        name: list(printed[f"adam on {name}"])[:-2]
        for name in ("two variables", "one variable", "slices of 40", "named arrays")
    }
    assert names == {
        "two variables": ["x", "y"],
        "one variable": ["x"],
        "slices of 40": ["v"],
        "named arrays": ["weights", "offset"],
    }


@pytest.mark.parametrize("case", RUNS)
def test_a_program_imports_math_or_numpy_and_nothing_else(case: str) -> None:
    tree = ast.parse(result_of(case).program or "")
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= {"math", "numpy"}


@pytest.mark.parametrize("case", RUNS)
def test_a_program_walks_the_path_of_the_arrays(case: str) -> None:
    run, written = RUNS[case], result_of(case)
    options = dict(run.options)
    stepped = descend(
        objective(run.fun, run.start), options.pop("method"), walker=numpy_walk, **options
    )
    assert stepped.program is None
    assert written.reason is stepped.reason
    assert written.nit == stepped.nit
    x, expected = written.history.x, stepped.history.x
    scale = np.abs(expected).max(axis=1, keepdims=True)
    assert (np.abs(x - expected) <= 1e-12 * scale).all()
    assert written.history.fun == pytest.approx(stepped.history.fun, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("method", FIRST_ORDER)
def test_a_program_from_the_command_line(method: str, tmp_path: Path) -> None:
    path = tmp_path / "walk.py"
    report = steepest_command(
        *("minimize", "(1-x)**2 + 100*(y-x**2)**2", "--start", "x=-1.2,y=1"),
        *("--method", method, "--learning-rate", "0.001", "--stop", "max-steps", "--steps", "40"),
        *("--program", str(path), "--every", "40", "--json"),
    )
    assert report.returncode == 0, report.stderr
    last = json.loads(report.stdout)["history"][-1]
    found = read_output(python("-I", str(path)).stdout)
    assert found == {**last["x"], "value": last["fun"], "steps": 40}


@pytest.mark.parametrize("limit", [3, 17, 40])
def test_a_number_of_steps_is_asked_about_once(limit):
    stop = st.stopping.Value(-5.0) | st.stopping.MaxSteps(17)
    walk = st.minimize("sin(x)*sin(y)", [1.66, 3.37], learning_rate=0.1, stop=stop, max_steps=limit)
    assert walk.program.count("MAX_STEPS") == 1
    assert walk.nit == min(limit, 17)
    assert f"max_steps={walk.nit}" in walk.program


def test_a_rule_on_steps_that_is_asked_before_another_names_the_reason():
    stop = st.stopping.MaxSteps(2) | st.stopping.Value(1.0)
    walk = st.minimize("x**2", 2.0, learning_rate=0.25, stop=stop, max_steps=9)
    assert walk.reason is st.Reason.VALUE
    both = st.stopping.MaxSteps(1) | st.stopping.Value(1.0)
    walk = st.minimize("x**2", 2.0, learning_rate=0.25, stop=both, max_steps=9)
    assert walk.reason is st.Reason.MAX_STEPS

"""Runs that are kept, gone on with and compared on the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from processes import ENVIRONMENT
from steepest.cli.app import shell

FORMULA = "(1-x)**2 + 100*(y-x**2)**2"
START = ["--start", "x=-1.2,y=1"]


def called(*arguments):
    return CliRunner().invoke(shell, list(arguments))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_goes_on_to_the_same_answer(folder):
    run = ["minimize", FORMULA, *START, "--method", "bfgs"]
    short = called(*run, "--steps", "9", "--checkpoint", "run.ckpt", "--checkpoint-steps", "2")
    assert short.exit_code == 1
    found = called("resume", "run.ckpt", "--steps", "1000", "--json", "--every", "5")
    whole = called(*run, "--steps", "1000", "--json", "--every", "5")
    assert found.exit_code == whole.exit_code == 0
    assert found.stdout == whole.stdout
    assert called("resume", "run.ckpt").stdout == called(*run, "--steps", "1000").stdout


def test_options_of_formula_and_method_are_in_the_file(folder):
    run = ["minimize", FORMULA, *START, "--differentiation", "numerical"]
    run += ["--method", "adam", "--option", "beta1=0.8", "--learning-rate", "cosine:0.1:500"]
    called(*run, "--steps", "40", "--checkpoint", "run.ckpt")
    found = called("resume", "run.ckpt", "--steps", "90", "--save", "found.json", "--quiet")
    called(*run, "--steps", "90", "--save", "whole.json", "--quiet", "--checkpoint", "b.ckpt")
    assert found.exit_code == 1
    one, other = (json.loads((folder / name).read_text()) for name in ("found.json", "whole.json"))
    for run in (one, other):
        del run["history"]["seconds"]
    assert one == other


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["minimize", "x**2", "--start", "x=1", "--checkpoint-steps", "4"],
            "add --checkpoint FILE",
        ),
        (["minimize", "x**2", "--start", "x=1", "--checkpoint", "a/b"], "there is no folder 'a'"),
        (["resume", "missing.ckpt"], "Cannot read 'missing.ckpt'"),
        (["resume", "text.txt"], "is not a checkpoint"),
        (["resume", "run.ckpt", "--data", "x.csv"], "holds no fit, and needs no data"),
        (["resume", "run.ckpt", "--steps", "1"], "has made 3 steps already"),
        (["resume", "run.ckpt", "--plot", "a.txt"], "ends in"),
        (["resume", "fit.ckpt", "--program", "a.py"], "is for runs of minimize"),
        (["compare", "run.json"], "name two files or more"),
        (["compare", "run.json", "missing.json"], "Cannot read"),
        (["compare", "run.json", "fit.json"], "'fit.json' is a fit and 'run.json' is none"),
        (["compare", "x**2", "y**2", "--start", "x=1"], "Give one formula"),
        (["show", "fit.json", "--plot", "a.html"], "a fit without its data"),
        (["show", "bad.json"], "is a damaged fit"),
        (["show", "new.json"], "format version 9"),
    ],
)
def test_bad_input_gets_one_line(arguments, why, folder):
    (folder / "text.txt").write_text("x,y\n1,2\n2,3\n3,5\n")
    (folder / "bad.json").write_text('{"format": "steepest-fit", "version": 1}')
    (folder / "new.json").write_text('{"format": "steepest-fit", "version": 9}')
    called("minimize", FORMULA, *START, "--steps", "3", "--checkpoint", "run.ckpt")
    called("minimize", FORMULA, *START, "--save", "run.json")
    (folder / "data.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    called("fit", "data.csv", "y ~ a + b*x", "--save", "fit.json", "--checkpoint", "fit.ckpt")
    found = called(*arguments)
    assert found.exit_code == 2
    assert why in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_saved_runs_are_compared(folder):
    run = ["minimize", FORMULA, *START, "--method", "momentum", "--learning-rate", "0.001"]
    called(*run, "--save", "a.json")
    called(*run, "--save", "b.json")
    called(*run, "--steps", "50", "--save", "c.json")
    called(*run, "--option", "momentum=0.8", "--save", "d.json")
    called("minimize", "u**2", "--start", "u=1", "--save", "e.json")
    called("minimize", FORMULA, "--start", "x=1,y=3", "--save", "f.json")
    found = called("compare", *(f"{name}.json" for name in "abcdef"))
    assert found.exit_code == 0
    table, said = found.stdout.splitlines()[:7], found.stdout.splitlines()[7:]
    assert table[0].split() == [
        *("run", "x", "y", "u", "fun", "method", "steps", "evaluations", "reason")
    ]
    assert said[0] == "b.json: The same path, to the last bit."
    assert said[1] == (
        "c.json: The same path for 50 steps; one ended there (MAX_STEPS), the other went on."
    )
    assert said[2].startswith("d.json: The paths part at step 2: x = ")
    assert said[3] == "e.json: Another function: of u, not of x, y."
    assert said[4] == "f.json: They start apart: x = 1, not -1.2."
    rows = json.loads(called("compare", "a.json", "d.json", "--json").stdout)["runs"]
    assert rows[1]["difference"].startswith("The paths part at step 2")
    assert rows[0]["x"].keys() == {"x", "y"}


def test_saved_fits_are_compared(folder):
    (folder / "data.csv").write_text("x,y\n1,2\n2,3\n3,5\n4,6\n")
    called("fit", "data.csv", "y ~ a + b*x", "--save", "a.json")
    called("fit", "data.csv", "y ~ a + b*x", "--loss", "mae", "--save", "b.json")
    called("fit", "data.csv", "y ~ a + c*x**2", "--save", "c.json")
    found = called("compare", "a.json", "a.json", "b.json", "c.json").stdout.splitlines()
    assert found[0].split() == ["run", "a", "b", "c", "loss", "rows", "method", "steps", "reason"]
    assert "b.json: The constants differ, first a: " in found[-2]
    assert "standard errors." in found[-2]
    assert found[-1] == "c.json: Another model: y ~ a + c*x**2."


def test_a_saved_fit_is_shown_again(folder):
    (folder / "data.csv").write_text("x,y\n1,2\n2,3\n3,5\n4,6\n")
    said = called("fit", "data.csv", "y ~ a + b*x", "--save", "a.json")
    assert called("show", "a.json").stdout == said.stdout
    numbers = called("fit", "data.csv", "y ~ a + b*x", "--json").stdout
    assert json.loads(called("show", "a.json", "--json").stdout) == json.loads(numbers)


def test_ctrl_c_keeps_the_run(folder):
    """A signal as the terminal sends it, to a process in the middle of a long run."""
    command = [sys.executable, "-m", "steepest", "minimize", "x**4 + y**2", *("--start", "x=1,y=2")]
    command += ["--learning-rate", "1e-5", "--stop", "max-steps", "--steps", "100000000"]
    command += ["--checkpoint", "run.ckpt", "--checkpoint-steps", "100", "--quiet"]
    run = subprocess.Popen(command, env=ENVIRONMENT, cwd=folder, stdout=subprocess.PIPE, text=True)
    while not (folder / "run.ckpt").exists():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "The run was interrupted" in said
    made = int(said.split(" steps, ")[0].rpartition(" ")[2].replace(",", ""))
    again = called("resume", "run.ckpt", "--steps", str(made + 50), "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["nit"] == made + 50

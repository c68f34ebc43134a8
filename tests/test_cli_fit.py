"""``steepest fit``, as it is typed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from processes import steepest_command

X = np.linspace(0, 5, 40)
Y = 3 * np.exp(-0.7 * X) + 1.5 + 0.02 * np.random.default_rng(0).normal(size=40)
MODEL = "y ~ a*exp(-b*x) + c"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    lines = [
        f"{x!r},{y!r},{0.02 + 0.01 * x!r}" for x, y in zip(X.tolist(), Y.tolist(), strict=True)
    ]
    (path / "data.csv").write_text("\n".join(["x,y,s", *lines]) + "\n")
    (path / "gaps.csv").write_text("x,y\n0,1\n1,\n2,5\n3,7\n")
    return path


def fitted(folder, *arguments):
    ran = steepest_command("fit", "data.csv", MODEL, "--json", *arguments, cwd=folder)
    return ran, json.loads(ran.stdout)


def test_constants_come_with_their_errors(folder):
    ran = steepest_command("fit", "data.csv", MODEL, cwd=folder)
    assert ran.returncode == 0
    assert "b = 0.7106 ± 0.0061" in ran.stdout
    assert "±" in ran.stdout
    assert "Converged" in ran.stdout


def test_json_is_one_object_and_nothing_else(folder):
    ran, answer = fitted(folder)
    assert ran.returncode == 0
    assert set(answer) >= {
        "parameters", "standard_errors", "loss", "nit", "success", "reason", "message",
    }  # fmt: skip
    assert answer["parameters"]["b"] == pytest.approx(0.7, abs=0.02)
    assert answer["standard_errors"]["b"] < 0.02
    assert answer["success"] is True
    assert answer["rows"] == 40


def test_errors_that_are_missing_have_their_reason(folder):
    _, answer = fitted(folder, "--bounds", "b=1:2")
    assert answer["standard_errors"] is None
    assert "b at its lower" in answer["why_no_errors"]


def test_every_option_reaches_the_fit(folder):
    _, answer = fitted(folder, "--fixed", "c=1.5", "--ties", "b=a/4", "--sigma", "s")
    assert answer["parameters"]["c"] == 1.5
    assert answer["parameters"]["b"] == pytest.approx(answer["parameters"]["a"] / 4)
    _, answer = fitted(folder, "--loss", "huber", "--loss-option", "delta=0.01")
    assert answer["loss_name"] == "huber"
    _, answer = fitted(folder, "--loss", "mse", "--l2", "a=0.1", "--start", "a=1,b=1,c=1")
    assert "penalty" in answer["why_no_errors"]
    _, answer = fitted(folder, "--loss", "mse", "--method", "adam", "--learning-rate", "0.05",
                       "--batch-size", "10", "--epochs", "3", "--held-out", "0.2")  # fmt: skip
    assert [one["epoch"] for one in answer["epochs"]] == [1, 2, 3]


def test_plain_descent_runs_exactly_its_steps(folder):
    ran, answer = fitted(
        folder, "--method", "gradient-descent", "--learning-rate", "1e-3", "--stop", "max-steps",
        "--steps", "50", "--start", "random", "--seed", "3",
    )  # fmt: skip
    assert (ran.returncode, answer["nit"], answer["reason"]) == (0, 50, "MAX_STEPS")
    ran, answer = fitted(folder, "--method", "gradient-descent", "--learning-rate", "10")
    assert (ran.returncode, answer["reason"]) == (1, "DIVERGED")


def test_figures_are_drawn(folder):
    ran = steepest_command(
        "fit", "data.csv", MODEL, "--plot", "fit.html", "--every", "1", cwd=folder
    )
    assert ran.returncode == 0
    assert "Wrote fit.html" in ran.stderr
    ran = steepest_command(
        "fit", "data.csv", MODEL, "--plot", "r.png", "--kind", "residuals", cwd=folder
    )
    assert (folder / "r.png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["data.csv", MODEL, "--loss", "hubber"], "Did you mean 'huber'?"),
        (
            [MODEL, "data.csv"],
            f"The data come first, and then the model: steepest fit data.csv '{MODEL}'.",
        ),
        (["data.csv", MODEL, "--loss-option", "delta=2"], "no option 'delta'"),
        (["data.csv", "y ~ a*exp(-b*x + c"], "never closed"),
        (["data.csv", "z ~ a*x"], "'z', which is no column"),
        (["gaps.csv", "y ~ a + b*x"], "drop_missing=True"),
        (["nowhere.csv", MODEL], "no file 'nowhere.csv'"),
        (["data.csv", MODEL, "--l1", "much"], "is no strength"),
        (["data.csv", MODEL, "--ties", "b"], "no formulas by name"),
        (["data.csv", MODEL, "--kind", "residuals"], "add --plot FILE"),
        (["data.csv", MODEL, "--plot", "fit.gif"], "ends in"),
        (["data.csv", MODEL, "--plot", "fit.png", "--kind", "resid"], "Did you mean 'residuals'"),
        (["data.csv", MODEL, "--plot", "fit.png", "--every", "2"], "does not move"),
        (["data.csv", MODEL, "--plot", "fit.html", "--every", "0"], "selects no steps"),
        (["data.csv", MODEL, "--weights", "w"], "no column 'w'"),
        (["data.csv"], "'MODEL' is missing, as in: steepest fit data.csv"),
    ],
)
def test_bad_input_is_one_line_and_status_2(folder, arguments, complaint):
    ran = steepest_command("fit", *arguments, cwd=folder)
    assert ran.returncode == 2
    assert complaint in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not ran.stdout


def test_rows_that_miss_a_number_are_left_out_where_asked(folder):
    ran = steepest_command("fit", "gaps.csv", "y ~ a + b*x", "--drop-missing", cwd=folder)
    assert "3 rows (1 left out" in ran.stdout

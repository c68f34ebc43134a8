"""Step lengths from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from steepest.cli.app import shell

VALLEY = ("(1-x)**2 + 100*(y-x**2)**2", "--start", "x=-1.2,y=1")


def asked(*arguments: str) -> Any:
    """Return what a command prints as JSON."""
    report = CliRunner().invoke(shell, [*arguments, "--json", "--quiet"])
    assert report.exit_code in (0, 1), report.stderr
    return json.loads(report.stdout)


def refused(*arguments: str) -> str:
    """Return the one line that a command refuses its arguments with."""
    report = CliRunner().invoke(shell, list(arguments))
    assert (report.exit_code, report.stdout) == (2, "")
    return " ".join(report.stderr.split())


def test_a_step_length_by_name() -> None:
    report = CliRunner().invoke(shell, ["minimize", *VALLEY, "--step-length", "barzilai-borwein"])
    assert report.exit_code == 0
    assert "step lengths of Barzilai and Borwein" in " ".join(report.stdout.split())


def test_options_of_a_step_length_reach_it() -> None:
    lengths = {
        variant: asked(
            *("minimize", *VALLEY, "--step-length", "barzilai-borwein"),
            *("--step-option", f"variant={variant}", "--step-option", "past=1"),
        )["nfev"]
        for variant in ("long", "short")
    }
    assert lengths["long"] != lengths["short"]
    polyak = asked("minimize", *VALLEY, "--step-length", "polyak", "--step-option", "lowest=0")
    assert polyak["success"]


def test_a_method_that_is_a_step_length_by_name() -> None:
    found = asked("minimize", *VALLEY, "--method", "barzilai-borwein", "--option", "variant=short")
    assert found["success"]


def test_whole_and_word_options_of_a_method() -> None:
    quick = asked("minimize", *VALLEY, "--method", "l-bfgs", "--option", "memory=20")
    assert quick["success"]
    found = asked(
        *("minimize", *VALLEY, "--method", "CG", "--option", "formula=polak-ribiere"),
    )
    assert found["success"]


def test_a_race_with_a_step_length() -> None:
    rows = asked(
        *("compare", *VALLEY, "--methods", "gradient-descent,momentum,silver"),
        *("--step-length", "wolfe", "--steps", "3000"),
    )["methods"]
    assert [row["method"] for row in rows] == ["gradient-descent", "momentum", "silver"]
    assert rows[0]["evaluations"] > rows[0]["steps"] + 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--step-length", "armijo"), "There is no step length 'armijo'."),
        (("--step-length", "polyak"), "needs a value for lowest"),
        (("--step-option", "lowest=0"), "belongs to no --step-length"),
        (("--step-length", "silver", "--learning-rate", "0.1"), "each decides how far"),
        (("--step-length", "silver", "--method", "accelerated-gradient"), "of its steps itself"),
        (("--step-length", "silver", "--step-option", "doublings=x*"), "--step-option: "),
        (("--step-length", "silver", "--step-option", "doublings=0"), "of at least 1, or None"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(options: tuple[str, ...], complaint: str) -> None:
    assert complaint in refused("minimize", *VALLEY, *options)


def test_a_method_without_rates_has_no_program_and_says_so() -> None:
    report = CliRunner().invoke(
        shell, ["minimize", *VALLEY, "--method", "accelerated-gradient", "--program", "-"]
    )
    assert (report.exit_code, report.stdout) == (1, "")
    assert "There is no program of this run." in report.stderr

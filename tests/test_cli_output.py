"""Results are printed for machines and for people."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from click import unstyle
from click.testing import CliRunner

from steepest.cli.app import shell
from steepest.cli.output import notice, plain, print_json, print_table, print_text
from steepest.cli.places import check_places, check_plots
from steepest.errors import InputError


def test_what_is_not_finite_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"fun": np.nan, "jac": np.array([np.inf, 1.5]), "rows": [{"rate": -np.inf}]})
    assert json.loads(capsys.readouterr().out) == {
        "fun": None,
        "jac": [None, 1.5],
        "rows": [{"rate": None}],
    }


def test_numpy_values_become_plain_ones() -> None:
    record = plain({"a": np.int64(3), "b": np.bool_(True), "c": (1, np.float64(0.1))})
    assert record == {"a": 3, "b": True, "c": [1, 0.1]}
    assert [type(value) for value in record.values()] == [int, bool, list]


def test_numbers_keep_all_their_digits(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"x": 0.1 + 0.2})
    assert json.loads(capsys.readouterr().out)["x"] == 0.1 + 0.2


def test_a_table_is_aligned_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["adam", 100, 1.5, True], ["momentum", 7, float("nan"), False]]
    print_table(["method", "steps", "fun", "success"], rows)
    assert capsys.readouterr().out.splitlines() == [
        "method    steps  fun  success",
        "adam        100  1.5  yes",
        "momentum      7  nan  no",
    ]


def test_an_empty_cell_keeps_the_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["step", "rate"], [[0, None], [1, 0.25]])
    assert capsys.readouterr().out.splitlines() == ["step  rate", "   0", "   1  0.25"]


def test_a_table_on_a_terminal_takes_names_literally(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(["method"], [["[red]adam[/red]"]])
    assert "[red]adam[/red]" in capsys.readouterr().out


def test_a_table_wider_than_its_terminal_is_not_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    print_table(["method", "fun"], [["adaptive-accelerated-gradient", 1.23456789e-10]])
    assert "adaptive-accelerated-gradient  1.23456789e-10" in capsys.readouterr().out


def test_the_usual_race_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shell.main(["compare", "x**2 + y**4", "--start", "x=1,y=2"], standalone_mode=False)
    lines = unstyle(capsys.readouterr().out).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert "…" not in "".join(lines)


@pytest.mark.parametrize("terminal", [True, False])
def test_prose_is_wrapped_on_a_terminal_and_whole_in_a_pipe(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "40")
    long = "Ended: the gradient-descent became as small as asked for."
    print_text(f"First.\n{long}")
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert lines[0] == "First."
    assert " ".join(shown.split()) == f"First. {long}"
    assert (max(map(len, lines)) <= 40) == terminal
    assert (lines[-1] == long) != terminal


def test_a_notice_goes_aside_and_can_be_hushed(capsys: pytest.CaptureFixture[str]) -> None:
    notice("Wrote it", quiet=False)
    notice("Wrote more", quiet=True)
    assert capsys.readouterr() == ("", "Wrote it\n")


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("nowhere/walk.png", "no folder"),
        ("walk.pgn", "Did you mean '.png'"),
        ("walk", "ends in"),
    ],
)
def test_a_bad_place_is_found(tmp_path: Path, place: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        check_plots([str(tmp_path / place)])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        check_places("--save", [str(tmp_path)])


def test_a_closed_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is really closed to the superuser, so the system's answer is played.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="closed"):
        check_places("--save", [str(tmp_path / "run.json")])


def test_a_good_place_passes(tmp_path: Path) -> None:
    check_plots([str(tmp_path / "walk.PNG"), str(tmp_path / "walk.html")], "contours")


def test_a_kind_is_checked_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--plot"):
        check_plots([], "contours")
    with pytest.raises(InputError, match="Did you mean 'contours'"):
        check_plots([str(tmp_path / "walk.png")], "contour")


def test_a_race_fits_a_narrow_terminal() -> None:
    arguments = ["compare", "x**2 + 3*y**2", "--start", "x=2,y=1"]
    arguments += ["--methods", "gradient-descent,momentum,adam"]
    lines = CliRunner().invoke(shell, arguments).stdout.splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80


def test_a_constant_in_capitals_is_pointed_out() -> None:
    result = CliRunner().invoke(shell, ["minimize", "PI*x**2", "--start", "x=1"])
    assert "has no value for 'PI' (the number is written pi)" in result.stderr


def test_a_method_left_out_of_a_race_says_why() -> None:
    arguments = ["compare", "x**2 + y**4", "--start", "x=1,y=2", "--bounds", "x=0:3"]
    arguments += ["--methods", "conjugate-gradient,l-bfgs"]
    shown = CliRunner().invoke(shell, arguments)
    assert shown.exit_code == 0
    assert "left out" in shown.stdout
    assert "Left out: conjugate-gradient, which takes no bounds." in shown.stdout
    rows = json.loads(CliRunner().invoke(shell, [*arguments, "--json"]).stdout)["methods"]
    assert [row["left_out"] for row in rows] == [None, "takes no bounds"]
    alone = CliRunner().invoke(shell, [*arguments[:-1], "conjugate-gradient"])
    assert alone.exit_code == 2
    assert "takes no bounds: leave them out" in alone.stderr

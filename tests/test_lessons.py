"""The lessons run from top to bottom, and are kept in a form in which changes are seen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient
from tools.lessons import SHELF, kept

import steepest as st
from steepest.cli.app import shell
from steepest.lessons import Cell, Lesson, copy_to, lesson_named, lessons
from steepest.lessons.playing import Player

FIRST = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel")
import plotly.io
plotly.io.renderers.default = "plotly_mimetype"
"""
"""Run before a lesson: warnings are errors there too, and figures stay data."""

FIRST_LINES = {
    ("answer",): "# The answer, computed.\n",
    ("check",): "# What the text claims, checked.\n",
}

FIGURE = "application/vnd.plotly.v1+json"

LONGEST_CELL = 32
"""Lines of code."""

LONGEST_OUTPUT = 60
"""Lines of text: a program with its loop is the longest that is shown."""

EVERY = [pytest.param(lesson, id=lesson.name) for lesson in lessons()]

every_lesson = pytest.mark.parametrize("lesson", EVERY)


@pytest.fixture(autouse=True)
def _no_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what Jupyter writes out of the home of whoever tests."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")


def test_there_are_eight_in_their_order() -> None:
    assert [lesson.name[:3] for lesson in lessons()] == [f"0{k}-" for k in range(1, 9)]
    assert [lesson.title[:2] for lesson in lessons()] == [f"{k}." for k in range(1, 9)]
    assert len({lesson.summary for lesson in lessons()}) == 8


@every_lesson
def test_it_is_kept_without_outputs_and_with_names_of_cells_that_stay(lesson: Lesson) -> None:
    text = (SHELF / f"{lesson.name}.ipynb").read_text("utf-8")
    assert text == kept(json.loads(text), lesson.name[:2]), "python -m tools.lessons rewrites it"
    nbformat.validate(nbformat.reads(text, as_version=4))


@every_lesson
def test_every_exercise_has_an_answer_that_is_hidden_and_computed(lesson: Lesson) -> None:
    cells = lesson.cells
    asked = [place for place, cell in enumerate(cells) if "### Exercise" in cell.source]
    assert len(asked) >= 2
    for place in asked:
        words, computed = cells[place + 1 : place + 3]
        assert words.source.startswith("<details><summary><b>Answer</b></summary>\n\n")
        assert words.source.endswith("\n\n</details>")
        assert computed.tags == ("answer",)
        assert "assert " in computed.source
    # Jupyter shows the first line of what is folded.
    for cell in cells:
        assert cell.source.startswith(FIRST_LINES.get(cell.tags, "")), cell.source
    assert cells[-1].tags == ("check",)
    assert "assert " in cells[-1].source


@every_lesson
def test_cells_are_short(lesson: Lesson) -> None:
    for cell in lesson.cells:
        if cell.kind == "code" and "check" not in cell.tags:
            assert cell.source.count("\n") < LONGEST_CELL, cell.source


@every_lesson
def test_it_runs_from_top_to_bottom(lesson: Lesson, tmp_path: Path) -> None:
    notebook = nbformat.reads(lesson.content.decode(), as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FIRST))
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum(FIGURE in output.get("data", {}) for output in outputs) >= 3
    printed: list[Any] = [output for output in outputs if output.output_type == "stream"]
    assert all(output.name == "stdout" for output in printed)
    assert max(output.text.count("\n") for output in printed) <= LONGEST_OUTPUT


# Where they are read: in a folder of one's own, and without Jupyter.


def test_copies_are_the_notebooks_and_replace_nobodys_work(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "lessons"
    written, there = copy_to(folder)
    assert (len(written), there) == (8, [])
    assert [file.read_bytes() for file in written] == [lesson.content for lesson in lessons()]
    written[2].write_text("my answers")
    written[3].unlink()
    again, there = copy_to(folder)
    assert (len(again), len(there)) == (1, 7)
    assert (folder / there[2].name).read_text() == "my answers"


def test_the_command_lists_and_copies(tmp_path: Path) -> None:
    listed = CliRunner().invoke(shell, ["lessons"])
    assert listed.stdout.splitlines()[:8] == [lesson.title for lesson in lessons()]
    folder = tmp_path / "here"
    for count in (8, 0):
        report = CliRunner().invoke(shell, ["lessons", "--to", str(folder), "--json"])
        found = json.loads(report.stdout)
        assert (len(found["written"]), len(found["kept"])) == (count, 8 - count)


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    report = CliRunner().invoke(shell, ["lessons", "--to", str(tmp_path / "file" / "below")])
    assert report.exit_code == 2
    assert report.stderr.startswith("Error: The lessons cannot be copied to")
    assert report.stderr.count("\n") == 1


def test_a_name_is_no_path() -> None:
    for name in ("../lesson", "/etc/passwd", "01", ""):
        with pytest.raises(st.InputError, match="There is no lesson"):
            lesson_named(name)


def test_it_is_played_without_jupyter() -> None:
    name = "04-how-the-machine-differentiates"
    program = [sys.executable, "-P", "-m", "steepest.lessons.playing", name]
    played = json.loads(subprocess.run(program, capture_output=True, check=True).stdout)
    cells = lesson_named(name).cells
    assert len(played) == len(cells)
    for cell, outputs in zip(cells, played, strict=True):
        assert all(len(output) == 1 for output in outputs)
        assert not (outputs and cell.kind == "markdown")
    shown = [next(iter(output)) for outputs in played for output in outputs]
    assert shown.count("figure") >= 3
    assert shown.count("text") >= 8


def test_an_error_in_a_cell_ends_it() -> None:
    with pytest.raises(ZeroDivisionError):
        Player().play(Cell("code", "1/0"))


def test_the_page_about_them_names_them_all() -> None:
    page = SHELF.parents[2] / "docs" / "lessons" / "README.md"
    text = page.read_text("utf-8")
    linked = re.findall(r"\]\((\S+\.ipynb)\)", text)
    assert [Path(link).stem for link in linked] == [lesson.name for lesson in lessons()]
    assert all((page.parent / link).is_file() for link in linked)

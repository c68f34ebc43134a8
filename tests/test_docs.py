"""Every example of the documentation runs, and prints what the page says."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_of_numpy import covered, rows
from steepest.cli.app import shell
from steepest.descent.stopping import Reason
from steepest.descent.verdict import KINDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
GENERATED = {ROOT / "docs" / "reference" / "cli.md"}
"""Pages that only the site has; its strict build looks at links to them."""

BLOCK = re.compile(r"^```(python|text|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))]


def assert_printed(printed: str, shown: str) -> None:
    """Compare as doctests do: lines may be wrapped, and ``...`` stands for anything."""
    checker, options = doctest.OutputChecker(), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert checker.check_output(shown, printed, options), f"\n{printed}\nis not\n{shown}"


def assert_session(session: str) -> None:
    """Run a command after ``$`` and compare what it prints with what follows."""
    command, shown = session.removeprefix("$ ").split("\n", 1)
    program, *arguments = shlex.split(command)
    assert program == "steepest"
    assert_printed(CliRunner().invoke(shell, arguments).stdout, shown)


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_run(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    printed = ""
    for number, (kind, block) in enumerate(BLOCK.findall(page.read_text("utf-8")), start=1):
        if kind == "python":
            code = compile(block, f"{page.name}, example {number}", "exec", dont_inherit=True)
            exec(code, names)  # noqa: S102 - our own pages
            printed = capsys.readouterr().out
        elif kind == "text":
            assert_printed(printed, block)
        else:
            assert_session(block)


def test_pages_with_examples_were_found() -> None:
    expected = {"README.md", "cli.md", "programs.md", "tracing.md", "kinks.md"}
    assert {page.name for page in WITH_EXAMPLES} >= expected


def test_the_page_on_stopping_has_every_reason_and_every_verdict() -> None:
    page = (ROOT / "docs" / "explanation" / "stopping.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (\S*)", page, re.MULTILINE)
    reasons = {name: asked == "yes" for name, asked in rows if name.isupper()}
    assert reasons == {reason.name: reason.as_asked for reason in Reason}
    assert {name for name, _ in rows if not name.isupper()} == set(KINDS)


def test_the_questions_quote_the_races_as_they_came_out() -> None:
    """The questions say by how much others are quicker; the results may have been made anew."""
    page = (ROOT / "docs" / "faq.md").read_text("utf-8")
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    ratios = {
        (job.strip(), peer.strip()): float(ratio)
        for job, peer, ratio in re.findall(
            r"^\| (.+?) \| (.+?) \| [\d.]+ \| ([\d.]+) \|", results, re.MULTILINE
        )
    }
    network = next(
        ratio for (job, peer), ratio in ratios.items() if "Adam" in job and peer == "JAX"
    )
    formula = next(ratio for (job, _), ratio in ratios.items() if job.startswith("a*exp"))
    assert f"{network:.1f} times JAX's time" in page
    assert f"{formula:.1f} times C's time" in page


def test_the_page_on_tracing_lists_what_is_covered_and_nothing_else() -> None:
    page = (ROOT / "docs" / "tracing.md").read_text("utf-8")
    table = page.partition("| kind | names |\n|---|---|\n")[2].partition("\n\n")[0]
    assert table == rows(covered()), f"the table should be:\n{rows(covered())}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#: ]+)\)", page.read_text("utf-8")):
        place = (page.parent / target).resolve()
        assert place.exists() or place in GENERATED, f"{page.name} links to {target}"

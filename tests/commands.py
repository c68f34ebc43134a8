"""The command line as a person meets it, within this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from steepest.cli.app import shell


def run(*arguments: str) -> Result:
    return CliRunner().invoke(shell, list(arguments))


def assert_refused(report: Result, hint: str) -> None:
    """Check that a command ended in one clear line, with a caret below it for a formula."""
    assert (report.exit_code, report.stdout) == (2, "")
    first, *formula = report.stderr.splitlines()
    assert first.startswith("Error: ")
    assert hint in first
    assert formula == [] or "^" in formula[-1]

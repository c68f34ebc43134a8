"""What comes out of a run: printed, drawn and written to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from steepest.cli.drawing import Drawing
from steepest.cli.output import notice, print_json, print_table, print_text
from steepest.cli.places import STANDARD_OUTPUT, check_places
from steepest.cli.reports import HISTORY_SUFFIXES, print_minima, record, write_history
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.descent.result import Result


class Wanted(NamedTuple):
    """What is to come out of a run, and where to."""

    drawing: Drawing
    program: str | None
    save: str | None
    history: str | None
    every: int | None
    as_json: bool
    quiet: bool

    def check(self, size: int) -> None:
        """Find what cannot be drawn or written of `size` variables before the descent runs."""
        self.drawing.check(size)
        check_places("--save", [self.save] if self.save else [])
        check_places("--history", [self.history] if self.history else [], HISTORY_SUFFIXES)
        if self.program and self.program != STANDARD_OUTPUT:
            check_places("--program", [self.program])
        if self.program == STANDARD_OUTPUT and self.as_json:
            raise InputError(
                "--program - and --json both print to standard output."
                " Name a file for the program, or leave one of them out."
            )
        if self.every is not None and self.every < 1:
            raise InputError(f"--every {self.every} selects no steps: give 1 or more.")


def answer(result: Result, want: Wanted) -> int:
    """Give what is wanted of a run, and return the exit status."""
    _show(result, want)
    complete = _write(result, want)
    return 0 if result.as_asked and complete else 1


def _show(result: Result, want: Wanted) -> None:
    """Print the run: as JSON, or in words, unless standard output is the program's."""
    if want.as_json:
        for sentence in result.notices:
            notice(f"Note: {sentence}", want.quiet)
        print_json(record(result, want.every))
        return
    aside = want.program == STANDARD_OUTPUT
    if want.every is not None and not aside:
        _print_steps(result, want.every)
    if aside:
        notice(result.explain(), want.quiet)
    else:
        print_text(result.explain())
        print_minima(result)


def _print_steps(result: Result, every: int) -> None:
    rows = result.history.rows(every=every)
    columns = ["step", *result.names, "f", "gradient", "rate"]
    print_table(
        columns,
        [
            [
                *(row["step"], *row["x"].values(), row["fun"], row["gradient_norm"]),
                # No step led to the start.
                row["rate"] if row["step"] else None,
            ]
            for row in rows
        ],
    )
    click.echo()


def _write(result: Result, want: Wanted) -> bool:
    """Write the files asked for, and return whether there was something for each of them."""
    if want.save:
        result.save(want.save)
        notice(f"Wrote {want.save}", want.quiet)
    if want.history:
        write_history(result, want.history, want.quiet)
    complete = want.program is None or _write_program(result, want.program, want.quiet)
    want.drawing.draw(result, want.quiet)
    return complete


def _why_no_program(result: Result) -> str:
    """Return why a run cannot be written as a program."""
    if result.options.get("learning_rate") is None:
        return (
            "The length of each step is looked for as it goes; give a --learning-rate,"
            " and a method that takes one, such as gradient-descent."
        )
    return " ".join(result.notices)


def _write_program(result: Result, path: str, quiet: bool) -> bool:
    from steepest.descent.files import write_atomically

    if result.program is None:
        click.echo(f"There is no program of this run. {_why_no_program(result)}", err=True)
        return False
    if path == STANDARD_OUTPUT:
        click.echo(result.program, nl=not result.program.endswith("\n"))
        return True
    write_atomically(path, result.program)
    notice(f"Wrote {path}", quiet)
    return True

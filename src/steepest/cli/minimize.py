"""``steepest minimize``: one descent."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from steepest.cli.command import (
    declared,
    descent_options,
    drawing_options,
    formula_argument,
    search_options,
    start_option,
)
from steepest.cli.drawing import Drawing
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json, print_table, print_text
from steepest.cli.places import STANDARD_OUTPUT, check_places
from steepest.cli.progress import progress_line
from steepest.cli.reports import HISTORY_SUFFIXES, print_minima, record, write_history
from steepest.cli.values import (
    read_bounds,
    read_options,
    read_point,
    read_rate,
    read_step_length,
)
from steepest.descent.methods import NAMES, named
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.descent.methods import Method
    from steepest.descent.result import Result


@dataclass(frozen=True)
class Wanted:
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


@declared("minimize", 'steepest minimize "sin(x)*sin(y)" --start x=1.66,y=3.37 --plot walk.html')
@formula_argument
@start_option
@click.option(
    "--method",
    metavar="NAME",
    help=f"One of {', '.join(NAMES)}. Default: chosen by the problem, which the answer"
    " explains; with a --learning-rate, gradient-descent.",
)
@descent_options
@search_options
@click.option(
    "--option",
    "method_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the method, such as momentum=0.9; may be given more than once.",
)
@click.option(
    "--differentiation",
    default="graph",
    metavar="WAY",
    help="graph (exact, default) or numerical (central differences).",
)
@click.option("--difference-step", type=float, metavar="H", help="Step of the differences.")
@drawing_options
@click.option("--program", metavar="FILE", help="Write the run as a Python program; - prints it.")
@click.option("--save", metavar="FILE", help="Save the run; 'steepest show FILE' explains it.")
@click.option("--history", metavar="FILE", help="Write all steps to a .csv or .parquet file.")
@click.option("--every", type=int, metavar="K", help="Print every K-th step.")
def command(
    formula: str,
    start: str | None,
    method: str | None,
    learning_rate: str | None,
    step_length: str | None,
    step_options: tuple[str, ...],
    stop: str | None,
    steps: int | None,
    tolerance: float | None,
    max_seconds: float | None,
    max_evaluations: int | None,
    bounds: str | None,
    starts: int | None,
    seed: int | None,
    method_options: tuple[str, ...],
    differentiation: str,
    difference_step: float | None,
    plot: tuple[str, ...],
    kind: str | None,
    at_step: int | None,
    against: str | None,
    animate: bool,
    **wanted: Any,
) -> int:
    """Walk downhill on FORMULA, and say why it stopped and what it found."""
    from steepest.descent.minimize import minimize

    function = read_function(formula, differentiation, difference_step)
    want = Wanted(Drawing(plot, kind, at_step, against, animate), **wanted)
    want.check(len(function.variables))
    point = None if start is None else read_point(start, "--start")
    line = progress_line(want.quiet)
    with line or nullcontext():
        result = minimize(
            function,
            check_point(function.variables, point, "--start"),
            method=_method(method, method_options),
            learning_rate=read_rate(learning_rate),
            step_length=read_step_length(step_length, step_options),
            bounds=read_bounds(bounds),
            tol=tolerance,
            stop=stop,
            max_steps=steps,
            max_seconds=max_seconds,
            max_evaluations=max_evaluations,
            starts=starts,
            seed=seed,
            progress=line,
        )
    _show(result, want)
    complete = _write(result, want)
    return 0 if result.as_asked and complete else 1


def _method(name: str | None, options: tuple[str, ...]) -> Method | None:
    """Return the method asked for; None, where none was, leaves the choice to the problem."""
    if name is not None:
        return named(name, **read_options(options))
    if options:
        raise InputError(f"--option {options[0]!r} belongs to no --method: give that as well.")
    return None


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

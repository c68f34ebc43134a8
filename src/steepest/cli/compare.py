"""``steepest compare``: several methods from one start."""

from __future__ import annotations

from typing import Any

import click

from steepest.cli.command import (
    declared,
    descent_options,
    plot_option,
    search_options,
    start_option,
)
from steepest.cli.comparing import compare_files
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json, print_table, print_text
from steepest.cli.places import check_moving, check_plots
from steepest.cli.values import (
    read_bounds,
    read_names,
    read_point,
    read_rate,
    read_step_length,
)
from steepest.descent.compare import USUAL, compare
from steepest.descent.methods import NAMES
from steepest.errors import InputError


@declared(
    "compare", 'steepest compare "(1-x)**2 + 100*(y-x**2)**2" --start x=-1.2,y=1 --plot race.html'
)
@click.argument("what", nargs=-1, required=True, metavar="FORMULA | RUN1 RUN2 ...")
@start_option
@click.option(
    "--methods",
    metavar="A,B,...",
    help=f"Of {', '.join(NAMES)}. Default: {', '.join(USUAL)}, and what minimize would choose.",
)
@descent_options
@search_options
@plot_option
@click.option("--animate", is_flag=True, help="Let the race run in the .html files of --plot.")
def command(
    what: tuple[str, ...],
    start: str | None,
    methods: str | None,
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
    cluster: str | None,
    plot: tuple[str, ...],
    animate: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Race several methods on FORMULA from one start, or compare runs that --save wrote."""
    if are_files(what):
        return compare_files(what, as_json)
    if len(what) > 1:
        raise InputError(
            f"What is {what[1]!r}? Give one formula, in quotes where it has spaces, or files that"
            " --save wrote."
        )
    (formula,) = what
    check_plots(plot)
    if animate:
        check_moving(plot)
    names = None if methods is None else read_names(methods)
    if names is not None and not names:
        raise InputError("--methods names no method: write a list, such as --methods adam,lion.")
    function = read_function(formula, "graph", None)
    point = None if start is None else read_point(start, "--start")
    origin = check_point(function.variables, point, "--start")
    comparison = compare(
        function,
        origin,
        names,
        learning_rate=read_rate(learning_rate),
        step_length=read_step_length(step_length, step_options),
        tol=tolerance,
        stop=stop,
        max_steps=steps,
        max_seconds=max_seconds,
        max_evaluations=max_evaluations,
        bounds=read_bounds(bounds),
        starts=starts,
        seed=seed,
        client=cluster,
    )
    rows = comparison.table()
    if as_json:
        print_json({"start": origin, "methods": rows})
    else:
        print_table(list(HEADINGS.values()), [_for_people(row) for row in rows])
        for label, why in comparison.left_out.items():
            print_text(f"Left out: {label}, which {why}.")
    for path in plot:
        _draw(comparison, path, animate, quiet)
    return 0 if all(result.as_asked for result in comparison.results.values()) else 1


def are_files(what: tuple[str, ...]) -> bool:
    """Return whether saved runs are meant, not a formula: a name with an ending or a folder."""
    # A slow import, and most comparisons are races.
    from pathlib import Path

    return any(one.lower().endswith(".json") or Path(one).is_file() for one in what)


HEADINGS = {
    "method": "method",
    "steps": "steps",
    "evaluations": "calls",
    "fun": "fun",
    "gradient_norm": "gradient",
    "seconds": "seconds",
    "reason": "reason",
    "success": "ok",
}
"""The fields of a row, and their short names above a table of 80 columns."""

DIGITS = {"fun": 4, "gradient_norm": 3, "seconds": 2}
"""Significant digits that a race is judged by; JSON has all of them."""


def _for_people(row: dict[str, Any]) -> list[Any]:
    """Return the cells of one method, rounded."""
    if row["left_out"] is not None:
        row = {**row, "reason": "left out", "success": None}
    return [
        float(f"{row[name]:.{DIGITS[name]}g}")
        if name in DIGITS and row[name] is not None
        else row[name]
        for name in HEADINGS
    ]


def _draw(comparison: Any, path: str, animate: bool, quiet: bool) -> None:
    from steepest.figures import save_comparison

    save_comparison(comparison, path, animate=animate)
    notice(f"Wrote {path}", quiet)

"""``steepest show``: a saved run, explained again."""

from __future__ import annotations

import click

from steepest.cli.command import declared, kind_option, plot_option
from steepest.cli.output import print_json, print_text
from steepest.cli.places import check_plots
from steepest.cli.reports import draw, record


@declared("show", "steepest show run.json --plot walk.html")
@click.argument("file")
@plot_option
@kind_option
def command(file: str, plot: tuple[str, ...], kind: str | None, as_json: bool, quiet: bool) -> int:
    """Explain the run saved in FILE, or draw it."""
    from steepest.descent.saving import load

    result = load(file)
    check_plots(plot, kind, len(result.names))
    if as_json:
        print_json(record(result))
    else:
        print_text(result.explain())
    draw(result, plot, kind, quiet)
    return 0

"""``steepest show``: a saved run, explained again."""

from __future__ import annotations

from typing import Any

import click

from steepest.cli.command import declared, drawing_options
from steepest.cli.drawing import Drawing
from steepest.cli.output import print_json, print_text
from steepest.cli.reports import record


@declared("show", "steepest show run.json --plot walk.html")
@click.argument("file")
@drawing_options
def command(file: str, as_json: bool, quiet: bool, **drawing: Any) -> int:
    """Explain the run saved in FILE, or draw it."""
    from steepest.descent.saving import load

    result = load(file)
    wanted = Drawing(**drawing)
    wanted.check(len(result.names))
    if as_json:
        print_json(record(result))
    else:
        print_text(result.explain())
    wanted.draw(result, quiet)
    return 0

"""``steepest show``: a saved run, explained again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from steepest.cli.command import declared, drawing_options
from steepest.cli.drawing import Drawing
from steepest.cli.output import print_json, print_text
from steepest.cli.reports import record
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.fitting.saved import SavedFit


@declared("show", "steepest show run.json --plot walk.html")
@click.argument("file")
@drawing_options
def command(file: str, as_json: bool, quiet: bool, **drawing: Any) -> int:
    """Explain the run or the fit saved in FILE, or draw the run."""
    from steepest.descent.saving import load
    from steepest.fitting.saved import load_fit

    wanted = Drawing(**drawing)
    fit = load_fit(file)
    if fit is not None:
        return _show_fit(fit, file, wanted, as_json)
    result = load(file)
    wanted.check(len(result.names))
    if as_json:
        print_json(record(result))
    else:
        print_text(result.explain())
    wanted.draw(result, quiet)
    return 0


def _show_fit(fit: SavedFit, file: str, wanted: Drawing, as_json: bool) -> int:
    """Explain a fit again."""
    if wanted.plot:
        raise InputError(
            f"--plot {wanted.plot[0]!r}: {file!r} holds a fit without its data, which a picture "
            "would show. Draw it with 'steepest fit ... --plot'."
        )
    if as_json:
        print_json(fit.record)
    else:
        print_text(fit.explanation)
    return 0

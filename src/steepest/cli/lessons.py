"""``steepest lessons``: the notebooks that come with the package."""

from __future__ import annotations

from pathlib import Path

import click

from steepest.cli.command import declared
from steepest.cli.output import print_json


@declared("lessons", "steepest lessons --to lessons")
@click.option("--to", "folder", metavar="FOLDER", help="Copy the notebooks there.")
def command(folder: str | None, as_json: bool, quiet: bool) -> int:
    """List the lessons, or copy them to open them in Jupyter."""
    from steepest.lessons import copy_to, lessons

    if folder is None:
        if as_json:
            print_json({"lessons": [{"name": one.name, "title": one.title} for one in lessons()]})
        else:
            for one in lessons():
                click.echo(one.title)
            click.echo("\n'steepest lessons --to FOLDER' copies them for Jupyter;")
            click.echo("'steepest lab' shows them in the browser.")
        return 0
    written, kept = copy_to(Path(folder))
    if as_json:
        print_json({"written": [str(file) for file in written], "kept": [str(f) for f in kept]})
    elif not quiet:
        click.echo(f"Wrote {len(written)} notebooks to {folder}.")
        if kept:
            click.echo(f"Kept {len(kept)} that were there: {', '.join(f.name for f in kept)}.")
        click.echo(f"Open them with: jupyter lab {folder}")
    return 0

"""``steepest cache``: the compiled code that is kept on disk."""

from __future__ import annotations

import click

from steepest.cli.command import declared
from steepest.cli.output import print_json
from steepest.errors import InputError, did_you_mean


@declared("cache", "steepest cache clear")
@click.argument("action", metavar="clear")
def command(action: str, as_json: bool, quiet: bool) -> int:
    """Delete all compiled code; it is made again where it is needed."""
    from steepest.program.native.cache import clear, directory

    if action != "clear":
        raise InputError(
            f"There is nothing to be done with the cache called {action!r}."
            f"{did_you_mean(action, ['clear'])} 'steepest cache clear' deletes what is in it."
        )
    count = clear()
    if as_json:
        print_json({"directory": str(directory()), "deleted": count})
    elif not quiet:
        click.echo(f"Deleted {count} file{'s' * (count != 1)} of {directory()}.")
    return 0

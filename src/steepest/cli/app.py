"""The command ``steepest``: finding its commands, and ending with one clear line on errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click
import numpy as np

from steepest import __version__
from steepest.errors import FormulaError, SteepestError, did_you_mean

COMMANDS = {
    "minimize": "Walk downhill from a start, and say why it stopped and what it found.",
    "derive": "Show a formula's derivatives, its program and a numerical check.",
    "explore": "Find the minima, maxima and saddles of a formula in a box.",
    "compare": "Race several methods from one start, or compare saved runs.",
    "fit": "Fit a model to data: its constants, with standard errors.",
    "rate": "Suggest a learning rate, and say how others do.",
    "lab": "Open a page in the browser where one drops a ball on a function.",
    "lessons": "List the eight lessons, or copy them to open them in Jupyter.",
    "show": "Explain a saved run again, or draw it.",
    "resume": "Go on with a run from its checkpoint.",
    "cache": "Delete the compiled code that is kept for later runs.",
}
"""Every command with its one line of help; its module has the same name."""

BAD_INPUT = 2
BROKEN = 1

TRACEBACK = "STEEPEST_TRACEBACK"
"""Set this environment variable to see where an unexpected error came from."""


class Shell(click.Group):
    """A group that imports a command when it is asked for, and reports errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are explained."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"steepest.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a name, or the one that was probably meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.UsageError(
                f"There is no command {name!r}.{did_you_mean(name, COMMANDS)}"
                f" Commands are: {', '.join(COMMANDS)}.",
                ctx,
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Explain the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, standalone_mode: bool = True, **settings: Any) -> Any:
        """Run a command line; every error becomes one clear line and an exit status."""
        status = self._status(*args, **settings)
        if standalone_mode:
            sys.exit(status)
        return status

    def _status(self, *args: Any, **settings: Any) -> int:
        run: Callable[..., Any] = super().main
        try:
            # A result says itself what overflowed; NumPy's warnings would only add noise.
            with np.errstate(all="ignore"):
                return int(run(*args, standalone_mode=False, **settings) or 0)
        except click.NoSuchOption as error:
            words = (
                f"There is no option {error.option_name!r}. 'steepest --help' lists all there is."
            )
            return _complain(words, BAD_INPUT)
        except click.ClickException as error:
            return _complain(_one_line(error.format_message()), BAD_INPUT)
        except FormulaError as error:
            # The formula and a caret under the place follow on lines of their own.
            return _complain(str(error), BAD_INPUT)
        except SteepestError as error:
            return _complain(_one_line(error), BAD_INPUT)
        except click.Abort:
            return _complain("Interrupted.", BROKEN)
        except Exception as error:
            if TRACEBACK in os.environ:
                raise
            return _complain(
                f"Unexpected {type(error).__name__}: {_one_line(error)}."
                f" Set {TRACEBACK}=1 to see where, and please report it.",
                BROKEN,
            )


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _complain(message: str, status: int) -> int:
    click.echo(f"Error: {message}", err=True)
    return status


@click.group(cls=Shell, invoke_without_command=True)
@click.version_option(__version__, prog_name="steepest", message="%(prog)s %(version)s")
@click.pass_context
def shell(ctx: click.Context) -> None:
    """Gradient descent from first principles.

    Exit status: 0 when the run ended as asked, 1 when it ended otherwise, 2 on bad input.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the program's name; ``sys.argv`` by default.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that has no ∂ shows a question mark instead of an error.
            stream.reconfigure(errors="replace")
    shell.main(arguments, prog_name="steepest")

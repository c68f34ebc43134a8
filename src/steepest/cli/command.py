"""What all commands share: how they are declared, and the options every one of them takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from steepest.errors import did_you_mean

OPTION = re.compile(r"--[a-z][a-z-]+")
"""What looks like an option, as --start does and the formula --x**2 does not."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class FormulaCommand(click.Command):
    """A command whose argument may begin with a minus sign, as formulas do.

    No option of ours has one dash, so what has one is never an option. What has two and a word
    is an option, and an unknown one is answered with the one that was probably meant.
    """

    def __init__(
        self, name: str | None, *, example: str, params: list[click.Parameter], **settings: Any
    ) -> None:
        shared = [
            click.Option(
                ["--json", "as_json"], is_flag=True, help="Print one JSON object, and nothing else."
            ),
            click.Option(["--quiet"], is_flag=True, help="No progress and no notices."),
        ]
        super().__init__(name, params=[*params, *shared], **settings)
        self._example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it is to be typed, never wrapped."""
        formatter.write(f"\nExample:\n  {self._example}\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown options and stray words here, and let the parser pass the rest."""
        known = [name for parameter in self.get_params(ctx) for name in parameter.opts]
        for argument in args:
            if argument == "--":
                break
            name = argument.split("=", 1)[0]
            if OPTION.fullmatch(name) and name not in known:
                raise click.UsageError(
                    f"There is no option {name!r}.{did_you_mean(name, known)}"
                    f" 'steepest {self.name} --help' lists the options.",
                    ctx,
                )
        ctx.ignore_unknown_options = True
        ctx.allow_extra_args = True
        try:
            super().parse_args(ctx, args)
        except click.MissingParameter as error:
            named = error.param.human_readable_name if error.param else "Something"
            raise click.UsageError(f"{named!r} is missing, as in: {self._example}", ctx) from error
        if ctx.args:
            raise click.UsageError(
                f"What is {' '.join(ctx.args)!r}? Put quotes around a formula with spaces in it,"
                f" as in: {self._example}",
                ctx,
            )
        return ctx.args


def declared(name: str, example: str) -> Callable[[Callable[..., int]], click.Command]:
    """Declare a command of this name, with the two options that every command takes."""
    return click.command(name, cls=FormulaCommand, example=example)


def formula_argument(function: Decorated) -> Decorated:
    """Take a formula such as "x**2 + y**2"."""
    return click.argument("formula")(function)


def start_option(function: Decorated) -> Decorated:
    """Take the start of a descent."""
    return click.option(
        "--start", metavar="x=1,y=2", help="Where to start; a value may be written as -pi/2."
    )(function)


def descent_options(function: Decorated) -> Decorated:
    """Take what every descent can be told: rate, stop and limits."""
    # Not every command descends.
    from steepest.descent.step_length import STEP_LENGTHS

    options = [
        click.option(
            "--learning-rate",
            metavar="RATE",
            help="A number, a schedule such as cosine:0.1:500, or auto (default): the"
            " method's own, or backtracking.",
        ),
        click.option(
            "--step-length",
            metavar="NAME",
            help=f"A rule for the length of each step: {', '.join(STEP_LENGTHS)}.",
        ),
        click.option(
            "--step-option",
            "step_options",
            multiple=True,
            metavar="NAME=VALUE",
            help="An option of it, such as lowest=0 or variant=long; may be given more than once.",
        ),
        click.option(
            "--stop",
            metavar="RULE",
            help="gradient (default), no-descent, or max-steps: exactly --steps.",
        ),
        # The second name is the one that messages use, as Python does.
        click.option(
            "--steps", "--max-steps", "steps", type=int, metavar="N", help="At most N steps."
        ),
        click.option(
            "--tolerance", type=float, metavar="T", help="What counts as a flat gradient."
        ),
        click.option("--max-seconds", type=float, metavar="S", help="At most S seconds."),
        click.option(
            "--max-evaluations", type=int, metavar="N", help="At most N values of the function."
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def search_options(function: Decorated) -> Decorated:
    """Take where a descent may go, and how many of them there are."""
    options = [
        click.option(
            "--bounds",
            metavar="x=0:1,y=:5",
            help="Ends that no variable goes beyond; a side left empty is open.",
        ),
        click.option(
            "--starts",
            type=int,
            metavar="N",
            help="Search from N starts, --start among them, for the lowest of several minima.",
        ),
        click.option(
            "--seed", type=int, metavar="N", help="Seed of the random starts, kept in the result."
        ),
        click.option(
            "--cluster",
            metavar="ADDRESS",
            help="A Dask scheduler, such as tcp://host:8786, whose workers make the descents.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def checkpoint_options(function: Decorated) -> Decorated:
    """Take where a run is kept while it goes on, and how often."""
    options = [
        click.option(
            "--checkpoint",
            metavar="FILE",
            help="Keep the run in FILE while it goes on; 'steepest resume FILE' goes on with it.",
        ),
        click.option(
            "--checkpoint-steps", type=int, metavar="K", help="Keep it after every K steps."
        ),
        click.option(
            "--checkpoint-seconds",
            type=float,
            metavar="S",
            help="Keep it every S seconds; 30 where neither is given.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def output_options(function: Decorated) -> Decorated:
    """Take files to write a run to, and which steps to print."""
    options = [
        click.option(
            "--program", metavar="FILE", help="Write the run as a Python program; - prints it."
        ),
        click.option(
            "--save", metavar="FILE", help="Save the run; 'steepest show FILE' explains it."
        ),
        click.option(
            "--history", metavar="FILE", help="Write all steps to a .csv or .parquet file."
        ),
        click.option("--every", type=int, metavar="K", help="Print every K-th step."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def plot_option(function: Decorated) -> Decorated:
    """Take files to draw to."""
    return click.option(
        "--plot",
        multiple=True,
        metavar="FILE",
        help="Draw to a .html, .png or .svg file; may be given more than once.",
    )(function)


def drawing_options(function: Decorated) -> Decorated:
    """Take files to draw to, and what to draw there."""
    options = [
        click.option(
            "--kind",
            metavar="KIND",
            help="What to draw: curve, tangents or cobweb (one variable), surface, contours,"
            " directions or step (two), convergence, traces or overview.",
        ),
        click.option(
            "--at-step", type=int, metavar="N", help="The step that --kind step shows from inside."
        ),
        click.option(
            "--against",
            metavar="WHAT",
            help="What --kind convergence is against: steps, evaluations or seconds.",
        ),
        click.option("--animate", is_flag=True, help="Let the descent run, in .html files."),
    ]
    for option in reversed(options):
        function = option(function)
    return plot_option(function)

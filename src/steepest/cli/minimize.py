"""``steepest minimize``: one descent."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from steepest.cli.answers import Wanted, answer
from steepest.cli.checkpoints import read_checkpoint
from steepest.cli.command import (
    checkpoint_options,
    declared,
    descent_options,
    drawing_options,
    formula_argument,
    output_options,
    search_options,
    start_option,
)
from steepest.cli.drawing import Drawing
from steepest.cli.functions import check_point, read_function
from steepest.cli.progress import progress_line
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
@checkpoint_options
@drawing_options
@output_options
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
    cluster: str | None,
    method_options: tuple[str, ...],
    differentiation: str,
    difference_step: float | None,
    checkpoint: str | None,
    checkpoint_steps: int | None,
    checkpoint_seconds: float | None,
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
    kept = read_checkpoint(checkpoint, checkpoint_steps, checkpoint_seconds)
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
            client=cluster,
            progress=line,
            checkpoint=kept,
        )
    return answer(result, want)


def _method(name: str | None, options: tuple[str, ...]) -> Method | None:
    """Return the method asked for; None, where none was, leaves the choice to the problem."""
    if name is not None:
        return named(name, **read_options(options))
    if options:
        raise InputError(f"--option {options[0]!r} belongs to no --method: give that as well.")
    return None

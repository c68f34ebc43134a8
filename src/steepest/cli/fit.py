"""``steepest fit``: the constants of a model from a file of data."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from steepest.cli.answers_of_fits import WantedOfFit, answer_fit
from steepest.cli.checkpoints import with_checkpoint
from steepest.cli.command import checkpoint_options, declared, descent_options, plot_option
from steepest.cli.progress import progress_line
from steepest.cli.values import (
    read_assignments,
    read_bounds,
    read_options,
    read_point,
    read_rate,
    read_step_length,
)
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.fitting.losses import Loss


@declared("fit", 'steepest fit data.csv "y ~ a*exp(-b*x) + c" --plot fit.html')
@click.argument("data")
@click.argument("model")
@click.option(
    "--loss",
    default="sse",
    metavar="NAME",
    help="sse (default), mse, rmse, mae, huber, cauchy, logcosh, quantile, log, poisson or hinge.",
)
@click.option(
    "--loss-option",
    "loss_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the loss, such as delta=2 or q=0.9; may be given more than once.",
)
@click.option(
    "--start", metavar="a=1,b=2", help="Where to start, or 'random'. Default: looked for."
)
@click.option("--method", metavar="NAME", help="Default: what suits the loss and the model.")
@click.option("--weights", metavar="COLUMN", help="How much each row counts.")
@click.option("--sigma", metavar="COLUMN", help="Standard deviations of the response.")
@click.option("--absolute-sigma", is_flag=True, help="They are known in absolute terms.")
@click.option("--bounds", metavar="a=0:1,b=:5", help="Ends that no parameter goes beyond.")
@click.option("--fixed", metavar="a=1", help="Parameters that keep a value.")
@click.option("--ties", metavar="b=2*a", help="Parameters that follow from others.")
@click.option("--l1", metavar="S or a=S", help="Strength of the penalty S Σ|θ|.")
@click.option("--l2", metavar="S or a=S", help="Strength of the penalty S/2 Σθ².")
@click.option("--drop-missing", is_flag=True, help="Leave out rows that miss a number.")
@click.option("--batch-size", type=int, metavar="N", help="Rows that each step sees.")
@click.option("--epochs", type=int, metavar="N", help="Passes over the rows, in batches.")
@click.option("--held-out", type=float, metavar="S", help="Share of rows that decide when to end.")
@click.option("--patience", type=int, default=10, metavar="N", help="Epochs without a better one.")
@click.option("--seed", type=int, default=0, metavar="N", help="Of everything drawn at random.")
@click.option("--memory", metavar="SIZE", help="What rows may take, such as 1GiB: read in pieces.")
@click.option(
    "--cluster",
    "client",
    metavar="ADDRESS",
    help="A Dask scheduler, such as tcp://host:8786, whose workers read the rows.",
)
@descent_options
@checkpoint_options
@click.option("--save", metavar="FILE", help="Save the fit; 'steepest show FILE' explains it.")
@plot_option
@click.option(
    "--kind",
    metavar="KIND",
    help="What to draw: fit (default), residuals, convergence, losses or correlation.",
)
@click.option("--every", type=int, metavar="K", help="Let the curve move, every K-th step.")
def command(
    data: str,
    model: str,
    loss: str,
    loss_options: tuple[str, ...],
    start: str | None,
    bounds: str | None,
    fixed: str | None,
    ties: str | None,
    l1: str | None,
    l2: str | None,
    learning_rate: str | None,
    step_length: str | None,
    step_options: tuple[str, ...],
    steps: int | None,
    tolerance: float | None,
    plot: tuple[str, ...],
    kind: str | None,
    every: int | None,
    save: str | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Fit MODEL, such as "y ~ a + b*x", to DATA: a .csv, .parquet or .arrow file, or a folder."""
    from steepest.fitting.fit import fit

    if "~" in data and "~" not in model:
        raise InputError(f"The data come first, and then the model: steepest fit {model} {data!r}.")
    want = WantedOfFit(plot, kind, every, save, as_json, quiet)
    want.check()
    options = with_checkpoint(options)
    line = progress_line(quiet)
    with line or nullcontext():
        found = fit(
            model,
            data,
            _loss(loss, loss_options),
            _start(start),
            bounds=read_bounds(bounds),
            fixed=None if fixed is None else read_point(fixed, "--fixed"),
            ties=None if ties is None else _ties(ties),
            l1=_strength(l1, "--l1"),
            l2=_strength(l2, "--l2"),
            learning_rate=read_rate(learning_rate),
            step_length=read_step_length(step_length, step_options),
            tol=tolerance,
            max_steps=steps,
            progress=line,
            **options,
        )
    return answer_fit(found, want)


def _loss(name: str, options: tuple[str, ...]) -> Loss:
    """Return the loss of a name, with its options."""
    from steepest.descent.options import with_options
    from steepest.fitting.losses import chosen_loss

    loss = chosen_loss(name)
    if not options:
        return loss
    return with_options(type(loss), f"loss {name!r}", read_options(options, "--loss-option"))


def _start(text: str | None) -> Any:
    """Return a start by name, or the word for a random one."""
    return text if text is None or text == "random" else read_point(text, "--start")


def _ties(text: str) -> dict[str, str]:
    """Return formulas by name."""
    found = read_assignments(text, "--ties")
    if found is None:
        raise InputError(f"--ties {text!r} are no formulas by name, such as --ties b=2*a.")
    return found


def _strength(text: str | None, option: str) -> Any:
    """Return one number, or numbers by name."""
    if text is None:
        return 0.0
    if "=" in text:
        return read_point(text, option)
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{option} {text!r} is no strength: give a number, or numbers by name such as"
            f" {option} a=0.1."
        ) from None

"""``steepest rate``: which learning rate to take."""

from __future__ import annotations

from typing import Any

import click

from steepest.cli.command import declared, formula_argument, plot_option, start_option
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json, print_table, print_text
from steepest.cli.places import check_plots
from steepest.cli.values import read_point
from steepest.descent.rate_advice import BANDS, OPEN_ENDED, STEPS, RateAdvice, suggest_rate

DIGITS = 4
"""Significant digits that a rate is judged by; JSON has all of them."""


@declared("rate", 'steepest rate "x**2 + 10*y**2" --start x=1,y=1')
@formula_argument
@start_option
@click.option(
    "--method",
    default="gradient-descent",
    metavar="NAME",
    help="A method with a learning rate; default gradient-descent.",
)
@click.option(
    "--steps",
    type=int,
    default=STEPS,
    metavar="N",
    help=f"How many steps each rate is run for; default {STEPS}.",
)
@plot_option
def command(
    formula: str,
    start: str | None,
    method: str,
    steps: int,
    plot: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Suggest a learning rate for FORMULA, and say how others do."""
    check_plots(plot)
    function = read_function(formula, "graph", None)
    point = None if start is None else read_point(start, "--start")
    origin = check_point(function.variables, point, "--start")
    advice = suggest_rate(function, origin, method, steps=steps)
    if as_json:
        print_json(_record(advice))
    else:
        _print(advice)
    for path in plot:
        _draw(advice, path, quiet)
    return 0


def _record(advice: RateAdvice) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    return {
        "method": advice.method,
        "rate": advice.rate,
        "stable": advice.stable,
        "curvature": advice.curvature,
        "open_ended": advice.open_ended,
        "start_value": advice.start_value,
        "steps": advice.steps,
        "bands": {name: advice.band(name) for name in BANDS},
        "rates": [
            {"rate": rate, "fun": value, "band": band}
            for rate, value, band in zip(advice.rates, advice.values, advice.bands, strict=True)
        ],
    }


def _print(advice: RateAdvice) -> None:
    click.echo(f"Take --learning-rate {advice.rate:.3g} for {advice.method}.\n")
    ends = {name: advice.band(name) for name in BANDS}
    rows = [[name, *map(_rounded, band)] for name, band in ends.items() if band is not None]
    print_table(["rates", "from", "to"], rows)
    click.echo()
    if advice.stable is not None:
        print_text(
            f"The curvature at the start, {advice.curvature:.4g}, makes rates above"
            f" {advice.stable:.4g} unstable there."
        )
    if advice.open_ended:
        print_text(OPEN_ENDED)
    click.echo(f"Each of {len(advice.rates)} rates was run for {advice.steps} steps.")


def _draw(advice: RateAdvice, path: str, quiet: bool) -> None:
    # Imported here: an answer that draws nothing has no use for the figures.
    from steepest.figures import save_rates

    save_rates(advice, path)
    notice(f"Wrote {path}", quiet)


def _rounded(rate: float) -> float:
    return float(f"{rate:.{DIGITS}g}")

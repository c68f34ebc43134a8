"""``steepest resume``: a run that was stopped, gone on with."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import click

from steepest.cli.answers import Wanted, answer
from steepest.cli.answers_of_fits import WantedOfFit, answer_fit
from steepest.cli.command import declared, drawing_options, output_options
from steepest.cli.drawing import Drawing
from steepest.cli.progress import progress_line
from steepest.errors import InputError


@declared("resume", "steepest resume run.ckpt --steps 100000")
@click.argument("file")
@click.option("--data", metavar="FILE", help="The data of a fit, where they are elsewhere now.")
@click.option("--steps", "--max-steps", "steps", type=int, metavar="N", help="At most N steps.")
@click.option("--max-seconds", type=float, metavar="S", help="At most S seconds in all.")
@click.option(
    "--max-evaluations", type=int, metavar="N", help="At most N values of the function in all."
)
@drawing_options
@output_options
def command(
    file: str,
    data: str | None,
    steps: int | None,
    max_seconds: float | None,
    max_evaluations: int | None,
    plot: tuple[str, ...],
    kind: str | None,
    at_step: int | None,
    against: str | None,
    animate: bool,
    **wanted: Any,
) -> int:
    """Go on with the run kept in FILE, as if it had never been stopped."""
    from steepest.descent.checkpoints.resuming import Stored
    from steepest.descent.result import Result
    from steepest.fitting.keeping import resume

    stored = Stored.of(file)
    of_fit = WantedOfFit(
        *(plot, kind, wanted["every"], wanted["save"], wanted["as_json"], wanted["quiet"])
    )
    want = Wanted(Drawing(plot, kind, at_step, against, animate), **wanted)
    if stored.kind == "fit":
        _refuse(program=want.program, history=want.history, at_step=at_step, against=against)
        of_fit.check()
    elif data is not None:
        raise InputError(f"--data {data!r}: {file!r} holds no fit, and needs no data.")
    else:
        want.check(stored.size)
    changes = {
        "data": data,
        "max_steps": steps,
        "max_seconds": max_seconds,
        "max_evaluations": max_evaluations,
    }
    line = progress_line(want.quiet)
    with line or nullcontext():
        given = {name: value for name, value in changes.items() if value is not None}
        found = resume(file, **given, progress=line)
    return answer(found, want) if isinstance(found, Result) else answer_fit(found, of_fit)


def _refuse(**options: Any) -> None:
    """Refuse options that say nothing of a fit."""
    for name, value in options.items():
        if value is not None:
            raise InputError(
                f"--{name.replace('_', '-')} {value} is for runs of minimize, and the file holds a "
                "fit: leave it out."
            )

"""What comes out of a fit: printed, drawn and written to files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from steepest.cli.output import notice, print_json
from steepest.cli.places import check_places, check_plots
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.fitting.fitted import Fit


@dataclass(frozen=True)
class WantedOfFit:
    """What is to come out of a fit, and where to."""

    plot: tuple[str, ...]
    kind: str | None
    every: int | None
    save: str | None
    as_json: bool
    quiet: bool

    def check(self) -> None:
        """Find what cannot be drawn or written before the fit begins."""
        check_places("--save", [self.save] if self.save else [])
        _check_figures(self.plot, self.kind, self.every)


def answer_fit(found: Fit, want: WantedOfFit) -> int:
    """Give what is wanted of a fit, and return the exit status."""
    from steepest.fitting.saved import described, save_fit

    if want.as_json:
        for sentence in found.notices:
            notice(f"Note: {sentence}", want.quiet)
        print_json(described(found))
    else:
        click.echo(found.explain())
    if want.save:
        save_fit(found, want.save)
        notice(f"Wrote {want.save}", want.quiet)
    for path in want.plot:
        _draw(found, path, want.kind, want.every, want.quiet)
    return 0 if found.result.as_asked else 1


def _check_figures(plot: tuple[str, ...], kind: str | None, every: int | None) -> None:
    """Refuse figures that could not be drawn, before the fit."""
    check_plots(plot)
    if kind is None and every is None:
        return
    if not plot:
        raise InputError("--kind and --every say what to draw, but not where: add --plot FILE.")
    from steepest.figures.fits import check_fit_kind

    check_fit_kind(kind, every=every)
    still = [path for path in plot if not path.lower().endswith(".html")]
    if every is not None and still:
        raise InputError(f"--every: {still[0]!r} is a picture and does not move: name a .html.")


def _draw(fit: Fit, path: str, kind: str | None, every: int | None, quiet: bool) -> None:
    from steepest.figures import save_fit

    save_fit(fit, path, kind, every=every)
    notice(f"Wrote {path}", quiet)

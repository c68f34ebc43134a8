"""What is to be drawn of a descent, and where to: checked before it, drawn after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from steepest.cli.output import notice
from steepest.cli.places import check_moving, check_plots
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.descent.result import Result


class Drawing(NamedTuple):
    """The options of a command that say what to draw.

    Attributes
    ----------
    plot : tuple of str
        The files.
    kind, at_step, against, animate
        ``--kind``, ``--at-step``, ``--against`` and ``--animate``.
    """

    plot: tuple[str, ...]
    kind: str | None = None
    at_step: int | None = None
    against: str | None = None
    animate: bool = False

    def check(self, size: int) -> None:
        """Find what could not be drawn of `size` variables."""
        check_plots(self.plot, self.kind, size)
        if self.animate:
            check_moving(self.plot)
        for option, given in (("--at-step", self.at_step), ("--against", self.against)):
            if given is not None and not self.plot:
                raise InputError(
                    f"{option} {given} says what to draw, but not where: add --plot FILE."
                )
        if self.plot:
            # Imported here: a run that draws nothing has no use for the figures.
            from steepest.figures.walks import check_options

            check_options(self.kind, self.at_step, self.against, self.animate)

    def draw(self, result: Result, quiet: bool) -> None:
        """Draw to all files, saying where."""
        for path in self.plot:
            from steepest.figures import save_figure

            save_figure(
                result,
                path,
                self.kind,
                step=self.at_step,
                against=self.against,
                animate=self.animate,
            )
            notice(f"Wrote {path}", quiet)

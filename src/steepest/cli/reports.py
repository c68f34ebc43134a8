"""A finished descent as a JSON record, and in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from steepest.cli.output import notice, print_table
from steepest.descent.result import Result

if TYPE_CHECKING:
    from steepest.descent.search import Minimum

HISTORY_SUFFIXES = (".csv", ".parquet")

MOST_MINIMA = 20
"""So many minima are listed for people; JSON has all of them."""


def record(result: Result, every: int | None = None) -> dict[str, Any]:
    """Return what ``--json`` prints of a descent.

    Parameters
    ----------
    result : Result
    every : int, optional
        Add the rows of every so many steps.

    Returns
    -------
    dict
        Plain values under stable names.
    """
    fields: dict[str, Any] = {
        "method": result.method,
        "chosen_because": result.options.get("chosen_because"),
        "x": dict(zip(result.names, result.position.tolist(), strict=True)),
        "fun": result.fun,
        "jac": dict(zip(result.names, result.gradient.tolist(), strict=True)),
        "nit": result.nit,
        "nfev": result.nfev,
        "njev": result.njev,
        "nhev": result.nhev,
        "success": result.success,
        "reason": result.reason.name,
        "message": result.message,
        "verdict": result.verdict.kind,
        "at_bound": result.at_bound,
        "minima": [
            {"x": by_name(result, one), "fun": one.fun, "starts": one.starts}
            for one in result.minima
        ],
        "points": len(result.history),
    }
    if every is not None:
        fields["history"] = result.history.rows(every=every)
    return fields


def by_name(result: Result, minimum: Minimum) -> dict[str, float]:
    """Return where a minimum is, name by name."""
    return dict(zip(result.names, minimum.position.tolist(), strict=True))


def print_minima(result: Result) -> None:
    """Print the minima that a search found, the lowest first; nothing where there was none."""
    if not result.minima:
        return
    rows = [
        [rank, *by_name(result, one).values(), one.fun, one.starts]
        for rank, one in enumerate(result.minima, start=1)
    ]
    click.echo()
    print_table(["minimum", *result.names, "f", "starts"], rows[:MOST_MINIMA])
    if len(rows) > MOST_MINIMA:
        click.echo(f"... and {len(rows) - MOST_MINIMA} more; --json has all of them.")


def write_history(result: Result, path: str, quiet: bool) -> None:
    """Write all steps as CSV or Parquet, by the suffix of the file."""
    from pathlib import Path

    write = {".csv": result.history.to_csv, ".parquet": result.history.to_parquet}
    write[Path(path).suffix.lower()](path)
    notice(f"Wrote {path}", quiet)

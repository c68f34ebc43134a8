"""A finished descent as a JSON record, and in files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from steepest.cli.output import notice
from steepest.descent.result import Result

HISTORY_SUFFIXES = (".csv", ".parquet")


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
        "x": dict(zip(result.names, result.position.tolist(), strict=True)),
        "fun": result.fun,
        "jac": dict(zip(result.names, result.gradient.tolist(), strict=True)),
        "nit": result.nit,
        "nfev": result.nfev,
        "njev": result.njev,
        "success": result.success,
        "reason": result.reason.name,
        "message": result.message,
        "verdict": result.verdict.kind,
        "points": len(result.history),
    }
    if every is not None:
        fields["history"] = result.history.rows(every=every)
    return fields


def draw(result: Result, paths: Iterable[str], kind: str | None, quiet: bool) -> None:
    """Draw a descent to files, saying where."""
    for path in paths:
        # Imported here: a run that draws nothing has no use for the figures.
        from steepest.figures import save_figure

        save_figure(result, path, kind)
        notice(f"Wrote {path}", quiet)


def write_history(result: Result, path: str, quiet: bool) -> None:
    """Write all steps as CSV or Parquet, by the suffix of the file."""
    from pathlib import Path

    write = {".csv": result.history.to_csv, ".parquet": result.history.to_parquet}
    write[Path(path).suffix.lower()](path)
    notice(f"Wrote {path}", quiet)

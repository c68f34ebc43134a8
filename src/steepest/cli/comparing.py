"""Saved runs and fits side by side: where they ended, what they took, where they part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.cli.output import print_json, print_table, print_text
from steepest.errors import InputError

if TYPE_CHECKING:
    from steepest.descent.result import Result
    from steepest.fitting.saved import SavedFit

CLOSE = 1e-9
"""Points differ that are further apart than this share of max(1, |x|)."""


def compare_files(paths: Sequence[str], as_json: bool) -> int:
    """Print what saved runs or fits came to, and where each parts from the first.

    Parameters
    ----------
    paths : sequence of str
        Files that ``--save`` wrote; all of runs, or all of fits.
    as_json : bool
        Whether to print one JSON object.
    """
    from steepest.descent.saving import load
    from steepest.fitting.saved import load_fit

    if len(paths) < 2:
        raise InputError(f"There is nothing to compare {paths[0]!r} with: name two files or more.")
    fits = {path: load_fit(path) for path in paths}
    if all(fits.values()):
        rows = _rows_of_fits({path: fit for path, fit in fits.items() if fit is not None})
    elif not any(fits.values()):
        rows = _rows_of_runs({path: load(path) for path in paths})
    else:
        fit = next(path for path, found in fits.items() if found is not None)
        run = next(path for path, found in fits.items() if found is None)
        raise InputError(f"{fit!r} is a fit and {run!r} is none: compare fits, or runs.")
    if as_json:
        print_json({"runs": rows})
        return 0
    points = [name for name in rows[0] if name not in {"file", "difference", "x"}]
    names = list(dict.fromkeys(name for row in rows for name in row["x"]))
    print_table(
        ["run", *names, *points],
        [
            [row["file"], *(row["x"].get(name) for name in names), *(row[p] for p in points)]
            for row in rows
        ],
    )
    for row in rows[1:]:
        print_text(f"{row['file']}: {row['difference']}")
    return 0


def _rows_of_runs(results: dict[str, Result]) -> list[dict[str, Any]]:
    """Return a row for each run."""
    first = next(iter(results.values()))
    return [
        {
            "file": path,
            "x": dict(zip(result.names, result.position.tolist(), strict=True)),
            "fun": result.fun,
            "method": result.method,
            "steps": result.nit,
            "evaluations": result.nfev,
            "reason": result.reason.name,
            "difference": None if result is first else first_difference(first, result),
        }
        for path, result in results.items()
    ]


def first_difference(one: Result, other: Result) -> str:
    """Return in a sentence where the paths of two runs part."""
    if one.names != other.names:
        return f"Another function: of {', '.join(other.names)}, not of {', '.join(one.names)}."
    a, b = one.history, other.history
    count = min(len(a), len(b))
    if not np.array_equal(a.step[:count], b.step[:count]):
        return "They kept other steps, so that their paths cannot be told apart."
    apart = np.abs(a.x[:count] - b.x[:count]) > CLOSE * np.maximum(1.0, np.abs(a.x[:count]))
    places = np.argwhere(apart)
    if places.size:
        row, column = places[0]
        name, step = one.names[column], a.step[row]
        where = "They start apart" if row == 0 else f"The paths part at step {step}"
        return f"{where}: {name} = {b.x[row, column]:.9g}, not {a.x[row, column]:.9g}."
    if len(a) != len(b):
        return (
            f"The same path for {count - 1} steps; one ended there "
            f"({(one if len(a) < len(b) else other).reason.name}), the other went on."
        )
    same = a.x.tobytes() == b.x.tobytes()
    return "The same path, to the last bit." if same else "The same path, but for rounding."


def _rows_of_fits(fits: dict[str, SavedFit]) -> list[dict[str, Any]]:
    """Return a row for each fit."""
    first = next(iter(fits.values())).record
    return [
        {
            "file": path,
            "x": _numbers(fit.record),
            "loss": fit.record.get("loss"),
            "rows": fit.record.get("rows"),
            "method": fit.record.get("method"),
            "steps": fit.record.get("nit"),
            "reason": fit.record.get("reason"),
            "difference": None if fit.record is first else _between_fits(first, fit.record),
        }
        for path, fit in fits.items()
    ]


def _numbers(record: dict[str, Any]) -> dict[str, float]:
    """Return the parameters of a fit that are numbers."""
    parameters = record["parameters"].items()
    return {name: value for name, value in parameters if isinstance(value, (int, float))}


def _between_fits(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return in a sentence how two fits differ."""
    if one["model"] != other["model"]:
        return f"Another model: {other['model']}."
    a, b = _numbers(one), _numbers(other)
    errors = one.get("standard_errors") or {}
    for name in a:
        if name not in b or abs(a[name] - b[name]) <= CLOSE * max(1.0, abs(a[name])):
            continue
        error = errors.get(name)
        far = f", {abs(a[name] - b[name]) / error:.3g} standard errors" if error else ""
        return f"The constants differ, first {name}: {b[name]:.9g}, not {a[name]:.9g}{far}."
    return "The same constants."

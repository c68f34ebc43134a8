"""Fits written to files, and read again: plain JSON that runs no code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from steepest.descent.files import write_atomically
from steepest.descent.plain import NOT_FINITE, plain_number
from steepest.errors import InputError
from steepest.fitting.fitted import Fit

FORMAT = "steepest-fit"
VERSION = 1


def described(fit: Fit) -> dict[str, Any]:
    """Return what there is to say of a fit, as plain values and arrays under stable names."""
    result = fit.result
    return {
        "model": fit.model.text,
        "parameters": fit.parameters,
        "standard_errors": fit.standard_errors,
        "why_no_errors": fit.why_no_errors,
        "loss_name": fit.criterion.loss.name,
        "loss": fit.loss,
        "r_squared": None if fit.criterion.loss.scores else fit.r_squared,
        "rows": fit.criterion.count,
        "dropped": fit.dropped,
        "degrees_of_freedom": fit.degrees_of_freedom,
        "correlation": fit.correlation,
        "method": result.method,
        "nit": result.nit,
        "nfev": result.nfev,
        "success": fit.success,
        "reason": result.reason.name,
        "message": result.message,
        "epochs": [
            {"epoch": one.number, "loss": one.loss, "held_out_loss": one.held_out_loss}
            for one in fit.epochs
        ],
    }


@dataclass(frozen=True)
class SavedFit:
    """A fit as a file holds it.

    Parameters
    ----------
    explanation : str
        What `Fit.explain` said.
    record : dict
        What `described` returned; arrays are lists.
    """

    explanation: str
    record: dict[str, Any]


def save_fit(fit: Fit, path: str | Path) -> None:
    """Write what a fit came to as JSON, to be read again with `load_fit`.

    Parameters
    ----------
    fit : Fit
        The fit.
    path : str or path
        The file; it is replaced at once when everything is written.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "explanation": fit.explain(),
        "fit": _plain(described(fit)),
    }
    write_atomically(path, json.dumps(content, allow_nan=False, indent=1) + "\n")


def load_fit(path: str | Path) -> SavedFit | None:
    """Return the fit in a file; None where the file is none of a fit.

    Raises
    ------
    InputError
        If the file cannot be read, or is a fit that is damaged or from a newer version.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"Cannot read {str(path)!r}: {error.strerror or error}. Give a file that exists."
        ) from error
    except (ValueError, RecursionError):
        return None
    if not (isinstance(content, dict) and content.get("format") == FORMAT):
        return None
    if content.get("version") != VERSION:
        raise InputError(
            f"{str(path)!r} is a fit of format version {content.get('version')}, and this steepest "
            f"reads version {VERSION}: update steepest."
        )
    match content:
        case {"explanation": str(text), "fit": {"parameters": dict(), "model": str()} as record}:
            return SavedFit(text, _finite(record))
    raise InputError(
        f"{str(path)!r} is a damaged fit: its explanation or its parameters are missing. Save the "
        "fit again, or take an earlier copy."
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON data; numbers that are not finite become their names."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return plain_number(value) if isinstance(value, float) else value


def _finite(value: Any) -> Any:
    """Return JSON data with the names of numbers as these numbers."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return NOT_FINITE.get(value, value) if isinstance(value, str) else value

"""The function of a saved run: what a file says of it, and how it is found again."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

from steepest.descent.plain import Record
from steepest.errors import InputError
from steepest.objective import Objective


def plain_function(function: Any, objective: Objective | None) -> dict[str, Any] | None:
    """Return what can be said of the function in a file: its formula, or its name and hash."""
    formula = None if objective is None else objective.formula
    if formula is None and isinstance(function, str):
        formula = function
    if formula is not None:
        return {"formula": formula}
    if not callable(function):
        return None
    return {"callable": qualified_name(function), "sha256": fingerprint(function)}


def function_of(record: Record, given: Any) -> tuple[Objective | None, Any]:
    """Return the objective of a saved run, where its function is at hand, and the function."""
    if record.fields.get("function") is None and given is None:
        return None, None
    saved = record.record("function") if record.fields.get("function") else Record({}, "")
    if given is None:
        if "formula" not in saved.fields:
            return None, None
        given = saved.text("formula")
    elif saved.fields.get("sha256") not in {None, fingerprint(given)}:
        raise InputError(
            f"{qualified_name(given)} is not the function that was minimised: the source of "
            f"{saved.fields.get('callable')} was another when the run was saved. "
            "Give the function as it was then, or none."
        )
    from steepest.functions import objective

    return objective(given, record.structure("start")), given


def qualified_name(function: Any) -> str:
    """Return ``module:name`` of a function, or of the class of a callable object."""
    owner = function if inspect.isroutine(function) else type(function)
    return f"{owner.__module__}:{owner.__qualname__}"


def fingerprint(function: Any) -> str | None:
    """Return a hash of a function's source; None where Python has no source for it."""
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        return None
    return hashlib.sha256(source.encode()).hexdigest()

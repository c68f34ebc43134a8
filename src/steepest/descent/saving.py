"""Results written to files, and read again: plain JSON that runs no code."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from steepest.descent.bounds import Box
from steepest.descent.files import write_atomically
from steepest.descent.history import History
from steepest.descent.plain import Record, plain_number, plain_numbers, plain_structure
from steepest.descent.result import Point, Result
from steepest.descent.saved_function import function_of, plain_function
from steepest.descent.search import Minimum, Search
from steepest.descent.stationarity import Stationarity
from steepest.descent.stopping import Reason
from steepest.descent.verdict import KINDS, Verdict
from steepest.descent.walk import Row
from steepest.errors import InputError
from steepest.objective import Vector
from steepest.version import __version__

FORMAT = "steepest-run"
VERSION = 1


def save(result: Result, path: str | Path) -> None:
    """Write a result as JSON, to be read again with `load`.

    A formula is saved as text. A Python function is saved by its name and a hash of its source,
    and is not loaded by itself: hand it to `load` again.

    Parameters
    ----------
    result : Result
        The result; its verdict is computed if it was not yet asked for.
    path : str or path
        The file; it is replaced at once when everything is written.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_atomically(path, text_of(result))


def text_of(result: Result) -> str:
    """Return what `save` writes."""
    return json.dumps(_plain(result), allow_nan=False, indent=1) + "\n"


def load(path: str | Path, function: Any = None) -> Result:
    """Read a result that `Result.save` wrote.

    Parameters
    ----------
    path : str or path
        The file.
    function : callable, optional
        The Python function that was minimised, needed only to draw it or look at it anew. A
        formula is in the file.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the file cannot be read, is not a saved result, is damaged or from a newer version;
        or if `function` is not the one that was minimised.

    Examples
    --------
    >>> import steepest as st
    >>> from tempfile import TemporaryDirectory
    >>> walk = st.minimize("x**2 + 3*y**2", {"x": 2, "y": 1}, learning_rate=0.1)
    >>> with TemporaryDirectory() as folder:
    ...     walk.save(f"{folder}/walk.json")
    ...     again = load(f"{folder}/walk.json")
    >>> again.nit == walk.nit, again.x == walk.x
    (True, True)
    """
    record = Record(_read(path), str(path))
    if record.fields.get("format") != FORMAT:
        raise InputError(
            f'{str(path)!r} is not a saved run: it has no "format": "{FORMAT}". '
            "Give a file that Result.save or --save wrote."
        )
    if record.whole("version") != VERSION:
        raise InputError(
            f"{str(path)!r} is a run of format version {record.whole('version')}, and this is "
            f"steepest {__version__}, which reads version {VERSION}: update steepest."
        )
    # Files of version 0.1 do not tell.
    if record.fields.get("dtype") == "float32":
        record = replace(record, dtype=np.float32)
    try:
        return _result(record, function)
    except RecursionError as error:
        raise InputError(f"{str(path)!r} is a damaged run: it is nested too deeply.") from error


def _read(path: str | Path) -> dict[str, Any]:
    """Return the JSON object in a file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        content = json.loads(text, parse_float=_finite, parse_constant=_finite)
    except OSError as error:
        raise InputError(
            f"Cannot read {str(path)!r}: {error.strerror or error}. Give a file that exists."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{str(path)!r} is not a saved run, or not the whole of one: {error}. "
            "Give a file that Result.save or --save wrote."
        ) from error
    return content if isinstance(content, dict) else {}


def _finite(text: str) -> float:
    """Return a JSON number; raise ValueError for one that no float can hold."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is not finite")
    return number


def _plain_bounds(box: Box | None) -> dict[str, Any] | None:
    """Return bounds as JSON data."""
    if box is None:
        return None
    return {"lower": plain_numbers(box.lower), "upper": plain_numbers(box.upper)}


def _plain_search(search: Search | None) -> dict[str, Any] | None:
    """Return what many starts found as JSON data."""
    if search is None:
        return None
    return {
        "minima": [
            {
                "x": plain_structure(one.x),
                "position": plain_numbers(one.position),
                "fun": plain_number(one.fun),
                "starts": one.starts,
            }
            for one in search.minima
        ],
        "starts": search.starts,
        "lost": search.lost,
        "evaluations": search.evaluations,
        "unfollowed": search.unfollowed,
        "seconds": plain_number(search.seconds),
    }


def _plain(result: Result) -> dict[str, Any]:
    """Return a result as JSON data."""
    history, found, verdict = result.history, result.stationarity, result.verdict
    eigenvalues = verdict.eigenvalues
    return {
        "format": FORMAT,
        "version": VERSION,
        "steepest": __version__,
        "function": plain_function(result.function, result.objective),
        "method": result.method,
        "options": result.options,
        "seed": result.seed,
        "names": list(result.names),
        "dtype": str(result.position.dtype),
        "bounds": _plain_bounds(result.box),
        "start": plain_structure(result.start),
        "x": plain_structure(result.x),
        "fun": plain_number(result.fun),
        "jac": plain_structure(result.jac),
        "nit": result.nit,
        "nfev": result.nfev,
        "njev": result.njev,
        "nhev": result.nhev,
        "success": result.success,
        "status": result.status,
        "reason": result.reason.name,
        "as_asked": result.as_asked,
        "message": result.message,
        "suggested_rate": result.suggested_rate,
        "notices": list(result.notices),
        "last": {
            "x": plain_structure(result.last.x),
            "fun": plain_number(result.last.fun),
            "gradient": plain_structure(result.last.gradient),
        },
        "position": plain_numbers(result.position),
        "gradient": plain_numbers(result.gradient),
        "stationarity": {
            "gradient_norm": plain_number(found.gradient_norm),
            "goal": plain_number(found.goal),
            "text": found.text,
            "kink": found.kink,
        },
        "verdict": {
            "kind": verdict.kind,
            "text": verdict.text,
            "eigenvalues": None if eigenvalues is None else [plain_number(e) for e in eigenvalues],
            "scaling": verdict.scaling,
        },
        "search": _plain_search(result.search),
        "program": result.program,
        "history": {
            "points": len(history),
            "step": history.step.tolist(),
            "x": plain_numbers(history.x),
            "fun": plain_numbers(history.fun),
            "gradient": plain_numbers(history.gradient),
            "rate": plain_numbers(history.rate),
            "accepted": history.accepted.tolist(),
            "seconds": plain_numbers(history.seconds),
            "evaluations": history.evaluations.tolist(),
        },
    }


def _result(record: Record, function: Any) -> Result:
    """Return the result in a record."""
    names = record.texts("names")
    if not names:
        raise record.fail("names", "at least one name")
    objective, known = function_of(record, function)
    box = _box(record, names)
    last, evidence = record.record("last"), record.record("stationarity")
    if record.text("reason") not in Reason.__members__:
        raise record.fail("reason", "a reason of this version")
    found = Stationarity(
        record.truth("success"),
        evidence.number("gradient_norm"),
        evidence.number("goal"),
        evidence.text("text"),
        # Files of version 0.1 do not tell.
        "kink" in evidence.fields and evidence.truth("kink"),
    )
    return Result(
        x=record.structure("x"),
        fun=record.number("fun"),
        jac=record.structure("jac"),
        nit=record.whole("nit"),
        nfev=record.whole("nfev"),
        njev=record.whole("njev"),
        nhev=record.whole("nhev"),
        success=found.shown,
        status=record.whole("status"),
        message=record.text("message"),
        reason=Reason[record.text("reason")],
        as_asked=record.truth("as_asked"),
        history=_history(record.record("history"), names, box),
        last=Point(last.structure("x"), last.number("fun"), last.structure("gradient")),
        method=record.text("method"),
        options=_options(record.record("options")),
        start=record.structure("start"),
        seed=None if record.fields.get("seed") is None else record.whole("seed"),
        notices=record.texts("notices"),
        program=None if record.fields.get("program") is None else record.text("program"),
        names=names,
        position=_vector(record, "position", names),
        gradient=_vector(record, "gradient", names),
        stationarity=found,
        suggested_rate=_optional_number(record, "suggested_rate"),
        function=known,
        objective=objective,
        box=box,
        search=_search(record, names),
        saved_verdict=_verdict(record.record("verdict"), found),
    )


def _options(record: Record) -> dict[str, Any]:
    """Return the options in a record, the learning rate among them."""
    rate = record.fields.get("learning_rate", False)
    if isinstance(rate, (list, dict)):
        raise record.fail("learning_rate", "a number, the text of a schedule, or null")
    record.text("steps")
    return record.fields


def _box(record: Record, names: tuple[str, ...]) -> Box | None:
    """Return the bounds in a record."""
    if record.fields.get("bounds") is None:
        return None
    bounds = record.record("bounds")
    return Box(_vector(bounds, "lower", names), _vector(bounds, "upper", names))


def _search(record: Record, names: tuple[str, ...]) -> Search | None:
    """Return what many starts found; None where there was one, as in files of version 0.1."""
    if record.fields.get("search") is None:
        return None
    search = record.record("search")
    return Search(
        tuple(
            Minimum(
                one.structure("x"),
                one.number("fun"),
                one.whole("starts"),
                _vector(one, "position", names),
            )
            for one in search.records("minima")
        ),
        search.whole("starts"),
        search.whole("lost"),
        search.whole("evaluations"),
        search.whole("unfollowed"),
        # Files of version 0.1 do not tell.
        search.number("seconds") if "seconds" in search.fields else 0.0,
    )


def _history(record: Record, names: tuple[str, ...], box: Box | None) -> History:
    """Return the history in a record."""
    points = record.whole("points")
    if points == 0:
        raise record.fail("points", "at least 1")
    steps = record.numbers("step", points)
    evaluations = record.numbers("evaluations", points)
    accepted = record.fields.get("accepted")
    if not (isinstance(accepted, list) and [type(a) for a in accepted] == [bool] * points):
        raise record.fail("accepted", f"a list of {points} truth values")
    if not all(number.is_integer() for number in (*steps, *evaluations)):
        raise record.fail("step", "a list of whole numbers, as must 'evaluations'")
    rows: list[Row] = list(
        zip(
            map(int, steps),
            np.array(record.table("x", points, len(names)), dtype=record.dtype),
            record.numbers("fun", points),
            np.array(record.table("gradient", points, len(names)), dtype=record.dtype),
            record.numbers("rate", points),
            accepted,
            map(int, evaluations),
            strict=True,
        )
    )
    return History(rows, record.numbers("seconds", points), names, box)


def _verdict(record: Record, found: Stationarity) -> Verdict:
    """Return the verdict in a record."""
    if record.text("kind") not in KINDS:
        raise record.fail("kind", f"one of {', '.join(KINDS)}")
    eigenvalues = record.fields.get("eigenvalues")
    if eigenvalues is not None:
        count = len(eigenvalues) if isinstance(eigenvalues, list) else 0
        eigenvalues = tuple(record.numbers("eigenvalues", count))
    return Verdict(
        record.text("kind"),
        record.text("text"),
        found.gradient_norm,
        found.goal,
        eigenvalues,
        None if record.fields.get("scaling") is None else record.text("scaling"),
    )


def _vector(record: Record, name: str, names: tuple[str, ...]) -> Vector:
    """Return a field that has one number for each variable."""
    return np.array(record.numbers(name, len(names)), dtype=record.dtype)


def _optional_number(record: Record, name: str) -> float | None:
    """Return a field that is a number or null."""
    return None if record.fields.get(name) is None else record.number(name)

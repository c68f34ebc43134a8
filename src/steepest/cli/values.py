"""Reading what people type on a command line: points, rates, options of methods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from steepest.errors import FormulaError, InputError, did_you_mean

ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)", re.DOTALL)
NEXT_ASSIGNMENT = re.compile(r",(?=\s*[^\W\d]\w*\s*=(?!=))")
"""A comma that separates assignments; others belong to calls such as max(1, 2)."""

NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)

WHOLE = re.compile(r"[0-9]{1,15}")
WORD = re.compile(r"[a-z]+(-[a-z]+)*")
CONSTANTS = ("pi", "tau", "e", "inf", "nan")
"""Words that are numbers, or are to be refused as such."""

SWITCHES = {"true": True, "false": False}


DOMAIN_EXAMPLE = "write both ends of each variable, such as --domain x=0:2*pi,y=-1:1"

BOUNDS_EXAMPLE = "write the two ends of each variable, such as --bounds x=0:1,y=:5"


def read_point(text: str, option: str) -> dict[str, float]:
    """Read a point such as ``x=1,y=-pi/2``.

    Parameters
    ----------
    text : str
    option : str
        The option it was given to, for error messages.

    Returns
    -------
    dict
        Name to value, in the order written.

    Raises
    ------
    InputError
        For anything that is no list of assignments, or a name given twice.
    FormulaError
        For a value that is no number.

    Examples
    --------
    >>> read_point("x=1, y=2*3", "--start")
    {'x': 1.0, 'y': 6.0}
    """
    assigned = read_assignments(text, option)
    if assigned is None:
        raise InputError(
            f"{option} {text!r} is not a point: write a value for every variable,"
            f" such as {option} x=1,y=2."
        )
    return {name: _read_number(value, f"{option} {name}") for name, value in assigned.items()}


def read_bounds(text: str | None) -> dict[str, tuple[float | None, float | None]] | None:
    """Read bounds such as ``x=0:1,y=:5``.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    dict or None
        Name to low and high, None for an open side; None where nothing was given.

    Raises
    ------
    InputError
        For anything that is no list of such assignments, or a name given twice.
    FormulaError
        For an end that is no number.

    Examples
    --------
    >>> read_bounds("x=0:pi/2, y=:5")
    {'x': (0.0, 1.5707963267948966), 'y': (None, 5.0)}
    """
    if text is None:
        return None
    assigned = read_assignments(text, "--bounds")
    if assigned is None:
        raise InputError(f"--bounds {text!r} are no bounds: {BOUNDS_EXAMPLE}.")
    return {name: _read_ends(name, ends) for name, ends in assigned.items()}


def read_domain(text: str | None) -> dict[str, tuple[float, float]]:
    """Read a box such as ``x=0:2*pi,y=-1:1``.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    dict
        Name to low and high.

    Raises
    ------
    InputError
        Where nothing was given, for anything that is no list of such assignments, a name given
        twice, and an open side.
    FormulaError
        For an end that is no number.

    Examples
    --------
    >>> read_domain("x=0:2*pi, y=-1:1")
    {'x': (0.0, 6.283185307179586), 'y': (-1.0, 1.0)}
    """
    if text is None:
        raise InputError("Say where to look: add --domain x=0:1,y=0:1, two ends for each variable.")
    assigned = read_assignments(text, "--domain")
    if assigned is None:
        raise InputError(f"--domain {text!r} is no box: {DOMAIN_EXAMPLE}.")
    domain = {}
    for name, ends in assigned.items():
        sides = ends.split(":")
        if len(sides) != 2 or not all(side.strip() for side in sides):
            raise InputError(f"--domain {name}={ends.strip()} is no low:high: {DOMAIN_EXAMPLE}.")
        low, high = (_read_number(side, f"--domain {name}") for side in sides)
        if not low < high:
            raise InputError(
                f"--domain {name}={ends.strip()} has no extent: write the lower end first."
            )
        domain[name] = (low, high)
    return domain


def _read_ends(name: str, text: str) -> tuple[float | None, float | None]:
    """Read ``low:high``, where an empty side, or an infinite one, is open."""
    sides = [side.strip() for side in text.split(":")]
    if len(sides) != 2:
        raise InputError(
            f"--bounds {name}={text.strip()} is no low:high: {BOUNDS_EXAMPLE};"
            " a side left empty is open."
        )
    low, high = sides
    return (
        None if low in ("", "-inf") else _read_number(low, f"--bounds {name}"),
        None if high in ("", "inf", "+inf") else _read_number(high, f"--bounds {name}"),
    )


def read_assignments(text: str, option: str) -> dict[str, str] | None:
    """Return the text after each name's equals sign; None where a part has no such sign."""
    assigned: dict[str, str] = {}
    for part in NEXT_ASSIGNMENT.split(text):
        match = ASSIGNMENT.fullmatch(part)
        if match is None:
            return None
        name, value = match.groups()
        if name in assigned:
            raise InputError(f"{option} {text!r} gives {name!r} twice; give it once.")
        assigned[name] = value
    return assigned


def read_rate(text: str | None) -> Any:
    """Read a learning rate: a number, ``auto`` or a schedule.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    float, schedule or None
        None for ``auto`` and for nothing.

    Raises
    ------
    InputError
        For an unknown schedule, or one whose numbers do not fit.

    Examples
    --------
    >>> read_rate("0.1"), read_rate("auto")
    (0.1, None)
    """
    if text is None or text == "auto":
        return None
    name, *numbers = text.split(":")
    if numbers:
        return _read_schedule(text, name.replace("-", "_"), numbers)
    return _read_number(text, "--learning-rate")


def _read_schedule(text: str, name: str, numbers: Sequence[str]) -> Any:
    from dataclasses import fields

    from steepest.descent import schedules

    known: dict[str, Any] = {
        "constant": schedules.constant,
        "step_decay": schedules.step_decay,
        "exponential": schedules.exponential,
        "cosine": schedules.cosine,
        "one_cycle": schedules.one_cycle,
        "warm_up": schedules.warm_up,
    }
    if name not in known:
        raise InputError(
            f"--learning-rate {text!r} names no schedule.{did_you_mean(name, known)}"
            f" Schedules are: {', '.join(known)}."
        )
    values = [_read_number(number, "--learning-rate") for number in numbers]
    try:
        # A count of steps is a whole number, and 500 is read as 500.0.
        return known[name](*(int(v) if v.is_integer() and v > 1 else v for v in values))
    except TypeError as error:
        raise InputError(
            f"--learning-rate {text!r} does not fit the schedule {name!r}: give its numbers"
            f" in order, {name}:{':'.join(field.name for field in fields(known[name]))}, as in"
            " cosine:0.1:500."
        ) from error


def read_options(pairs: Sequence[str], option: str = "--option") -> dict[str, Any]:
    """Read options of a method or step length such as ``momentum=0.9`` and ``variant=long``.

    Parameters
    ----------
    pairs : sequence of str
    option : str, default "--option"
        The option they were given to, for error messages.

    Returns
    -------
    dict
        Name to number, truth value or word.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> read_options(["momentum=0.9", "centered=true", "memory=5", "variant=long"])
    {'momentum': 0.9, 'centered': True, 'memory': 5, 'variant': 'long'}
    """
    options: dict[str, Any] = {}
    for pair in pairs:
        match = ASSIGNMENT.fullmatch(pair)
        if match is None:
            raise InputError(
                f"{option} {pair!r} is no option: write name=value, such as {option} momentum=0.9."
            )
        options[match.group(1)] = _read_option(match.group(2).strip(), option)
    return options


def _read_option(value: str, option: str) -> Any:
    if value.lower() in SWITCHES:
        return SWITCHES[value.lower()]
    if WHOLE.fullmatch(value):
        return int(value)
    if WORD.fullmatch(value) and value not in CONSTANTS:
        return value
    return _read_number(value, option)


def read_step_length(name: str | None, options: Sequence[str]) -> Any:
    """Read a step length such as ``polyak`` with options such as ``lowest=0``.

    Parameters
    ----------
    name : str or None
    options : sequence of str

    Returns
    -------
    StepLength or None
        None where no name was given.

    Raises
    ------
    InputError
        For an unknown name or option, and for options without a name.

    Examples
    --------
    >>> read_step_length("polyak", ["lowest=0"])
    Polyak(lowest=0)
    """
    from steepest.descent.step_length import named

    if name is not None:
        return named(name, **read_options(options, "--step-option"))
    if options:
        raise InputError(
            f"--step-option {options[0]!r} belongs to no --step-length: give that as well."
        )
    return None


def read_names(text: str) -> list[str]:
    """Read a list of names such as ``adam,momentum``.

    Examples
    --------
    >>> read_names("adam, momentum,")
    ['adam', 'momentum']
    """
    return [name for name in (part.strip() for part in text.split(",")) if name]


def _read_number(text: str, option: str) -> float:
    from steepest.expression.parser import constant_value

    text = text.strip()
    if not text:
        raise InputError(f"{option} needs a number and was given nothing.")
    if NOT_FINITE.fullmatch(text):
        raise InputError(f"{option} was given {text}, which is not finite; give a finite number.")
    try:
        return constant_value(text)
    except FormulaError as error:
        # The caret's lines say where in the text; only this line can say in which option.
        raise FormulaError(f"{option}: {error}") from error

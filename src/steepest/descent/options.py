"""Rules for the options of methods, schedules and stop rules, and the one check of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Made = TypeVar("Made", bound=DataclassInstance)


Schedule: TypeAlias = Callable[[Any], Any]
"""The number of steps already made -> the learning rate of the next step."""


class Rule(NamedTuple):
    """What an option's value must be, as words and as a test."""

    words: str
    holds: Callable[[Any], bool]


def is_number(value: object) -> bool:
    """Return whether `value` is a finite real number (a truth value is not)."""
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def is_whole(value: object) -> bool:
    """Return whether `value` is an integer (a truth value is not)."""
    return not isinstance(value, bool) and isinstance(value, Integral)


# Each of these goes into `dataclasses.field(metadata=...)`, beside the default it guards.
POSITIVE: Mapping[str, Rule] = {
    "rule": Rule("a positive number", lambda value: is_number(value) and value > 0)
}
POSITIVE_OR_NONE: Mapping[str, Rule] = {
    "rule": Rule(
        "a positive number, or None",
        lambda value: value is None or (is_number(value) and value > 0),
    )
}
NOT_NEGATIVE: Mapping[str, Rule] = {
    "rule": Rule("zero or a positive number", lambda value: is_number(value) and value >= 0)
}
FRACTION: Mapping[str, Rule] = {
    "rule": Rule(
        "a number from 0 up to, but not including, 1",
        lambda value: is_number(value) and 0 <= value < 1,
    )
}
INNER_FRACTION: Mapping[str, Rule] = {
    "rule": Rule(
        "a number between 0 and 1, neither of them",
        lambda value: is_number(value) and 0 < value < 1,
    )
}
NUMBER: Mapping[str, Rule] = {"rule": Rule("a finite number", is_number)}
STEPS: Mapping[str, Rule] = {
    "rule": Rule("a whole number of at least 1", lambda value: is_whole(value) and value >= 1)
}
STEPS_OR_NONE: Mapping[str, Rule] = {
    "rule": Rule(
        "a whole number of at least 1, or None",
        lambda value: value is None or (is_whole(value) and value >= 1),
    )
}
COUNT: Mapping[str, Rule] = {
    "rule": Rule("a whole number of at least 0", lambda value: is_whole(value) and value >= 0)
}
SWITCH: Mapping[str, Rule] = {"rule": Rule("True or False", lambda value: isinstance(value, bool))}
RATE_OR_SCHEDULE: Mapping[str, Rule] = {
    "rule": Rule(
        "a positive number, or a schedule: a callable that takes the step and returns one",
        lambda value: callable(value) or (is_number(value) and value > 0),
    )
}
RATE_OR_NONE: Mapping[str, Rule] = {
    "rule": Rule(
        "a positive number, a schedule (a callable that takes the step), or None",
        lambda value: value is None or callable(value) or (is_number(value) and value > 0),
    )
}


def one_of(*names: str) -> Mapping[str, Rule]:
    """Return the rule of an option that is one of some words."""
    words = f"one of {', '.join(map(repr, names))}"
    return {"rule": Rule(words, lambda value: value in names)}


def require(name: str, value: object, metadata: Mapping[str, Rule], owner: str) -> None:
    """Raise `InputError` unless `value` keeps the rule of the option `name` of `owner`."""
    rule = metadata["rule"]
    if not rule.holds(value):
        raise InputError(f"{name}={value!r} cannot be used in {owner}: give {rule.words}.")


@cache
def _guarded(kind: type[DataclassInstance]) -> list[Field[Any]]:
    """Return the fields of a class that have a rule beside them."""
    return [option for option in fields(kind) if "rule" in option.metadata]


def check_options(options: DataclassInstance) -> None:
    """Raise `InputError` for the first field whose value breaks the rule beside it."""
    for option in _guarded(type(options)):
        require(option.name, getattr(options, option.name), option.metadata, type(options).__name__)


def with_options(kind: type[Made], what: str, options: Mapping[str, Any]) -> Made:
    """Return an object of a class with options, every name of which was checked.

    Parameters
    ----------
    kind : type
        A dataclass.
    what : str
        What errors call it, such as "method 'adam'".
    options : mapping
        Name -> value.

    Raises
    ------
    InputError
        For an option that the class does not have, and one without a default left out.
    """
    known = [option.name for option in fields(kind)]
    for option in options:
        if option not in known:
            raise InputError(
                f"The {what} has no option {option!r}.{did_you_mean(option, known)} "
                f"Its options are {', '.join(known)}."
            )
    needed = [option.name for option in fields(kind) if option.default is MISSING]
    for option in needed:
        if option not in options:
            raise InputError(f"The {what} needs a value for {option}: give {option}=...")
    return kind(**options)
